//! The documents that a store lists.

use mpass_core::store::{Listed, StoreKey};

use crate::boundary::boundary;
use crate::handle::{changed, class, construct, free, used};
use crate::slice::{array, bytes, give, out_param};
use crate::status::mpass_status;

/// Documents of a store with their keys, in the order in which they were added.
/// The handle that is passed to a callback belongs to the library; freeing it
/// has no effect.
pub struct mpass_documents {
    _opaque: (),
}

class!(mpass_documents, Vec<Listed>, 23);

/// Creates an empty list. The caller must free `*out` with
/// `mpass_documents_free`. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_documents_new(out: *mut *mut mpass_documents) -> mpass_status {
    construct(out, || Ok(Vec::new()))
}

/// Frees a list. Does nothing for NULL. No other thread may be using the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_documents_free(documents: *mut mpass_documents) {
    free(documents);
}

/// Adds a document with a key of exactly 16 bytes. Key and value are copied.
///
/// Errors: WRONG_LENGTH if the key is not 16 bytes. Threads: one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_documents_add(
    documents: *mut mpass_documents,
    key: *const u8,
    key_len: usize,
    value: *const u8,
    value_len: usize,
) -> mpass_status {
    boundary(|| {
        let key = StoreKey(*array(key, key_len)?);
        let value = bytes(value, value_len)?.to_vec();
        changed(documents)?.push((key, value));
        Ok(())
    })
}

/// Gets the number of documents. Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_documents_len(
    documents: *const mpass_documents,
    out: *mut usize,
) -> mpass_status {
    boundary(|| {
        let documents = used(documents)?;
        out_param(out)?.set(documents.len());
        Ok(())
    })
}

/// Gets the store key of the document at an index: 16 bytes.
///
/// Errors: WRONG_STATE if there is no such document, BUFFER_TOO_SMALL.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_documents_key(
    documents: *const mpass_documents,
    index: usize,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let documents = used(documents)?;
        let (key, _) = documents.get(index).ok_or(mpass_status::WrongState)?;
        give(&key.0, out, cap, written)
    })
}

/// Gets the value of the document at an index, at most 16,384 bytes.
///
/// Errors: WRONG_STATE if there is no such document, BUFFER_TOO_SMALL.
/// Threads: any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mpass_documents_value(
    documents: *const mpass_documents,
    index: usize,
    out: *mut u8,
    cap: usize,
    written: *mut usize,
) -> mpass_status {
    boundary(|| {
        let documents = used(documents)?;
        let (_, value) = documents.get(index).ok_or(mpass_status::WrongState)?;
        give(value, out, cap, written)
    })
}
