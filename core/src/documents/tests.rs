//! Tests of the documents of the host.

use alloc::string::String;
use alloc::vec;

use super::{Contents, Family, HostDocument, HostHash, Next};
use crate::Error;
use crate::challenge::Keyring;
use crate::store::{Environment, MemoryStore, Stamp, Store};

const NOW_MS: u64 = 1_800_000_000_000;
const NAME: &[u8] = b"part";

fn keyring() -> Keyring {
    Keyring::generate(&[42; 32])
}

fn at(now_ms: u64) -> impl Environment {
    (move || now_ms, || Ok([1; 32]))
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| std::format!("{byte:02x}"))
        .collect()
}

fn write(document: &HostDocument<&Keyring>, contents: Contents, store: &MemoryStore) -> Stamp {
    let change = document.changing(|_, _| Ok::<_, Error>(Next::Write(contents.clone(), ())));
    let changed = change.run(store, &at(NOW_MS)).unwrap();
    changed.stamp.unwrap()
}

/// The expected values are computed with HMAC-SHA-256 of Python's standard library.
#[test]
fn store_keys_keep_their_bytes() {
    let keyring = keyring();
    for (family, expected) in [
        (Family::Gateway, "b7c1326bc23b6c1890ffb241ae74b94e"),
        (Family::GatewayOrder, "6e4e50f808c19be0f78c01bc7c32811c"),
        (Family::Administrator, "2303bacd11357c524a0032e9bb47454a"),
        (Family::Session, "da10c6d2a983872ca6f247d85f3e6b6c"),
        (Family::ApiToken, "9f747c8ac4c093275f8e0cc60b62dcd9"),
        (Family::AuditSegment, "3b1c8fb22c2375d4f2e1c81ec03901b2"),
        (Family::AuditHead, "cea794980f02419b65363b11e933b6d3"),
        (Family::Statistics, "ca72010de0b6ee22ce90801dc34d94d4"),
        (Family::Machine, "6d1458b798a59f579c963a065ed74e1f"),
    ] {
        let document = HostDocument::new(&keyring, family, [NAME]);
        assert_eq!(hex(&document.store_key().0), expected, "{family:?}");
        let store = MemoryStore::new(10);
        write(&document, Contents::new(vec![1]), &store);
        let [(key, value)] = &store.list(None, 10).unwrap()[..] else {
            panic!("one document");
        };
        assert_eq!(
            (*key, Family::of(value)),
            (document.store_key(), Some(family))
        );
    }
}

/// As [`store_keys_keep_their_bytes`].
#[test]
fn hashes_keep_their_bytes() {
    let keyring = keyring();
    for (hash, expected) in [
        (HostHash::Password, "91acdf98c89d50ed5261ca385e7552fb"),
        (HostHash::RecoveryCode, "bf92811d15313b71717fb6c7e3896a4a"),
        (HostHash::Session, "199d3496168344b496fb43b1f9d04a79"),
        (HostHash::ApiToken, "a8dd23b50b2fb26a1ddf09c9ecf92f25"),
        (HostHash::AuditEntry, "88abb0a83002fa14e1366fdfff30d0a5"),
    ] {
        let of = |parts: &[&[u8]]| hex(&hash.of(&keyring, parts)[..16]);
        assert_eq!(of(&[NAME, b"other"]), expected, "{hash:?}");
        assert_ne!(of(&[b"partother"]), expected, "{hash:?}");
    }
}

#[test]
fn contents_come_back_until_they_expire() {
    let (keyring, store) = (keyring(), MemoryStore::new(10));
    let document = HostDocument::new(&keyring, Family::Session, [NAME]);
    let read = |now_ms| document.reading().run(&store, &at(now_ms)).unwrap();
    assert!(read(NOW_MS).is_none());
    let stamp = write(
        &document,
        Contents::new(vec![7; 40]).until(NOW_MS + 1000),
        &store,
    );
    let contents = read(NOW_MS + 999).unwrap();
    assert_eq!(contents.bytes(), [7; 40]);
    assert_eq!(contents.expires_at_ms(), Some(NOW_MS + 1000));
    assert_eq!(contents.stamp(), Some(stamp));
    assert!(read(NOW_MS + 1000).is_none());
    assert!(!std::format!("{contents:?}").contains("7, 7"));
}

#[test]
fn a_document_that_has_changed_is_refused() {
    let (keyring, store) = (keyring(), MemoryStore::new(10));
    let document = HostDocument::new(&keyring, Family::Gateway, [NAME]);
    let first = write(&document, Contents::new(vec![1]), &store);
    let update = |expected, byte| {
        let change = document.changing(move |current, _| {
            current.ok_or(Error::RecordMissing)?.expect(expected)?;
            Ok::<_, Error>(Next::Write(Contents::new(vec![byte]), ()))
        });
        change.run(&store, &at(NOW_MS))
    };
    let second = update(Some(first), 2).unwrap().stamp;
    assert_ne!(second, Some(first));
    assert_eq!(update(Some(first), 3), Err(Error::Changed));
    assert!(update(None, 4).is_ok());
}

#[test]
fn a_removed_document_is_absent_and_can_be_created_again() {
    let (keyring, store) = (keyring(), MemoryStore::new(10));
    let document = HostDocument::new(&keyring, Family::Gateway, [NAME]);
    write(&document, Contents::new(vec![1]), &store);
    let remove = document.changing(|current, _| {
        assert!(current.is_some());
        Ok::<_, Error>(Next::Remove(5))
    });
    let removed = remove.run(&store, &at(NOW_MS)).unwrap();
    assert_eq!((removed.outcome, removed.stamp), (5, None));
    assert!(
        document
            .reading()
            .run(&store, &at(NOW_MS))
            .unwrap()
            .is_none()
    );
    let create = document.changing(|current, _| {
        assert!(current.is_none());
        Ok::<_, Error>(Next::Write(Contents::new(vec![2]), ()))
    });
    create.run(&store, &at(NOW_MS)).unwrap();
    let read = document.reading().run(&store, &at(NOW_MS)).unwrap();
    assert_eq!(read.unwrap().bytes(), [2]);
}

#[test]
fn a_value_of_another_place_or_family_or_keyring_is_refused() {
    let (keyring, store) = (keyring(), MemoryStore::new(10));
    let document = HostDocument::new(&keyring, Family::Gateway, [NAME]);
    write(&document, Contents::new(vec![1]), &store);
    let (_, value) = store.list(None, 1).unwrap().remove(0);
    let open = |document: HostDocument<&Keyring>| document.open(Some(&value), NOW_MS).map(drop);
    assert_eq!(open(document), Ok(()));
    let listed = HostDocument::listed(&keyring, Family::Gateway, document.store_key());
    assert_eq!(open(listed), Ok(()));
    let elsewhere = HostDocument::new(&keyring, Family::Gateway, [b"other"]);
    assert_eq!(open(elsewhere), Err(Error::RecordForged));
    let family = HostDocument::listed(&keyring, Family::ApiToken, document.store_key());
    assert_eq!(open(family), Err(Error::RecordFormat));
    let other = Keyring::generate(&[43; 32]);
    let other = HostDocument::listed(&other, Family::Gateway, document.store_key());
    assert_eq!(open(other), Err(Error::RecordForged));
}

#[test]
fn too_much_is_refused() {
    let (keyring, store) = (keyring(), MemoryStore::new(10));
    let document = HostDocument::new(&keyring, Family::Statistics, [NAME]);
    let most = HostDocument::<&Keyring>::MOST_BYTES;
    write(&document, Contents::new(vec![1; most]), &store);
    let change = document.changing(|_, _| {
        let contents = Contents::new(vec![1; most + 1]);
        Ok::<_, Error>(Next::Write(contents, ()))
    });
    assert_eq!(
        change.run(&store, &at(NOW_MS)),
        Err(Error::DocumentTooLarge)
    );
}
