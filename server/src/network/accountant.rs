//! Accounting without its socket: takes datagrams, and returns a response once
//! the table has taken the event.

use core::net::SocketAddr;
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use mpass_core::service::Network;
use zeroize::Zeroizing;

use super::accounting::{Event, NoEvent};
use super::config::{NasConfig, NetworkConfig};
use super::packet::{Authenticator, NoPacket, Packet};
use super::table::{Effect, Nas, NetworkTable, Refusal};

/// How many requests are remembered, to recognize retransmissions.
const REMEMBERED: usize = 16_384;
/// Shorter secrets can be guessed (RFC 2865 section 3).
const SHORT_SECRET: usize = 16;

/// The outcome of a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Its event was applied and acknowledged.
    Taken,
    /// As `Taken`, but without a phone number.
    NoNumber,
    /// Acknowledged without effect: a later event is known already.
    Late,
    /// A retransmission: acknowledged again, without effect.
    Repeated,
    /// Its source is not configured.
    UnknownSource,
    /// The packet or an attribute is malformed.
    Malformed,
    /// It is not an Accounting-Request.
    OtherCode,
    /// Its authenticator does not match the secret.
    WrongSecret,
    /// Its Acct-Status-Type is not supported.
    OtherStatus,
    /// It has no Event-Timestamp.
    NoTimestamp,
    /// Its Event-Timestamp is too far from the current time.
    Stale,
    /// Its IPv6 prefix is not a /64.
    NotSlash64,
    /// The table is full.
    Full,
}

impl Outcome {
    /// Its name in metrics and the log.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::NoNumber => "no_number",
            Self::Late => "late",
            Self::Repeated => "repeated",
            Self::UnknownSource => "unknown_source",
            Self::Malformed => "malformed",
            Self::OtherCode => "other_code",
            Self::WrongSecret => "wrong_secret",
            Self::OtherStatus => "other_status",
            Self::NoTimestamp => "no_timestamp",
            Self::Stale => "stale",
            Self::NotSlash64 => "not_slash_64",
            Self::Full => "full",
        }
    }
}

impl From<NoPacket> for Outcome {
    fn from(reason: NoPacket) -> Self {
        match reason {
            NoPacket::Malformed => Self::Malformed,
            NoPacket::OtherCode => Self::OtherCode,
        }
    }
}

impl From<NoEvent> for Outcome {
    fn from(reason: NoEvent) -> Self {
        match reason {
            NoEvent::Malformed => Self::Malformed,
            NoEvent::OtherStatus => Self::OtherStatus,
            NoEvent::NoTimestamp => Self::NoTimestamp,
            NoEvent::NotSlash64 => Self::NotSlash64,
        }
    }
}

impl From<Effect> for Outcome {
    fn from(effect: Effect) -> Self {
        match effect {
            Effect::Taken => Self::Taken,
            Effect::TakenWithoutNumber => Self::NoNumber,
            Effect::Late => Self::Late,
        }
    }
}

impl From<Refusal> for Outcome {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Stale => Self::Stale,
            Refusal::Full => Self::Full,
        }
    }
}

/// Applies accounting to a table.
pub(super) struct Accountant {
    sources: Vec<Source>,
    remembered: Remembered,
}

/// A configured NAS, or several with the same secret.
struct Source {
    network: Network,
    realm: Arc<str>,
    secret: Zeroizing<String>,
    interim_interval: core::time::Duration,
}

impl Source {
    fn open(config: &NasConfig) -> anyhow::Result<Self> {
        let address = config.address;
        let secret = config
            .secret
            .read(&format!("network.nas {address}: secret"))?;
        if secret.len() < SHORT_SECRET {
            tracing::warn!(nas = %address, "the secret has fewer than {SHORT_SECRET} characters");
        }
        Ok(Self {
            network: address,
            realm: config.realm.as_str().into(),
            secret,
            interim_interval: config.interim_interval,
        })
    }
}

impl Accountant {
    /// Reads the secrets.
    pub(super) fn open(config: &NetworkConfig) -> anyhow::Result<Self> {
        let sources: anyhow::Result<_> = config.nas.iter().map(Source::open).collect();
        Ok(Self {
            sources: sources?,
            remembered: Remembered::default(),
        })
    }

    /// Handles a datagram. There is a response unless the NAS should retransmit
    /// it.
    pub(super) fn take(
        &mut self,
        table: &NetworkTable,
        datagram: &[u8],
        peer: SocketAddr,
        now_ms: u64,
    ) -> (Outcome, Option<Vec<u8>>) {
        match self.try_take(table, datagram, peer, now_ms) {
            Ok((outcome, answer)) => (outcome, Some(answer)),
            Err(outcome) => (outcome, None),
        }
    }

    fn try_take(
        &mut self,
        table: &NetworkTable,
        datagram: &[u8],
        peer: SocketAddr,
        now_ms: u64,
    ) -> Result<(Outcome, Vec<u8>), Outcome> {
        let address = peer.ip().to_canonical();
        let mut sources = self.sources.iter();
        let source = sources
            .find(|source| source.network.contains(address))
            .ok_or(Outcome::UnknownSource)?;
        let packet = Packet::parse(datagram)?;
        let secret = source.secret.as_bytes();
        if !packet.is_authentic(secret) {
            return Err(Outcome::WrongSecret);
        }
        let request = (peer, packet.identifier(), packet.authenticator());
        if self.remembered.contains(&request) {
            return Ok((Outcome::Repeated, packet.answer(secret)));
        }
        let event = Event::read(&packet)?;
        let nas = Nas {
            address,
            realm: Arc::clone(&source.realm),
            interim_interval: source.interim_interval,
        };
        let effect = table.take(&nas, event, now_ms)?;
        self.remembered.push(request);
        Ok((effect.into(), packet.answer(secret)))
    }
}

/// What identifies a request (RFC 2866 section 4.1). Its authenticator is a
/// digest of the whole content.
type RequestKey = (SocketAddr, u8, Authenticator);

/// The most recent requests that the table has taken.
#[derive(Default)]
struct Remembered {
    known: HashSet<RequestKey>,
    oldest_first: VecDeque<RequestKey>,
}

impl Remembered {
    fn contains(&self, request: &RequestKey) -> bool {
        self.known.contains(request)
    }

    fn push(&mut self, request: RequestKey) {
        if self.oldest_first.len() == REMEMBERED
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.known.remove(&oldest);
        }
        self.known.insert(request);
        self.oldest_first.push_back(request);
    }
}

#[cfg(test)]
mod tests;
