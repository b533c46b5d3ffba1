//! What tries a host's own store.

use core::ffi::c_void;

use mpass_core::store::probe;

use crate::boundary::boundary;
use crate::callbacks::CallbackStore;
use crate::host::{mpass_host, table};
use crate::slice::{array, out_param};
use crate::status::mpass_status;

/// The store keeps every rule that was tried.
pub const MPASS_PROBE_PASSED: u32 = 0;
/// A load or a swap failed that should not have.
pub const MPASS_PROBE_STORE: u32 = 1;
/// A key where nothing was ever stored has a value.
pub const MPASS_PROBE_NOT_EMPTY: u32 = 2;
/// Of parallel swaps that all expect nothing, not one but `won` were stored.
pub const MPASS_PROBE_INSERT: u32 = 3;
/// Of parallel swaps that all expect the same value, not one but `won` were.
pub const MPASS_PROBE_REPLACE: u32 = 4;
/// A conflict was answered with something else than the value that won.
pub const MPASS_PROBE_LOSER: u32 = 5;
/// A load after "stored" gives something else than what was stored.
pub const MPASS_PROBE_FORGOTTEN: u32 = 6;
/// A value of the greatest or least length does not come back as it was.
pub const MPASS_PROBE_LENGTH: u32 = 7;
/// A swap was stored that expected another value than the current one.
pub const MPASS_PROBE_WRONG_VALUE: u32 = 8;
/// A swap was stored that expected none where there was a value.
pub const MPASS_PROBE_NOT_ABSENT: u32 = 9;
/// A swap was stored that expected a value where there was none.
pub const MPASS_PROBE_NOT_PRESENT: u32 = 10;
/// A swap that was refused changed the value.
pub const MPASS_PROBE_CHANGED: u32 = 11;
/// A value of one kind was seen at the same key of the other.
pub const MPASS_PROBE_KINDS_MIXED: u32 = 12;
/// A value was dropped before its time.
pub const MPASS_PROBE_DROPPED_EARLY: u32 = 13;
/// The system started fewer threads than were asked for: the store was not
/// tried.
pub const MPASS_PROBE_THREADS: u32 = 14;
/// A rule that this header does not know.
pub const MPASS_PROBE_OTHER: u32 = 0xffff_ffff;

/// Number, kind (0 where it is of none) and how many won (1 where that is not
/// the matter).
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
        Failure::Threads => (MPASS_PROBE_THREADS, None, 1),
        _ => (MPASS_PROBE_OTHER, None, 1),
    };
    (number, kind.map_or(0, |kind| kind.number().into()), won)
}

/// Tries a host's own store before it is trusted: its `load` and `swap` are
/// called from `threads` threads at once (2 to 1,024, more or fewer are as many;
/// 64 find most races), in `rounds` rounds. `entropy` is exactly 32 bytes that
/// were never given before. `*failure` is a `MPASS_PROBE_` constant, `*kind`
/// the `MPASS_KIND_` that it is about or 0, `*won` how many parallel swaps were
/// stored where that is the matter. The probe leaves values in the store: give
/// it one of its own. Whether what is stored survives a crash is for the host
/// to try.
///
/// Errors: as `mpass_drive` for the table, WRONG_LENGTH of the entropy.
/// Threads: any; it starts and ends its own.
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
