//! The crates hmac and sha1: the key is prepared once and cloned for each code.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

use super::truncate;

/// HMAC-SHA-1 with a prepared key.
pub struct Cloned(Hmac<Sha1>);

impl Cloned {
    /// Prepares the key.
    #[must_use]
    pub fn new(key: &[u8]) -> Self {
        Self(Hmac::new_from_slice(key).expect("any length"))
    }

    /// The six digits of a counter.
    #[must_use]
    pub fn hotp(&self, counter: u64) -> [u8; 6] {
        let mut mac = self.0.clone();
        mac.update(&counter.to_be_bytes());
        truncate(&mac.finalize().into_bytes().into())
    }
}
