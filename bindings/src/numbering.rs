//! The numbers of the engine's enumerations in packed bytes, which are those
//! of the constants in `include/mpass.h`.

use mpass_core::Error;
#[cfg(feature = "challenge")]
use mpass_core::challenge::{RefusalReason, Verdict};
use mpass_core::oath::Algorithm;
use mpass_core::oath::uri::Caution;
#[cfg(feature = "service")]
use mpass_core::service::{Alphabet, Language, Step, TokenUse};
use mpass_core::store::Kind;

use crate::wire::{Failure, Outcome};

/// `MPASS_ALGORITHM_`.
pub(crate) fn algorithm(number: u8) -> Outcome<Algorithm> {
    match number {
        1 => Ok(Algorithm::Sha1),
        2 => Ok(Algorithm::Sha256),
        3 => Ok(Algorithm::Sha512),
        _ => Err(Failure::Core(Error::InvalidAlgorithm)),
    }
}

pub(crate) fn algorithm_number(algorithm: Algorithm) -> u8 {
    match algorithm {
        Algorithm::Sha1 => 1,
        Algorithm::Sha256 => 2,
        Algorithm::Sha512 => 3,
    }
}

/// `MPASS_KIND_`.
pub(crate) fn kind(number: u8) -> Outcome<Kind> {
    match number {
        1 => Ok(Kind::State),
        2 => Ok(Kind::Tenant),
        _ => Err(Failure::Malformed),
    }
}

pub(crate) fn kind_number(kind: Kind) -> u8 {
    kind as u8
}

/// `MPASS_CAUTION_` is a bit of C's; here it is the name.
pub(crate) fn caution_name(caution: Caution) -> &'static str {
    match caution {
        Caution::Counter => "Counter",
        Caution::Algorithm => "Algorithm",
        Caution::Digits => "Digits",
        Caution::Period => "Period",
        Caution::PeriodBelowFive => "PeriodBelowFive",
        Caution::SecretLength => "SecretLength",
        Caution::NoIssuer => "NoIssuer",
        _ => "Other",
    }
}

/// `MPASS_VERDICT_`.
#[cfg(feature = "challenge")]
pub(crate) fn verdict_number(verdict: Verdict) -> u8 {
    verdict as u8
}

/// `MPASS_REFUSAL_`.
#[cfg(feature = "challenge")]
pub(crate) fn refusal_number(reason: RefusalReason) -> u8 {
    reason as u8
}

/// `MPASS_TOKEN_USE_`.
#[cfg(feature = "service")]
pub(crate) fn token_use(number: u8) -> Outcome<TokenUse> {
    match number {
        1 => Ok(TokenUse::Once),
        2 => Ok(TokenUse::WithinLife),
        _ => Err(Failure::Malformed),
    }
}

/// `MPASS_LANGUAGE_`.
#[cfg(feature = "service")]
pub(crate) fn language_number(language: Language) -> u8 {
    match language {
        Language::English => 1,
        Language::Arabic => 2,
    }
}

/// `MPASS_ALPHABET_`.
#[cfg(feature = "service")]
pub(crate) fn alphabet_number(alphabet: Alphabet) -> u8 {
    match alphabet {
        Alphabet::Gsm7 => 1,
        Alphabet::Ucs2 => 2,
    }
}

/// `MPASS_STEP_`. A step that this crate does not know yet is none that a
/// host can do.
#[cfg(feature = "service")]
pub(crate) fn step_number(step: &Step) -> Outcome<u8> {
    match step {
        Step::Load { .. } => Ok(1),
        Step::Swap(_) => Ok(2),
        Step::Assess(_) => Ok(3),
        Step::Deliver(_) => Ok(4),
        Step::Reply(_) => Ok(5),
        Step::Introspect(_) => Ok(6),
        Step::Resolve(_) => Ok(7),
        _ => Err(Failure::Malformed),
    }
}
