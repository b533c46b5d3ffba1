//! What people type for a code.

use mpass_core::challenge::{Attempt, Keyring, Token, TokenPolicy, Verdict};
use mpass_core::oath::{Digits, Hotp, Key, Secret};
use mpass_tests::coverage::RUST;
use mpass_tests::vectors;

const NOW_MS: u64 = 1_800_000_000_000;

/// The verdict on a text typed for a token at the counter, and whether it was
/// counted.
fn attempt(hotp: &Hotp, text: &str, counter: u64) -> (Verdict, bool) {
    let keyring = Keyring::generate(&[7; 32]);
    let policy = TokenPolicy {
        look_ahead: 0,
        ..TokenPolicy::default()
    };
    let token = Token::new(&keyring, policy, b"acme", b"token").unwrap();
    let record = token.enroll(counter, NOW_MS, &[1; 32]).unwrap();
    let current = Some(&record.next()[..]);
    let attempt = token.attempt_hotp(current, hotp, text, NOW_MS, &[2; 32]);
    match attempt.unwrap() {
        Attempt::Pending(pending) => (pending.stored(), true),
        Attempt::Told(verdict) => (verdict, false),
    }
}

#[test]
fn what_people_type() {
    let file = vectors::typed_code();
    let secret = Secret::from_hex(&file.key_hex).unwrap();
    RUST.vectors("typed-code.json", &file.vectors, |vector| {
        let key = Key::new(file.algorithm.parse().unwrap(), secret.expose()).unwrap();
        let hotp = Hotp::new(key, Digits::new(vector.digits).unwrap());
        for (text, expected) in [
            (&vector.text, &vector.verdict),
            (&vector.altered, &vector.altered_verdict),
        ] {
            let (verdict, is_counted) = attempt(&hotp, text, vector.counter);
            assert_eq!(verdict.name(), expected, "{text:?}, {}", vector.source);
            assert_eq!(is_counted, verdict != Verdict::Malformed, "{text:?}");
            let matched = hotp.verify(text, vector.counter, 0);
            assert_eq!(matched.is_some(), verdict.is_accept(), "{text:?}");
        }
    });
}
