//! The HTTP gateway.

use core::fmt;
use core::time::Duration;

use mpass_core::service::{Answer, Sms};
use tokio::time::timeout;

use super::config::GatewayConfig;
use super::connections::{Connections, Unheard};
use super::request::Requests;
use super::rule::Rule;
use super::tls;

/// A gateway that takes messages by HTTP requests.
///
/// It follows no redirect, keeps no cookie, uses no proxy of the environment
/// and never sends a message twice.
pub struct HttpGateway {
    connections: Connections,
    requests: Requests,
    timeout: Duration,
    success: Vec<Rule>,
    refusal: Vec<Rule>,
}

/// Shows nothing: what it holds has secrets in it.
impl fmt::Debug for HttpGateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpGateway").finish_non_exhaustive()
    }
}

impl HttpGateway {
    /// A gateway as the configuration describes it.
    ///
    /// # Errors
    /// When the configuration does not fit together, and when a secret or a
    /// certificate cannot be read.
    pub fn new(config: &GatewayConfig) -> anyhow::Result<Self> {
        config.check()?;
        let templates = config.templates()?;
        let tls = tls::client(config.ca_certificates.as_deref())?;
        // A host that does not answer at all is known early, and then nothing
        // was sent.
        let connect_timeout = config.timeout / 2;
        Ok(Self {
            connections: Connections::new(templates.host.clone(), tls, connect_timeout),
            requests: Requests::new(config, templates)?,
            timeout: config.timeout,
            success: config.success.clone(),
            refusal: config.refusal.clone(),
        })
    }

    /// Hands over a message.
    ///
    /// A request that cannot be written and a connection that does not come
    /// about send nothing, so they are refusals; a time-out or a break after
    /// that leaves it unknown.
    pub async fn deliver(&self, sms: &Sms) -> Answer {
        let request = match self.requests.write(sms) {
            Ok(request) => request,
            Err(error) => {
                tracing::warn!(%error, "the gateway's request cannot be written");
                return Answer::Refused;
            }
        };
        let mut heard = None;
        let asking = self.connections.ask(request, &mut heard);
        let asked = timeout(self.timeout, asking).await;
        // Its time may have ended in the midst of an answer.
        let Some(heard) = heard else {
            return unanswered(asked.ok().and_then(Result::err));
        };
        let status = heard.status;
        let answer = self.judge(status, heard.body.as_deref());
        if answer != Answer::Delivered {
            tracing::warn!(
                status,
                outcome = outcome(&answer),
                "the gateway did not take a message"
            );
        }
        answer
    }

    /// What an answer means. A body that broke off meets no rule about bodies,
    /// as an empty one meets none.
    fn judge(&self, status: u16, body: Option<&[u8]>) -> Answer {
        let body = body.unwrap_or_default();
        let met = |rules: &[Rule]| rules.iter().any(|rule| rule.is_met(status, body));
        if met(&self.success) {
            Answer::Delivered
        } else if met(&self.refusal) {
            Answer::Refused
        } else {
            Answer::Unknown
        }
    }
}

/// A word for an outcome, for metrics and logs.
pub(crate) const fn outcome(answer: &Answer) -> &'static str {
    match answer {
        Answer::Delivered => "delivered",
        Answer::Refused => "refused",
        _ => "unknown",
    }
}

/// What a request without an answer means; `None` for one that was not
/// answered in time.
fn unanswered(why: Option<Unheard>) -> Answer {
    // Before the connection stands nothing was sent, and a message is never
    // sent ahead of it.
    let (answer, what) = match why {
        Some(Unheard::NoConnection) => (Answer::Refused, "no connection to the gateway"),
        Some(Unheard::Broken) => (Answer::Unknown, "the connection to the gateway broke"),
        None => (Answer::Unknown, "the gateway did not answer in time"),
    };
    tracing::warn!(outcome = outcome(&answer), "{what}");
    answer
}
