//! The in-memory store, for tests, demos and hosts that may lose their data.

use mpass_core::Error;
use mpass_core::service::AnswerKind;
use mpass_core::store::{Kind, MemoryStore, Store, StoreKey, Swap, Swapped};

use crate::boundary::boundary;
use crate::documents::mpass_documents;
use crate::handle::{changed, class, construct, free, used};
use crate::slice::{array, bytes, optional, optional_u64, out_param};
use crate::status::mpass_status;
use crate::value::mpass_value;

/// A store in memory that drops expired values and rejects new ones when it is
/// full. Nothing survives the process. It can be used by any number of threads
/// at once; it locks per key.
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

/// Creates an empty store for at most `capacity` values. Memory is allocated as
/// values are added, about 140 bytes each. The caller must free `*out` with
/// `mpass_memory_store_free`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_memory_store_new(
    capacity: usize,
    out: *mut *mut mpass_memory_store,
) -> mpass_status {
    construct(out, || Ok(MemoryStore::new(capacity)))
}

/// Frees a store with all its values. Does nothing for NULL. No other thread
/// may be using the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_memory_store_free(store: *mut mpass_memory_store) {
    free(store);
}

/// Gets the number of values, including those that have expired but are not
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

/// Loads the value with a key of exactly 16 bytes into `current`. `*answer` is
/// the return value for a `load` callback.
///
/// Errors: INVALID_ARGUMENT if `kind` is not a `MPASS_KIND_` constant,
/// WRONG_LENGTH if the key is not 16 bytes. Threads: any.
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

/// Replaces the value with a key of exactly 16 bytes if it still equals
/// `expected` (NULL: there is no value). The store keeps the value until
/// `*expires_at_ms` (NULL: it does not expire). After a conflict, `current` contains
/// the value that was found. `*answer` is the return value for a `swap`
/// callback.
///
/// Errors: INVALID_ARGUMENT if `kind` is not a `MPASS_KIND_` constant,
/// WRONG_LENGTH if the key is not 16 bytes. Threads: any.
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
    expires_at_ms: *const u64,
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
            expires_at_ms: optional_u64(expires_at_ms),
        };
        let mut current = changed(current)?;
        let swapped = match store.swap(&swap, now_ms) {
            Ok(Swapped::Stored) => AnswerKind::Stored,
            Ok(Swapped::Conflict(found)) => {
                *current = found;
                AnswerKind::Conflict
            }
            Ok(Swapped::Expired) => AnswerKind::Expired,
            Err(error) => failed(error),
        };
        answer.set(swapped.number().into());
        Ok(())
    })
}

/// Lists the values of `MPASS_KIND_DOCUMENT` with a key after `after`, a key of
/// exactly 16 bytes (NULL: from the first one), in ascending order of their keys,
/// at most `limit` of them, into `documents`. `*answer` is the return value for a
/// `list` callback.
///
/// Errors: WRONG_LENGTH if the key is not 16 bytes. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_memory_store_list(
    store: *const mpass_memory_store,
    after: *const u8,
    after_len: usize,
    limit: u32,
    documents: *mut mpass_documents,
    answer: *mut u32,
) -> mpass_status {
    boundary(|| {
        let store = used(store)?;
        let answer = out_param(answer)?;
        let after = match optional(after, after_len)? {
            Some(after) => Some(StoreKey(*array(after.as_ptr(), after.len())?)),
            None => None,
        };
        let mut documents = changed(documents)?;
        let listed = match store.list(after.as_ref(), limit) {
            Ok(listed) => {
                *documents = listed;
                AnswerKind::Listed
            }
            Err(error) => failed(error),
        };
        answer.set(listed.number().into());
        Ok(())
    })
}
