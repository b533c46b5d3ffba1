//! The conformance test of a host's own store.

use core::ffi::c_void;

use mpass_core::store::probe;

use crate::boundary::boundary;
use crate::callbacks::CallbackStore;
use crate::host::{mpass_host, table};
use crate::slice::{array, out_param};
use crate::status::mpass_status;

/// The store follows all rules that were tested.
pub const MPASS_PROBE_PASSED: u32 = 0;
/// A load, swap or list failed.
pub const MPASS_PROBE_STORE: u32 = 1;
/// A key that was never stored has a value.
pub const MPASS_PROBE_NOT_EMPTY: u32 = 2;
/// Of the parallel swaps that expect no value, `won` were stored instead of
/// exactly one.
pub const MPASS_PROBE_INSERT: u32 = 3;
/// Of the parallel swaps that expect the same value, `won` were stored instead
/// of exactly one.
pub const MPASS_PROBE_REPLACE: u32 = 4;
/// A conflict did not return the value that won.
pub const MPASS_PROBE_LOSER: u32 = 5;
/// A load did not return the value that was stored.
pub const MPASS_PROBE_FORGOTTEN: u32 = 6;
/// A value of the greatest or least length was not returned unchanged.
pub const MPASS_PROBE_LENGTH: u32 = 7;
/// A swap was stored although its expected value was not the current one.
pub const MPASS_PROBE_WRONG_VALUE: u32 = 8;
/// A swap that expected no value was stored over an existing value.
pub const MPASS_PROBE_NOT_ABSENT: u32 = 9;
/// A swap that expected a value was stored although there was none.
pub const MPASS_PROBE_NOT_PRESENT: u32 = 10;
/// A swap that was answered with a conflict changed the stored value.
pub const MPASS_PROBE_CHANGED: u32 = 11;
/// A value of one kind was visible under the same key of the other kind.
pub const MPASS_PROBE_KINDS_MIXED: u32 = 12;
/// A value was dropped before its expiry.
pub const MPASS_PROBE_DROPPED_EARLY: u32 = 13;
/// The system could not start the requested number of threads. The store was
/// not tested.
pub const MPASS_PROBE_THREADS: u32 = 14;
/// A value that the store had dropped was stored anew after the clock was set
/// back, instead of `MPASS_ANSWER_EXPIRED`.
pub const MPASS_PROBE_REVIVED: u32 = 15;
/// Documents were not listed in ascending order of their keys, or not after the
/// key that was given.
pub const MPASS_PROBE_LIST_ORDER: u32 = 16;
/// More documents were listed than requested.
pub const MPASS_PROBE_LIST_LIMIT: u32 = 17;
/// A state was listed.
pub const MPASS_PROBE_LIST_STATE: u32 = 18;
/// A document was not listed, or not as it is stored.
pub const MPASS_PROBE_LIST_MISSING: u32 = 19;
/// A rule that this header does not define.
pub const MPASS_PROBE_OTHER: u32 = 0xffff_ffff;

/// The number of the failure, its kind (0 if it has none) and how many swaps
/// won (1 if that does not apply).
fn failure_numbers(failure: probe::Failure) -> (u32, u32, usize) {
    use probe::Failure;
    let (number, kind, won) = match failure {
        Failure::Store(_) => (MPASS_PROBE_STORE, None, 1),
        Failure::NotEmpty(kind) => (MPASS_PROBE_NOT_EMPTY, Some(kind), 1),
        Failure::Insert { kind, won } => (MPASS_PROBE_INSERT, Some(kind), won),
        Failure::Replace { kind, won } => (MPASS_PROBE_REPLACE, Some(kind), won),
        Failure::Loser(kind) => (MPASS_PROBE_LOSER, Some(kind), 1),
        Failure::Forgotten(kind) => (MPASS_PROBE_FORGOTTEN, Some(kind), 1),
        Failure::Length(kind) => (MPASS_PROBE_LENGTH, Some(kind), 1),
        Failure::WrongValue(kind) => (MPASS_PROBE_WRONG_VALUE, Some(kind), 1),
        Failure::NotAbsent(kind) => (MPASS_PROBE_NOT_ABSENT, Some(kind), 1),
        Failure::NotPresent(kind) => (MPASS_PROBE_NOT_PRESENT, Some(kind), 1),
        Failure::Changed(kind) => (MPASS_PROBE_CHANGED, Some(kind), 1),
        Failure::KindsMixed => (MPASS_PROBE_KINDS_MIXED, None, 1),
        Failure::DroppedEarly => (MPASS_PROBE_DROPPED_EARLY, None, 1),
        Failure::Revived => (MPASS_PROBE_REVIVED, None, 1),
        Failure::ListOrder => (MPASS_PROBE_LIST_ORDER, None, 1),
        Failure::ListLimit => (MPASS_PROBE_LIST_LIMIT, None, 1),
        Failure::ListState => (MPASS_PROBE_LIST_STATE, None, 1),
        Failure::ListMissing => (MPASS_PROBE_LIST_MISSING, None, 1),
        Failure::Threads => (MPASS_PROBE_THREADS, None, 1),
        _ => (MPASS_PROBE_OTHER, None, 1),
    };
    (number, kind.map_or(0, |kind| kind.number().into()), won)
}

/// Tests a host's own store, to be run before using it. Calls `load`, `swap`
/// and `list` of `host` from `threads` threads at once (clamped to 2 to 1,024; 64 find
/// most races) in `rounds` rounds. `entropy` is exactly 32 bytes that were
/// never used for a probe before.
///
/// `*failure` is the first failure found, a `MPASS_PROBE_` constant; `*kind`
/// the `MPASS_KIND_` constant that it concerns, or 0; and `*won` the number of
/// parallel swaps that were stored, for INSERT and REPLACE, otherwise 1.
///
/// The probe leaves values in the store, so run it against a separate store. It
/// does not test whether stored values survive a crash; the host must test that
/// itself.
///
/// Errors: those of `mpass_drive` for `host`, WRONG_LENGTH if `entropy` is not
/// 32 bytes. Threads: any; it starts and joins its own threads.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_store_probe(
    host: *const mpass_host,
    userdata: *mut c_void,
    threads: usize,
    rounds: usize,
    now_ms: u64,
    entropy: *const u8,
    entropy_len: usize,
    failure: *mut u32,
    kind: *mut u32,
    won: *mut usize,
) -> mpass_status {
    boundary(|| {
        let store = CallbackStore::of(&table(host)?, userdata)?;
        let entropy = array(entropy, entropy_len)?;
        let (failure, kind, won) = (out_param(failure)?, out_param(kind)?, out_param(won)?);
        let probed = probe::probe(&store, threads, rounds, now_ms, *entropy);
        let numbers = probed.map_or_else(failure_numbers, |()| (MPASS_PROBE_PASSED, 0, 1));
        failure.set(numbers.0);
        kind.set(numbers.1);
        won.set(numbers.2);
        Ok(())
    })
}
