//! The outcomes of datagrams, as they are counted.

use super::super::accounting::NoEvent;
use super::super::packet::NoPacket;
use super::super::table::{Effect, Refusal};

/// The outcome of a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Its event was applied.
    Taken,
    /// As `Taken`, but without a phone number.
    NoNumber,
    /// As `Taken`, but its session has no address, only IPv6 prefixes that are
    /// not a /64.
    NotSlash64,
    /// Without effect: a later event is known already.
    Late,
    /// A retransmission: without effect.
    Repeated,
    /// Without effect: its Acct-Status-Type is not supported.
    OtherStatus,
    /// Without effect: it has no Acct-Session-Id.
    NoSession,
    /// Without effect: it has no Event-Timestamp, which its NAS must send.
    NoTimestamp,
    /// Without effect: its time is too far from the current time.
    Stale,
    /// Without effect: the table is full.
    Full,
    /// It asked whether the server is there.
    Status,
    /// No response: it could not be stored.
    NotStored,
    /// No response: its source is not configured.
    UnknownSource,
    /// No response: its lengths are inconsistent.
    Malformed,
    /// No response: it is neither an Accounting-Request nor a Status-Server.
    OtherCode,
    /// No response: its authenticator does not match the secret.
    WrongSecret,
    /// No response: its NAS must send a Message-Authenticator.
    NoMessageAuthenticator,
}

impl Outcome {
    /// Its name in metrics and the log.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::NoNumber => "no_number",
            Self::NotSlash64 => "not_slash_64",
            Self::Late => "late",
            Self::Repeated => "repeated",
            Self::OtherStatus => "other_status",
            Self::NoSession => "no_session",
            Self::NoTimestamp => "no_timestamp",
            Self::Stale => "stale",
            Self::Full => "full",
            Self::Status => "status",
            Self::NotStored => "not_stored",
            Self::UnknownSource => "unknown_source",
            Self::Malformed => "malformed",
            Self::OtherCode => "other_code",
            Self::WrongSecret => "wrong_secret",
            Self::NoMessageAuthenticator => "no_message_authenticator",
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
            NoEvent::OtherStatus => Self::OtherStatus,
            NoEvent::NoSession => Self::NoSession,
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
