//! Settings that the stores behind a network have in common.

use core::fmt;
use core::ops::RangeInclusive;
use core::time::Duration;
use std::io;

/// The allowed time-outs of an operation.
pub const TIMEOUTS: RangeInclusive<Duration> = Duration::from_millis(100)..=Duration::from_secs(7);

/// Checks the longest time of an operation.
///
/// # Errors
/// [`SettingsError::Timeout`].
pub(crate) fn check_timeout(timeout: Duration) -> Result<(), SettingsError> {
    match TIMEOUTS.contains(&timeout) {
        true => Ok(()),
        false => Err(SettingsError::Timeout),
    }
}

/// Why a store cannot be opened with its settings. Contains no value.
#[derive(Debug)]
#[non_exhaustive]
pub enum SettingsError {
    /// The URL is malformed.
    Url,
    /// The URL is of another machine, and TLS is not required.
    Plain,
    /// There is a user and no password.
    Password,
    /// The certificates cannot be read.
    Certificates,
    /// The time-out is out of range.
    Timeout,
    /// The prefix is empty or too long.
    Prefix,
    /// The number of connections is out of range.
    Connections,
    /// The store's thread cannot be started.
    Thread(io::Error),
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Url => "the URL is malformed",
            Self::Plain => {
                "the URL is of another machine and TLS is not required: use rediss:// or \
                 sslmode=require, or set insecure"
            }
            Self::Password => "there is a user, and no password",
            Self::Certificates => "the certificates cannot be read",
            Self::Timeout => "the time-out is not between 100ms and 7s",
            Self::Prefix => "the prefix is not 1 to 64 bytes long",
            Self::Connections => "the number of connections is not between 1 and 64",
            Self::Thread(_) => "the store's thread cannot be started",
        })
    }
}

impl core::error::Error for SettingsError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Thread(error) => Some(error),
            _ => None,
        }
    }
}
