//! Why an operation failed.

use mpass_core::service::settings::Refused;
use serde::{Deserialize, Serialize};

/// Why an operation failed. Contains no key and no phone number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The number of the engine's error; 0 for others.
    pub number: u16,
    /// The reason, in one line.
    pub message: String,
    /// What kind of failure it is, where the number is 0.
    #[serde(default, skip_serializing_if = "Cause::is_refused")]
    pub cause: Cause,
}

/// What kind of failure one outside the engine is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A rule refuses it.
    #[default]
    Refused,
    /// What is named does not exist.
    Missing,
    /// What is to be made exists already, or what is to go has to stay.
    Conflict,
    /// The server has too much to do, or something that it needs fails.
    Unavailable,
}

impl Cause {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it")]
    fn is_refused(&self) -> bool {
        *self == Self::Refused
    }
}

impl Failure {
    /// A failure outside the engine.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            number: 0,
            message: message.into(),
            cause: Cause::default(),
        }
    }

    /// The same of another kind.
    #[must_use]
    pub fn because(mut self, cause: Cause) -> Self {
        self.cause = cause;
        self
    }
}

impl From<mpass_core::Error> for Failure {
    fn from(error: mpass_core::Error) -> Self {
        Self {
            number: error.number(),
            message: error.to_string(),
            cause: Cause::default(),
        }
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self {
            number: refused.error.number(),
            message: refused.to_string(),
            cause: Cause::default(),
        }
    }
}

impl core::fmt::Display for Failure {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for Failure {}
