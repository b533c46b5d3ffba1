//! The crate totp-rs.

use mpass_core::oath::Algorithm;
use totp_rs::{Builder, Secret, Totp};

/// A reusable object for codes of this key. The crate has no HOTP, but with
/// steps of one second the code of a time is the HOTP code of that counter.
#[must_use]
pub fn kept(algorithm: Algorithm, secret: &[u8], digits: u8, step: u64, skew: u16) -> Totp {
    Builder::new()
        .with_algorithm(match algorithm {
            Algorithm::Sha1 => totp_rs::Algorithm::SHA1,
            Algorithm::Sha256 => totp_rs::Algorithm::SHA256,
            Algorithm::Sha512 => totp_rs::Algorithm::SHA512,
        })
        .with_digits(digits)
        .with_skew(skew)
        .with_step_duration(step)
        .with_secret(Secret::new(secret.into()))
        .build()
        .expect("a key that totp-rs takes")
}
