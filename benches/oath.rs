//! Codes, windows and number hashes, beside liboath, totp-rs and the hash
//! functions underneath.

// A benchmark that cannot be set up is broken.
#![allow(clippy::expect_used)]

use core::hint::black_box;
#[cfg(liboath)]
use std::ffi::CString;

use mpass_benches::comparison::{Comparison, OURS};
#[cfg(liboath)]
use mpass_benches::liboath::{self, Liboath};
use mpass_benches::totp;
use mpass_core::number::PhoneNumber;
use mpass_core::oath::{Algorithm, Digits, Hotp, Key, Secret, Totp};
use mpass_tests::vectors;

/// The secret of RFC 4226, and the first 20 of RFC 6238's.
const SECRET: &[u8; 20] = b"12345678901234567890";
const NUMBER: &str = "+966501234567";
const NUMBER_SHA256: &str = "90a38f9294c5ab0c10c460c72353df5b7d0bd03ca3c4a01809c0f6363705b84f";
/// A time in 2026, in seconds.
const NOW: u64 = 1_795_348_800;

fn main() {
    let mut comparison = Comparison::from_args(env!("CARGO_TARGET_TMPDIR"));
    check_hotp();
    check_totp();
    hotp(&mut comparison);
    totp(&mut comparison);
    windows(&mut comparison);
    number_hash(&mut comparison);
    comparison.finish();
}

fn key(algorithm: Algorithm, secret: &[u8]) -> Key {
    Key::new(algorithm, secret).expect("a key")
}

/// Counts up, so that no two calls do the same work.
fn counter(from: u64, by: u64) -> impl FnMut() -> u64 {
    let mut next = from;
    move || {
        next += by;
        next
    }
}

/// A code that is none of the `count` from `counter` on.
fn wrong_code(hotp: &Hotp, counter: u64, count: u64) -> String {
    let codes: Vec<_> = (counter..counter + count)
        .map(|c| hotp.generate(c))
        .collect();
    (0..)
        .map(|code| format!("{code:06}"))
        .find(|wrong| codes.iter().all(|code| code.as_str() != wrong))
        .expect("more codes than counters")
}

/// Everyone gives the codes of RFC 4226 appendix D.
fn check_hotp() {
    let file = vectors::hotp();
    let secret = Secret::from_hex(&file.key_hex).expect("hexadecimal");
    let secret = secret.expose();
    let ours = Hotp::new(key(Algorithm::Sha1, secret), Digits::SIX);
    let kept = totp::kept(Algorithm::Sha1, secret, 6, 1, 0);
    #[cfg(liboath)]
    let oath = Liboath::new();
    for vector in &file.vectors {
        assert_eq!(ours.generate(vector.counter).as_str(), vector.code);
        assert_eq!(kept.generate(vector.counter).to_string(), vector.code);
        #[cfg(liboath)]
        {
            let code = oath.hotp(secret, vector.counter, liboath::Digits::Six);
            assert_eq!(code.as_str(), vector.code);
            let text = CString::new(vector.code.as_str()).expect("digits");
            let position = u32::try_from(vector.counter).ok();
            assert_eq!(oath.verify_hotp(secret, 0, 10, &text), position);
        }
        assert_eq!(ours.verify(&vector.code, 0, 10), Some(vector.counter));
        assert_eq!(
            kept.check(&vector.code, vector.counter),
            Some(vector.counter)
        );
    }
}

/// Everyone gives the codes of RFC 6238 appendix B.
fn check_totp() {
    for vector in &vectors::totp().vectors {
        let algorithm: Algorithm = vector.algorithm.parse().expect("an algorithm");
        let secret = Secret::from_hex(&vector.key_hex).expect("hexadecimal");
        let (secret, time, code) = (secret.expose(), vector.unix_time, &vector.code);
        let ours = Totp::new(key(algorithm, secret), Digits::EIGHT);
        assert_eq!(ours.generate(time).expect("a time").as_str(), code);
        assert_eq!(ours.verify(code, time, 1, 1), Some(time / 30));
        let kept = totp::kept(algorithm, secret, 8, 30, 1);
        assert_eq!(kept.generate(time).to_string(), *code);
        assert_eq!(kept.check(code, time), Some(time / 30));
        #[cfg(liboath)]
        {
            let oath = Liboath::new();
            let theirs = oath.totp(algorithm, secret, time, liboath::Digits::Eight);
            assert_eq!(theirs.as_str(), code);
            let text = CString::new(code.as_str()).expect("digits");
            let step = oath.verify_totp(algorithm, secret, time, 1, &text);
            assert_eq!(step, Some(time / 30));
        }
    }
}

fn hotp(comparison: &mut Comparison) {
    #[cfg(liboath)]
    let oath = Liboath::new();
    comparison.group("hotp sha1, key prepared", |group| {
        let ours = Hotp::new(key(Algorithm::Sha1, SECRET), Digits::SIX);
        let mut next = counter(0, 1);
        group.time(OURS, || ours.generate(next()));
        #[cfg(liboath)]
        group.time("liboath", || {
            oath.hotp(SECRET, next(), liboath::Digits::Six)
        });
        let kept = totp::kept(Algorithm::Sha1, SECRET, 6, 1, 0);
        group.time("totp-rs", || kept.generate(next()));
        // What no implementation on this hash can go below.
        let (mut state, mut block) = ([1; 5], [0; 64]);
        group.time("two compressions", || {
            block[..8].copy_from_slice(&next().to_be_bytes());
            for _ in 0..2 {
                sha1::block_api::compress(&mut state, &[block]);
            }
            state
        });
    });
    comparison.group("hotp sha1, raw key", |group| {
        let mut next = counter(0, 1);
        group.time(OURS, || {
            let key = key(Algorithm::Sha1, black_box(SECRET));
            Hotp::new(key, Digits::SIX).generate(next())
        });
        #[cfg(liboath)]
        group.time("liboath", || {
            oath.hotp(black_box(SECRET), next(), liboath::Digits::Six)
        });
        group.time("totp-rs", || {
            totp::kept(Algorithm::Sha1, black_box(SECRET), 6, 1, 0).generate(next())
        });
    });
}

fn totp(comparison: &mut Comparison) {
    #[cfg(liboath)]
    let oath = Liboath::new();
    let secret: Vec<u8> = SECRET.iter().copied().cycle().take(64).collect();
    for (name, algorithm) in [
        ("totp sha1, key prepared", Algorithm::Sha1),
        ("totp sha256, key prepared", Algorithm::Sha256),
        ("totp sha512, key prepared", Algorithm::Sha512),
    ] {
        let secret = &secret[..algorithm.output_len()];
        comparison.group(name, |group| {
            let ours = Totp::new(key(algorithm, secret), Digits::SIX);
            let mut next = counter(NOW, 30);
            group.time(OURS, || ours.generate(next()));
            #[cfg(liboath)]
            group.time("liboath", || {
                oath.totp(algorithm, secret, next(), liboath::Digits::Six)
            });
            let kept = totp::kept(algorithm, secret, 6, 30, 0);
            group.time("totp-rs", || kept.generate(next()));
        });
    }
}

/// Wrong codes, so that nobody stops early. totp-rs has a window on both sides
/// only: half of each here, which is as many codes.
fn windows(comparison: &mut Comparison) {
    #[cfg(liboath)]
    let oath = Liboath::new();
    let ours = Hotp::new(key(Algorithm::Sha1, SECRET), Digits::SIX);
    for (name, look_ahead) in [
        ("hotp look-ahead 10, wrong code", 10u16),
        ("hotp look-ahead 100, wrong code", 100),
    ] {
        let first = 1000;
        let wrong = wrong_code(&ours, first, u64::from(look_ahead) + 1);
        #[cfg(liboath)]
        let text = CString::new(wrong.as_str()).expect("digits");
        let kept = totp::kept(Algorithm::Sha1, SECRET, 6, 1, look_ahead / 2);
        let middle = first + u64::from(look_ahead) / 2;
        assert_eq!(ours.verify(&wrong, first, u32::from(look_ahead)), None);
        assert_eq!(kept.check(&wrong, middle), None);
        comparison.group(name, |group| {
            group.time(OURS, || {
                ours.verify(black_box(&wrong), first, u32::from(look_ahead))
            });
            #[cfg(liboath)]
            group.time("liboath", || {
                oath.verify_hotp(SECRET, first, usize::from(look_ahead), black_box(&text))
            });
            group.time("totp-rs", || kept.check(black_box(&wrong), middle));
        });
    }
    let totp = Totp::new(key(Algorithm::Sha1, SECRET), Digits::SIX);
    let wrong = wrong_code(&ours, NOW / 30 - 1, 3);
    #[cfg(liboath)]
    let text = CString::new(wrong.as_str()).expect("digits");
    let kept = totp::kept(Algorithm::Sha1, SECRET, 6, 30, 1);
    comparison.group("totp window of 3, wrong code", |group| {
        group.time(OURS, || totp.verify(black_box(&wrong), NOW, 1, 1));
        #[cfg(liboath)]
        group.time("liboath", || {
            oath.verify_totp(Algorithm::Sha1, SECRET, NOW, 1, black_box(&text))
        });
        group.time("totp-rs", || kept.check(black_box(&wrong), NOW));
    });
}

/// The peers have no numbers: the crates that hash and encode are beside it.
fn number_hash(comparison: &mut Comparison) {
    fn sha2_and_hex(number: &str) -> [u8; 64] {
        use sha2::Digest as _;
        let mut text = [0; 64];
        let digest = sha2::Sha256::digest(number);
        base16ct::lower::encode(&digest, &mut text).expect("room");
        text
    }
    let number = PhoneNumber::parse(NUMBER, None).expect("a number");
    assert_eq!(number.sha256_hex().as_str(), NUMBER_SHA256);
    assert_eq!(sha2_and_hex(NUMBER), NUMBER_SHA256.as_bytes());
    comparison.group("number hash", |group| {
        group.time(OURS, || black_box(&number).sha256_hex());
        group.time("sha2 with base16ct", || sha2_and_hex(black_box(NUMBER)));
    });
}
