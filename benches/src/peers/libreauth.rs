//! The crate libreauth.

use libreauth::oath::{HOTP, HOTPBuilder};

/// A kept object for six digits of SHA-1, which looks `look_ahead` counters
/// ahead of its own.
#[must_use]
pub fn kept(secret: &[u8], counter: u64, look_ahead: u64) -> HOTP {
    HOTPBuilder::new()
        .key(secret)
        .counter(counter)
        .look_ahead(look_ahead)
        .finalize()
        .expect("a key that libreauth takes")
}
