//! Tests of the encryption of documents.

#![cfg(feature = "alloc")]

use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::document::{Document, DocumentWrite, Opened};
use super::{Keyring, sealing_key};
use crate::Error;
use crate::labels::Label;
use crate::store::StoreKey;

const KIND: Document = Document {
    format: 0x7e,
    label: Label::of_test("test"),
    plain: None,
};
const NOW_MS: u64 = 1_800_000_000_000;
const CONTENTS: &[u8] = b"the contents of a document, longer than one block";

fn keyring() -> Keyring {
    Keyring::generate(&[7; 32])
}

fn opened(contents: &[u8], expires_at_ms: Option<u64>) -> Opened {
    Opened {
        contents: Zeroizing::new(contents.to_vec()),
        expires_at_ms,
    }
}

fn sealed(keyring: &Keyring, entropy: u8, contents: &[u8]) -> (StoreKey, Vec<u8>) {
    let store_key = KIND.store_key(keyring, [b"name"]);
    let write = DocumentWrite {
        keyring,
        store_key: &store_key,
        current: None,
        now_ms: NOW_MS,
        entropy: &[entropy; 32],
    };
    let swap = KIND.seal(write, &opened(contents, None)).unwrap();
    assert_eq!((swap.key, swap.expected), (store_key, None));
    (store_key, swap.value)
}

#[test]
fn contents_and_expiry_come_back() {
    let keyring = keyring();
    let store_key = KIND.store_key(&keyring, [b"name"]);
    let write = DocumentWrite {
        keyring: &keyring,
        store_key: &store_key,
        current: Some(b"before"),
        now_ms: NOW_MS,
        entropy: &[1; 32],
    };
    for (expiry, expected) in [
        (None, None),
        (Some(NOW_MS), Some(NOW_MS)),
        (Some(0), Some(1)),
        (Some(u64::MAX), Some((1 << 48) - 1)),
    ] {
        for contents in [&b""[..], b"x", CONTENTS, &[0xff; 16_000]] {
            let swap = KIND.seal(write, &opened(contents, expiry)).unwrap();
            let until = expiry.map(|at| at.div_ceil(60_000).saturating_mul(60_000));
            assert_eq!(swap.expires_at_ms, until);
            assert_eq!(swap.expected.as_deref(), Some(&b"before"[..]));
            // Format, key id, stamp, expiry and tag.
            assert_eq!(swap.value.len(), 1 + 2 + 8 + 6 + contents.len() + 16);
            let read = KIND.open(&keyring, &store_key, &swap.value).unwrap();
            assert_eq!(*read.contents, contents);
            assert_eq!(read.expires_at_ms, expected);
        }
    }
}

#[test]
fn a_change_of_any_bit_is_refused() {
    let keyring = keyring();
    let (store_key, value) = sealed(&keyring, 1, CONTENTS);
    for at in 0..value.len() {
        for bit in 0..8 {
            let mut changed = value.clone();
            changed[at] ^= 1 << bit;
            let refused = KIND.open(&keyring, &store_key, &changed).err();
            let expected = match at {
                0 => Error::RecordFormat,
                1 | 2 => Error::UnknownRecordKey,
                _ => Error::RecordForged,
            };
            assert_eq!(refused, Some(expected), "byte {at}, bit {bit}");
        }
    }
    for len in 0..value.len() {
        let refused = KIND.open(&keyring, &store_key, &value[..len]);
        assert!(refused.is_err(), "{len} bytes");
    }
}

#[test]
fn a_moved_document_is_refused() {
    let keyring = keyring();
    let (store_key, value) = sealed(&keyring, 1, CONTENTS);
    let refused = |kind: Document, keyring: &Keyring, store_key: &StoreKey| {
        kind.open(keyring, store_key, &value).err()
    };
    let elsewhere = KIND.store_key(&keyring, [b"other"]);
    assert_eq!(
        refused(KIND, &keyring, &elsewhere),
        Some(Error::RecordForged)
    );
    let other = Keyring::generate(&[8; 32]);
    assert_eq!(refused(KIND, &other, &store_key), Some(Error::RecordForged));
    let another_kind = Document {
        format: 0x7f,
        ..KIND
    };
    let of_another = refused(another_kind, &keyring, &store_key);
    assert_eq!(of_another, Some(Error::RecordFormat));
    // The format is authenticated: renaming it is not enough.
    let mut renamed = value.clone();
    renamed[0] = another_kind.format;
    let forged = another_kind.open(&keyring, &store_key, &renamed).err();
    assert_eq!(forged, Some(Error::RecordForged));
    // A second key with the same id as the first one's is another key.
    let mut newer = keyring.clone();
    newer.add(&[9; 32]).unwrap();
    let mut other_key = value.clone();
    other_key[2] = 2;
    let forged = KIND.open(&newer, &store_key, &other_key).err();
    assert_eq!(forged, Some(Error::RecordForged));
}

#[test]
fn two_writes_differ_everywhere() {
    let keyring = keyring();
    let (_, first) = sealed(&keyring, 1, CONTENTS);
    let (_, second) = sealed(&keyring, 2, CONTENTS);
    let same = |a: &[u8], b: &[u8]| a.iter().zip(b).filter(|(a, b)| a == b).count();
    assert_eq!(first.len(), second.len());
    assert!(same(&first[3..], &second[3..]) < 6);
    // Entropy that repeats does not repeat a key for other contents.
    let (_, third) = sealed(
        &keyring,
        1,
        b"the contents of a document, longer than 1 blockss",
    );
    assert_eq!(first.len(), third.len());
    assert!(same(&first[3..], &third[3..]) < 6);
}

#[test]
fn contents_are_not_in_the_value() {
    let keyring = keyring();
    let (_, value) = sealed(&keyring, 1, CONTENTS);
    assert!(
        !value
            .windows(4)
            .any(|part| { CONTENTS.windows(4).any(|contents| contents == part) })
    );
}

#[test]
fn resealing_changes_the_key_and_keeps_the_expiry() {
    let mut keyring = keyring();
    let store_key = KIND.store_key(&keyring, [b"name"]);
    let reseal = |keyring: &Keyring, current: Option<&[u8]>| {
        KIND.reseal(DocumentWrite {
            keyring,
            store_key: &store_key,
            current,
            now_ms: NOW_MS,
            entropy: &[3; 32],
        })
    };
    let write = DocumentWrite {
        keyring: &keyring,
        store_key: &store_key,
        current: None,
        now_ms: NOW_MS,
        entropy: &[1; 32],
    };
    let swap = KIND.seal(write, &opened(CONTENTS, Some(NOW_MS))).unwrap();
    let value = swap.value;
    assert_eq!(reseal(&keyring, Some(&value)), Ok(None));
    assert_eq!(reseal(&keyring, None), Err(Error::RecordFormat));
    let newer = keyring.add(&[8; 32]).unwrap();
    keyring.activate(newer).unwrap();
    let resealed = reseal(&keyring, Some(&value)).unwrap().unwrap();
    assert_eq!(resealed.expected.as_deref(), Some(&value[..]));
    assert_eq!(resealed.expires_at_ms, Some(NOW_MS));
    assert_eq!(sealing_key(&resealed.value), Some(newer));
    keyring.remove(1).unwrap();
    let read = KIND.open(&keyring, &store_key, &resealed.value).unwrap();
    assert_eq!(*read.contents, CONTENTS);
    assert_eq!(read.expires_at_ms, Some(NOW_MS));
}
