//! The crate libreauth.

use libreauth::oath::{HOTP, HOTPBuilder};

/// A reusable object for six digits with SHA-1, with this look-ahead.
#[must_use]
pub fn kept(secret: &[u8], counter: u64, look_ahead: u64) -> HOTP {
    HOTPBuilder::new()
        .key(secret)
        .counter(counter)
        .look_ahead(look_ahead)
        .finalize()
        .expect("a key that libreauth takes")
}
