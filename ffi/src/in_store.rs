//! Operations on a challenge in one call, on the store of a host.

use core::ffi::{c_char, c_void};

use crate::boundary::boundary;
use crate::challenge::{Refused as RefusedOut, mpass_challenge};
use crate::handle::{Slot, used};
use crate::host::mpass_host;
use crate::pending::{Outcome, State, mpass_pending};
use crate::runner::Runner;
use crate::slice::{out_param, text};
use crate::status::mpass_status;

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
/// administrators, at most three times within 24 hours. `*found` is false if there is
/// no record, so that nothing is locked.
///
/// Errors: TOO_MANY_UNLOCKS; those of `mpass_challenge_issue_in`. Threads: any, as far as the
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
