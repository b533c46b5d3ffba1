//! What the commands of codes have in common.

use clap::Args;
use mpass_core::oath::{Algorithm, Digits, Key, Secret};

use crate::cli::outcome::Outcome;
use crate::cli::output::warn;
use crate::cli::value::{self, AlgorithmName, Hidden};

/// What `hotp` and `totp` have in common.
#[derive(Args)]
pub(super) struct CodeArgs {
    /// How many digits the codes have, 4 to 10
    #[arg(long, short, value_name = "D", default_value = "6", value_parser = value::digits)]
    pub(super) digits: Digits,
    /// The hash of the codes
    #[arg(
        long,
        short,
        value_name = "HASH",
        default_value = "sha1",
        value_enum,
        ignore_case = true
    )]
    pub(super) algorithm: AlgorithmName,
    /// Check this code instead of printing any
    #[arg(long, value_name = "CODE")]
    pub(super) verify: Option<Hidden>,
}

/// A key of this secret, if it is long enough or may be short.
pub(in crate::cli) fn key(
    secret: &Secret,
    algorithm: Algorithm,
    allow_short: bool,
) -> anyhow::Result<Key> {
    let key = match allow_short {
        true => Key::new_allowing_short(algorithm, secret.expose()),
        false => Key::new(algorithm, secret.expose()),
    };
    match key {
        Err(error @ mpass_core::Error::SecretTooShort) => {
            anyhow::bail!("{error}; --allow-short takes it nevertheless")
        }
        key => Ok(key?),
    }
}

/// The end of a check; `matched` says what the code was found at.
pub(super) fn verdict(matched: Option<String>) -> Outcome {
    match matched {
        Some(factor) => {
            warn(&format!("accepted: {factor}"));
            Outcome::Done
        }
        None => {
            warn("rejected");
            Outcome::Rejected
        }
    }
}
