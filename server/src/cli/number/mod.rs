//! `mpass number`.

mod explain;
mod records;

use clap::{Args, Subcommand};
use mpass_core::number::{CallingCode, PhoneNumber};
use mpass_core::service::Assessment;

use crate::assess::assess;
use crate::cli::outcome::Outcome;
use crate::cli::output::{print_lines, warn};
use crate::cli::value::{self, Hidden};

const HASH_EXAMPLES: &str = "\
The hash is the SHA-256 of the number in E.164 format with its plus sign, in
hexadecimal, as CAMARA and the GSMA define it. It does not protect the number:
there are so few numbers that a hash can be reversed by trying them all.

Examples:
  mpass number hash +966500000000
  220572970df36306b5e1e5321e2a3e8e533f99c9b3e7cfaca7bf9c33c3ae6e98";

const NORMALIZE_EXAMPLES: &str = "\
Digits of every script are accepted; spaces, dashes, dots, slashes, parentheses and
direction marks are ignored. An international number begins with +, 00 or its
country code; a national one needs --country, and its trunk prefix is dropped or
moved as the country demands. Letters, extensions and other prefixes for calls
abroad are not read.

Examples:
  mpass number normalize 0500000000 --country 966        +966500000000
  mpass number normalize '+966 50 000 0000'              +966500000000
  mpass number normalize ٠٥٠٠٠٠٠٠٠٠ --country 966        +966500000000
  mpass number normalize '011 15-2345-6789' --country 54 +5491123456789";

const CHECK_EXAMPLES: &str = "\
Prints mobile, not-mobile, or unclear where the country does not distinguish the
two. The numbering plans are those of libphonenumber.

Examples:
  mpass number check +966500000000
  mpass number check 0112345678 --country 966

Exit status: 0 in a numbering plan, 1 not in one, 2 not a phone number.";

/// Normalize, hash, check, explain, unlock and erase phone numbers
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mpass number normalize 0500000000 --country 966\n  \
                        mpass number hash +966500000000\n  mpass number check +966500000000\n  \
                        mpass number explain 0500000000 --channel shop"
)]
pub(super) struct NumberArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Print the SHA-256 of a number
    #[command(after_help = HASH_EXAMPLES)]
    Hash(Number),
    /// Print a number in canonical form (E.164)
    #[command(after_help = NORMALIZE_EXAMPLES)]
    Normalize(Number),
    /// Check whether a number is in its country's plan, and whether it is
    /// mobile
    #[command(after_help = CHECK_EXAMPLES)]
    Check(Number),
    /// Explain how a number is read, and what would become of a message to it
    #[command(after_help = explain::EXAMPLES)]
    Explain(explain::Explain),
    /// Unlock a number that was locked by too many wrong codes
    #[command(after_help = records::UNLOCK_EXAMPLES)]
    Unlock(records::Record),
    /// Erase the challenge of a number and what leads to it
    #[command(after_help = records::ERASE_EXAMPLES)]
    Erase(records::Record),
}

#[derive(Args)]
struct Number {
    /// Phone number
    #[arg(value_name = "NUMBER")]
    number: Hidden,
    /// Country code of numbers in national form, such as 966
    #[arg(long, value_name = "CODE", value_parser = value::calling_code)]
    country: Option<CallingCode>,
}

impl Number {
    fn parse(&self) -> anyhow::Result<PhoneNumber> {
        match PhoneNumber::parse(self.number.expose(), self.country) {
            Err(error @ mpass_core::Error::CountryMissing) => {
                anyhow::bail!("{error}: set --country")
            }
            number => Ok(number?),
        }
    }
}

impl NumberArgs {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        match self.command {
            Command::Hash(number) => print_lines([number.parse()?.sha256_hex().as_str()])?,
            Command::Normalize(number) => print_lines([number.parse()?.as_str()])?,
            Command::Check(number) => return check(&number),
            Command::Explain(explain) => return explain.run(),
            Command::Unlock(record) => record.unlock()?,
            Command::Erase(record) => record.erase()?,
        }
        Ok(Outcome::Done)
    }
}

fn check(number: &Number) -> anyhow::Result<Outcome> {
    let Assessment::Valid { mobile } = assess(&number.parse()?) else {
        warn("rejected: the number is not in its country's plan or cannot receive messages");
        return Ok(Outcome::Rejected);
    };
    print_lines([match mobile {
        Some(true) => "mobile",
        Some(false) => "not-mobile",
        None => "unclear",
    }])?;
    Ok(Outcome::Done)
}
