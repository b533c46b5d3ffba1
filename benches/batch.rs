//! Batches of codes and number hashes, compared with single calls, Intel's
//! multi-buffer library and the lower bound for AVX-512. The groups are for
//! 1024 results.

// A benchmark that cannot be set up must fail.
#![allow(clippy::expect_used)]

use core::hint::black_box;
#[cfg(liboath)]
use std::ffi::CString;

use mpass_benches::codes::{SECRET, counter, hotp, wrong_code};
use mpass_benches::comparison::{Comparison, OURS};
#[cfg(target_arch = "x86_64")]
use mpass_benches::limit::{self, lanes};
#[cfg(ipsec_mb)]
use mpass_benches::peers::ipsec_mb::{BURST, IpsecMb};
#[cfg(liboath)]
use mpass_benches::peers::liboath::Liboath;
use mpass_core::number::{HexDigest, PhoneNumber, hash_batch};
use mpass_core::oath::{Algorithm, Digits, Hotp, Key, generate_batch, verify_batch};

/// Results of a batch.
const COUNT: usize = 1024;

fn main() {
    let mut comparison = Comparison::from_args(env!("CARGO_TARGET_TMPDIR"));
    one_key(&mut comparison);
    for (name, algorithm) in [
        ("batch of 1024, sha1, many keys", Algorithm::Sha1),
        ("batch of 1024, sha256, many keys", Algorithm::Sha256),
        ("batch of 1024, sha512, many keys", Algorithm::Sha512),
    ] {
        many_keys(&mut comparison, name, algorithm);
    }
    verify(&mut comparison);
    numbers(&mut comparison);
    comparison.finish();
}

/// Independent pseudo-random keys.
fn keys(algorithm: Algorithm) -> Vec<Hotp> {
    (0u64..)
        .take(COUNT)
        .map(|n| {
            let mut secret = [0x5a; 20];
            secret[..8].copy_from_slice(&n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
            Hotp::new(Key::new(algorithm, &secret).expect("a key"), Digits::SIX)
        })
        .collect()
}

fn one_key(comparison: &mut Comparison) {
    let ours = hotp();
    comparison.group("batch of 1024, sha1, one key", |group| {
        let mut values = [0; COUNT];
        let mut next = counter(0, 1024);
        group.time(OURS, || ours.generate_range(next(), black_box(&mut values)));
        group.time("one at a time", || {
            for (value, counter) in black_box(&mut values).iter_mut().zip(next()..) {
                *value = ours.generate_value(counter);
            }
        });
        #[cfg(target_arch = "x86_64")]
        if let Some(limit) = lanes::Avx512::detect() {
            let states = limit::sha1_states(SECRET);
            assert_eq!(limit.codes(&states, 0)[0], ours.generate_value(0));
            group.time("limit", || {
                let (values, _) = black_box(&mut values).as_chunks_mut();
                let first = next();
                for (values, at) in values.iter_mut().zip(0..) {
                    *values = limit.codes(&states, first + at * 16);
                }
            });
        }
        #[cfg(ipsec_mb)]
        {
            let mut peer = IpsecMb::new(SECRET);
            let mut codes = [[0; 6]; BURST];
            peer.hotp(0, &mut codes);
            for (code, counter) in codes.iter().zip(0..) {
                assert_eq!(code, ours.generate(counter).as_str().as_bytes());
            }
            group.time("ipsec-mb", || {
                let first = next();
                for burst in 0..8 {
                    peer.hotp(first + burst * 128, black_box(&mut codes));
                }
            });
        }
    });
}

fn many_keys(comparison: &mut Comparison, name: &'static str, algorithm: Algorithm) {
    let keys = keys(algorithm);
    let mut requests: Vec<(&Hotp, u64)> = keys.iter().zip(0..).collect();
    let mut values = [0; COUNT];
    generate_batch(&requests, &mut values);
    for ((hotp, counter), value) in requests.iter().zip(values) {
        assert_eq!(hotp.generate_value(*counter), value);
    }
    comparison.group(name, |group| {
        let next = |requests: &mut Vec<(&Hotp, u64)>| {
            requests.iter_mut().for_each(|(_, counter)| *counter += 1);
        };
        group.time(OURS, || {
            next(&mut requests);
            generate_batch(&requests, black_box(&mut values));
        });
        group.time("one at a time", || {
            next(&mut requests);
            for ((hotp, counter), value) in requests.iter().zip(black_box(&mut values)) {
                *value = hotp.generate_value(*counter);
            }
        });
    });
}

/// The queue of a login server: a wrong code for each key, with a look-ahead of
/// ten counters.
fn verify(comparison: &mut Comparison) {
    let keys = keys(Algorithm::Sha1);
    let codes: Vec<String> = keys.iter().map(|hotp| wrong_code(hotp, 7, 11)).collect();
    let mut positions = [None; COUNT];
    comparison.group("verify 1024 keys, look-ahead 10, wrong code", |group| {
        group.time(OURS, || {
            let attempts: Vec<_> = keys
                .iter()
                .zip(&codes)
                .map(|(hotp, code)| hotp.attempt(code, 7, 10))
                .collect();
            verify_batch(&attempts, black_box(&mut positions));
        });
        assert!(positions.iter().all(Option::is_none));
        group.time("one at a time", || {
            for ((hotp, code), position) in keys.iter().zip(&codes).zip(&mut positions) {
                *position = black_box(hotp.verify(code, 7, 10));
            }
        });
        #[cfg(liboath)]
        {
            let oath = Liboath::new();
            let texts: Vec<_> = codes
                .iter()
                .map(|code| CString::new(code.as_str()).expect("digits"))
                .collect();
            group.time("liboath", || {
                for text in &texts {
                    black_box(oath.verify_hotp(SECRET, 7, 10, text));
                }
            });
        }
    });
}

fn numbers(comparison: &mut Comparison) {
    let numbers: Vec<PhoneNumber> = (0..COUNT)
        .map(|n| {
            let text = format!("+9665{:08}", n * 7919 % 100_000_000);
            PhoneNumber::parse(&text, None).expect("a number")
        })
        .collect();
    let mut digests = [HexDigest::BLANK; COUNT];
    hash_batch(&numbers, &mut digests);
    for (number, digest) in numbers.iter().zip(&digests) {
        assert_eq!(number.sha256_hex(), *digest);
    }
    comparison.group("number hash, batch of 1024", |group| {
        group.time(OURS, || hash_batch(&numbers, black_box(&mut digests)));
        group.time("one at a time", || {
            for (number, digest) in numbers.iter().zip(black_box(&mut digests)) {
                *digest = number.sha256_hex();
            }
        });
    });
}
