//! The HTTP gateway.

use std::fmt;

use anyhow::{Context, anyhow};
use http::header::{CONTENT_TYPE, HeaderValue};
use mpass_core::service::{Answer, Sms};
use reqwest::{Client, Request, Url};

use super::config::{BodyFormat, GatewayConfig, Method, Templates, sample};
use super::rule::Rule;
use super::template::{Escape, Secrets};
use crate::tls;

/// The longest answer that is looked at.
const LONGEST_ANSWER: usize = 64 * 1024;

/// A gateway that takes messages by HTTP requests.
///
/// It follows no redirect, keeps no cookie, uses no proxy of the environment
/// and never sends a message twice.
pub struct HttpGateway {
    client: Client,
    method: http::Method,
    templates: Templates,
    body_format: BodyFormat,
    sender: Option<String>,
    secrets: Secrets,
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
        tls::install_provider();
        let mut client = Client::builder()
            .user_agent(concat!("mpass/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            // A host that does not answer at all is known early, and then
            // nothing was sent.
            .connect_timeout(config.timeout / 2)
            .timeout(config.timeout);
        if let Some(path) = &config.ca_certificates {
            let context = || format!("gateway.ca_certificates: {}", path.display());
            let pem = std::fs::read(path).with_context(context)?;
            let certificates = reqwest::Certificate::from_pem_bundle(&pem).with_context(context)?;
            client = client.tls_certs_only(certificates);
        }
        let gateway = Self {
            client: client.build().context("the gateway's client")?,
            method: match config.method {
                Method::Get => http::Method::GET,
                Method::Post => http::Method::POST,
                Method::Put => http::Method::PUT,
            },
            templates: config.templates()?,
            body_format: config.body_format,
            sender: config.sender.clone(),
            secrets: config.read_secrets()?,
            success: config.success.clone(),
            refusal: config.refusal.clone(),
        };
        // A secret with a line feed in it is better known now than at the
        // first message.
        gateway.request(&sample()?)?;
        Ok(gateway)
    }

    /// Hands over a message.
    ///
    /// A request that cannot be written and a connection that does not come
    /// about send nothing, so they are refusals; a time-out or a break after
    /// that leaves it unknown.
    pub async fn deliver(&self, sms: &Sms) -> Answer {
        let request = match self.request(sms) {
            Ok(request) => request,
            Err(error) => {
                tracing::warn!(%error, "the gateway's request cannot be written");
                return Answer::Refused;
            }
        };
        let response = match self.client.execute(request).await {
            Ok(response) => response,
            Err(error) => return unanswered(&error),
        };
        let status = response.status().as_u16();
        let body = answer_body(response).await;
        let answer = self.judge(status, body.as_deref());
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

    fn request(&self, sms: &Sms) -> anyhow::Result<Request> {
        let with_sender;
        let sms = match (&sms.sender, &self.sender) {
            (None, Some(sender)) => {
                with_sender = Sms {
                    sender: Some(sender.clone()),
                    ..sms.clone()
                };
                &with_sender
            }
            _ => sms,
        };
        let templates = &self.templates;
        let url = templates.url.render(sms, &self.secrets, Escape::Url);
        // No error here may show the URL.
        let url = Url::parse(&url).map_err(|_| anyhow!("gateway.url is no URL"))?;
        let mut request = self.client.request(self.method.clone(), url);
        if let Some((user, password)) = &templates.basic_auth {
            let [user, password] =
                [user, password].map(|template| template.render(sms, &self.secrets, Escape::Plain));
            request = request.basic_auth(user.as_str(), Some(password.as_str()));
        }
        if let Some(body) = &templates.body {
            let body = body.render(sms, &self.secrets, self.body_format.escape());
            request = request
                .header(CONTENT_TYPE, self.body_format.content_type())
                .body(body.to_string());
        }
        let mut request = request
            .build()
            .map_err(|_| anyhow!("the request does not fit together"))?;
        for (name, template) in &templates.headers {
            let value = template.render(sms, &self.secrets, Escape::Plain);
            let mut value = HeaderValue::from_str(&value)
                .or_else(|_| HeaderValue::from_bytes(value.as_bytes()))
                .map_err(|_| anyhow!("gateway.headers.{name} cannot be sent"))?;
            value.set_sensitive(true);
            request.headers_mut().insert(name, value);
        }
        Ok(request)
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

/// What a request without an answer means.
fn unanswered(error: &reqwest::Error) -> Answer {
    // Before the connection stands nothing was sent, and a message is never
    // sent ahead of it.
    let (answer, what) = if error.is_connect() {
        (Answer::Refused, "no connection to the gateway")
    } else if error.is_timeout() {
        (Answer::Unknown, "the gateway did not answer in time")
    } else {
        (Answer::Unknown, "the connection to the gateway broke")
    };
    // The error's own text shows the URL.
    tracing::warn!(outcome = outcome(&answer), "{what}");
    answer
}

/// The body of an answer up to the longest that is looked at; `None` when it
/// broke off.
async fn answer_body(mut response: reqwest::Response) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        let room = LONGEST_ANSWER - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if body.len() == LONGEST_ANSWER {
            break;
        }
    }
    Some(body)
}
