use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::message::Sms;
use super::reply::Reply;
use crate::number::{CallingCode, PhoneNumber};
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
}
