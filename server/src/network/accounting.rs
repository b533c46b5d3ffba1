//! The content of an Accounting-Request: the attributes of RFC 2865 section 5,
//! RFC 2866 section 5, RFC 2869 section 5.3 and RFC 3162 section 2.3 that the
//! table needs.

use core::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use mpass_core::number::PhoneNumber;

use super::endpoint::Endpoint;
use super::packet::Packet;

const FRAMED_IP_ADDRESS: u8 = 8;
const CALLING_STATION_ID: u8 = 31;
const ACCT_STATUS_TYPE: u8 = 40;
const ACCT_SESSION_ID: u8 = 44;
const EVENT_TIMESTAMP: u8 = 55;
const FRAMED_IPV6_PREFIX: u8 = 97;

const START: u32 = 1;
const STOP: u32 = 2;
const INTERIM_UPDATE: u32 = 3;
const ACCOUNTING_ON: u32 = 7;
const ACCOUNTING_OFF: u32 = 8;

/// The maximum number of prefixes of one session.
const MOST_PREFIXES: usize = 4;

/// An event at a NAS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event {
    /// The Event-Timestamp, in seconds of Unix time by the NAS's clock.
    pub(super) at: u32,
    /// What happened.
    pub(super) what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A session began.
    Start(SessionId, Subscriber),
    /// A session continues.
    Interim(SessionId, Subscriber),
    /// A session ended.
    Stop(SessionId),
    /// The NAS starts accounting: it has no sessions.
    On,
    /// The NAS is shutting down: its sessions end.
    Off,
}

/// Acct-Session-Id, unique among the sessions of a NAS.
pub(super) type SessionId = Arc<[u8]>;

/// The number and addresses of a session. Each event carries all of them, and
/// replaces those of the event before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subscriber {
    /// `None` when it is missing or not a phone number.
    pub(super) number: Option<PhoneNumber>,
    /// Empty while no address is assigned.
    pub(super) endpoints: Vec<Endpoint>,
}

/// Why a request contains no event for the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoEvent {
    /// An attribute is missing, repeated or of the wrong length.
    Malformed,
    /// Another Acct-Status-Type.
    OtherStatus,
    /// No Event-Timestamp.
    NoTimestamp,
    /// A Framed-IPv6-Prefix that is not a /64: a shorter one may belong to
    /// many, and a longer one to one of many.
    NotSlash64,
}

/// The values of the attributes in use; only prefixes may be repeated.
#[derive(Default)]
struct Values<'a> {
    status: Option<&'a [u8]>,
    session: Option<&'a [u8]>,
    timestamp: Option<&'a [u8]>,
    number: Option<&'a [u8]>,
    address: Option<&'a [u8]>,
    prefixes: Vec<&'a [u8]>,
}

impl<'a> Values<'a> {
    fn read(packet: &Packet<'a>) -> Result<Self, NoEvent> {
        let mut values = Self::default();
        for (kind, value) in packet.attributes() {
            let slot = match kind {
                ACCT_STATUS_TYPE => &mut values.status,
                ACCT_SESSION_ID => &mut values.session,
                EVENT_TIMESTAMP => &mut values.timestamp,
                CALLING_STATION_ID => &mut values.number,
                FRAMED_IP_ADDRESS => &mut values.address,
                FRAMED_IPV6_PREFIX if values.prefixes.len() == MOST_PREFIXES => {
                    return Err(NoEvent::Malformed);
                }
                FRAMED_IPV6_PREFIX => {
                    values.prefixes.push(value);
                    continue;
                }
                _ => continue,
            };
            if slot.replace(value).is_some() {
                return Err(NoEvent::Malformed);
            }
        }
        Ok(values)
    }

    fn session(&self) -> Result<SessionId, NoEvent> {
        match self.session {
            Some(id) if !id.is_empty() => Ok(id.into()),
            _ => Err(NoEvent::Malformed),
        }
    }

    fn subscriber(&self) -> Result<Subscriber, NoEvent> {
        let mut endpoints = Vec::new();
        if let Some(address) = self.address {
            let octets: [u8; 4] = address.try_into().map_err(|_| NoEvent::Malformed)?;
            endpoints.extend(assigned(Ipv4Addr::from(octets)).map(Endpoint::from));
        }
        for prefix in &self.prefixes {
            endpoints.push(slash_64(prefix)?);
        }
        Ok(Subscriber {
            number: self.number.and_then(number),
            endpoints,
        })
    }
}

impl Event {
    /// Reads the event of a request.
    ///
    /// A Stop does not read the subscriber, and the two events of the NAS
    /// itself do not read a session either: an event that ends sessions is not
    /// refused for other attributes.
    pub(super) fn read(packet: &Packet<'_>) -> Result<Self, NoEvent> {
        let values = Values::read(packet)?;
        let what = match integer(values.status.ok_or(NoEvent::Malformed)?)? {
            START => What::Start(values.session()?, values.subscriber()?),
            INTERIM_UPDATE => What::Interim(values.session()?, values.subscriber()?),
            STOP => What::Stop(values.session()?),
            ACCOUNTING_ON => What::On,
            ACCOUNTING_OFF => What::Off,
            _ => return Err(NoEvent::OtherStatus),
        };
        let at = integer(values.timestamp.ok_or(NoEvent::NoTimestamp)?)?;
        Ok(Self { at, what })
    }
}

fn integer(value: &[u8]) -> Result<u32, NoEvent> {
    let octets = value.try_into().map_err(|_| NoEvent::Malformed)?;
    Ok(u32::from_be_bytes(octets))
}

/// The address, unless it is one of those that mean "not assigned yet" (RFC
/// 2865 section 5.8).
fn assigned(address: Ipv4Addr) -> Option<Ipv4Addr> {
    const CHOSEN_BY_NAS: Ipv4Addr = Ipv4Addr::new(255, 255, 255, 254);
    let is_none = address.is_unspecified() || address.is_broadcast() || address == CHOSEN_BY_NAS;
    (!is_none).then_some(address)
}

/// The value has a reserved octet, the prefix length in bits, and the prefix,
/// whose unused trailing octets may be omitted.
fn slash_64(value: &[u8]) -> Result<Endpoint, NoEvent> {
    let [0, bits, prefix @ ..] = value else {
        return Err(NoEvent::Malformed);
    };
    let mut octets = [0; 16];
    octets
        .get_mut(..prefix.len())
        .ok_or(NoEvent::Malformed)?
        .copy_from_slice(prefix);
    if *bits != 64 {
        return Err(NoEvent::NotSlash64);
    }
    let (network, rest) = octets.split_at(8);
    if prefix.len() < network.len() || rest.iter().any(|octet| *octet != 0) {
        return Err(NoEvent::Malformed);
    }
    Ok(Endpoint::from(Ipv6Addr::from(octets)))
}

/// A Calling-Station-Id as in mobile networks (3GPP TS 29.061 section 16.4):
/// the digits of an international number, with or without a plus sign.
fn number(value: &[u8]) -> Option<PhoneNumber> {
    let digits = value.strip_prefix(b"+").unwrap_or(value);
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digits = core::str::from_utf8(digits).ok()?;
    PhoneNumber::parse(&format!("+{digits}"), None).ok()
}
