//! Getters of settings, by field.

use core::ffi::c_char;

use mpass_core::service::settings::Value;

use super::{field, mpass_settings};
use crate::boundary::boundary;
use crate::handle::used;
use crate::slice::{give, give_text, out_param};
use crate::status::mpass_status;

/// The value of a field, if it has one.
///
/// # Safety
/// As [`used`].
unsafe fn value(
    settings: *const mpass_settings,
    number: u32,
) -> Result<Option<Value>, mpass_status> {
    Ok(used(settings)?.values.value(field(number)?)?)
}

/// The value of a field that must have one.
///
/// # Safety
/// As [`used`].
unsafe fn present(settings: *const mpass_settings, number: u32) -> Result<Value, mpass_status> {
    value(settings, number)?.ok_or(mpass_status::WrongState)
}

/// One element of a list.
fn member<T>(mut list: Vec<T>, index: usize) -> Result<T, mpass_status> {
    match index < list.len() {
        true => Ok(list.swap_remove(index)),
        false => Err(mpass_status::WrongState),
    }
}

/// Gets the number of values of a field: of a list the number of its elements;
/// of texts by language the number of languages; of any other field 1, or 0 if it was not set and has no default.
///
/// Errors: UNKNOWN_SETTING. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_settings_count(
    settings: *const mpass_settings,
    field: u32,
    out: *mut usize,
) -> mpass_status {
    boundary(|| {
        let value = value(settings, field)?;
        out_param(out)?.set(match value {
            None => 0,
            Some(Value::Numbers(numbers)) => numbers.len(),
            Some(Value::Texts(texts)) => texts.len(),
            Some(Value::Map(texts)) => texts.len(),
            Some(_) => 1,
        });
        Ok(())
    })
}

/// Gets a boolean field: the value that was set, otherwise the default.
///
/// Errors: UNKNOWN_SETTING, INVALID_SETTING for a field of another type,
/// WRONG_STATE if the field has no value. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_settings_get_flag(
    settings: *const mpass_settings,
    field: u32,
    out: *mut bool,
) -> mpass_status {
    boundary(|| {
        let value = present(settings, field)?;
        let out = out_param(out)?;
        let Value::Flag(flag) = value else {
            return Err(mpass_status::InvalidSetting);
        };
        out.set(flag);
        Ok(())
    })
}

/// Gets a number, a duration in milliseconds, or the element of a list of
/// numbers at `index`, which starts at 0. For other fields, `index` must be 0.
///
/// Errors: those of `mpass_settings_get_flag`, WRONG_STATE if `index` is out of
/// range. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_settings_get_number(
    settings: *const mpass_settings,
    field: u32,
    index: usize,
    out: *mut u64,
) -> mpass_status {
    boundary(|| {
        let value = present(settings, field)?;
        let out = out_param(out)?;
        let numbers = match value {
            Value::Number(number) => vec![number],
            Value::Numbers(numbers) => numbers,
            _ => return Err(mpass_status::InvalidSetting),
        };
        out.set(member(numbers, index)?);
        Ok(())
    })
}

/// Gets a rate; see `mpass_settings_set_limit`.
///
/// Errors: those of `mpass_settings_get_flag`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_settings_get_limit(
    settings: *const mpass_settings,
    field: u32,
    events: *mut u32,
    window_ms: *mut u64,
    burst: *mut u32,
) -> mpass_status {
    boundary(|| {
        let value = present(settings, field)?;
        let (events_out, window_out) = (out_param(events)?, out_param(window_ms)?);
        let burst_out = out_param(burst)?;
        let Value::Limit {
            events,
            window_ms,
            burst,
        } = value
        else {
            return Err(mpass_status::InvalidSetting);
        };
        events_out.set(events);
        window_out.set(window_ms);
        burst_out.set(burst);
        Ok(())
    })
}

/// Gets a text, or the element of a list of texts or of texts by language at
/// `index`, which starts at 0. Texts are in the order of their language tags. For
/// other fields, `index` must be 0.
///
/// Errors: those of `mpass_settings_get_number`, BUFFER_TOO_SMALL. Threads:
/// any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_settings_get_text(
    settings: *const mpass_settings,
    field: u32,
    index: usize,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let texts = match present(settings, field)? {
            Value::Text(text) => vec![text],
            Value::Texts(texts) => texts,
            Value::Map(texts) => texts.into_values().collect(),
            _ => return Err(mpass_status::InvalidSetting),
        };
        give_text(&member(texts, index)?, out, cap, written)
    })
}

/// Gets the language tag of the text that `mpass_settings_get_text` returns at
/// `index`.
///
/// Errors: those of `mpass_settings_get_number`, BUFFER_TOO_SMALL. Threads:
/// any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_settings_get_language(
    settings: *const mpass_settings,
    field: u32,
    index: usize,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let tags = match present(settings, field)? {
            Value::Map(texts) => texts.into_keys().collect(),
            _ => return Err(mpass_status::InvalidSetting),
        };
        give_text(&member::<String>(tags, index)?, out, cap, written)
    })
}

/// Gets a field that consists of bytes.
///
/// Errors: those of `mpass_settings_get_flag`, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_settings_get_bytes(
    settings: *const mpass_settings,
    field: u32,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| match present(settings, field)? {
        Value::Bytes(bytes) => give(&bytes, out, cap, written),
        _ => Err(mpass_status::InvalidSetting),
    })
}
