//! The wire contracts as exchanges without I/O.

use core::ffi::c_char;

use mpass_core::service::{Answer, AnswerKind, Exchange, Sms, Step};
use mpass_core::store::Swap;

use crate::boundary::boundary;
use crate::handle::{Changed, changed, class, construct, free, used};
use crate::reply::mpass_reply;
use crate::slice::{OptionalOut, OutParam, give, give_optional, give_text, optional, out_param};
use crate::status::mpass_status;

/// The state of one request until its reply. One thread at a time may use it.
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

/// Frees an exchange. Does nothing for NULL. Freeing it before its REPLY step
/// abandons the request; what was stored until then, such as a used try, stays
/// stored. No other thread may be using the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_free(exchange: *mut mpass_exchange) {
    free(exchange);
}

/// Passes an answer to the engine and returns its next step.
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

/// Passes the outcome of the last step to the engine and sets `*step` to the
/// next step, a `MPASS_STEP_` constant. `answer` is a `MPASS_ANSWER_` constant;
/// the first one is BEGIN. `value` is used for LOADED and CONFLICT only: the
/// value in the store, or NULL if there is none; and for SIGNED: the signature.
/// To answer ASSESSED, INTROSPECTED, RESOLVED or SIGNING_KEYS, call
/// `mpass_exchange_next_assessed`, `_next_introspected`, `_next_resolved` or
/// `_next_signing_keys` instead.
///
/// The functions that read a step are:
/// - LOAD: `mpass_exchange_store_kind`, `_store_key`.
/// - SWAP: the same, and `mpass_exchange_swap_expected`, `_swap_value`,
///   `_swap_expires_at_ms`.
/// - ASSESS: `mpass_exchange_assess_number`.
/// - DELIVER: `mpass_exchange_sms_to`, `_sms_text`, `_sms_sender`, `_sms_form`.
/// - INTROSPECT: `mpass_exchange_introspect_token`.
/// - RESOLVE: `mpass_exchange_resolve_address`.
/// - SIGN: `mpass_exchange_signature_modulus`, `_signature_message`.
/// - CHECK_SIGNATURE: the same, and `mpass_exchange_signature_value`.
/// - REPLY: `mpass_exchange_reply`.
///
/// An answer that does not match the step, or one more than 10 s after the
/// exchange began, ends the exchange with the contract's internal error.
///
/// Errors: INVALID_ARGUMENT for an unknown constant, one of the four answers
/// above, or SIGNED without a signature. Threads: one at a time.
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

/// The answer with a number.
pub(crate) fn answer_kind(number: u32) -> Option<AnswerKind> {
    AnswerKind::from_number(u8::try_from(number).ok()?)
}

/// Gets the `MPASS_KIND_` constant of a LOAD or SWAP step's value.
///
/// Errors: WRONG_STATE in any other step. Threads: any.
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

/// Gets the store key of a LOAD or SWAP step: 16 bytes.
///
/// Errors: WRONG_STATE in any other step, BUFFER_TOO_SMALL. Threads: any.
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

/// Gets the value that a SWAP step expects, at most 16,384 bytes. `*is_present`
/// is false if the store must have no value.
///
/// Errors: WRONG_STATE in any other step, BUFFER_TOO_SMALL. Threads: any.
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

/// Gets the value that a SWAP step stores, at most 16,384 bytes.
///
/// Errors: WRONG_STATE in any other step, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_swap_value(
    exchange: *const mpass_exchange,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| give(&used(exchange)?.swap()?.value, out, cap, written))
}

/// Gets the time from which the store may drop the value of a SWAP step.
/// `*expires` is false if the value does not expire; `*out` is then 0.
///
/// Errors: WRONG_STATE in any other step. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_swap_expires_at_ms(
    exchange: *const mpass_exchange,
    expires: *mut bool,
    out: *mut u64,
) -> mpass_status {
    boundary(|| {
        let exchange = used(exchange)?;
        let out = OptionalOut::new(expires, out)?;
        out.set(exchange.swap()?.expires_at_ms);
        Ok(())
    })
}

/// Gets the recipient of a DELIVER step's message as E.164 text, at most 16
/// characters.
///
/// Errors: WRONG_STATE in any other step, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_sms_to(
    exchange: *const mpass_exchange,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| give_text(used(exchange)?.sms()?.to.as_str(), out, cap, written))
}

/// Gets the text of a DELIVER step's message, including the code.
///
/// Errors: WRONG_STATE in any other step, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_exchange_sms_text(
    exchange: *const mpass_exchange,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| give_text(&used(exchange)?.sms()?.text, out, cap, written))
}

/// Gets the sender to show in a DELIVER step's message. `*is_present` is false
/// if the channel has not set one.
///
/// Errors: WRONG_STATE in any other step, BUFFER_TOO_SMALL. Threads: any.
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

/// Gets the language of a DELIVER step's message (a `MPASS_LANGUAGE_`
/// constant), its alphabet (a `MPASS_ALPHABET_` constant) and its number of
/// segments.
///
/// Errors: WRONG_STATE in any other step. Threads: any.
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

/// Gets the reply of a REPLY step. The caller must free `*out` with
/// `mpass_reply_free`.
///
/// Errors: WRONG_STATE in any other step. Threads: any.
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
