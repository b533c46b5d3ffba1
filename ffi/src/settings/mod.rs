//! Settings, field by field: the rules of challenges and tokens, and the
//! settings of engines and tenants.

pub mod get;
pub mod set;

use core::ffi::c_char;

use mpass_core::Error;
use mpass_core::challenge::Policy;
use mpass_core::service::settings::{Field, Group, Refused, Settings, Values};

use crate::boundary::boundary;
use crate::handle::{changed, class, construct, free, used};
use crate::slice::{give_text, out_param};
use crate::status::mpass_status;

/// Settings of one group, such as `MPASS_GROUP_CHANNEL`. Fields that were not
/// set have their defaults. A tenant's settings include the rules of its
/// challenges. Handles created with settings copy them.
pub struct mpass_settings {
    _opaque: (),
}

class!(mpass_settings, Owned, 14);

pub(crate) struct Owned {
    pub(crate) values: Values,
    /// The text of the last refusal; empty if there was none.
    refusal: String,
}

impl Owned {
    pub(crate) fn new(values: Values) -> Self {
        let refusal = String::new();
        Self { values, refusal }
    }

    /// Stores the text of a refusal.
    fn outcome(&mut self, outcome: Result<(), Refused>) -> Result<(), mpass_status> {
        let Err(refused) = outcome else { return Ok(()) };
        self.refusal = refused.to_string();
        Err(refused.error.into())
    }
}

impl From<Refused> for mpass_status {
    fn from(refused: Refused) -> Self {
        refused.error.into()
    }
}

/// The group with a number.
pub(crate) fn group(number: u32) -> Result<Group, mpass_status> {
    let number = u8::try_from(number).ok();
    let group = number.and_then(Group::from_number);
    group.ok_or(mpass_status::InvalidArgument)
}

/// The field with a number.
pub(crate) fn field(number: u32) -> Result<Field, Refused> {
    let number = u16::try_from(number).ok();
    let field = number.and_then(Field::from_number);
    field.ok_or(Error::UnknownSetting.into())
}

/// The settings as their Rust type; NULL means all defaults.
///
/// # Safety
/// As [`used`].
pub(crate) unsafe fn settings_or_default<S: Settings>(
    settings: *const mpass_settings,
) -> Result<S, mpass_status> {
    if settings.is_null() {
        return Ok(S::from_values(&Values::new(S::GROUP))?);
    }
    let settings = used(settings)?;
    if settings.values.group() != S::GROUP {
        return Err(mpass_status::WrongHandle);
    }
    Ok(S::from_values(&settings.values)?)
}

/// The rules of challenges in settings; NULL means all defaults.
///
/// # Safety
/// As [`used`].
pub(crate) unsafe fn policy_or_default(
    settings: *const mpass_settings,
) -> Result<Policy, mpass_status> {
    match settings.is_null() {
        true => Ok(Policy::default()),
        false => policy(settings),
    }
}

/// The rules of challenges in settings.
///
/// # Safety
/// As [`used`].
pub(crate) unsafe fn policy(settings: *const mpass_settings) -> Result<Policy, mpass_status> {
    let settings = used(settings)?;
    if matches!(settings.values.group(), Group::Token | Group::Engine) {
        return Err(mpass_status::WrongHandle);
    }
    Ok(settings.values.policy()?)
}

/// Creates settings of a group, a `MPASS_GROUP_` constant, with all defaults.
/// The name of a tenant has no default and must be set. The caller must free
/// `*out` with `mpass_settings_free`.
///
/// Errors: INVALID_ARGUMENT for an unknown group. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_settings_new(
    group: u32,
    out: *mut *mut mpass_settings,
) -> mpass_status {
    construct(out, || Ok(Owned::new(Values::new(self::group(group)?))))
}

/// Frees settings. Does nothing for NULL. No other thread may be using the
/// handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_settings_free(settings: *mut mpass_settings) {
    free(settings);
}

/// Checks the settings as a whole, as the functions that use them do:
/// combinations of fields that are refused, such as POLICY_TOO_WEAK for fewer
/// than six digits or more than ten minutes without `MPASS_FIELD_ALLOW_WEAK`,
/// and a missing name.
///
/// Errors: those of the fields. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_settings_check(settings: *mut mpass_settings) -> mpass_status {
    boundary(|| {
        let mut settings = changed(settings)?;
        let outcome = settings.values.check();
        settings.outcome(outcome)
    })
}

/// Gets a description in English of the last error of a setter or of
/// `mpass_settings_check`: the field, its range and the value, such as "tries:
/// 0 is out of range: 1 to 100". Empty if there was no error. Errors of
/// arguments, such as INVALID_UTF8, do not change it.
///
/// Errors: BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_settings_refusal(
    settings: *const mpass_settings,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| give_text(&used(settings)?.refusal, out, cap, written))
}

/// Gets the probability, 0 to 1, of guessing a code: with all tries of one
/// challenge, and with all guesses that are allowed for a number within a day.
///
/// Errors: WRONG_HANDLE for a group without rules of challenges, and those of
/// the fields. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_settings_guess_probability(
    settings: *const mpass_settings,
    per_challenge: *mut f64,
    per_day: *mut f64,
) -> mpass_status {
    boundary(|| {
        let policy = policy(settings)?;
        let (per_challenge, per_day) = (out_param(per_challenge)?, out_param(per_day)?);
        per_challenge.set(policy.guess_probability_per_challenge());
        per_day.set(policy.guess_probability_per_day());
        Ok(())
    })
}
