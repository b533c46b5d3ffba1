//! The options of a challenge policy.

use clap::Args;
use mpass_core::challenge::Limit;
use mpass_core::number::CallingCode;
use mpass_core::oath::Digits;

use super::value;
use crate::admin::PolicySpec;

/// The policy of a tenant's codes.
#[derive(Args)]
pub(super) struct PolicyArgs {
    /// Number of digits in a code, 4 to 10; for customers at most 8 [default:
    /// 6; for customers: 4]
    #[arg(long, value_name = "D", value_parser = value::digits)]
    digits: Option<Digits>,
    /// Lifetime of a code, 20s to 24h; for customers at most 5m [default: 5m;
    /// for customers: 60s]
    #[arg(long, value_name = "TIME", value_parser = value::duration_ms)]
    lifetime: Option<u64>,
    /// Number of wrong codes that end a challenge, 1 to 100 [default: 5; for
    /// customers: 3]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=100))]
    tries: Option<u8>,
    /// Minimum time between two sends to a number [default: 30s; for customers:
    /// none, but no new code is sent while one is live]
    #[arg(long, value_name = "TIME", value_parser = value::duration_ms)]
    resend_interval: Option<u64>,
    /// Limit on sends to one number; half of them may be at once, or the number
    /// in a third part, as in 10/1h/3 [default: 10/1h]
    #[arg(long, value_name = "N/TIME", value_parser = value::limit)]
    sends: Option<Limit>,
    /// Limit on wrong codes for one number [default: 50/1d; for customers:
    /// 9/1d]
    #[arg(long, value_name = "N/TIME", value_parser = value::limit)]
    guesses: Option<Limit>,
    /// Number of consecutive wrong codes, over all challenges, that lock a
    /// number, 1 to 100 [default: 100]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=100))]
    failures_to_lock: Option<u16>,
    /// How long a number stays locked unless unlocked earlier [default: 1d]
    #[arg(long, value_name = "TIME", value_parser = value::duration_ms)]
    lock_time: Option<u64>,
    /// Limit on sends to all numbers together [default: no limit]
    #[arg(long, value_name = "N/TIME", value_parser = value::limit)]
    spend: Option<Limit>,
    /// Country code that may be sent to; may be repeated [default: all]
    #[arg(long = "calling-code", value_name = "CODE", value_parser = value::calling_code)]
    calling_codes: Vec<CallingCode>,
    /// Allow fewer than six digits, or a lifetime of more than ten minutes
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
