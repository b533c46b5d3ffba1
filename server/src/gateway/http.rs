//! The HTTP gateway.

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use mpass_core::service::{Answer, Sms};
use tokio::time::timeout;
use url::Url;

use super::config::GatewayConfig;
use super::connections::{Connections, Unheard};
use super::health::{Health, Record};
use super::mask::masked;
use super::request::Requests;
use super::rule::Rule;
use super::template::Secrets;
use crate::egress::EgressConfig;
use crate::outgoing::{self, Authorities};
use crate::request_id::RequestId;

/// A gateway that accepts messages as HTTP requests.
///
/// It does not follow redirects, keep cookies or use a proxy from the
/// environment, and it never sends a message twice.
pub struct HttpGateway {
    name: String,
    /// Scheme and authority of its URL.
    host: String,
    health: Record,
    connections: Connections,
    requests: Arc<Requests>,
    authorities: Option<Authorities>,
    timeout: Duration,
    success: Vec<Rule>,
    refusal: Vec<Rule>,
}

/// The setting with the authorities.
const AUTHORITIES: &str = "gateway.ca_certificates";

fn authorities(config: &GatewayConfig) -> anyhow::Result<Option<Authorities>> {
    outgoing::authorities(config.ca_certificates.as_deref(), AUTHORITIES)
}

/// What became of a message at a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The outcome.
    pub answer: Answer,
    /// The status of the response; `None` without one.
    pub status: Option<u16>,
}

/// Shows no field, because they contain secrets.
impl fmt::Debug for HttpGateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpGateway").finish_non_exhaustive()
    }
}

impl HttpGateway {
    /// Creates a gateway from its configuration.
    ///
    /// # Errors
    /// When the configuration is inconsistent, or a secret or a certificate
    /// cannot be read.
    pub fn new(config: &GatewayConfig) -> anyhow::Result<Self> {
        config.check()?;
        Self::with(config, config.read_secrets()?, authorities(config)?, None)
    }

    /// Creates a gateway with secrets and authorities that are not in files. With
    /// `egress`, it connects to what that admits only.
    ///
    /// # Errors
    /// When the configuration is inconsistent, or the address is refused.
    pub(super) fn with(
        config: &GatewayConfig,
        secrets: Secrets,
        authorities: Option<Authorities>,
        egress: Option<&EgressConfig>,
    ) -> anyhow::Result<Self> {
        let templates = config.templates(&|name| secrets.contains_key(name))?;
        let tls = outgoing::client(authorities.as_ref(), AUTHORITIES)?;
        let guard = match egress {
            Some(egress) => Some(egress.guard(&Url::parse(&config.url)?)?.into()),
            None => None,
        };
        Ok(Self {
            name: config.name.clone(),
            host: templates.host.to_string(),
            health: Record::default(),
            connections: Connections::new(templates.host.clone(), tls, guard),
            requests: Requests::new(config, templates, secrets)?.into(),
            authorities,
            timeout: config.timeout,
            success: config.success.clone(),
            refusal: config.refusal.clone(),
        })
    }

    /// Scheme and authority of its URL.
    #[must_use]
    pub fn host(&self) -> &str {
        self.host.trim_end_matches('/')
    }

    /// What became of the last messages.
    #[must_use]
    pub fn health(&self) -> Health {
        self.health.read()
    }

    /// The same gateway with the authorities that its file now contains; `None` if
    /// they are the same.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn renewed(&self, config: &GatewayConfig) -> anyhow::Result<Option<Self>> {
        let authorities = authorities(config)?;
        if authorities == self.authorities {
            return Ok(None);
        }
        let tls = outgoing::client(authorities.as_ref(), AUTHORITIES)?;
        Ok(Some(Self {
            name: self.name.clone(),
            host: self.host.clone(),
            health: Record::default(),
            connections: self.connections.with_tls(tls),
            requests: Arc::clone(&self.requests),
            authorities,
            timeout: self.timeout,
            success: self.success.clone(),
            refusal: self.refusal.clone(),
        }))
    }

    /// The settings whose files or variables have another content than those of
    /// another gateway.
    pub(crate) fn other_contents(&self, other: &Self) -> impl Iterator<Item = &'static str> {
        let secrets = self.requests.secrets() != other.requests.secrets();
        let authorities = self.authorities != other.authorities;
        let secrets = secrets.then_some("gateway.secrets");
        let authorities = authorities.then_some(AUTHORITIES);
        secrets.into_iter().chain(authorities)
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Delivers a message, within `limit` and the gateway's timeout.
    ///
    /// When the request cannot be rendered or the connection fails, nothing was
    /// sent, so the message counts as refused. After a later timeout or broken
    /// connection the outcome is unknown.
    pub async fn deliver(&self, sms: &Sms, limit: Duration) -> Answer {
        self.attempt(sms, limit).await.answer
    }

    /// As [`Self::deliver`], with the status of the response.
    pub async fn attempt(&self, sms: &Sms, limit: Duration) -> Attempt {
        let limit = limit.min(self.timeout);
        let unheard = |answer| Attempt {
            answer,
            status: None,
        };
        let request = match self.requests.write(sms) {
            Ok(request) => request,
            Err(error) => {
                tracing::warn!(gateway = self.name, %error, "cannot render the gateway request");
                self.health.failure("cannot render the request", "");
                return unheard(Answer::Refused);
            }
        };
        let mut heard = None;
        // A host that does not respond is detected early, before anything is
        // sent.
        let asking = self.connections.ask(request, limit / 2, &mut heard);
        let asked = timeout(limit, asking).await;
        // The timeout may have expired in the middle of a response.
        let Some(heard) = heard else {
            return unheard(self.unanswered(asked.ok().and_then(Result::err)));
        };
        let status = heard.status;
        let answer = self.judge(status, heard.body.as_deref());
        if answer == Answer::Delivered {
            self.health.success();
        } else {
            let cause = heard.body.as_deref().unwrap_or_default();
            let cause = masked(cause, self.requests.secrets());
            self.health.failure(format_args!("status {status}"), &cause);
            tracing::warn!(
                gateway = self.name,
                status,
                outcome = outcome(&answer),
                cause,
                request = request_id(),
                "the gateway did not accept a message"
            );
        }
        Attempt {
            answer,
            status: Some(status),
        }
    }

    /// The meaning of a response. A truncated body counts as an empty one and
    /// matches no rule about bodies.
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

    /// The meaning of a request without a response; `None` for a timeout.
    fn unanswered(&self, why: Option<Unheard>) -> Answer {
        // Nothing is sent before the connection is established.
        let (answer, what, cause) = match why {
            Some(Unheard::NoConnection(cause)) => {
                (Answer::Refused, "no connection to the gateway", Some(cause))
            }
            Some(Unheard::Broken) => (Answer::Unknown, "the connection to the gateway broke", None),
            None => (Answer::Unknown, "the gateway did not respond in time", None),
        };
        self.health
            .failure(what, cause.as_deref().unwrap_or_default());
        let outcome = outcome(&answer);
        tracing::warn!(
            gateway = self.name,
            outcome,
            cause,
            request = request_id(),
            "{what}"
        );
        answer
    }
}

/// The name of an outcome in metrics and logs.
pub(crate) const fn outcome(answer: &Answer) -> &'static str {
    match answer {
        Answer::Delivered => "delivered",
        Answer::Refused => "refused",
        _ => "unknown",
    }
}

/// The id of the request that a message is sent for; a test message has none.
fn request_id() -> Option<String> {
    RequestId::current().map(|id| id.to_string())
}
