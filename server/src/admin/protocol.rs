//! What goes over the admin socket: one JSON object a line, a request and its
//! response in turn.

use serde::{Deserialize, Serialize};

use super::ChannelSpec;

/// The version of requests and responses.
pub const VERSION: u32 = 1;

/// The longest line, in bytes.
pub(super) const LONGEST_LINE: u64 = 16 * 1024 * 1024;

/// What an administrator asks for.
#[derive(Serialize, Deserialize)]
#[serde(tag = "name", content = "with", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operation {
    /// Make a channel; answers [`Outcome::Key`].
    CreateChannel(Box<ChannelSpec>),
    /// Answers [`Outcome::Channels`].
    ListChannels,
    /// Give a channel a new key; answers [`Outcome::Key`].
    RotateChannel {
        /// Its name.
        name: String,
    },
    /// Refuse a channel from now on.
    RevokeChannel {
        /// Its name.
        name: String,
    },
    /// Unlock a number for a channel.
    UnlockNumber {
        /// The channel's name.
        name: String,
        /// The number.
        number: String,
    },
    /// Read the keyring's file again; for a server only.
    ReloadKeyring,
}

impl Operation {
    /// What is asked for, for the log.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::CreateChannel(_) => "create channel",
            Self::ListChannels => "list channels",
            Self::RotateChannel { .. } => "rotate channel",
            Self::RevokeChannel { .. } => "revoke channel",
            Self::UnlockNumber { .. } => "unlock number",
            Self::ReloadKeyring => "reload keyring",
        }
    }
}

/// What came of an operation.
#[derive(Serialize, Deserialize)]
#[serde(tag = "name", content = "with", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// Done; there is nothing to tell.
    Done,
    /// A channel's new key.
    Key(NewKey),
    /// The channels.
    Channels(Channels),
}

/// A channel's new key, which is told this once.
#[derive(Serialize, Deserialize)]
pub struct NewKey {
    /// The channel's name.
    pub name: String,
    /// The key.
    pub key: String,
}

/// The channels of a store.
#[derive(Serialize, Deserialize)]
pub struct Channels {
    /// Those that can be read, by name.
    pub channels: Vec<ChannelInfo>,
    /// How many cannot be read with the keyring.
    pub unreadable: usize,
}

/// A channel as it stands in the store.
#[derive(Serialize, Deserialize)]
pub struct ChannelInfo {
    /// What was said of it.
    #[serde(flatten)]
    pub spec: ChannelSpec,
    /// Whether it is revoked.
    #[serde(rename = "revoked")]
    pub is_revoked: bool,
    /// How many keys it has had.
    pub key_version: u32,
    /// When it was made, in milliseconds of Unix time.
    pub created_at_ms: u64,
}

/// Why an operation was not carried out. Holds no key and no number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The number of the engine's error; 0 for others.
    pub number: u16,
    /// One line that says why.
    pub message: String,
}

impl Failure {
    /// A failure that is not the engine's.
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

impl core::fmt::Display for Failure {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for Failure {}

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
