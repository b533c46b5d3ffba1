//! The protocol of the admin socket: one JSON object per line, requests and
//! responses in turn.

use serde::{Deserialize, Serialize};

use super::failure::Failure;
use super::outcome::Outcome;
use super::protocol::Operation;

/// The version of requests and responses.
pub const VERSION: u32 = 9;

/// The longest line, in bytes.
pub(super) const LONGEST_LINE: u64 = 16 * 1024 * 1024;

/// A line to the server.
#[derive(Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) version: u32,
    pub(super) operation: Operation,
}

/// A line from the server.
#[derive(Serialize, Deserialize)]
pub(super) struct Response {
    pub(super) version: u32,
    #[serde(flatten)]
    pub(super) result: ResultWire,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ResultWire {
    Outcome(Outcome),
    Failure(Failure),
}

impl From<Result<Outcome, Failure>> for ResultWire {
    fn from(result: Result<Outcome, Failure>) -> Self {
        match result {
            Ok(outcome) => Self::Outcome(outcome),
            Err(failure) => Self::Failure(failure),
        }
    }
}

impl From<ResultWire> for Result<Outcome, Failure> {
    fn from(wire: ResultWire) -> Self {
        match wire {
            ResultWire::Outcome(outcome) => Ok(outcome),
            ResultWire::Failure(failure) => Err(failure),
        }
    }
}
