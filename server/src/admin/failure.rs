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
}

impl Failure {
    /// A failure outside the engine.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            number: 0,
            message: message.into(),
        }
    }
}

impl From<mpass_core::Error> for Failure {
    fn from(error: mpass_core::Error) -> Self {
        Self {
            number: error.number(),
            message: error.to_string(),
        }
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self {
            number: refused.error.number(),
            message: refused.to_string(),
        }
    }
}

impl core::fmt::Display for Failure {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for Failure {}
