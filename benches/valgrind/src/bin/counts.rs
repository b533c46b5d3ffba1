//! Runs each operation a hundred times between two client requests, for
//! callgrind to count instructions. `cargo xtask test` runs it and reads the
//! counts.

// A count that cannot be set up must fail.
#![allow(clippy::expect_used)]

use core::hint::black_box;

use mpass_core::number::PhoneNumber;
use mpass_core::oath::ocra::{Inputs, Ocra};
use mpass_core::oath::{Algorithm, Digits, Hotp, Key, Totp};
use mpass_valgrind::{dump_counts, zero_counts};

/// Repetitions of each operation. `xtask` divides the counts by it.
const TIMES: u64 = 100;
const SECRET: &[u8; 64] = b"1234567890123456789012345678901234567890123456789012345678901234";
/// A time in 2026, in seconds.
const NOW: u64 = 1_795_348_800;

/// Counts the instructions of `work`. `name` must end with a NUL.
fn count<T>(name: &str, mut work: impl FnMut(u64) -> T) {
    black_box(work(0));
    zero_counts();
    for counter in 1..=TIMES {
        black_box(work(black_box(counter)));
    }
    dump_counts(name);
}

fn hotp(algorithm: Algorithm) -> Hotp {
    let secret = &SECRET[..algorithm.output_len()];
    let key = Key::new(algorithm, black_box(secret)).expect("a key");
    Hotp::new(key, Digits::SIX)
}

fn main() {
    // The counts depend on the processor that valgrind emulates.
    println!("backend: {}", mpass_core::backend());

    let sha1 = hotp(Algorithm::Sha1);
    count("hotp sha1\0", |counter| sha1.generate(counter));
    let sha256 = hotp(Algorithm::Sha256);
    count("hotp sha256\0", |counter| sha256.generate(counter));
    let sha512 = hotp(Algorithm::Sha512);
    count("hotp sha512\0", |counter| sha512.generate(counter));
    count("hotp sha1, raw key\0", |counter| {
        hotp(Algorithm::Sha1).generate(counter)
    });
    count("hotp sha1, secret used once\0", |counter| {
        Hotp::generate_once(
            Algorithm::Sha1,
            black_box(&SECRET[..20]),
            Digits::SIX,
            counter,
        )
    });
    count("hotp sha1, verify one\0", |counter| {
        sha1.verify(black_box("000000"), counter, 0)
    });
    count("hotp sha1, look-ahead 10\0", |counter| {
        sha1.verify(black_box("000000"), counter, 10)
    });
    let totp = Totp::new(
        Key::new(Algorithm::Sha1, &SECRET[..20]).expect("a key"),
        Digits::SIX,
    );
    count("totp sha1, verify 3\0", |counter| {
        totp.verify(black_box("000000"), NOW + 30 * counter, 1, 1)
    });
    let suite = "OCRA-1:HOTP-SHA256-8:C-QN08".parse().expect("a suite");
    let key = Key::new(Algorithm::Sha256, &SECRET[..32]).expect("a key");
    let ocra = Ocra::new(key, suite).expect("a suite of the key's hash");
    count("ocra sha256\0", |counter| {
        ocra.respond(&Inputs::new(black_box("12345678")).with_counter(counter))
    });
    let number = PhoneNumber::parse("+966501234567", None).expect("a number");
    count("number hash\0", |_| black_box(&number).sha256_hex());
    let key = [7; 32];
    count("number keyed hash\0", |_| {
        black_box(&number).keyed_hash(black_box(&key))
    });
}
