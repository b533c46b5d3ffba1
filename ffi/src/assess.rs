//! The ASSESS step of an exchange.

use core::ffi::c_char;

use mpass_core::number::CallingCode;
use mpass_core::service::{AssessmentKind, Step};

use crate::boundary::boundary;
use crate::exchange::{advance, mpass_exchange};
use crate::handle::{changed, used};
use crate::slice::{give_text, out_param};
use crate::status::mpass_status;

/// The numbering plan does not show whether the number can receive messages.
pub const MPASS_MOBILE_UNKNOWN: u32 = 0;
/// The number can receive messages.
pub const MPASS_MOBILE_YES: u32 = 1;
/// The number cannot receive messages, such as a land line.
pub const MPASS_MOBILE_NO: u32 = 2;

/// Gets the number of an ASSESS step in E.164 form, and the calling code of the
/// tenant's country, or 0 if the tenant has none.
///
/// Errors: WRONG_STATE in any other step, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_assess_number(
    exchange: *const mpass_exchange,
    country: *mut u32,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let exchange = used(exchange)?;
        let country = out_param(country)?;
        let Some(Step::Assess(assess)) = &exchange.step else {
            return Err(mpass_status::WrongState);
        };
        give_text(assess.number.as_str(), out, cap, written)?;
        country.set(assess.country.map_or(0, CallingCode::get).into());
        Ok(())
    })
}

/// Answers an ASSESS step. `assessment` is a `MPASS_ASSESSMENT_` constant and
/// `mobile` a `MPASS_MOBILE_` constant, which is used only if the assessment is
/// VALID. Sets `*step` as `mpass_exchange_next` does.
///
/// Errors: INVALID_ARGUMENT for an unknown constant. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_next_assessed(
    exchange: *mut mpass_exchange,
    assessment: u32,
    mobile: u32,
    now_ms: u64,
    step: *mut u32,
) -> mpass_status {
    boundary(|| {
        let exchange = changed(exchange)?;
        let step = out_param(step)?;
        let kind = assessment_kind(assessment).ok_or(mpass_status::InvalidArgument)?;
        advance(exchange, kind.answer(self::mobile(mobile)?), now_ms, step)
    })
}

/// The assessment of a `MPASS_ASSESSMENT_` constant.
pub(crate) fn assessment_kind(number: u32) -> Option<AssessmentKind> {
    AssessmentKind::from_number(u8::try_from(number).ok()?)
}

/// Whether a number can receive messages, from a `MPASS_MOBILE_` constant.
pub(crate) fn mobile(number: u32) -> Result<Option<bool>, mpass_status> {
    match number {
        MPASS_MOBILE_UNKNOWN => Ok(None),
        MPASS_MOBILE_YES => Ok(Some(true)),
        MPASS_MOBILE_NO => Ok(Some(false)),
        _ => Err(mpass_status::InvalidArgument),
    }
}
