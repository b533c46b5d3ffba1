//! Setters of settings, by field.

use core::ffi::c_char;

use mpass_core::service::settings::{Field, Refused, Value, Values};

use super::{field, mpass_settings};
use crate::boundary::boundary;
use crate::handle::changed;
use crate::slice::{bytes, text};
use crate::status::mpass_status;

/// Changes one field.
///
/// # Safety
/// As [`changed`].
unsafe fn change(
    settings: *mut mpass_settings,
    number: u32,
    change: impl FnOnce(&mut Values, Field) -> Result<(), Refused>,
) -> Result<(), mpass_status> {
    let mut settings = changed(settings)?;
    let outcome = field(number).and_then(|field| change(&mut settings.values, field));
    settings.outcome(outcome)
}

/// Sets a boolean field, a `MPASS_FIELD_` constant.
///
/// Errors: UNKNOWN_SETTING for a field that the group does not have,
/// INVALID_SETTING for a field of another type. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_settings_set_flag(
    settings: *mut mpass_settings,
    field: u32,
    flag: bool,
) -> mpass_status {
    boundary(|| {
        change(settings, field, |values, field| {
            values.set(field, Value::Flag(flag))
        })
    })
}

/// Sets a number, or a duration in milliseconds.
///
/// Errors: those of `mpass_settings_set_flag`, and the field's own error for a
/// value out of its range, such as INVALID_TRIES: `mpass_settings_refusal`
/// returns the range. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_settings_set_number(
    settings: *mut mpass_settings,
    field: u32,
    number: u64,
) -> mpass_status {
    boundary(|| {
        change(settings, field, |values, field| {
            values.set(field, Value::Number(number))
        })
    })
}

/// Sets a rate: at most `events` (1 to 100,000) in any `window_ms` (1 ms to 31
/// days), of which at most `burst` (1 to `events`) at once.
///
/// Errors: those of `mpass_settings_set_number`. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_settings_set_limit(
    settings: *mut mpass_settings,
    field: u32,
    events: u32,
    window_ms: u64,
    burst: u32,
) -> mpass_status {
    boundary(|| {
        let limit = Value::Limit {
            events,
            window_ms,
            burst,
        };
        change(settings, field, |values, field| values.set(field, limit))
    })
}

/// Sets a text, or a choice such as `once`.
///
/// Errors: those of `mpass_settings_set_number`, INVALID_UTF8. Threads: one at
/// a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_settings_set_text(
    settings: *mut mpass_settings,
    field: u32,
    text: *const c_char,
    text_len: usize,
) -> mpass_status {
    boundary(|| {
        let text = Value::Text(self::text(text, text_len)?.into());
        change(settings, field, |values, field| values.set(field, text))
    })
}

/// Sets a field that consists of bytes.
///
/// Errors: those of `mpass_settings_set_number`. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_settings_set_bytes(
    settings: *mut mpass_settings,
    field: u32,
    data: *const u8,
    data_len: usize,
) -> mpass_status {
    boundary(|| {
        let data = Value::Bytes(bytes(data, data_len)?.into());
        change(settings, field, |values, field| values.set(field, data))
    })
}

/// Adds an element to a list of numbers. The first one replaces the default.
///
/// Errors: those of `mpass_settings_set_number`. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_settings_add_number(
    settings: *mut mpass_settings,
    field: u32,
    number: u64,
) -> mpass_status {
    boundary(|| {
        change(settings, field, |values, field| {
            values.add(field, Value::Number(number))
        })
    })
}

/// Adds an element to a list of texts. The first one replaces the default.
///
/// Errors: those of `mpass_settings_set_text`. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_settings_add_text(
    settings: *mut mpass_settings,
    field: u32,
    text: *const c_char,
    text_len: usize,
) -> mpass_status {
    boundary(|| {
        let text = Value::Text(self::text(text, text_len)?.into());
        change(settings, field, |values, field| values.add(field, text))
    })
}

/// Adds the text of a language, such as `en` or `ar-SA`, to texts by language.
///
/// Errors: those of `mpass_settings_set_text`; INVALID_LANGUAGE_TAG for a tag
/// that is not of the form of BCP 47, and for a language that has a text.
/// Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_settings_add_text_in(
    settings: *mut mpass_settings,
    field: u32,
    language: *const c_char,
    language_len: usize,
    text: *const c_char,
    text_len: usize,
) -> mpass_status {
    boundary(|| {
        let language = self::text(language, language_len)?;
        let text = self::text(text, text_len)?;
        let entry = Value::Map([(language.into(), text.into())].into());
        change(settings, field, |values, field| values.add(field, entry))
    })
}

/// Sets a list or texts by language to empty, regardless of the default.
///
/// Errors: those of `mpass_settings_set_flag`. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_settings_set_empty(
    settings: *mut mpass_settings,
    field: u32,
) -> mpass_status {
    boundary(|| change(settings, field, Values::set_empty))
}

/// Resets a field to its default.
///
/// Errors: UNKNOWN_SETTING. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_settings_clear(
    settings: *mut mpass_settings,
    field: u32,
) -> mpass_status {
    boundary(|| change(settings, field, Values::clear))
}
