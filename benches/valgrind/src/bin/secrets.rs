//! Computes with values marked as secret for valgrind, which reports branches
//! and addresses that depend on them. `cargo xtask test` runs it under
//! memcheck. Results are marked as public where they leave the computation.
//!
//! `secrets leak` branches on a secret deliberately, to show that it would be
//! detected.

// A check that cannot be set up must fail.
#![allow(clippy::expect_used)]

use core::hint::black_box;

use mpass_core::number::PhoneNumber;
use mpass_core::oath::ocra::{Inputs, Ocra};
use mpass_core::oath::{Algorithm, Digits, Hotp, Key, Totp, verify_batch};
use mpass_valgrind::{hide, hide_bits, reveal};

const ALGORITHMS: [Algorithm; 3] = [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512];

/// A secret marked for valgrind.
fn hidden_secret(algorithm: Algorithm) -> Vec<u8> {
    let secret = *b"1234567890123456789012345678901234567890123456789012345678901234";
    let mut secret = secret[..algorithm.output_len()].to_vec();
    hide(secret.as_mut_slice());
    secret
}

/// A key of such a secret.
fn hidden(algorithm: Algorithm) -> Key {
    Key::new(algorithm, &hidden_secret(algorithm)).expect("a key")
}

fn codes(algorithm: Algorithm) {
    let hotp = Hotp::new(hidden(algorithm), Digits::SIX);
    for counter in [0, 1, u64::MAX] {
        reveal(&hotp.generate(counter));
        reveal(&hotp.generate_value(counter));
    }
    let secret = hidden_secret(algorithm);
    reveal(&Hotp::generate_once(algorithm, &secret, Digits::SIX, 3).expect("a secret"));
    let mut values = [0; 100];
    hotp.generate_range(7, &mut values);
    reveal(&values);
    let mut rows = [0; 600];
    hotp.generate_rows(7, &mut rows);
    reveal(&rows);
}

/// A window is computed completely; only the resulting position is public.
fn windows(algorithm: Algorithm) {
    let hotp = Hotp::new(hidden(algorithm), Digits::SIX);
    for look_ahead in [0, 2, 100] {
        reveal(&hotp.verify("755224", 0, look_ahead));
    }
    let totp = Totp::new(hidden(algorithm), Digits::SIX);
    reveal(&totp.verify("755224", 1_795_348_800, 1, 1));
    let attempts = [hotp.attempt("755224", 0, 10), hotp.attempt("287082", 7, 3)];
    let mut positions = [None; 2];
    verify_batch(&attempts, &mut positions);
    reveal(&positions);
}

/// A response that is the whole HMAC. Encoding it as text and returning the
/// result of verification branch on values, but those are public.
fn ocra() {
    let suite = "OCRA-1:HOTP-SHA256-0:C-QN08".parse().expect("a suite");
    let ocra = Ocra::new(hidden(Algorithm::Sha256), suite).expect("a suite of the key's hash");
    let inputs = Inputs::new("12345678").with_counter(3);
    reveal(&ocra.respond(&inputs).expect("the suite's inputs"));
}

fn numbers() {
    let number = PhoneNumber::parse("+966501234567", None).expect("a number");
    let mut key = [7; 32];
    hide(&mut key);
    reveal(&number.keyed_hash(&key));
}

/// A typed code in the digits from `zero` on, with `between` in its middle. The
/// digits are secret, and what is a digit is not: of each, as many of the lowest
/// bits are marked as it may have any value of and still be a digit.
fn typed(code: &str, zero: u32, between: &str) -> String {
    let mut text = String::new();
    let mut masks = Vec::new();
    for (index, digit) in code.bytes().enumerate() {
        if index == code.len() / 2 {
            text.push_str(between);
        }
        let point = zero + u32::from(digit - b'0');
        let are_digits = |mask: &u8| {
            let mask = u32::from(*mask);
            point & !mask >= zero && point | mask <= zero + 9
        };
        let mask = [7, 3, 1, 0].into_iter().find(are_digits).expect("no bit");
        text.push(char::from_u32(point).expect("a digit"));
        masks.push((text.len() - 1, mask));
    }
    for (index, mask) in masks {
        hide_bits(&text.as_bytes()[index], mask);
    }
    text
}

/// Typed codes, from the text to the comparison.
fn typed_codes() {
    let hotp = Hotp::new(hidden(Algorithm::Sha1), Digits::SIX);
    let totp = Totp::new(hidden(Algorithm::Sha1), Digits::SIX);
    // Scripts whose digits begin at different places of a block of 16.
    let zeros = [
        0x30, 0x660, 0x966, 0xff10, 0x1_16da, 0x1_d7ce, 0x1_d7ec, 0x1_e5f1,
    ];
    for zero in zeros {
        for between in ["", " ", "-", "\u{200e}", "\u{2009}\u{2066}"] {
            let right = typed("755224", zero, between);
            reveal(&hotp.verify(&right, 0, 2));
            reveal(&totp.verify(&right, 1_795_348_800, 1, 1));
            // Another length, which is public.
            for code in ["0918", "0918273645"] {
                reveal(&hotp.verify(&typed(code, zero, between), 0, 0));
            }
            let attempts = [hotp.attempt(&right, 0, 10), hotp.attempt(&right, 7, 3)];
            let mut positions = [None; 2];
            verify_batch(&attempts, &mut positions);
            reveal(&positions);
        }
    }
}

fn main() {
    println!("backend: {}", mpass_core::backend());
    if std::env::args().nth(1).is_some_and(|word| word == "leak") {
        let code = Hotp::new(hidden(Algorithm::Sha1), Digits::SIX).generate(0);
        // A branch on a digit of the secret code.
        println!("{}", black_box(code.as_str().as_bytes()[0]) == b'7');
        return;
    }
    ALGORITHMS.into_iter().for_each(codes);
    ALGORITHMS.into_iter().for_each(windows);
    typed_codes();
    ocra();
    numbers();
}
