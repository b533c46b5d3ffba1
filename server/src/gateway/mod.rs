//! Gateways: what takes a message and says what became of it.

mod config;
mod connections;
mod http;
mod request;
mod rule;
mod template;

use std::sync::Arc;

use mpass_core::service::{Answer, Sms};

pub use self::config::{BasicAuth, BodyFormat, GatewayConfig, Method};
pub use self::http::HttpGateway;
pub(crate) use self::http::outcome;
pub use self::rule::{Rule, Statuses};
use crate::clock;
use crate::demo::Outbox;

/// What takes the messages.
#[derive(Debug)]
pub enum Gateway {
    /// An HTTP gateway.
    Http(Box<HttpGateway>),
    /// The demo's outbox, which takes everything.
    Outbox(Arc<Outbox>),
}

impl Gateway {
    /// Hands over a message: [`Answer::Delivered`], [`Answer::Refused`] only
    /// when it definitely was not taken, [`Answer::Unknown`] otherwise.
    pub async fn deliver(&self, sms: &Sms) -> Answer {
        match self {
            Self::Http(gateway) => gateway.deliver(sms).await,
            Self::Outbox(outbox) => {
                outbox.push(sms, clock::now_ms());
                Answer::Delivered
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use mpass_core::number::PhoneNumber;
    use mpass_core::service::{Alphabet, Language, Sms};

    /// A message with everything that needs escaping.
    pub(crate) fn sms() -> Sms {
        Sms {
            to: PhoneNumber::parse("+966500000000", None).unwrap(),
            text: String::from("12 \"<&\né").into(),
            sender: None,
            language: Language::English,
            alphabet: Alphabet::Gsm7,
            segments: 1,
        }
    }
}
