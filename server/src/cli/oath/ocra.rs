//! `mpass ocra`.

use anyhow::{Context, bail};
use clap::Args;
use mpass_core::Error;
use mpass_core::oath::Secret;
use mpass_core::oath::ocra::{Inputs, Matched, Ocra, Suite, Tolerance};

use super::common::{key, verdict};
use super::secret::{SecretArgs, SecretOptions};
use crate::cli::outcome::Outcome;
use crate::cli::output::{print_lines, warn};
use crate::cli::value::{self, Hidden};
use crate::clock;

const EXAMPLES: &str = "\
The suite determines the inputs: C takes --counter, QN, QA and QH take --question,
P takes --pin, S takes --session-hex and T takes --time. Other inputs are refused.

Examples:
  mpass ocra --secret-hex 3132333435363738393031323334353637383930 \\
             --suite OCRA-1:HOTP-SHA1-6:QN08 --question 00000000   237653
  mpass ocra --secret-file token.key --suite OCRA-1:HOTP-SHA512-8:QN08-T1M \\
             --question 11111111 --time 1206446790
  mpass ocra --secret-file token.key --suite OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1 \\
             --question 12345678 --counter 0 --pin 1234 --window 10 --verify 86775851

Exit status: 0 printed or accepted, 1 rejected, 2 misuse.";

/// Print or verify challenge-response codes (RFC 6287)
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct OcraArgs {
    #[command(flatten)]
    secret: SecretArgs,
    #[command(flatten)]
    options: SecretOptions,
    /// Suite, such as OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1
    #[arg(long, value_name = "S")]
    suite: String,
    /// Question: the challenge to respond to
    #[arg(long, short, value_name = "Q")]
    question: String,
    /// Counter, for suites with C
    #[arg(long, short, allow_negative_numbers = true, value_name = "N")]
    counter: Option<u64>,
    /// PIN, for suites with P; it is hashed as the suite requires
    #[arg(long, value_name = "P")]
    pin: Option<Hidden>,
    /// Session information in hexadecimal, for suites with S
    #[arg(long, value_name = "H")]
    session_hex: Option<Hidden>,
    /// Time, for suites with T, in seconds of Unix time or as in
    /// 2008-03-25T12:06:30Z [default: now]
    #[arg(long, short, value_name = "UNIX", allow_negative_numbers = true,
          value_parser = value::unix_time)]
    time: Option<u64>,
    /// Verify this response instead of printing one
    #[arg(long, value_name = "CODE")]
    verify: Option<Hidden>,
    /// With --verify, number of counters after the given one, and of time steps
    /// before and after, to accept
    #[arg(long, short, value_name = "N", allow_negative_numbers = true, default_value_t = 0,
          requires = "verify", value_parser = clap::value_parser!(u32).range(0..=49_999))]
    window: u32,
}

impl OcraArgs {
    pub(in crate::cli) fn run(self) -> anyhow::Result<Outcome> {
        let suite: Suite = self.suite.parse().context("--suite is invalid")?;
        self.check_inputs(&suite)?;
        let read = self.secret.read(&self.options)?;
        read.warn();
        if read.codes.is_some() {
            warn(
                "warning: only the secret of --secret-file is used; the suite determines the \
                 hash and the digits",
            );
        }
        let key = key(&read.secret, suite.algorithm(), self.options.allow_short)?;
        let session = self.session()?;
        let mut inputs = Inputs::new(&self.question);
        if let Some(counter) = self.counter {
            inputs = inputs.with_counter(counter);
        }
        if let Some(pin) = &self.pin {
            inputs = inputs.with_pin(pin.expose());
        }
        if let Some(session) = &session {
            inputs = inputs.with_session(session.as_ref().map_or(&[], Secret::expose));
        }
        match (self.time, suite.time_step_seconds()) {
            (Some(time), _) => inputs = inputs.with_time(time),
            (None, Some(_)) => inputs = inputs.with_time(clock::now_ms() / 1000),
            (None, None) => {}
        }
        let ocra = Ocra::new(key, suite)?;
        let Some(code) = &self.verify else {
            print_lines([ocra.respond(&inputs)?.as_str()])?;
            return Ok(Outcome::Done);
        };
        if ocra.is_malformed(code.expose()) {
            bail!("--verify is malformed: the suite has no such response");
        }
        let tolerance = Tolerance {
            look_ahead: self.window,
            past: self.window,
            future: self.window,
        };
        let matched = ocra.verify(code.expose(), &inputs, tolerance)?;
        Ok(verdict(matched.map(factor)))
    }

    /// Names the option that the suite requires or does not use. The time is now
    /// if it is not given.
    fn check_inputs(&self, suite: &Suite) -> anyhow::Result<()> {
        let has_time = suite.time_step_seconds().is_some();
        for (option, is_input, is_given) in [
            ("--counter", suite.has_counter(), self.counter.is_some()),
            ("--pin", suite.pin_algorithm().is_some(), self.pin.is_some()),
            (
                "--session-hex",
                suite.session_len().is_some(),
                self.session_hex.is_some(),
            ),
            ("--time", has_time, has_time || self.time.is_some()),
        ] {
            match (is_input, is_given) {
                (true, false) => bail!("{option} is missing: {}", Error::MissingInput),
                (false, true) => bail!("{option} is invalid: {}", Error::UnexpectedInput),
                _ => {}
            }
        }
        Ok(())
    }

    /// The session information, if given; unlike a secret it may be empty.
    fn session(&self) -> anyhow::Result<Option<Option<Secret>>> {
        let Some(hex) = &self.session_hex else {
            return Ok(None);
        };
        match Secret::from_hex(hex.expose()) {
            Err(fault) if fault.error == Error::SecretEmpty => Ok(Some(None)),
            session => Ok(Some(Some(session.context("--session-hex is invalid")?))),
        }
    }
}

fn factor(matched: Matched) -> String {
    match (matched.counter, matched.time_step) {
        (Some(counter), Some(step)) => format!("counter {counter}, time step {step}"),
        (Some(counter), None) => format!("counter {counter}"),
        (None, Some(step)) => format!("time step {step}"),
        (None, None) => "the response to the question".into(),
    }
}
