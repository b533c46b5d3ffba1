//! Writes whose outcome is withheld until they are stored.

use core::ffi::c_char;

use mpass_core::challenge::{Issued, Pending, Verdict};
use mpass_core::store::{Kind, StoreKey};

use crate::boundary::boundary;
use crate::handle::{changed, class, free, used};
use crate::slice::{OptionalOut, bytes, give, give_optional, give_text, out_param};
use crate::status::mpass_status;

/// The verdict is not available yet: store the pending write, then call
/// `mpass_pending_verdict`.
pub const MPASS_VERDICT_PENDING: u32 = 0xffff_ffff;

/// A write whose outcome is withheld until it is stored. To store it, replace
/// the value of `mpass_pending_expected` by that of `mpass_pending_next`, under
/// the key of `mpass_pending_store_key`, in one compare-and-swap. Once that is
/// durable, call `mpass_pending_stored`; then the outcome can be read. On a
/// conflict, free the handle and repeat the operation with the current value.
/// If it is unknown whether the swap was stored, read the store and call
/// `mpass_pending_is_written_in`.
pub struct mpass_pending {
    _opaque: (),
}

class!(mpass_pending, State, 10);

/// The write before it is stored, and its outcome afterwards.
pub(crate) enum State {
    Issue(Pending<Issued>),
    Attempt(Pending<Verdict>),
    Plain(Pending<()>),
    Stored(Outcome),
}

pub(crate) enum Outcome {
    Issued(Issued),
    Verdict(Verdict),
    Nothing,
}

/// The swap of any write.
struct View<'a> {
    kind: Kind,
    key: StoreKey,
    expected: Option<&'a [u8]>,
    next: &'a [u8],
    expires_at_ms: Option<u64>,
}

impl<'a> View<'a> {
    fn of_record<T>(pending: &'a Pending<T>) -> Self {
        Self {
            kind: Kind::State,
            key: pending.key(),
            expected: pending.expected(),
            next: pending.next(),
            expires_at_ms: pending.expires_at_ms(),
        }
    }
}

impl State {
    fn view(&self) -> Result<View<'_>, mpass_status> {
        match self {
            Self::Issue(pending) => Ok(View::of_record(pending)),
            Self::Attempt(pending) => Ok(View::of_record(pending)),
            Self::Plain(pending) => Ok(View::of_record(pending)),
            Self::Stored(_) => Err(mpass_status::WrongState),
        }
    }

    fn is_written_in(&self, current: &[u8]) -> Result<bool, mpass_status> {
        match self {
            Self::Issue(pending) => Ok(pending.is_written_in(current)),
            Self::Attempt(pending) => Ok(pending.is_written_in(current)),
            Self::Plain(pending) => Ok(pending.is_written_in(current)),
            Self::Stored(_) => Err(mpass_status::WrongState),
        }
    }

    fn stored(self) -> Self {
        Self::Stored(match self {
            Self::Issue(pending) => Outcome::Issued(pending.stored()),
            Self::Attempt(pending) => Outcome::Verdict(pending.stored()),
            Self::Plain(_) => Outcome::Nothing,
            Self::Stored(outcome) => outcome,
        })
    }

    /// The issued challenge, once it is stored.
    pub(crate) fn issued(&self) -> Result<&Issued, mpass_status> {
        match self {
            Self::Stored(Outcome::Issued(issued)) => Ok(issued),
            _ => Err(mpass_status::WrongState),
        }
    }
}

/// Frees a pending write and erases its outcome. Does nothing for NULL. A write
/// that was not stored has no effect. No other thread may be using the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_pending_free(pending: *mut mpass_pending) {
    free(pending);
}

/// Gets the `MPASS_KIND_` constant of the value.
///
/// Errors: WRONG_STATE after `mpass_pending_stored`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_pending_store_kind(
    pending: *const mpass_pending,
    out: *mut u32,
) -> mpass_status {
    boundary(|| {
        let pending = used(pending)?;
        let out = out_param(out)?;
        out.set(pending.view()?.kind.number().into());
        Ok(())
    })
}

/// Gets the store key of the value: 16 bytes.
///
/// Errors: WRONG_STATE after `mpass_pending_stored`, BUFFER_TOO_SMALL. Threads:
/// any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_pending_store_key(
    pending: *const mpass_pending,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let pending = used(pending)?;
        give(&pending.view()?.key.0, out, cap, written)
    })
}

/// Gets the value that the swap expects: at most 96 bytes for a state, 16,384
/// for a document. `*is_present` is false if the store must have no value.
///
/// Errors: WRONG_STATE after `mpass_pending_stored`, BUFFER_TOO_SMALL. Threads:
/// any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_pending_expected(
    pending: *const mpass_pending,
    is_present: *mut bool,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let pending = used(pending)?;
        give_optional(pending.view()?.expected, is_present, out, cap, written)
    })
}

/// Gets the value that the swap stores: at most 96 bytes for a state, 16,384
/// for a document.
///
/// Errors: WRONG_STATE after `mpass_pending_stored`, BUFFER_TOO_SMALL. Threads:
/// any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_pending_next(
    pending: *const mpass_pending,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let pending = used(pending)?;
        give(pending.view()?.next, out, cap, written)
    })
}

/// Gets the time from which the store may drop the value. `*expires` is false if
/// the value does not expire; `*out` is then 0.
///
/// Errors: WRONG_STATE after `mpass_pending_stored`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_pending_expires_at_ms(
    pending: *const mpass_pending,
    expires: *mut bool,
    out: *mut u64,
) -> mpass_status {
    boundary(|| {
        let pending = used(pending)?;
        let out = OptionalOut::new(expires, out)?;
        out.set(pending.view()?.expires_at_ms);
        Ok(())
    })
}

/// Gets whether `current`, the store's current value, is the value of this
/// write, for hosts that do not know whether the swap was stored. After a conflict
/// it is not, whatever this returns: the value is another caller's, which is the
/// same if the entropy repeats.
///
/// Errors: WRONG_STATE after `mpass_pending_stored`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_pending_is_written_in(
    pending: *const mpass_pending,
    current: *const u8,
    current_len: usize,
    out: *mut bool,
) -> mpass_status {
    boundary(|| {
        let pending = used(pending)?;
        let out = out_param(out)?;
        out.set(pending.is_written_in(bytes(current, current_len)?)?);
        Ok(())
    })
}

/// Confirms that the swap is durably stored; after that, the outcome can be
/// read. Calling this before the swap is durable allows guesses that are not
/// counted. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_pending_stored(pending: *mut mpass_pending) -> mpass_status {
    boundary(|| {
        let mut pending = changed(pending)?;
        let state = core::mem::replace(&mut *pending, State::Stored(Outcome::Nothing));
        *pending = state.stored();
        Ok(())
    })
}

/// Gets the `MPASS_VERDICT_` constant of a stored attempt.
///
/// Errors: WRONG_STATE before `mpass_pending_stored` and for other kinds of
/// writes. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_pending_verdict(
    pending: *const mpass_pending,
    out: *mut u32,
) -> mpass_status {
    boundary(|| {
        let pending = used(pending)?;
        let out = out_param(out)?;
        match &*pending {
            State::Stored(Outcome::Verdict(verdict)) => out.set(verdict.number().into()),
            _ => return Err(mpass_status::WrongState),
        }
        Ok(())
    })
}

/// Gets the code of a stored challenge: 4 to 10 ASCII digits. The caller must
/// erase `out` after use.
///
/// Errors: WRONG_STATE before `mpass_pending_stored` and for other kinds of
/// writes, BUFFER_TOO_SMALL. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_pending_code(
    pending: *const mpass_pending,
    out: *mut c_char,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let pending = used(pending)?;
        give_text(pending.issued()?.code.as_str(), out, cap, written)
    })
}

/// Gets the time at which a stored challenge expires.
///
/// Errors: WRONG_STATE before `mpass_pending_stored` and for other kinds of
/// writes. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_pending_ends_at_ms(
    pending: *const mpass_pending,
    out: *mut u64,
) -> mpass_status {
    boundary(|| {
        let pending = used(pending)?;
        let out = out_param(out)?;
        out.set(pending.issued()?.ends_at_ms);
        Ok(())
    })
}
