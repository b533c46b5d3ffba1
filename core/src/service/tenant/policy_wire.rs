//! The encoding of a policy in a tenant's value.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use crate::Error;
use crate::challenge::{CallingCodes, Limit, Policy, PolicySettings};
use crate::number::CallingCode;
use crate::oath::Digits;

/// A [`Policy`] as encoded in a tenant's value.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(super) struct PolicyWire {
    #[n(0)]
    digits: u8,
    #[n(1)]
    lifetime_ms: u64,
    #[n(2)]
    tries: u8,
    #[n(3)]
    resend_interval_ms: u64,
    #[n(4)]
    sends: LimitWire,
    #[n(5)]
    guesses: LimitWire,
    #[n(6)]
    failures_to_lock: u16,
    #[n(7)]
    lock_ms: u64,
    #[n(8)]
    spend: Option<LimitWire>,
    #[n(9)]
    calling_codes: Vec<u16>,
    #[n(10)]
    allow_weak: bool,
}

/// Events, window in milliseconds, burst.
#[derive(Encode, Decode)]
struct LimitWire(#[n(0)] u32, #[n(1)] u64, #[n(2)] u32);

impl LimitWire {
    fn of(limit: Limit) -> Self {
        Self(limit.events(), limit.window_ms(), limit.burst())
    }

    fn read(self) -> Result<Limit, Error> {
        Limit::new(self.0, self.1, self.2)
    }
}

impl PolicyWire {
    pub(super) fn of(policy: &Policy) -> Self {
        let settings = policy.settings();
        Self {
            digits: settings.digits.get(),
            lifetime_ms: settings.lifetime_ms,
            tries: settings.tries,
            resend_interval_ms: settings.resend_interval_ms,
            sends: LimitWire::of(settings.sends),
            guesses: LimitWire::of(settings.guesses),
            failures_to_lock: settings.failures_to_lock,
            lock_ms: settings.lock_ms,
            spend: settings.spend.map(LimitWire::of),
            calling_codes: settings
                .calling_codes
                .iter()
                .map(CallingCode::get)
                .collect(),
            allow_weak: settings.allow_weak,
        }
    }

    pub(super) fn read(self) -> Result<Policy, Error> {
        let mut calling_codes = CallingCodes::all();
        for code in self.calling_codes {
            calling_codes.insert(CallingCode::new(code)?);
        }
        Policy::new(PolicySettings {
            digits: Digits::new(self.digits)?,
            lifetime_ms: self.lifetime_ms,
            tries: self.tries,
            resend_interval_ms: self.resend_interval_ms,
            sends: self.sends.read()?,
            guesses: self.guesses.read()?,
            failures_to_lock: self.failures_to_lock,
            lock_ms: self.lock_ms,
            spend: self.spend.map(LimitWire::read).transpose()?,
            calling_codes,
            allow_weak: self.allow_weak,
        })
    }
}
