//! Keyring text.

use mpass_core::challenge::Keyring;
use mpass_tests::coverage::RUST;
use mpass_tests::vectors::{self, Keyring as Vector};

#[test]
fn keyring_text() {
    let vectors = vectors::keyring().vectors;
    RUST.vectors("keyring.json", &vectors, |vector| match vector {
        Vector::Read(read) => {
            let keyring: Keyring = read.text.parse().unwrap();
            assert_eq!(keyring.ids().collect::<Vec<_>>(), read.ids, "{}", read.case);
            assert_eq!(keyring.newest(), read.newest, "{}", read.case);
            assert_eq!(keyring.expose().to_string(), read.written, "{}", read.case);
        }
        Vector::Refused { case, text, error } => {
            let refused = text.parse::<Keyring>().unwrap_err();
            assert_eq!(refused.name(), error, "{case}");
        }
    });
}
