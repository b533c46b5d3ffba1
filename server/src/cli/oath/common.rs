//! Options and functions shared by the commands for codes.

use core::fmt::Display;

use clap::Args;
use mpass_core::oath::uri::NotStrict;
use mpass_core::oath::{Algorithm, Code, Digits, Key, Secret, StatedCodes};

use super::secret::Read;
use crate::cli::outcome::Outcome;
use crate::cli::output::warn;
use crate::cli::value::{self, AlgorithmName, Hidden};

/// The form of codes.
#[derive(Args)]
pub(in crate::cli) struct FormArgs {
    /// Number of digits in a code, 4 to 10 [default: what the secret's file says,
    /// or 6]
    #[arg(long, short, value_name = "D", value_parser = value::digits)]
    digits: Option<Digits>,
    /// Hash algorithm [default: what the secret's file says, or sha1]
    #[arg(long, short, value_name = "HASH", value_enum, ignore_case = true)]
    algorithm: Option<AlgorithmName>,
}

/// The options of `hotp` and `totp`.
#[derive(Args)]
pub(super) struct CodeArgs {
    #[command(flatten)]
    pub(super) form: FormArgs,
    /// Refuse a key URI in the secret's file that allows several readings or
    /// departs from the format
    #[arg(long)]
    strict: bool,
    /// Verify this code instead of printing codes
    #[arg(long, value_name = "CODE")]
    pub(super) verify: Option<Hidden>,
}

impl CodeArgs {
    /// Prints what was chosen in reading a key URI, or refuses it if that was
    /// asked for.
    pub(super) fn check(&self, read: &Read) -> Result<(), NotStrict> {
        match read.not_strict {
            Some(refused) if self.strict => Err(refused),
            _ => {
                read.warn();
                Ok(())
            }
        }
    }
}

impl FormArgs {
    pub(in crate::cli) fn digits(&self, stated: Option<StatedCodes>) -> anyhow::Result<Digits> {
        let stated = stated.map(|codes| codes.digits);
        agreed("--digits", self.digits, stated, Digits::SIX)
    }

    pub(in crate::cli) fn algorithm(
        &self,
        stated: Option<StatedCodes>,
    ) -> anyhow::Result<Algorithm> {
        let stated = stated.map(|codes| codes.algorithm);
        let given = self.algorithm.map(Algorithm::from);
        agreed("--algorithm", given, stated, Algorithm::Sha1)
    }
}

/// The value of an option that the secret's file may state, too. One that differs
/// is refused, since one of the two is wrong.
pub(in crate::cli) fn agreed<T: PartialEq + Display>(
    option: &str,
    given: Option<T>,
    stated: Option<T>,
    default: T,
) -> anyhow::Result<T> {
    match (given, stated) {
        (Some(given), Some(stated)) if given != stated => {
            anyhow::bail!("{option} is not that of --secret-file, which has {stated}")
        }
        (given, stated) => Ok(given.or(stated).unwrap_or(default)),
    }
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

/// Refuses a code that no token shows: it is a mistake of the caller and not a
/// wrong code.
pub(super) fn check_code(code: &Hidden) -> anyhow::Result<()> {
    let mut digits = (4..=10).flat_map(Digits::new);
    match digits.any(|digits| Code::parse(code.expose(), digits).is_some()) {
        true => Ok(()),
        false => anyhow::bail!("--verify is malformed: a code has 4 to 10 digits"),
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
