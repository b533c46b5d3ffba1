//! The wire contracts as exchanges without I/O.

use core::ffi::c_char;

use mpass_core::service::{Answer, AnswerKind, Exchange, Sms, Step};
use mpass_core::store::Swap;

use crate::boundary::boundary;
use crate::handle::{Changed, changed, class, construct, free, used};
use crate::reply::mpass_reply;
use crate::slice::{OutParam, give, give_optional, give_text, optional, out_param};
use crate::status::mpass_status;

/// One request on its way to its reply. One thread at a time.
pub struct mpass_exchange {
    _opaque: (),
}

class!(mpass_exchange, Running, 20);

pub(crate) struct Running {
    pub(crate) exchange: Exchange,
    /// The step that the host performs; `None` before the first answer.
    pub(crate) step: Option<Step>,
}

impl Running {
    fn swap(&self) -> Result<&Swap, mpass_status> {
        match &self.step {
            Some(Step::Swap(swap)) => Ok(swap),
            _ => Err(mpass_status::WrongState),
        }
    }

    fn sms(&self) -> Result<&Sms, mpass_status> {
        match &self.step {
            Some(Step::Deliver(sms)) => Ok(sms),
            _ => Err(mpass_status::WrongState),
        }
    }
}

/// Frees an exchange; NULL does nothing. One that has no reply yet ends where
/// there: what it stored stays spent. No other thread may use it
/// meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_free(exchange: *mut mpass_exchange) {
    free(exchange);
}

/// Gives the engine an answer and shows the host its next step.
pub(crate) fn advance(
    mut running: Changed<'_, Running>,
    answer: Answer,
    now_ms: u64,
    step: OutParam<u32>,
) -> Result<(), mpass_status> {
    let next = running.exchange.next(answer, now_ms);
    step.set(next.kind().number().into());
    running.step = Some(next);
    Ok(())
}

/// Takes the outcome of the last step, a `MPASS_ANSWER_` constant, and gives
/// the next step, a `MPASS_STEP_` constant. The first answer is BEGIN. `value`
/// is for LOADED and CONFLICT, NULL where the store has no value; other
/// answers ignore it. What the host knows of a number, a token or an address
/// goes to `mpass_exchange_next_assessed`, `_next_introspected` or
/// `_next_resolved`.
///
/// A step is read with:
/// - LOAD: `mpass_exchange_store_kind`, `_store_key`.
/// - SWAP: these, and `mpass_exchange_swap_expected`, `_swap_value`,
///   `_swap_expires_at_ms`.
/// - ASSESS: `mpass_exchange_assess_number`.
/// - DELIVER: `mpass_exchange_sms_to`, `_sms_text`, `_sms_sender`,
///   `_sms_form`.
/// - INTROSPECT: `mpass_exchange_introspect_token`.
/// - RESOLVE: `mpass_exchange_resolve_address`.
/// - REPLY: `mpass_exchange_reply`.
///
/// An answer that does not fit the step, or one more than 10 s after the
/// begin, ends the exchange in the contract's internal error.
///
/// Errors: INVALID_ARGUMENT for another number. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_next(
    exchange: *mut mpass_exchange,
    answer: u32,
    value: *const u8,
    value_len: usize,
    now_ms: u64,
    step: *mut u32,
) -> mpass_status {
    boundary(|| {
        let exchange = changed(exchange)?;
        let step = out_param(step)?;
        let answer = answer_kind(answer).ok_or(mpass_status::InvalidArgument)?;
        let value = match answer.has_value() {
            true => optional(value, value_len)?.map(<[u8]>::to_vec),
            false => None,
        };
        let answer = answer.with_value(value);
        let answer = answer.ok_or(mpass_status::InvalidArgument)?;
        advance(exchange, answer, now_ms, step)
    })
}

/// The kind of a number.
pub(crate) fn answer_kind(number: u32) -> Option<AnswerKind> {
    AnswerKind::from_number(u8::try_from(number).ok()?)
}

/// The `MPASS_KIND_` constant of the value of a LOAD or SWAP step.
///
/// Errors: WRONG_STATE in another step. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_store_kind(
    exchange: *const mpass_exchange,
    out: *mut u32,
) -> mpass_status {
    boundary(|| {
        let exchange = used(exchange)?;
        let out = out_param(out)?;
        match &exchange.step {
            Some(Step::Load { kind, .. }) => out.set(kind.number().into()),
            _ => out.set(exchange.swap()?.kind.number().into()),
        }
        Ok(())
    })
}

/// The store key of a LOAD or SWAP step: 16 bytes.
///
/// Errors: WRONG_STATE in another step, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_store_key(
    exchange: *const mpass_exchange,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let exchange = used(exchange)?;
        let key = match &exchange.step {
            Some(Step::Load { key, .. }) => *key,
            _ => exchange.swap()?.key,
        };
        give(&key.0, out, cap, written)
    })
}

/// The value that a SWAP step expects, at most 4,096 bytes; `*is_present` is
/// false where it expects none.
///
/// Errors: WRONG_STATE in another step, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_swap_expected(
    exchange: *const mpass_exchange,
    is_present: *mut bool,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let exchange = used(exchange)?;
        let expected = exchange.swap()?.expected.as_deref();
        give_optional(expected, is_present, out, cap, written)
    })
}

/// The value that a SWAP step stores, at most 4,096 bytes.
///
/// Errors: WRONG_STATE in another step, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_swap_value(
    exchange: *const mpass_exchange,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| give(&used(exchange)?.swap()?.value, out, cap, written))
}

/// When a store may drop the value of a SWAP step, never before; UINT64_MAX
/// for a value that stays.
///
/// Errors: WRONG_STATE in another step. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_swap_expires_at_ms(
    exchange: *const mpass_exchange,
    out: *mut u64,
) -> mpass_status {
    boundary(|| {
        let exchange = used(exchange)?;
        let out = out_param(out)?;
        out.set(exchange.swap()?.expires_at_ms);
        Ok(())
    })
}

/// The recipient of a DELIVER step's message: E.164, at most 16 characters.
///
/// Errors: WRONG_STATE in another step, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_sms_to(
    exchange: *const mpass_exchange,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| give_text(used(exchange)?.sms()?.to.as_str(), out, cap, written))
}

/// The text of the message of a DELIVER step, with the code in it.
///
/// Errors: WRONG_STATE in another step, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_sms_text(
    exchange: *const mpass_exchange,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| give_text(&used(exchange)?.sms()?.text, out, cap, written))
}

/// The sender that the channel has registered, of a DELIVER step;
/// `*is_present` is false where it has none.
///
/// Errors: WRONG_STATE in another step, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_sms_sender(
    exchange: *const mpass_exchange,
    is_present: *mut bool,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let exchange = used(exchange)?;
        let sender = exchange.sms()?.sender.as_deref().map(str::as_bytes);
        give_optional(sender, is_present, out.cast(), cap, written)
    })
}

/// How the message of a DELIVER step is sent: a `MPASS_LANGUAGE_` and a
/// `MPASS_ALPHABET_` constant, and the number of its parts.
///
/// Errors: WRONG_STATE in another step. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_sms_form(
    exchange: *const mpass_exchange,
    language: *mut u32,
    alphabet: *mut u32,
    segments: *mut usize,
) -> mpass_status {
    boundary(|| {
        let exchange = used(exchange)?;
        let (language, alphabet) = (out_param(language)?, out_param(alphabet)?);
        let segments = out_param(segments)?;
        let sms = exchange.sms()?;
        language.set(sms.language.number().into());
        alphabet.set(sms.alphabet.number().into());
        segments.set(sms.segments);
        Ok(())
    })
}

/// The reply of a REPLY step. `*out` is the caller's, to be freed with
/// `mpass_reply_free`.
///
/// Errors: WRONG_STATE in another step. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_reply(
    exchange: *const mpass_exchange,
    out: *mut *mut mpass_reply,
) -> mpass_status {
    construct(out, || match &used(exchange)?.step {
        Some(Step::Reply(reply)) => Ok(reply.clone()),
        _ => Err(mpass_status::WrongState),
    })
}
