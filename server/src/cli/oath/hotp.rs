//! `mpass hotp`.

use anyhow::bail;
use clap::Args;
use mpass_core::oath::Hotp;
use mpass_core::oath::uri::Kind;

use super::common::{CodeArgs, check_code, key, verdict};
use super::secret::{SecretArgs, SecretOptions};
use crate::cli::outcome::Outcome;
use crate::cli::output::print_lines;

const EXAMPLES: &str = "\
Codes are printed to standard output, one per line. With --verify, the matching
counter is printed to standard error instead; the next code to accept is that of
the following counter.

Examples:
  mpass hotp --secret-base32 GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ --counter 3
  mpass hotp --secret-file token.key --counter 3 --window 4      five codes
  mpass hotp --secret-file token.key --counter 3 --window 10 --verify 338314

Exit status: 0 printed or accepted, 1 rejected, 2 misuse.";

/// Print or verify counter-based codes (RFC 4226)
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct HotpArgs {
    #[command(flatten)]
    secret: SecretArgs,
    #[command(flatten)]
    options: SecretOptions,
    #[command(flatten)]
    code: CodeArgs,
    /// Counter of the first code [default: what the secret's file says, or 0]
    #[arg(long, short, value_name = "N", allow_negative_numbers = true)]
    counter: Option<u64>,
    /// Number of counters after the first one
    #[arg(long, short, allow_negative_numbers = true, value_name = "N", default_value_t = 0,
          value_parser = clap::value_parser!(u32).range(0..=99_999))]
    window: u32,
}

impl HotpArgs {
    pub(in crate::cli) fn run(self) -> anyhow::Result<Outcome> {
        let read = self.secret.read(&self.options)?;
        self.code.check(&read)?;
        let stated = match read.codes.map(|codes| codes.kind) {
            Some(Kind::Totp { .. }) => bail!("--secret-file is for time-based codes: mpass totp"),
            Some(Kind::Hotp { counter }) => Some(counter),
            None => None,
        };
        let counter = self.counter.or(stated).unwrap_or(0);
        let algorithm = self.code.form.algorithm(read.codes)?;
        let key = key(&read.secret, algorithm, self.options.allow_short)?;
        let hotp = Hotp::new(key, self.code.form.digits(read.codes)?);
        if let Some(code) = &self.code.verify {
            check_code(code)?;
            let matched = hotp.verify(code.expose(), counter, self.window);
            return Ok(verdict(matched.map(|counter| format!("counter {counter}"))));
        }
        let last = counter.checked_add(self.window.into());
        let last = last.ok_or_else(|| anyhow::anyhow!("the window exceeds the last counter"))?;
        let codes: Vec<_> = (counter..=last)
            .map(|counter| hotp.generate(counter))
            .collect();
        print_lines(codes.iter().map(|code| code.as_str()))?;
        Ok(Outcome::Done)
    }
}
