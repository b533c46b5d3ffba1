//! Codes and number hashes, compared with other libraries, the underlying hash
//! functions and lower bounds of the processor.

// A benchmark that cannot be set up must fail.
#![allow(clippy::expect_used)]

use core::hint::black_box;
#[cfg(liboath)]
use std::ffi::CString;

use mpass_benches::codes::{NOW, SECRET, counter};
use mpass_benches::comparison::{Comparison, Group, OURS};
#[cfg(target_arch = "x86_64")]
use mpass_benches::limit::{
    self,
    sha_ni::{ShaNi, padded},
};
#[cfg(liboath)]
use mpass_benches::peers::liboath::{self, Liboath};
#[cfg(nettle)]
use mpass_benches::peers::nettle::Nettle;
use mpass_benches::peers::{libreauth, rustcrypto, totp_rs};
use mpass_core::number::PhoneNumber;
use mpass_core::oath::{Algorithm, Digits, Hotp, Key, Secret, Totp};
use mpass_tests::vectors;

const NUMBER: &str = "+966501234567";
const NUMBER_SHA256: &str = "90a38f9294c5ab0c10c460c72353df5b7d0bd03ca3c4a01809c0f6363705b84f";

fn main() {
    let mut comparison = Comparison::from_args(env!("CARGO_TARGET_TMPDIR"));
    check_hotp();
    check_totp();
    hotp(&mut comparison);
    totp(&mut comparison);
    number_hash(&mut comparison);
    comparison.finish();
}

fn key(algorithm: Algorithm, secret: &[u8]) -> Key {
    Key::new(algorithm, secret).expect("a key")
}

/// Checks that all libraries return the codes of RFC 4226 appendix D.
fn check_hotp() {
    let file = vectors::hotp();
    let secret = Secret::from_hex(&file.key_hex).expect("hexadecimal");
    let secret = secret.expose();
    let ours = Hotp::new(key(Algorithm::Sha1, secret), Digits::SIX);
    let kept = totp_rs::kept(Algorithm::Sha1, secret, 6, 1, 0);
    let cloned = rustcrypto::Cloned::new(secret);
    let rfc = totp_rfc::Secret::new(secret).expect("a secret that totp-rfc takes");
    #[cfg(nettle)]
    let mut nettle = Nettle::new(secret);
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
        assert_eq!(cloned.hotp(vector.counter), vector.code.as_bytes());
        #[cfg(nettle)]
        assert_eq!(nettle.hotp(vector.counter), vector.code.as_bytes());
        let theirs = libreauth::kept(secret, vector.counter, 0).generate();
        assert_eq!(theirs, vector.code);
        let theirs = totp_rfc::Hotp::new(totp_rfc::Digits::SIX).generate(&rfc, vector.counter);
        assert_eq!(theirs.to_string(), vector.code);
        assert_eq!(ours.verify(&vector.code, 0, 10), Some(vector.counter));
        assert_eq!(
            kept.check(&vector.code, vector.counter),
            Some(vector.counter)
        );
    }
}

/// Checks that all libraries return the codes of RFC 6238 appendix B.
fn check_totp() {
    for vector in &vectors::totp().vectors {
        let algorithm: Algorithm = vector.algorithm.parse().expect("an algorithm");
        let secret = Secret::from_hex(&vector.key_hex).expect("hexadecimal");
        let (secret, time, code) = (secret.expose(), vector.unix_time, &vector.code);
        let ours = Totp::new(key(algorithm, secret), Digits::EIGHT);
        assert_eq!(ours.generate(time).expect("a time").as_str(), code);
        assert_eq!(ours.verify(code, time, 1, 1), Ok(Some(time / 30)));
        let kept = totp_rs::kept(algorithm, secret, 8, 30, 1);
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
    comparison.group("hotp sha1, key prepared", |group| {
        let ours = Hotp::new(key(Algorithm::Sha1, SECRET), Digits::SIX);
        let mut next = counter(0, 1);
        group.time(OURS, || ours.generate(next()));
        #[cfg(target_arch = "x86_64")]
        if let Some(limit) = ShaNi::detect() {
            let states = limit::sha1_states(SECRET);
            group.time("limit", || limit.mac(&states, next()));
        }
        let cloned = rustcrypto::Cloned::new(SECRET);
        group.time("hmac cloned", || cloned.hotp(next()));
        #[cfg(nettle)]
        {
            let mut nettle = Nettle::new(SECRET);
            group.time("nettle", || nettle.hotp(next()));
        }
        keyed_each_call(group);
    });
    comparison.group("hotp sha1, raw key", |group| {
        let mut next = counter(0, 1);
        group.time(OURS, || {
            Hotp::generate_once(Algorithm::Sha1, black_box(SECRET), Digits::SIX, next())
                .expect("a secret")
        });
        group.time("mpass, through a key", || {
            let key = key(Algorithm::Sha1, black_box(SECRET));
            Hotp::new(key, Digits::SIX).generate(next())
        });
        #[cfg(target_arch = "x86_64")]
        if let Some(limit) = ShaNi::detect() {
            group.time("limit", || limit.mac_of_key(black_box(SECRET), next()));
        }
        group.time("hmac", || {
            rustcrypto::Cloned::new(black_box(SECRET)).hotp(next())
        });
        #[cfg(liboath)]
        {
            let oath = Liboath::new();
            group.time("liboath", || {
                oath.hotp(black_box(SECRET), next(), liboath::Digits::Six)
            });
        }
        group.time("totp-rs", || {
            totp_rs::kept(Algorithm::Sha1, black_box(SECRET), 6, 1, 0).generate(next())
        });
    });
}

/// The peers that do not precompute key states: only the key is prepared.
fn keyed_each_call(group: &mut Group<'_>) {
    let mut next = counter(0, 1);
    #[cfg(liboath)]
    {
        let oath = Liboath::new();
        group.time("liboath", || {
            oath.hotp(SECRET, next(), liboath::Digits::Six)
        });
    }
    let kept = totp_rs::kept(Algorithm::Sha1, SECRET, 6, 1, 0);
    group.time("totp-rs", || kept.generate(next()));
    let secret = totp_rfc::Secret::new(SECRET).expect("a secret that totp-rfc takes");
    let hotp = totp_rfc::Hotp::new(totp_rfc::Digits::SIX);
    group.time("totp-rfc", || hotp.generate(&secret, next()));
    let mut kept = libreauth::kept(SECRET, 0, 0);
    group.time("libreauth", || kept.increment_counter().generate());
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
            let kept = totp_rs::kept(algorithm, secret, 6, 30, 0);
            group.time("totp-rs", || kept.generate(next()));
        });
    }
}

/// The peers have no phone numbers, so the comparison is with the crates for
/// hashing and encoding.
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
        #[cfg(target_arch = "x86_64")]
        if let Some(limit) = ShaNi::detect() {
            let block = padded(NUMBER.as_bytes());
            group.time("limit", || limit.sha256_hex(black_box(&block)));
        }
        group.time("sha2 with base16ct", || sha2_and_hex(black_box(NUMBER)));
    });
}
