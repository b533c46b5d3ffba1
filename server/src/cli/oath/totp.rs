//! `mpass totp`.

use anyhow::bail;
use clap::Args;
use mpass_core::oath::Totp;
use mpass_core::oath::uri::Kind;

use super::common::{CodeArgs, agreed, check_code, key, verdict};
use super::secret::{SecretArgs, SecretOptions};
use crate::cli::outcome::Outcome;
use crate::cli::output::print_lines;
use crate::cli::value;
use crate::clock;

const EXAMPLES: &str = "\
Codes are printed to standard output, one per line. With --verify, the matching
time step is printed to standard error instead; a verifier must not accept a code
of that step or an earlier one again.

Examples:
  mpass totp --secret-base32 'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ'
  mpass totp --secret-hex 3132333435363738393031323334353637383930 \\
             --time 59 --digits 8                                94287082
  mpass totp --secret-file ~/.google_authenticator
  mpass totp --secret-file - --verify 287082 --window 1 < token.key

Exit status: 0 printed or accepted, 1 rejected, 2 misuse.";

/// Print or verify time-based codes (RFC 6238)
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct TotpArgs {
    #[command(flatten)]
    secret: SecretArgs,
    #[command(flatten)]
    options: SecretOptions,
    #[command(flatten)]
    code: CodeArgs,
    /// Time, in seconds of Unix time or as in 2009-02-13T23:31:30Z [default:
    /// now]
    #[arg(long, short, value_name = "UNIX", allow_negative_numbers = true,
          value_parser = value::unix_time)]
    time: Option<u64>,
    /// Length of a time step in seconds [default: what the secret's file says, or
    /// 30]
    #[arg(long, short, value_name = "S", allow_negative_numbers = true)]
    step: Option<u64>,
    /// Start of the first time step, in the format of --time
    #[arg(long, value_name = "UNIX", allow_negative_numbers = true, default_value = "0",
          value_parser = value::unix_time)]
    t0: u64,
    /// Number of further time steps to print; with --verify, number of steps
    /// before and after to accept
    #[arg(long, short, allow_negative_numbers = true, value_name = "N", default_value_t = 0,
          value_parser = clap::value_parser!(u32).range(0..=49_999))]
    window: u32,
}

impl TotpArgs {
    pub(in crate::cli) fn run(self) -> anyhow::Result<Outcome> {
        let read = self.secret.read(&self.options)?;
        self.code.check(&read)?;
        let stated = match read.codes.map(|codes| codes.kind) {
            Some(Kind::Hotp { .. }) => {
                bail!("--secret-file is for counter-based codes: mpass hotp")
            }
            Some(Kind::Totp { period }) => Some(period),
            None => None,
        };
        let algorithm = self.code.form.algorithm(read.codes)?;
        let key = key(&read.secret, algorithm, self.options.allow_short)?;
        let totp = Totp::new(key, self.code.form.digits(read.codes)?)
            .with_step(agreed("--step", self.step, stated, 30)?)?
            .with_t0(self.t0);
        let time = self.time.unwrap_or_else(|| clock::now_ms() / 1000);
        let first = totp.time_step(time)?;
        if let Some(code) = &self.code.verify {
            check_code(code)?;
            let matched = totp.verify(code.expose(), time, self.window, self.window)?;
            return Ok(verdict(matched.map(|step| format!("time step {step}"))));
        }
        let last = first.checked_add(self.window.into());
        let last = last.ok_or_else(|| anyhow::anyhow!("the window exceeds the last time step"))?;
        let codes: Vec<_> = (first..=last)
            .map(|step| totp.generate_step(step))
            .collect();
        print_lines(codes.iter().map(|code| code.as_str()))?;
        Ok(Outcome::Done)
    }
}
