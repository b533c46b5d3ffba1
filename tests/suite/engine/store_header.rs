//! The header of a store: the vectors that every language runs.

use mpass_core::challenge::{Header, Keyring};
use mpass_core::store::{Kind, MemoryStore, Store, Swap, Swapped};
use mpass_tests::coverage::RUST;
use mpass_tests::sim::NOON;
use mpass_tests::vectors::{self, StoreHeader};

fn bytes(hex: &str) -> Vec<u8> {
    let digits = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(digits).collect()
}

fn check(vector: &StoreHeader) {
    let keyring: Keyring = vector.keyring.parse().unwrap();
    let store = MemoryStore::new(10);
    if let Some(hex) = &vector.header_hex {
        let swap = Swap {
            kind: Kind::Document,
            key: Header::KEY,
            expected: None,
            value: bytes(hex),
            expires_at_ms: None,
        };
        assert_eq!(store.swap(&swap, NOON), Ok(Swapped::Stored));
    }
    let environment = (|| NOON, || Ok([1; 32]));
    let opened = Header::opening(&keyring).run(&store, &environment);
    let (name, error) = (&vector.name, opened.as_ref().err());
    assert_eq!(
        error.map(|error| error.name()),
        vector.error.as_deref(),
        "{name}"
    );
    if let Ok(header) = opened {
        assert_eq!(Some(header.active_key()), vector.active_key, "{name}");
        assert_eq!(header.known_keys().collect::<Vec<_>>(), [1, 2], "{name}");
        assert_eq!(header.restored_at_ms(), vector.restored_at_ms, "{name}");
        assert_eq!(header.confirmed_at_ms(), vector.confirmed_at_ms, "{name}");
    }
}

#[test]
fn the_header_is_compared_with_the_keyring() {
    let file = vectors::store_headers();
    RUST.vectors("store-header.json", &file.vectors, check);
}
