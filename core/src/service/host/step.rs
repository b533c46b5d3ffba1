//! What the host is asked to do for an exchange, and what it answers.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::net::IpAddr;

use zeroize::Zeroizing;

use super::reply::Reply;
use crate::list::list;
use crate::number::{CallingCode, PhoneNumber};
use crate::service::message::Sms;
use crate::store::{Kind, StoreKey, Swap};

/// What the host does next for an exchange.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Step {
    /// Read a value; answer [`Answer::Loaded`].
    Load {
        /// Which kind of value.
        kind: Kind,
        /// Its place.
        key: StoreKey,
    },
    /// Replace a value; answer [`Answer::Stored`] once it is durable,
    /// [`Answer::Conflict`] with what stood there instead, or
    /// [`Answer::Unknown`] when nobody knows.
    Swap(Swap),
    /// Say what the host knows of a number; answer [`Answer::Assessed`], or
    /// [`Answer::Unsupported`] to leave it to the engine's own rules.
    Assess(Assess),
    /// Hand a message to the gateway; answer [`Answer::Delivered`],
    /// [`Answer::Refused`] or [`Answer::Unknown`].
    Deliver(Sms),
    /// Say what a bearer token is that is not the engine's own; answer
    /// [`Answer::Introspected`], or [`Answer::Unsupported`] where the host
    /// gives out no tokens.
    Introspect(Introspect),
    /// Say which number is behind a network address; answer
    /// [`Answer::Resolved`], or [`Answer::Unsupported`] where the host is no
    /// network.
    Resolve(IpAddr),
    /// Answer the request; the exchange is over.
    Reply(Reply),
}

/// What the host says to a [`Step`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// The first answer of every exchange: go.
    Begin,
    /// What stands at the place that was to be loaded.
    Loaded(Option<Vec<u8>>),
    /// The swap is durably stored.
    Stored,
    /// The swap found this value instead of the expected one.
    Conflict(Option<Vec<u8>>),
    /// What the host knows of a number.
    Assessed(Assessment),
    /// What the host knows of a token; `None`: it is none, or no longer.
    Introspected(Option<Introspection>),
    /// The number behind an address; `None` for an address that the network
    /// does not know, or that two numbers share.
    Resolved(Option<PhoneNumber>),
    /// The gateway has taken the message.
    Delivered,
    /// The gateway has definitely refused the message: nothing was sent.
    Refused,
    /// A time-out or a broken connection: it may or may not have happened.
    Unknown,
    /// It definitely did not happen: the store or the gateway failed.
    Failed,
    /// The host does not do this kind of step.
    Unsupported,
}

/// A number to assess, as it was written. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Assess {
    /// What the request carries, with the `+` it had or stood for.
    pub number: String,
    /// The tenant's country, for numbers in national form.
    pub country: Option<CallingCode>,
}

impl fmt::Debug for Assess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Assess")
            .field("country", &self.country)
            .finish_non_exhaustive()
    }
}

/// A token to introspect. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Introspect {
    /// What stands after `Bearer` in the request.
    pub token: Zeroizing<String>,
}

impl fmt::Debug for Introspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Introspect").finish_non_exhaustive()
    }
}

/// The host's word on a token that is valid (RFC 7662): what the contracts
/// need to know of it. Its `Debug` masks the number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introspection {
    /// Its identifier (`jti`). A host that takes more than one text for the
    /// same token must say it, or each text is a token with a use of its own.
    pub id: Option<String>,
    /// The client that it was given to; one that stands in the store brings
    /// its policy with it.
    pub client: String,
    /// Its scopes.
    pub scopes: Vec<String>,
    /// The number of the device that it was given for.
    pub number: Option<PhoneNumber>,
    /// Whether the mobile network or the SIM authenticated that device.
    pub is_by_network: bool,
    /// When it expires, in milliseconds of Unix time.
    pub expires_at_ms: u64,
}

/// The host's word on a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Assessment {
    /// A number that exists in its plan, in canonical form.
    Valid {
        /// The canonical form: the same for every way of writing it.
        number: PhoneNumber,
        /// Whether it can take a message: `Some(false)` for a land line,
        /// `None` where the plan does not tell.
        mobile: Option<bool>,
    },
    /// No number of its plan.
    Invalid,
    /// A number that the host does not send to.
    NotAllowed,
    /// A number that is barred from receiving messages for now.
    Blocked,
    /// A number of another operator than the host's.
    Foreign,
}

list! {
    /// The kinds of steps, as C, Java and JavaScript number and name them.
    #[non_exhaustive]
    pub enum StepKind: u8 {
        /// Read a value; answer `loaded` or `failed`.
        Load = 1, "load";
        /// Replace a value; answer `stored` once it is durable, `conflict`, `unknown` or `failed`.
        Swap = 2, "swap";
        /// Assess a number; answer `assessed`, or `unsupported` to leave it to the engine.
        Assess = 3, "assess";
        /// Hand a message to the gateway; answer `delivered`, `refused` or `unknown`.
        Deliver = 4, "deliver";
        /// Answer the request; the exchange is over.
        Reply = 5, "reply";
        /// Look up a bearer token that is not the engine's own; answer `introspected`, `unsupported`, `unknown` or `failed`.
        Introspect = 6, "introspect";
        /// Look up the number behind a network address; answer `resolved`, `unsupported`, `unknown` or `failed`.
        Resolve = 7, "resolve";
    }
}

list! {
    /// The kinds of answers, as C, Java and JavaScript number and name them.
    #[non_exhaustive]
    pub enum AnswerKind: u8 {
        /// The first answer of every exchange.
        Begin = 0, "begin";
        /// The value that was loaded, if there is one.
        Loaded = 1, "loaded";
        /// The swap is durably stored.
        Stored = 2, "stored";
        /// The swap found another value instead of the expected one.
        Conflict = 3, "conflict";
        /// The gateway has taken the message.
        Delivered = 4, "delivered";
        /// The gateway has definitely refused the message: nothing was sent.
        Refused = 5, "refused";
        /// A time-out or a broken connection: it may or may not have happened.
        Unknown = 6, "unknown";
        /// It definitely did not happen.
        Failed = 7, "failed";
        /// The host does not do this kind of step.
        Unsupported = 8, "unsupported";
        /// A store has no room for a new value; nothing was stored.
        Full = 9, "full";
        /// What the host knows of a token of its own.
        Introspected = 10, "introspected";
        /// The number behind a network address.
        Resolved = 11, "resolved";
        /// What the host knows of a number.
        Assessed = 12, "assessed";
    }
}

list! {
    /// The kinds of assessments, as C, Java and JavaScript number and name them.
    #[non_exhaustive]
    pub enum AssessmentKind: u8 {
        /// The host leaves the number to the engine's own rules.
        Unsupported = 0, "unsupported";
        /// A number that exists in its plan.
        Valid = 1, "valid";
        /// Not a number of its plan.
        Invalid = 2, "invalid";
        /// A number that the host does not send to.
        NotAllowed = 3, "notAllowed";
        /// A number that is barred from receiving messages for now.
        Blocked = 4, "blocked";
        /// A number of another operator than the host's.
        Foreign = 5, "foreign";
    }
}

impl Step {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> StepKind {
        match self {
            Self::Load { .. } => StepKind::Load,
            Self::Swap(_) => StepKind::Swap,
            Self::Assess(_) => StepKind::Assess,
            Self::Deliver(_) => StepKind::Deliver,
            Self::Introspect(_) => StepKind::Introspect,
            Self::Resolve(_) => StepKind::Resolve,
            Self::Reply(_) => StepKind::Reply,
        }
    }
}

impl AnswerKind {
    /// Whether its answer carries a value of the store.
    #[must_use]
    pub const fn has_value(self) -> bool {
        matches!(self, Self::Loaded | Self::Conflict)
    }

    /// The answer of this kind with a value of the store, which the kinds
    /// without one ignore. `None` for the kinds that carry an assessment, an
    /// introspection or a number.
    #[must_use]
    pub fn with_value(self, value: Option<Vec<u8>>) -> Option<Answer> {
        match self {
            Self::Begin => Some(Answer::Begin),
            Self::Loaded => Some(Answer::Loaded(value)),
            Self::Stored => Some(Answer::Stored),
            Self::Conflict => Some(Answer::Conflict(value)),
            Self::Delivered => Some(Answer::Delivered),
            Self::Refused => Some(Answer::Refused),
            Self::Unknown => Some(Answer::Unknown),
            Self::Failed | Self::Full => Some(Answer::Failed),
            Self::Unsupported => Some(Answer::Unsupported),
            Self::Introspected | Self::Resolved | Self::Assessed => None,
        }
    }
}

impl AssessmentKind {
    /// The answer of this kind; `None` for [`Self::Valid`], which carries a
    /// number.
    #[must_use]
    pub const fn without_number(self) -> Option<Answer> {
        match self {
            Self::Unsupported => Some(Answer::Unsupported),
            Self::Valid => None,
            Self::Invalid => Some(Answer::Assessed(Assessment::Invalid)),
            Self::NotAllowed => Some(Answer::Assessed(Assessment::NotAllowed)),
            Self::Blocked => Some(Answer::Assessed(Assessment::Blocked)),
            Self::Foreign => Some(Answer::Assessed(Assessment::Foreign)),
        }
    }
}
