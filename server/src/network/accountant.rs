//! Accounting without its socket: takes datagrams, and returns a response to
//! each whose sender knows the secret.

mod outcome;
mod remembered;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(super) use self::tests::start_at;

use core::fmt;
use core::net::{IpAddr, SocketAddr};
use core::time::Duration;
use std::collections::BTreeSet;
use std::sync::Arc;

use mpass_core::network::NasKey;
use mpass_core::service::Network;
use zeroize::Zeroizing;

pub(crate) use self::outcome::Outcome;
use self::remembered::{Remembered, RequestKey};
use super::accounting::{Event, name_of};
use super::config::{MessageAuthenticator, NasConfig, NetworkConfig};
use super::packet::{Packet, Request};
use super::table::{Changes, NetworkTable, Reporter, Time};
use crate::numbers::NumbersConfig;

/// Shorter secrets can be guessed (RFC 2865 section 3).
pub(crate) const SHORT_SECRET: usize = 16;

/// Applies accounting to a table.
pub(super) struct Accountant {
    remembered: Remembered,
    /// The sources of which it is stored that they send a Message-Authenticator.
    signers: BTreeSet<NasKey>,
}

/// Who may send accounting, and the operator's rules for its numbers.
pub(crate) struct Rules {
    sources: Vec<Source>,
    numbers: NumbersConfig,
}

/// What is to be done with a datagram.
pub(super) struct Taken {
    pub(super) outcome: Outcome,
    /// To be stored before the response is sent (RFC 2866 section 2).
    pub(super) changes: Changes,
    /// The response, if there is one.
    pub(super) answer: Option<Vec<u8>>,
    /// To be passed to [`Accountant::stored`] once the changes are stored.
    pub(super) receipt: Receipt,
}

/// What is known of a request once its changes are stored.
#[derive(Default)]
pub(super) struct Receipt {
    request: Option<RequestKey>,
    signer: Option<NasKey>,
}

impl Taken {
    pub(super) fn unanswered(outcome: Outcome) -> Self {
        Self {
            outcome,
            changes: Changes::default(),
            answer: None,
            receipt: Receipt::default(),
        }
    }
}

/// A configured NAS, or several with the same secret.
struct Source {
    network: Network,
    realm: Arc<str>,
    secret: Zeroizing<String>,
    interim_interval: Duration,
    message_authenticator: MessageAuthenticator,
    accept_undated: bool,
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
            message_authenticator: config.message_authenticator,
            accept_undated: config.accept_undated,
        })
    }

    /// The sender of a packet.
    fn reporter(&self, address: IpAddr, packet: &Packet<'_>) -> Reporter {
        Reporter {
            nas: NasKey {
                source: address,
                realm: Arc::clone(&self.realm),
                name: name_of(packet),
            },
            interim_interval: self.interim_interval,
            accept_undated: self.accept_undated,
        }
    }

    /// The time of an event; `None` if it must have one of its own. Events that
    /// end sessions need none: a copy of one gives nobody an address.
    fn time_of(&self, event: &Event, now_ms: u64) -> Option<Time> {
        if let Some(at) = event.at {
            return Some(Time::Dated(at));
        }
        if event.what.is_report() && !self.accept_undated {
            return None;
        }
        Some(Time::Undated(event.at_arrival(now_ms)))
    }
}

impl Rules {
    /// Reads the secrets.
    pub(crate) fn open(config: &NetworkConfig, numbers: &NumbersConfig) -> anyhow::Result<Self> {
        let sources: anyhow::Result<_> = config.nas.iter().map(Source::open).collect();
        Ok(Self {
            sources: sources?,
            numbers: numbers.clone(),
        })
    }

    /// Whether the secrets are the same.
    pub(crate) fn has_secrets_of(&self, other: &Self) -> bool {
        let secrets = |rules: &'_ Self| {
            let sources = rules.sources.iter();
            sources
                .map(|source| source.secret.clone())
                .collect::<Vec<_>>()
        };
        secrets(self) == secrets(other)
    }
}

/// Shows only how many sources there are.
impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rules")
            .field("sources", &self.sources.len())
            .finish_non_exhaustive()
    }
}

impl Accountant {
    pub(super) fn new(freshness: Duration) -> Self {
        Self {
            remembered: Remembered::new(freshness),
            signers: BTreeSet::new(),
        }
    }

    /// Handles a datagram. There is a response if its sender knows the secret,
    /// whatever its content: a NAS that gets none sends the packet again, and
    /// gives the server up.
    pub(super) fn take(
        &self,
        rules: &Rules,
        table: &NetworkTable,
        datagram: &[u8],
        peer: SocketAddr,
        now_ms: u64,
    ) -> Taken {
        let address = peer.ip().to_canonical();
        let admitted = admit(&rules.sources, table, datagram, address);
        let (source, packet) = match admitted {
            Ok(admitted) => admitted,
            Err(outcome) => return Taken::unanswered(outcome),
        };
        let mut taken = Taken {
            answer: Some(packet.answer(source.secret.as_bytes())),
            ..Taken::unanswered(Outcome::Status)
        };
        if packet.request() == Request::Accounting {
            let request = (address, packet.authenticator());
            if self.remembered.contains(&request, now_ms) {
                taken.outcome = Outcome::Repeated;
            } else {
                match apply(source, &packet, &rules.numbers, table, address, now_ms) {
                    Ok((outcome, changes)) => {
                        (taken.outcome, taken.changes) = (outcome, changes);
                        taken.receipt.request = Some(request);
                    }
                    Err(outcome) => taken.outcome = outcome,
                }
            }
        }
        let nas = source.reporter(address, &packet).nas.of_source();
        if packet.is_signed() && !self.signers.contains(&nas) {
            taken.changes.nases.push(Changes::signer(&nas));
            taken.receipt.signer = Some(nas);
        }
        taken
    }

    /// The changes of a request are stored.
    pub(super) fn stored(&mut self, receipt: Receipt, now_ms: u64) {
        if let Some(request) = receipt.request {
            self.remembered.push(request, now_ms);
        }
        self.signers.extend(receipt.signer);
    }
}

/// Parses and authenticates a datagram.
fn admit<'s, 'd>(
    sources: &'s [Source],
    table: &NetworkTable,
    datagram: &'d [u8],
    address: IpAddr,
) -> Result<(&'s Source, Packet<'d>), Outcome> {
    let mut sources = sources.iter();
    let source = sources
        .find(|source| source.network.contains(address))
        .ok_or(Outcome::UnknownSource)?;
    let packet = Packet::parse(datagram)?;
    if !packet.is_authentic(source.secret.as_bytes()) {
        return Err(Outcome::WrongSecret);
    }
    let nas = source.reporter(address, &packet).nas;
    if packet.is_signed() {
        table.note_signer(&nas);
    } else if source.message_authenticator == MessageAuthenticator::Required
        || table.is_signer(&nas)
    {
        return Err(Outcome::NoMessageAuthenticator);
    }
    Ok((source, packet))
}

/// Applies the event of an authenticated packet.
fn apply(
    source: &Source,
    packet: &Packet<'_>,
    numbers: &NumbersConfig,
    table: &NetworkTable,
    address: IpAddr,
    now_ms: u64,
) -> Result<(Outcome, Changes), Outcome> {
    let event = Event::read(packet, numbers)?;
    let time = source.time_of(&event, now_ms).ok_or(Outcome::NoTimestamp)?;
    let is_nowhere = event.has_other_prefix && event.what.is_nowhere();
    let from = source.reporter(address, packet);
    let (effect, changes) = table.take(&from, time, event.what, now_ms)?;
    let outcome = match Outcome::from(effect) {
        Outcome::Taken | Outcome::NoNumber if is_nowhere => Outcome::NotSlash64,
        outcome => outcome,
    };
    Ok((outcome, changes))
}
