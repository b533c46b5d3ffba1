//! Shared code of the benchmarks of codes: the secret, and codes that do not
//! occur in a window.

use mpass_core::oath::{Algorithm, Digits, Hotp, Key};

/// The secret of RFC 4226, which is also the first 20 bytes of that of RFC
/// 6238.
pub const SECRET: &[u8; 20] = b"12345678901234567890";
/// A time in 2026, in seconds.
pub const NOW: u64 = 1_795_348_800;

/// Codes of six digits under [`SECRET`] and SHA-1.
///
/// # Panics
/// Never, because the secret is valid.
#[must_use]
pub fn hotp() -> Hotp {
    let key = Key::new(Algorithm::Sha1, SECRET).expect("a key");
    Hotp::new(key, Digits::SIX)
}

/// A counter, so that every call does different work.
pub fn counter(from: u64, by: u64) -> impl FnMut() -> u64 {
    let mut next = from;
    move || {
        next += by;
        next
    }
}

/// A code that does not occur among the `count` counters from `counter` on.
///
/// # Panics
/// If every code occurs.
#[must_use]
pub fn wrong_code(hotp: &Hotp, counter: u64, count: u64) -> String {
    let codes: std::collections::HashSet<_> = (counter..counter + count)
        .map(|counter| hotp.generate(counter).as_str().to_owned())
        .collect();
    (0..1_000_000)
        .map(|code| format!("{code:06}"))
        .find(|wrong| !codes.contains(wrong))
        .expect("more codes than counters")
}
