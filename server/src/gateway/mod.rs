//! Gateways, which deliver messages.

mod config;
mod connections;
mod http;
mod mask;
mod outbox;
mod request;
mod rule;
mod template;
#[cfg(test)]
mod test_message;
mod tls;

use std::sync::Arc;

use mpass_core::service::{Answer, Sms};

pub use self::config::{BasicAuth, BodyFormat, GatewayConfig, Method};
pub use self::http::HttpGateway;
pub(crate) use self::http::outcome;
pub use self::outbox::{Message, Outbox};
pub use self::rule::{Rule, Statuses};
use crate::clock;

/// The gateway of a server.
#[derive(Debug)]
pub enum Gateway {
    /// An HTTP gateway.
    Http(Box<HttpGateway>),
    /// The demo's outbox, which accepts every message.
    Outbox(Arc<Outbox>),
}

impl Gateway {
    /// The settings whose files or variables have another content than those of
    /// another gateway.
    pub(crate) fn other_contents(&self, other: &Self) -> Vec<&'static str> {
        match (self, other) {
            (Self::Http(one), Self::Http(other)) => one.other_contents(other).collect(),
            _ => Vec::new(),
        }
    }

    /// Delivers a message: [`Answer::Delivered`], [`Answer::Refused`] only when
    /// it definitely was not accepted, [`Answer::Unknown`] otherwise.
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
