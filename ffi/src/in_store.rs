//! Operations on a challenge or a token in one call, on the store of a host.

use core::ffi::{c_char, c_void};

use mpass_core::Error;
use mpass_core::challenge::{Token, Verdict};
use mpass_core::service::settings::Refused;
use mpass_core::store::{self, Change, Environment, Operation};
use zeroize::Zeroizing;

use crate::boundary::boundary;
use crate::callbacks::CallbackStore;
use crate::challenge::{Refused as RefusedOut, mpass_challenge};
use crate::handle::{Slot, used};
use crate::host::{mpass_host, table};
use crate::hotp::{codes, mpass_hotp};
use crate::ocra::{mpass_ocra, mpass_ocra_inputs};
use crate::pending::{Outcome, State, mpass_pending};
use crate::slice::{out_param, text};
use crate::status::mpass_status;
use crate::token::mpass_token;
use crate::totp::mpass_totp;

/// The clock and the entropy source of a host.
pub(crate) struct Callbacks {
    now_ms: unsafe extern "C" fn(*mut c_void) -> u64,
    entropy: unsafe extern "C" fn(*mut c_void, *mut u8, usize) -> bool,
    userdata: *mut c_void,
}

impl Environment for Callbacks {
    fn now_ms(&self) -> u64 {
        // SAFETY: the host's callback follows the rules of the header.
        unsafe { (self.now_ms)(self.userdata) }
    }

    fn entropy(&self) -> Result<[u8; 32], Error> {
        let mut bytes = [0; 32];
        // SAFETY: as for `now_ms`; the array is writable.
        let is_filled = unsafe { (self.entropy)(self.userdata, bytes.as_mut_ptr(), bytes.len()) };
        is_filled.then_some(bytes).ok_or(Error::EntropyFailed)
    }
}

/// A host as the one who runs an operation.
pub(crate) struct Runner {
    pub(crate) store: CallbackStore,
    pub(crate) callbacks: Callbacks,
}

impl Runner {
    /// # Safety
    /// `host` is NULL or points to a table whose callbacks follow the rules of
    /// the header.
    pub(crate) unsafe fn of(
        host: *const mpass_host,
        userdata: *mut c_void,
    ) -> Result<Self, mpass_status> {
        let host = table(host)?;
        Ok(Self {
            store: CallbackStore::of_records(&host, userdata)?,
            callbacks: Callbacks {
                now_ms: host.now_ms.ok_or(mpass_status::NotImplemented)?,
                entropy: host.entropy.ok_or(mpass_status::NotImplemented)?,
                userdata,
            },
        })
    }

    /// As [`Self::of`], for operations that may list documents.
    ///
    /// # Safety
    /// As [`Self::of`].
    pub(crate) unsafe fn of_documents(
        host: *const mpass_host,
        userdata: *mut c_void,
    ) -> Result<Self, mpass_status> {
        let store = CallbackStore::of(&table(host)?, userdata)?;
        Ok(Self {
            store,
            ..Self::of(host, userdata)?
        })
    }

    pub(crate) fn run<T>(&self, change: Change<'_, T>) -> Result<T, mpass_status> {
        Ok(change.run(&self.store, &self.callbacks)?)
    }

    pub(crate) fn operate<T>(
        &self,
        operation: impl Operation<Outcome = T, Error = Refused>,
    ) -> Result<T, Refused> {
        store::run(&self.store, &self.callbacks, operation)
    }

    /// Fresh entropy of the host.
    pub(crate) fn entropy(&self) -> Result<Zeroizing<[u8; 32]>, Error> {
        self.callbacks.entropy().map(Zeroizing::new)
    }
}

/// Issues a new challenge on the store of a host, which replaces the current
/// one, or refuses to: loads the record, decides, and swaps; decides again after
/// a conflict; and reads the record back if it is unknown whether it was stored.
/// Of `host`, `now_ms`, `entropy`, `load` and `swap` are required; `userdata` is
/// passed to every callback. The clock is read after each answer of the store,
/// so that a slow store does not lengthen the life of a code.
///
/// If `*refusal` is MPASS_REFUSAL_NONE, `*issued` is a stored issue:
/// `mpass_pending_code` returns the code, which can now be sent. The caller must
/// free it with `mpass_pending_free`. If `*refusal` is another `MPASS_REFUSAL_`
/// constant, `*issued` is NULL, and no challenge can be issued before
/// `*retry_at_ms`; `*has_retry` is false if waiting does not help.
///
/// Errors: those of `mpass_drive` for `host`. STORE_FAILED and STORE_FULL if the
/// store failed; STORE_UNKNOWN if it is unknown whether a challenge was stored;
/// TOO_MANY_CONFLICTS; OPERATION_TOO_OLD if the store took more than 10 s;
/// STORE_EXPIRED if the clock is behind the one that the store dropped values
/// by; ENTROPY_FAILED. RECORD_FORMAT, RECORD_FORGED or UNKNOWN_RECORD_KEY if
/// the loaded record is not an authentic one of this challenge. Threads: any, as
/// far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_challenge_issue_in(
    challenge: *const mpass_challenge,
    host: *const mpass_host,
    userdata: *mut c_void,
    issued: *mut *mut mpass_pending,
    refusal: *mut u32,
    has_retry: *mut bool,
    retry_at_ms: *mut u64,
) -> mpass_status {
    boundary(|| {
        let slot = Slot::new(issued)?;
        let challenge = used(challenge)?;
        let refused = RefusedOut::new(refusal, has_retry, retry_at_ms)?;
        let runner = Runner::of(host, userdata)?;
        match runner.run(challenge.borrow().issuing())? {
            Ok(issued) => {
                slot.fill(State::Stored(Outcome::Issued(issued)));
                refused.set(None);
            }
            Err(refusal) => refused.set(Some(refusal)),
        }
        Ok(())
    })
}

/// Compares a code that a user typed with the challenge on the store of a host.
/// `*verdict` is a `MPASS_VERDICT_` constant; the attempt that it is for is
/// counted in the store. For a text that cannot be a code it is
/// `MPASS_VERDICT_MALFORMED`: nothing is loaded, and no try is used; see
/// `mpass_challenge_attempt`.
///
/// Errors: INVALID_UTF8, and those of `mpass_challenge_issue_in`. Threads: any,
/// as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_challenge_attempt_in(
    challenge: *const mpass_challenge,
    host: *const mpass_host,
    userdata: *mut c_void,
    typed: *const c_char,
    typed_len: usize,
    verdict: *mut u32,
) -> mpass_status {
    boundary(|| {
        let challenge = used(challenge)?;
        let typed = text(typed, typed_len)?;
        let out = out_param(verdict)?;
        let runner = Runner::of(host, userdata)?;
        let verdict = runner.run(challenge.borrow().attempting(typed))?;
        out.set(verdict.number().into());
        Ok(())
    })
}

/// Voids a challenge on the store of a host and returns its send to the limits,
/// after the gateway has definitely refused the message. `issued` is the issue
/// of the challenge. `*refunded` is false if the record no longer contains this
/// challenge, so that there is nothing to refund.
///
/// Errors: WRONG_STATE if `issued` is not a stored issue, and those of
/// `mpass_challenge_issue_in`. Threads: any, as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_challenge_refund_in(
    challenge: *const mpass_challenge,
    host: *const mpass_host,
    userdata: *mut c_void,
    issued: *const mpass_pending,
    refunded: *mut bool,
) -> mpass_status {
    boundary(|| {
        let challenge = used(challenge)?;
        let id = used(issued)?.issued()?.id;
        let out = out_param(refunded)?;
        let runner = Runner::of(host, userdata)?;
        out.set(runner.run(challenge.borrow().refunding(id))?);
        Ok(())
    })
}

/// Unlocks a number on the store of a host and resets its failures, for
/// administrators. `*found` is false if there is no record, so that nothing is
/// locked.
///
/// Errors: those of `mpass_challenge_issue_in`. Threads: any, as far as the
/// callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_challenge_unlock_in(
    challenge: *const mpass_challenge,
    host: *const mpass_host,
    userdata: *mut c_void,
    found: *mut bool,
) -> mpass_status {
    boundary(|| {
        let challenge = used(challenge)?;
        let out = out_param(found)?;
        let runner = Runner::of(host, userdata)?;
        out.set(runner.run(challenge.borrow().unlocking())?);
        Ok(())
    })
}

/// Runs an attempt of a token.
///
/// # Safety
/// `host` is as for [`Runner::of`]; `verdict` is NULL or writable.
unsafe fn attempting<'a>(
    host: *const mpass_host,
    userdata: *mut c_void,
    verdict: *mut u32,
    change: Change<'a, Verdict>,
) -> Result<(), mpass_status> {
    let out = out_param(verdict)?;
    let verdict = Runner::of(host, userdata)?.run(change)?;
    out.set(verdict.number().into());
    Ok(())
}

/// Creates the record of a token that starts at `counter` on the store of a
/// host, for HOTP tokens that were used before. `*enrolled` is false if the
/// token already has a record, which is kept.
///
/// Errors: those of `mpass_challenge_issue_in`. Threads: any, as far as the
/// callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_enroll_in(
    token: *const mpass_token,
    host: *const mpass_host,
    userdata: *mut c_void,
    counter: u64,
    enrolled: *mut bool,
) -> mpass_status {
    boundary(|| {
        let token = used(token)?;
        let out = out_param(enrolled)?;
        let runner = Runner::of(host, userdata)?;
        out.set(runner.run(token.borrow()?.enrolling(counter))?);
        Ok(())
    })
}

/// Compares a typed HOTP code with the counters after the last accepted one, on
/// the store of a host. `*verdict` is a `MPASS_VERDICT_` constant; the attempt
/// that it is for is counted in the store.
///
/// Errors: INVALID_UTF8, and those of `mpass_challenge_issue_in`. Threads: any,
/// as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_attempt_hotp_in(
    token: *const mpass_token,
    host: *const mpass_host,
    userdata: *mut c_void,
    hotp: *const mpass_hotp,
    typed: *const c_char,
    typed_len: usize,
    verdict: *mut u32,
) -> mpass_status {
    boundary(|| {
        let (token, hotp) = (used(token)?, used(hotp)?);
        let (token, typed) = (token.borrow()?, text(typed, typed_len)?);
        attempting(host, userdata, verdict, token.attempting_hotp(&hotp, typed))
    })
}

/// Compares a typed TOTP code with the time steps around the current one,
/// shifted by the drift of the token, on the store of a host. `*verdict` is a
/// `MPASS_VERDICT_` constant; the attempt that it is for is counted in the
/// store.
///
/// Errors: TIME_OUT_OF_RANGE before T0, and those of
/// `mpass_token_attempt_hotp_in`. Threads: any, as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_attempt_totp_in(
    token: *const mpass_token,
    host: *const mpass_host,
    userdata: *mut c_void,
    totp: *const mpass_totp,
    typed: *const c_char,
    typed_len: usize,
    verdict: *mut u32,
) -> mpass_status {
    boundary(|| {
        let (token, totp) = (used(token)?, used(totp)?);
        let (token, typed) = (token.borrow()?, text(typed, typed_len)?);
        attempting(host, userdata, verdict, token.attempting_totp(&totp, typed))
    })
}

/// Resynchronises an HOTP token whose counter ran ahead, with two or three
/// consecutive codes, on the store of a host; `code3` is NULL if there are two.
/// It counts as an attempt and is subject to the same limits.
///
/// Errors: those of `mpass_token_attempt_hotp_in`. Threads: any, as far as the
/// callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_resynchronize_hotp_in(
    token: *const mpass_token,
    host: *const mpass_host,
    userdata: *mut c_void,
    hotp: *const mpass_hotp,
    code1: *const c_char,
    code1_len: usize,
    code2: *const c_char,
    code2_len: usize,
    code3: *const c_char,
    code3_len: usize,
    verdict: *mut u32,
) -> mpass_status {
    boundary(|| {
        let (token, hotp) = (used(token)?, used(hotp)?);
        let codes = codes((code1, code1_len), (code2, code2_len), (code3, code3_len))?;
        let token = token.borrow()?;
        let change = token.resynchronizing_hotp(&hotp, codes.as_slice());
        attempting(host, userdata, verdict, change)
    })
}

/// Resynchronises the drift of a TOTP token with two or three consecutive
/// codes, on the store of a host; `code3` is NULL if there are two. It counts as
/// an attempt and is subject to the same limits.
///
/// Errors: those of `mpass_token_attempt_totp_in`. Threads: any, as far as the
/// callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_resynchronize_totp_in(
    token: *const mpass_token,
    host: *const mpass_host,
    userdata: *mut c_void,
    totp: *const mpass_totp,
    code1: *const c_char,
    code1_len: usize,
    code2: *const c_char,
    code2_len: usize,
    code3: *const c_char,
    code3_len: usize,
    verdict: *mut u32,
) -> mpass_status {
    boundary(|| {
        let (token, totp) = (used(token)?, used(totp)?);
        let codes = codes((code1, code1_len), (code2, code2_len), (code3, code3_len))?;
        let token = token.borrow()?;
        let change = token.resynchronizing_totp(&totp, codes.as_slice());
        attempting(host, userdata, verdict, change)
    })
}

/// Records on the store of a host that the token is asked a question (RFC 6287),
/// to be answered within `lifetime_ms` of when the store returned the record.
/// Replaces any earlier question. Send the question after this call.
///
/// Errors: INVALID_UTF8, and those of `mpass_challenge_issue_in`. Threads: any,
/// as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_ask_in(
    token: *const mpass_token,
    host: *const mpass_host,
    userdata: *mut c_void,
    question: *const c_char,
    question_len: usize,
    lifetime_ms: u64,
) -> mpass_status {
    boundary(|| {
        let token = used(token)?;
        let (token, question) = (token.borrow()?, text(question, question_len)?);
        Runner::of(host, userdata)?.run(token.asking(question, lifetime_ms))
    })
}

/// Compares a response with the question that was asked, which is accepted only
/// once, on the store of a host. `inputs` contain the question and everything
/// else that the suite requires, except the counter and the time, which come
/// from the record and from the clock.
///
/// Errors: those of `mpass_token_attempt_hotp_in` and `mpass_ocra_verify`.
/// Threads: any, as far as the callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_attempt_ocra_in(
    token: *const mpass_token,
    host: *const mpass_host,
    userdata: *mut c_void,
    ocra: *const mpass_ocra,
    inputs: *const mpass_ocra_inputs,
    response: *const c_char,
    response_len: usize,
    verdict: *mut u32,
) -> mpass_status {
    boundary(|| {
        let (token, ocra, inputs) = (used(token)?, used(ocra)?, used(inputs)?);
        let response = text(response, response_len)?;
        let token: Token<'_> = token.borrow()?;
        let change = token.attempting_ocra(&ocra, inputs.borrow(), response);
        attempting(host, userdata, verdict, change)
    })
}

/// Unlocks a token on the store of a host and resets its failures, for
/// administrators. `*found` is false if there is no record, so that nothing is
/// locked.
///
/// Errors: those of `mpass_challenge_issue_in`. Threads: any, as far as the
/// callbacks allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_token_unlock_in(
    token: *const mpass_token,
    host: *const mpass_host,
    userdata: *mut c_void,
    found: *mut bool,
) -> mpass_status {
    boundary(|| {
        let token = used(token)?;
        let out = out_param(found)?;
        let runner = Runner::of(host, userdata)?;
        out.set(runner.run(token.borrow()?.unlocking())?);
        Ok(())
    })
}
