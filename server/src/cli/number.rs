use clap::{Args, Subcommand};
use mpass_core::number::{CallingCode, PhoneNumber};
use mpass_core::service::{Assess, Assessment};

use super::outcome::Outcome;
use super::output::{print_lines, warn};
use super::value::{self, Hidden};
use crate::assess::assess;

const HASH_EXAMPLES: &str = "\
The hash is SHA-256 over the number as E.164 text with its plus sign, in
hexadecimal, as CAMARA and the GSMA have it. It is no protection: there are few
numbers, so whoever has a hash finds its number.

Examples:
  mpass number hash +966500000000
  220572970df36306b5e1e5321e2a3e8e533f99c9b3e7cfaca7bf9c33c3ae6e98";

const NORMALIZE_EXAMPLES: &str = "\
Digits may be Arabic as well; spaces, hyphens, dots and parentheses are passed
over. A number begins with +, with 00, or with the digits of its country; one
in national form needs --country, whose trunk prefix is dropped.

Examples:
  mpass number normalize 0500000000 --country 966        +966500000000
  mpass number normalize '+966 50 000 0000'              +966500000000
  mpass number normalize ٠٥٠٠٠٠٠٠٠٠ --country 966        +966500000000";

const CHECK_EXAMPLES: &str = "\
Prints mobile, not-mobile, or unclear where the country does not tell the two
apart. The plans are those of libphonenumber.

Examples:
  mpass number check +966500000000
  mpass number check 0112345678 --country 966

Exit status: 0 a number of its plan, 1 not one, 2 not a phone number at all.";

/// Phone numbers: their canonical form, hash and plan
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mpass number normalize 0500000000 --country 966\n  \
                        mpass number hash +966500000000\n  mpass number check +966500000000"
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
    /// Say whether its country has such a number, and whether it is a mobile
    #[command(after_help = CHECK_EXAMPLES)]
    Check(Number),
}

#[derive(Args)]
struct Number {
    /// The number
    #[arg(value_name = "NUMBER")]
    number: Hidden,
    /// The country code of numbers in national form, such as 966
    #[arg(long, value_name = "CODE", value_parser = value::calling_code)]
    country: Option<CallingCode>,
}

impl Number {
    fn parse(&self) -> anyhow::Result<PhoneNumber> {
        match PhoneNumber::parse(self.number.expose(), self.country) {
            Err(error @ mpass_core::Error::CountryMissing) => {
                anyhow::bail!("{error}: say --country")
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
        }
        Ok(Outcome::Done)
    }
}

fn check(number: &Number) -> anyhow::Result<Outcome> {
    let assessment = assess(&Assess {
        number: number.parse()?.as_str().to_owned(),
        country: None,
    });
    let Assessment::Valid { mobile, .. } = assessment else {
        warn("rejected: no number of its country's plan, or none that messages go to");
        return Ok(Outcome::Rejected);
    };
    print_lines([match mobile {
        Some(true) => "mobile",
        Some(false) => "not-mobile",
        None => "unclear",
    }])?;
    Ok(Outcome::Done)
}
