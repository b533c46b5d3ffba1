//! The content of an Accounting-Request: the attributes of RFC 2865 section 5,
//! RFC 2866 section 5, RFC 2869 section 5.3, RFC 3162 sections 2.1 and 2.3 and
//! RFC 4818 section 3 that the table needs.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::collections::BTreeSet;

use mpass_core::network::{Endpoint, NameHash};
use mpass_core::number::PhoneNumber;

use super::packet::Packet;
use crate::numbers::NumbersConfig;

const NAS_IP_ADDRESS: u8 = 4;
const FRAMED_IP_ADDRESS: u8 = 8;
const CALLING_STATION_ID: u8 = 31;
const NAS_IDENTIFIER: u8 = 32;
const ACCT_STATUS_TYPE: u8 = 40;
const ACCT_DELAY_TIME: u8 = 41;
const ACCT_SESSION_ID: u8 = 44;
const EVENT_TIMESTAMP: u8 = 55;
const NAS_IPV6_ADDRESS: u8 = 95;
const FRAMED_IPV6_PREFIX: u8 = 97;
const DELEGATED_IPV6_PREFIX: u8 = 123;

const START: u32 = 1;
const STOP: u32 = 2;
const INTERIM_UPDATE: u32 = 3;
const ACCOUNTING_ON: u32 = 7;
const ACCOUNTING_OFF: u32 = 8;

/// Earlier times, before 2020, are those of clocks that were never set: they begin
/// in 1970, 1993 or 2002.
const EARLIEST: u32 = 1_577_836_800;

/// An event at a NAS, as far as its packet is understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event {
    /// The Event-Timestamp, in seconds of Unix time by the NAS's clock. `None` if
    /// that clock has not been set.
    pub(super) at: Option<u32>,
    /// Acct-Delay-Time: for how many seconds the NAS has been sending it.
    pub(super) delay: u32,
    /// What happened.
    pub(super) what: What,
    /// Whether it has an IPv6 prefix that is not a /64: a shorter one may belong
    /// to many, and a longer one to one of many. They are left out.
    pub(super) has_other_prefix: bool,
}

impl Event {
    /// When it happened by its arrival, in seconds of Unix time. A delay that began
    /// before any clock was set is an error of the NAS. Then an end, which gives
    /// nobody an address, happens at its arrival.
    pub(super) fn at_arrival(&self, now_ms: u64) -> u32 {
        let now = u32::try_from(now_ms / 1000).unwrap_or(u32::MAX);
        let at = now.saturating_sub(self.delay);
        match at < EARLIEST && !self.what.is_report() {
            true => now,
            false => at,
        }
    }
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

impl What {
    /// Whether it reports that a session is there; otherwise it ends sessions.
    pub(super) fn is_report(&self) -> bool {
        matches!(self, Self::Start(..) | Self::Interim(..))
    }

    /// Whether it reports a session without an address.
    pub(super) fn is_nowhere(&self) -> bool {
        match self {
            Self::Start(_, subscriber) | Self::Interim(_, subscriber) => {
                subscriber.endpoints.is_empty()
            }
            Self::Stop(..) | Self::On | Self::Off => false,
        }
    }
}

/// Acct-Session-Id, unique among the sessions of a NAS.
pub(super) type SessionId = NameHash;

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
    /// No or another Acct-Status-Type.
    OtherStatus,
    /// No Acct-Session-Id.
    NoSession,
}

/// The attributes that have a value. One of length zero is as good as absent: it
/// must not be sent (RFC 2865 section 5).
fn attributes<'a>(packet: &Packet<'a>) -> impl Iterator<Item = (u8, &'a [u8])> {
    let attributes = packet.attributes();
    attributes.filter(|(_, value)| !value.is_empty())
}

/// The values of an attribute.
#[derive(Default)]
struct Values<'a>(Vec<&'a [u8]>);

impl<'a> Values<'a> {
    fn of(packet: &Packet<'a>, wanted: u8) -> Self {
        let values = attributes(packet).filter(|(kind, _)| *kind == wanted);
        Self(values.map(|(_, value)| value).collect())
    }

    /// The value, if there is one. Two that differ are as good as none.
    fn single(&self) -> Option<&'a [u8]> {
        let (first, rest) = self.0.split_first()?;
        rest.iter().all(|other| other == first).then_some(*first)
    }

    /// The value as an integer of 32 bits.
    fn integer(&self) -> Option<u32> {
        let octets = self.single()?.try_into().ok()?;
        Some(u32::from_be_bytes(octets))
    }
}

impl Event {
    /// Reads an event. Attributes that are unknown, of the wrong length or
    /// contradictory are as good as absent: a packet that is refused for one of
    /// them would be sent again and again.
    pub(super) fn read(packet: &Packet<'_>, numbers: &NumbersConfig) -> Result<Self, NoEvent> {
        let integer = |kind| Values::of(packet, kind).integer();
        let session = || {
            let id = Values::of(packet, ACCT_SESSION_ID).single();
            id.map(NameHash::of).ok_or(NoEvent::NoSession)
        };
        let (endpoints, has_other_prefix) = endpoints(packet);
        let subscriber = Subscriber {
            number: single_number(&Values::of(packet, CALLING_STATION_ID), numbers),
            endpoints,
        };
        let what = match integer(ACCT_STATUS_TYPE) {
            Some(START) => What::Start(session()?, subscriber),
            Some(INTERIM_UPDATE) => What::Interim(session()?, subscriber),
            Some(STOP) => What::Stop(session()?),
            Some(ACCOUNTING_ON) => What::On,
            Some(ACCOUNTING_OFF) => What::Off,
            _ => return Err(NoEvent::OtherStatus),
        };
        Ok(Self {
            at: integer(EVENT_TIMESTAMP).filter(|at| *at >= EARLIEST),
            delay: integer(ACCT_DELAY_TIME).unwrap_or(0),
            what,
            has_other_prefix,
        })
    }
}

/// The attributes by which a NAS names itself, hashed in order of their types and
/// values. Their content is of no interest.
pub(super) fn name_of(packet: &Packet<'_>) -> NameHash {
    let mut names = BTreeSet::new();
    for (kind, value) in attributes(packet) {
        if matches!(kind, NAS_IP_ADDRESS | NAS_IDENTIFIER | NAS_IPV6_ADDRESS) {
            names.insert((kind, value));
        }
    }
    let mut encoded = Vec::new();
    for (kind, value) in names {
        // An attribute's value has at most 253 octets.
        let length = u8::try_from(value.len()).unwrap_or(u8::MAX);
        encoded.extend_from_slice(&[kind, length]);
        encoded.extend_from_slice(value);
    }
    NameHash::of(&encoded)
}

/// The addresses of a session, and whether there is a prefix other than a /64.
fn endpoints(packet: &Packet<'_>) -> (Vec<Endpoint>, bool) {
    let mut endpoints = Vec::new();
    let address = Values::of(packet, FRAMED_IP_ADDRESS).single();
    if let Some(octets) = address.and_then(|octets| <[u8; 4]>::try_from(octets).ok()) {
        endpoints.extend(assigned(Ipv4Addr::from(octets)).map(Endpoint::from));
    }
    let mut has_other_prefix = false;
    for kind in [FRAMED_IPV6_PREFIX, DELEGATED_IPV6_PREFIX] {
        for prefix in Values::of(packet, kind).0 {
            match slash_64(prefix) {
                Some(endpoint) => endpoints.push(endpoint),
                None => has_other_prefix = true,
            }
        }
    }
    (endpoints, has_other_prefix)
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
fn slash_64(value: &[u8]) -> Option<Endpoint> {
    let [0, 64, prefix @ ..] = value else {
        return None;
    };
    let mut octets = [0; 16];
    octets.get_mut(..prefix.len())?.copy_from_slice(prefix);
    let (network, rest) = octets.split_at(8);
    let is_whole = prefix.len() >= network.len() && rest.iter().all(|octet| *octet == 0);
    is_whole.then(|| Ipv6Addr::from(octets).into())
}

/// The number of all values, however each is written. Two that differ, or one that
/// is no number beside another that is, are as good as none.
fn single_number(values: &Values<'_>, numbers: &NumbersConfig) -> Option<PhoneNumber> {
    let mut read = values.0.iter().map(|value| number(value, numbers));
    let first = read.next()??;
    read.all(|other| other == Some(first)).then_some(first)
}

/// A Calling-Station-Id as in mobile networks (3GPP TS 29.061 section 16.4):
/// an international number, with or without a plus sign, in any written form.
/// Other networks send hardware addresses (RFC 3580 section 3.21), which can
/// consist of digits, the addresses that tunnels come from, or IMSIs. Therefore
/// only a number of a numbering plan or of the operator is one.
fn number(value: &[u8], numbers: &NumbersConfig) -> Option<PhoneNumber> {
    let text = core::str::from_utf8(value).ok()?;
    // Some send the end of a string in C, too.
    let text = text.trim_end_matches('\0').trim();
    if is_hardware_address(text) || is_ip_address(text) {
        return None;
    }
    let number = PhoneNumber::parse(text, None).ok()?;
    numbers.is_subscriber(&number).then_some(number)
}

/// Whether a text is an IP address, with or without the length of a prefix: dots
/// and slashes are passed over in a number.
fn is_ip_address(text: &str) -> bool {
    let address = text.split_once('/').map_or(text, |(address, _)| address);
    address.trim().parse::<IpAddr>().is_ok()
}

/// Whether a text is a hardware address: six groups of two hexadecimal digits or
/// three of four, with separators of one kind, or 12 digits of which the first two
/// are 0, as in the addresses of most manufacturers.
fn is_hardware_address(text: &str) -> bool {
    if text.len() == 12
        && text.starts_with("00")
        && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    {
        return true;
    }
    ['-', ':', '.'].into_iter().any(|separator| {
        let groups: Vec<_> = text.split(separator).collect();
        let length = match groups.len() {
            6 => 2,
            3 => 4,
            _ => return false,
        };
        let is_hex = |group: &str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
        groups
            .iter()
            .all(|group| group.len() == length && is_hex(group))
    })
}
