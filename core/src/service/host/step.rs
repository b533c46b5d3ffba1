//! The steps that the host executes for an exchange, and its answers.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::net::IpAddr;

use zeroize::Zeroizing;

use super::reply::Reply;
use super::signature::{CheckSignature, RsaPublicKey, Sign};
use crate::list::list;
use crate::number::{CallingCode, PhoneNumber};
use crate::service::message::Sms;
use crate::store::{Kind, StoreKey, Swap};

/// What the host has to do next for an exchange.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Step {
    /// Load a value; answer [`Answer::Loaded`].
    Load {
        /// The kind of value.
        kind: Kind,
        /// The store key of the value.
        key: StoreKey,
    },
    /// Replace a value; answer [`Answer::Stored`] once it is durable,
    /// [`Answer::Conflict`] with the value found instead of the expected one,
    /// [`Answer::Expired`] for an insert that [`crate::store::Swapped::Expired`]
    /// describes, or [`Answer::Unknown`] if it may or may not be stored.
    Swap(Swap),
    /// Assess a number that is valid by the engine's own rules; answer
    /// [`Answer::Assessed`], or [`Answer::Unsupported`] if the host knows
    /// nothing of numbers.
    Assess(Assess),
    /// Pass a message to the gateway; answer [`Answer::Delivered`],
    /// [`Answer::Refused`] or [`Answer::Unknown`].
    Deliver(Sms),
    /// Introspect a bearer token that the engine did not issue; answer
    /// [`Answer::Introspected`], or [`Answer::Unsupported`] if the host issues
    /// no tokens.
    Introspect(Introspect),
    /// Resolve the network address of a device to its number; answer
    /// [`Answer::Resolved`], or [`Answer::Unsupported`] if the host has no
    /// access to a mobile network.
    Resolve(IpAddr),
    /// List the public keys of the pairs that sign with RS256, the one that signs
    /// first; answer [`Answer::SigningKeys`], or [`Answer::Unsupported`] if the
    /// host has none.
    SigningKeys,
    /// Sign with RS256; answer [`Answer::Signed`], or [`Answer::Unsupported`] if
    /// the host has no private key for the public one.
    Sign(Sign),
    /// Check a signature with RS256; answer [`Answer::Genuine`],
    /// [`Answer::Forged`], or [`Answer::Unsupported`] if the host cannot check
    /// one.
    CheckSignature(CheckSignature),
    /// Send the reply; the exchange is over.
    Reply(Reply),
}

/// The host's answer to a [`Step`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// The first answer of every exchange, before any step.
    Begin,
    /// The value under the store key; `None` if there is none.
    Loaded(Option<Vec<u8>>),
    /// The swap is durably stored.
    Stored,
    /// The swap found this value instead of the expected one; nothing was
    /// stored.
    Conflict(Option<Vec<u8>>),
    /// The swap inserts a value that expires before values that the store has
    /// already dropped; nothing was stored.
    Expired,
    /// The host's assessment of a number.
    Assessed(Assessment),
    /// The host's description of a token; `None` for one that is invalid or
    /// expired.
    Introspected(Option<Introspection>),
    /// The number of the device with an address; `None` if the network does
    /// not know the address, or if two numbers share it.
    Resolved(Option<PhoneNumber>),
    /// The public keys of the pairs that sign with RS256. The first one signs; the
    /// others are published before they sign or after they have signed.
    SigningKeys(Vec<RsaPublicKey>),
    /// The signature.
    Signed(Vec<u8>),
    /// The signature is that of the message under the key.
    Genuine,
    /// The signature is not that of the message under the key.
    Forged,
    /// The gateway accepted the message.
    Delivered,
    /// The gateway definitely refused the message: nothing was sent.
    Refused,
    /// The outcome is unknown, for example after a time-out or a lost
    /// connection: the step may or may not have taken effect.
    Unknown,
    /// The step definitely had no effect: the store or the gateway failed.
    Failed,
    /// The host does not support this kind of step.
    Unsupported,
}

/// A number to assess. `Debug` masks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assess {
    /// The number in canonical form, which the engine derived from the request.
    /// The number that a message is sent to and that records are stored under
    /// is this one, whatever the host answers.
    pub number: PhoneNumber,
    /// The country of the tenant, which numbers in national form belong to.
    /// `None` if the tenant has no such setting.
    pub country: Option<CallingCode>,
}

/// A token to introspect. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Introspect {
    /// The token of the request's `Authorization: Bearer` header.
    pub token: Zeroizing<String>,
}

impl fmt::Debug for Introspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Introspect").finish_non_exhaustive()
    }
}

/// The host's description of a valid token (RFC 7662), as far as the contracts
/// need it. `Debug` masks the number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introspection {
    /// The token's identifier (`jti`). A host that accepts more than one text
    /// for the same token must set it; otherwise each text counts as a token of
    /// its own and can be used once.
    pub id: Option<String>,
    /// The client that the token was issued to. If the store has a client of
    /// this name, its policy applies.
    pub client: String,
    /// The token's scopes.
    pub scopes: Vec<String>,
    /// The number of the device that the token was issued for.
    pub number: Option<PhoneNumber>,
    /// Whether the mobile network or the SIM authenticated that device.
    pub is_by_network: bool,
    /// When the token was issued, in milliseconds of Unix time, if the host
    /// knows it. After the store was restored from a backup, a token that was
    /// issued before is refused, because its use may have been forgotten. Without
    /// this time, it counts as issued 24 h before its expiry,
    /// or before now if that is not stated either.
    pub issued_at_ms: Option<u64>,
    /// When the token expires (`exp`), in milliseconds of Unix time. `None` if
    /// the host does not state it.
    pub expires_at_ms: Option<u64>,
}

/// The host's assessment of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Assessment {
    /// A number that its numbering plan contains.
    Valid {
        /// Whether the number can receive messages: `Some(false)` for a land
        /// line, `None` if the numbering plan does not distinguish them.
        mobile: Option<bool>,
    },
    /// Not a number of its numbering plan.
    Invalid,
    /// A number that the host does not send to.
    NotAllowed,
    /// A number that is currently barred from receiving messages.
    Blocked,
    /// A number of another operator.
    Foreign,
}

list! {
    /// The kind of a step. C, Java and JavaScript use the same numbers and names.
    #[non_exhaustive]
    pub enum StepKind: u8 {
        /// Load a value; answer `loaded` or `failed`.
        Load = 1, "load";
        /// Replace a value; answer `stored` once it is durable, `conflict`, `unknown` or `failed`.
        Swap = 2, "swap";
        /// Assess a number; answer `assessed`, or `unsupported` to accept every number that the engine accepts.
        Assess = 3, "assess";
        /// Pass a message to the gateway; answer `delivered`, `refused` or `unknown`.
        Deliver = 4, "deliver";
        /// Send the reply; the exchange is over.
        Reply = 5, "reply";
        /// Introspect a bearer token that the engine did not issue; answer `introspected`, `unsupported`, `unknown` or `failed`.
        Introspect = 6, "introspect";
        /// Resolve the network address of a device to its number; answer `resolved`, `unsupported`, `unknown` or `failed`.
        Resolve = 7, "resolve";
        /// List the public keys of the pairs that sign with RS256, the one that signs first; answer `signingKeys`, `unsupported`, `unknown` or `failed`.
        SigningKeys = 8, "signingKeys";
        /// Sign with RS256; answer `signed`, `unsupported`, `unknown` or `failed`.
        Sign = 9, "sign";
        /// Check a signature with RS256; answer `genuine`, `forged`, `unsupported`, `unknown` or `failed`.
        CheckSignature = 10, "checkSignature";
    }
}

list! {
    /// The kind of an answer. C, Java and JavaScript use the same numbers and names.
    #[non_exhaustive]
    pub enum AnswerKind: u8 {
        /// The first answer of every exchange, before any step.
        Begin = 0, "begin";
        /// The value under the store key, if there is one.
        Loaded = 1, "loaded";
        /// The swap is durably stored.
        Stored = 2, "stored";
        /// The swap found another value instead of the expected one.
        Conflict = 3, "conflict";
        /// The gateway accepted the message.
        Delivered = 4, "delivered";
        /// The gateway definitely refused the message: nothing was sent.
        Refused = 5, "refused";
        /// The outcome is unknown: the step may or may not have taken effect.
        Unknown = 6, "unknown";
        /// The step definitely had no effect.
        Failed = 7, "failed";
        /// The host does not support this kind of step.
        Unsupported = 8, "unsupported";
        /// The store is full; nothing was stored.
        Full = 9, "full";
        /// The host's description of a token that it issued itself.
        Introspected = 10, "introspected";
        /// The number of the device with a network address.
        Resolved = 11, "resolved";
        /// The host's assessment of a number.
        Assessed = 12, "assessed";
        /// The swap inserts a value that expires before values that the store has already dropped; nothing was stored.
        Expired = 13, "expired";
        /// The documents that the store listed. Not an answer of an exchange.
        Listed = 14, "listed";
        /// The public keys of the pairs that sign with RS256.
        SigningKeys = 15, "signingKeys";
        /// The signature.
        Signed = 16, "signed";
        /// The signature is that of the message under the key.
        Genuine = 17, "genuine";
        /// The signature is not that of the message under the key.
        Forged = 18, "forged";
    }
}

list! {
    /// The kind of an assessment. C, Java and JavaScript use the same numbers and names.
    #[non_exhaustive]
    pub enum AssessmentKind: u8 {
        /// The host knows nothing of numbers.
        Unsupported = 0, "unsupported";
        /// A number that its numbering plan contains.
        Valid = 1, "valid";
        /// Not a number of its numbering plan.
        Invalid = 2, "invalid";
        /// A number that the host does not send to.
        NotAllowed = 3, "notAllowed";
        /// A number that is currently barred from receiving messages.
        Blocked = 4, "blocked";
        /// A number of another operator.
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
            Self::SigningKeys => StepKind::SigningKeys,
            Self::Sign(_) => StepKind::Sign,
            Self::CheckSignature(_) => StepKind::CheckSignature,
            Self::Reply(_) => StepKind::Reply,
        }
    }
}

impl AnswerKind {
    /// Whether answers of this kind contain bytes: a value from the store or a
    /// signature.
    #[must_use]
    pub const fn has_value(self) -> bool {
        matches!(self, Self::Loaded | Self::Conflict | Self::Signed)
    }

    /// The answer of this kind with a value from the store or a signature, which
    /// is ignored if the kind contains none. `None` for a signature that is
    /// missing, and for the kinds that contain an assessment, an introspection, a
    /// number, documents or keys.
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
            Self::Expired => Some(Answer::Expired),
            Self::Signed => value.map(Answer::Signed),
            Self::Genuine => Some(Answer::Genuine),
            Self::Forged => Some(Answer::Forged),
            Self::Introspected
            | Self::Resolved
            | Self::Assessed
            | Self::Listed
            | Self::SigningKeys => None,
        }
    }
}

impl AssessmentKind {
    /// The answer of this kind. `mobile` is that of [`Assessment::Valid`] and
    /// otherwise ignored.
    #[must_use]
    pub const fn answer(self, mobile: Option<bool>) -> Answer {
        Answer::Assessed(match self {
            Self::Unsupported => return Answer::Unsupported,
            Self::Valid => Assessment::Valid { mobile },
            Self::Invalid => Assessment::Invalid,
            Self::NotAllowed => Assessment::NotAllowed,
            Self::Blocked => Assessment::Blocked,
            Self::Foreign => Assessment::Foreign,
        })
    }
}
