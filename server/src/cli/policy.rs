use clap::Args;
use mpass_core::challenge::Limit;
use mpass_core::number::CallingCode;
use mpass_core::oath::Digits;

use super::value;
use crate::admin::PolicySpec;

/// The rules of its codes.
#[derive(Args)]
pub(super) struct PolicyArgs {
    /// How many digits its codes have, 4 to 10; a customer's at most 8
    /// [default: 6; a customer's: 4]
    #[arg(long, value_name = "D", value_parser = value::digits)]
    digits: Option<Digits>,
    /// How long a code lives, 20s to 24h; a customer's at most 5m
    /// [default: 5m; a customer's: 60s]
    #[arg(long, value_name = "TIME", value_parser = value::duration_ms)]
    lifetime: Option<u64>,
    /// How many wrong codes end a challenge, 1 to 100
    /// [default: 5; a customer's: 3]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=100))]
    tries: Option<u8>,
    /// The least time between two sends to a number
    /// [default: 30s; a customer's: none, but a live code refuses another]
    #[arg(long, value_name = "TIME", value_parser = value::duration_ms)]
    resend_interval: Option<u64>,
    /// Sends to one number in any such time; half of them at once, or as many
    /// as a third part says [default: 10/1h]
    #[arg(long, value_name = "N/TIME", value_parser = value::limit)]
    sends: Option<Limit>,
    /// Wrong codes for one number in any such time
    /// [default: 50/1d; a customer's: 9/1d]
    #[arg(long, value_name = "N/TIME", value_parser = value::limit)]
    guesses: Option<Limit>,
    /// How many wrong codes in a row, over all challenges, lock a number,
    /// 1 to 100 [default: 100]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=100))]
    failures_to_lock: Option<u16>,
    /// How long a number stays locked unless it is unlocked [default: 1d]
    #[arg(long, value_name = "TIME", value_parser = value::duration_ms)]
    lock_time: Option<u64>,
    /// Sends of all its numbers in any such time [default: no limit]
    #[arg(long, value_name = "N/TIME", value_parser = value::limit)]
    spend: Option<Limit>,
    /// A country code that it may send to; may be repeated; all of them if it
    /// is not given
    #[arg(long = "calling-code", value_name = "CODE", value_parser = value::calling_code)]
    calling_codes: Vec<CallingCode>,
    /// Take fewer than six digits, or a lifetime of more than ten minutes
    #[arg(long)]
    allow_weak: bool,
}

impl PolicyArgs {
    pub(super) fn spec(&self) -> PolicySpec {
        PolicySpec {
            digits: self.digits.map(Digits::get),
            lifetime_ms: self.lifetime,
            tries: self.tries,
            resend_interval_ms: self.resend_interval,
            sends: self.sends.map(Into::into),
            guesses: self.guesses.map(Into::into),
            spend: self.spend.map(Into::into),
            failures_to_lock: self.failures_to_lock,
            lock_ms: self.lock_time,
            calling_codes: self.calling_codes.iter().map(|code| code.get()).collect(),
            allow_weak: self.allow_weak,
        }
    }
}
