//! Options and functions shared by the commands for codes.

use clap::Args;
use mpass_core::oath::{Algorithm, Digits, Key, Secret};

use crate::cli::outcome::Outcome;
use crate::cli::output::warn;
use crate::cli::value::{self, AlgorithmName, Hidden};

/// The options of `hotp` and `totp`.
#[derive(Args)]
pub(super) struct CodeArgs {
    /// Number of digits in a code, 4 to 10
    #[arg(long, short, value_name = "D", default_value = "6", value_parser = value::digits)]
    pub(super) digits: Digits,
    /// Hash algorithm
    #[arg(
        long,
        short,
        value_name = "HASH",
        default_value = "sha1",
        value_enum,
        ignore_case = true
    )]
    pub(super) algorithm: AlgorithmName,
    /// Verify this code instead of printing codes
    #[arg(long, value_name = "CODE")]
    pub(super) verify: Option<Hidden>,
}

/// Creates a key from a secret, which must be long enough unless short ones are
/// allowed.
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
        Err(mpass_core::Error::SecretTooShort) => {
            anyhow::bail!("the secret has fewer than 128 bits; --allow-short accepts it")
        }
        key => Ok(key?),
    }
}

/// Reports the result of a verification; `matched` describes the matching
/// counter or time step.
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
