//! A gateway of any kind.

use core::time::Duration;
use std::sync::Arc;

use mpass_core::service::{Answer, Sms};

use super::health::Health;
use super::http::{Attempt, HttpGateway};
use super::outbox::Outbox;
use crate::clock;

/// The route of the demo's outbox.
pub(crate) const OUTBOX: &str = "the outbox of the demo";

/// A gateway of a server.
#[derive(Debug)]
pub enum Gateway {
    /// An HTTP gateway.
    Http(Box<HttpGateway>),
    /// The demo's outbox, which accepts every message.
    Outbox(Arc<Outbox>),
}

impl Gateway {
    /// Where messages go: scheme and authority of the gateway's URL, or the
    /// demo's outbox.
    #[must_use]
    pub fn route(&self) -> &str {
        match self {
            Self::Http(gateway) => gateway.host(),
            Self::Outbox(_) => OUTBOX,
        }
    }

    /// What became of the last messages.
    #[must_use]
    pub fn health(&self) -> Health {
        match self {
            Self::Http(gateway) => gateway.health(),
            Self::Outbox(_) => Health::default(),
        }
    }

    /// The settings whose files or variables have another content than those of
    /// another gateway.
    pub(crate) fn other_contents(&self, other: &Self) -> Vec<&'static str> {
        match (self, other) {
            (Self::Http(one), Self::Http(other)) => one.other_contents(other).collect(),
            _ => Vec::new(),
        }
    }

    /// Its name, by which an administrator stops it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Http(gateway) => gateway.name(),
            Self::Outbox(_) => "demo",
        }
    }

    /// As [`Self::deliver`], with the status of the response.
    pub(crate) async fn attempt(&self, sms: &Sms, limit: Duration) -> Attempt {
        match self {
            Self::Http(gateway) => gateway.attempt(sms, limit).await,
            Self::Outbox(_) => Attempt {
                answer: self.deliver(sms, limit).await,
                status: None,
            },
        }
    }

    /// Delivers a message within `limit`: [`Answer::Delivered`],
    /// [`Answer::Refused`] only when it definitely was not accepted,
    /// [`Answer::Unknown`] otherwise.
    pub async fn deliver(&self, sms: &Sms, limit: Duration) -> Answer {
        match self {
            Self::Http(gateway) => gateway.deliver(sms, limit).await,
            Self::Outbox(outbox) => {
                outbox.push(sms, clock::now_ms());
                Answer::Delivered
            }
        }
    }
}
