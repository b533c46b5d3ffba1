//! Codes by hand: `mpass hotp`, `totp` and `ocra`.

mod hotp;
mod ocra;
mod secret;
mod totp;

pub(super) use hotp::HotpArgs;
pub(super) use ocra::OcraArgs;
pub(super) use secret::{SecretArgs, SecretOptions};
pub(super) use totp::TotpArgs;

use clap::Args;
use mpass_core::oath::{Algorithm, Digits, Key, Secret};

use super::Outcome;
use super::output::warn;
use super::value::{self, AlgorithmName, Hidden};

/// What `hotp` and `totp` have in common.
#[derive(Args)]
struct CodeArgs {
    /// How many digits the codes have, 4 to 10
    #[arg(long, short, value_name = "D", default_value = "6", value_parser = value::digits)]
    digits: Digits,
    /// The hash of the codes
    #[arg(
        long,
        short,
        value_name = "HASH",
        default_value = "sha1",
        value_enum,
        ignore_case = true
    )]
    algorithm: AlgorithmName,
    /// Check this code instead of printing any
    #[arg(long, value_name = "CODE")]
    verify: Option<Hidden>,
}

/// A key of this secret, if it is long enough or may be short.
pub(super) fn key(secret: &Secret, algorithm: Algorithm, allow_short: bool) -> anyhow::Result<Key> {
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
fn verdict(matched: Option<String>) -> Outcome {
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
