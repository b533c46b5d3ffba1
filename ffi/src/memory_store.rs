//! The engine's store in memory, for tests, demos and hosts that may forget.

use mpass_core::Error;
use mpass_core::service::AnswerKind;
use mpass_core::store::{Kind, MemoryStore, Store, StoreKey, Swap, Swapped};

use crate::boundary::boundary;
use crate::handle::{changed, class, construct, free, used};
use crate::slice::{array, bytes, optional, out_param};
use crate::status::mpass_status;
use crate::value::mpass_value;

/// A store in memory that drops what has expired and refuses when it is full.
/// Nothing survives the process. Any number of threads may use one; it locks
/// by key.
pub struct mpass_memory_store {
    _opaque: (),
}

class!(mpass_memory_store, MemoryStore, 21);

fn kind(number: u32) -> Result<Kind, mpass_status> {
    let kind = u8::try_from(number).ok().and_then(Kind::from_number);
    kind.ok_or(mpass_status::InvalidArgument)
}

fn failed(error: Error) -> AnswerKind {
    match error {
        Error::StoreFull => AnswerKind::Full,
        Error::StoreUnknown => AnswerKind::Unknown,
        _ => AnswerKind::Failed,
    }
}

/// An empty store for at most `capacity` values; memory is taken as they
/// come, about 140 bytes each. `*out` is the caller's, to be freed with
/// `mpass_memory_store_free`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_memory_store_new(
    capacity: usize,
    out: *mut *mut mpass_memory_store,
) -> mpass_status {
    construct(out, || Ok(MemoryStore::new(capacity)))
}

/// Frees a store with all its values; NULL does nothing. No other thread may
/// use it meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_memory_store_free(store: *mut mpass_memory_store) {
    free(store);
}

/// How many values it has, those included that have expired and are not
/// dropped yet. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_memory_store_len(
    store: *const mpass_memory_store,
    out: *mut usize,
) -> mpass_status {
    boundary(|| {
        let store = used(store)?;
        out_param(out)?.set(store.len());
        Ok(())
    })
}

/// The value at a key of exactly 16 bytes goes to `current`; `*answer` is
/// what a `load` callback returns.
///
/// Errors: INVALID_ARGUMENT for another kind than the `MPASS_KIND_`
/// constants, WRONG_LENGTH of the key. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_memory_store_load(
    store: *const mpass_memory_store,
    kind: u32,
    key: *const u8,
    key_len: usize,
    current: *mut mpass_value,
    answer: *mut u32,
) -> mpass_status {
    boundary(|| {
        let store = used(store)?;
        let answer = out_param(answer)?;
        let key = StoreKey(*array(key, key_len)?);
        let mut current = changed(current)?;
        let loaded = match store.load(self::kind(kind)?, &key) {
            Ok(value) => {
                *current = value;
                AnswerKind::Loaded
            }
            Err(error) => failed(error),
        };
        answer.set(loaded.number().into());
        Ok(())
    })
}

/// Replaces the value at a key of exactly 16 bytes if it is still the
/// expected one, NULL for nothing. After a conflict, the current value goes to
/// `current`; `*answer` is what a `swap` callback returns.
///
/// Errors: INVALID_ARGUMENT for another kind than the `MPASS_KIND_`
/// constants, WRONG_LENGTH of the key. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_memory_store_swap(
    store: *const mpass_memory_store,
    kind: u32,
    key: *const u8,
    key_len: usize,
    expected: *const u8,
    expected_len: usize,
    value: *const u8,
    value_len: usize,
    expires_at_ms: u64,
    now_ms: u64,
    current: *mut mpass_value,
    answer: *mut u32,
) -> mpass_status {
    boundary(|| {
        let store = used(store)?;
        let answer = out_param(answer)?;
        let swap = Swap {
            kind: self::kind(kind)?,
            key: StoreKey(*array(key, key_len)?),
            expected: optional(expected, expected_len)?.map(<[u8]>::to_vec),
            value: bytes(value, value_len)?.to_vec(),
            expires_at_ms,
        };
        let mut current = changed(current)?;
        let swapped = match store.swap(&swap, now_ms) {
            Ok(Swapped::Stored) => AnswerKind::Stored,
            Ok(Swapped::Conflict(found)) => {
                *current = found;
                AnswerKind::Conflict
            }
            Err(error) => failed(error),
        };
        answer.set(swapped.number().into());
        Ok(())
    })
}
