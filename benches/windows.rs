//! Wrong codes in windows of every size, so that no library can stop early,
//! compared with libraries that also search windows.

// A benchmark that cannot be set up must fail.
#![allow(clippy::expect_used)]

use core::hint::black_box;
#[cfg(liboath)]
use std::ffi::CString;

use mpass_benches::codes::{NOW, SECRET, hotp, wrong_code};
use mpass_benches::comparison::{Comparison, OURS};
#[cfg(target_arch = "x86_64")]
use mpass_benches::limit::{self, lanes};
#[cfg(liboath)]
use mpass_benches::peers::liboath::Liboath;
use mpass_benches::peers::{libreauth, totp_rs};
use mpass_core::oath::{Algorithm, Digits, Key, Totp};

/// The first counter of the window.
const FIRST: u64 = 1000;
/// The windows of the growth curve, in codes.
const SIZES: [u16; 9] = [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000];

fn main() {
    let mut comparison = Comparison::from_args(env!("CARGO_TARGET_TMPDIR"));
    look_ahead(&mut comparison);
    positions(&mut comparison);
    totp(&mut comparison);
    growth(&mut comparison);
    comparison.finish();
}

fn look_ahead(comparison: &mut Comparison) {
    for (name, look_ahead) in [
        ("hotp look-ahead 10, wrong code", 10u16),
        ("hotp look-ahead 100, wrong code", 100),
    ] {
        let ours = hotp();
        let wrong = wrong_code(&ours, FIRST, u64::from(look_ahead) + 1);
        assert_eq!(ours.verify(&wrong, FIRST, look_ahead.into()), None);
        comparison.group(name, |group| {
            group.time(OURS, || {
                ours.verify(black_box(&wrong), FIRST, look_ahead.into())
            });
            #[cfg(liboath)]
            {
                let oath = Liboath::new();
                let text = CString::new(wrong.as_str()).expect("digits");
                group.time("liboath", || {
                    oath.verify_hotp(SECRET, FIRST, look_ahead.into(), black_box(&text))
                });
            }
            // Only full registers, without a comparison.
            #[cfg(target_arch = "x86_64")]
            if let Some(limit) = lanes::Avx512::detect() {
                let states = limit::sha1_states(SECRET);
                let firsts = (FIRST..=FIRST + u64::from(look_ahead)).step_by(lanes::LANES);
                group.time("limit", || {
                    for first in firsts.clone() {
                        black_box(limit.codes(&states, first));
                    }
                });
            }
            // This library only supports windows on both sides: half on each
            // side for the same number of codes.
            let kept = totp_rs::kept(Algorithm::Sha1, SECRET, 6, 1, look_ahead / 2);
            let middle = FIRST + u64::from(look_ahead) / 2;
            assert_eq!(kept.check(&wrong, middle), None);
            group.time("totp-rs", || kept.check(black_box(&wrong), middle));
            let kept = libreauth::kept(SECRET, FIRST, look_ahead.into());
            assert!(!kept.is_valid(&wrong));
            group.time("libreauth", || kept.is_valid(black_box(&wrong)));
            let secret = totp_rfc::Secret::new(SECRET).expect("a secret that totp-rfc takes");
            let rfc = totp_rfc::Hotp::new(totp_rfc::Digits::SIX);
            let search = |code: &str| rfc.verify_window(&secret, FIRST, look_ahead, code);
            assert!(search(&wrong).expect("digits").is_none());
            group.time("totp-rfc", || search(black_box(&wrong)));
        });
    }
}

/// The right code at the first, middle and last position of the window.
fn positions(comparison: &mut Comparison) {
    let ours = hotp();
    comparison.group("hotp look-ahead 100, right code", |group| {
        for (name, offset) in [("first", 0), ("middle", 50), ("last", 100)] {
            let code = ours.generate(FIRST + offset);
            assert_eq!(ours.verify(code.as_str(), FIRST, 100), Some(FIRST + offset));
            group.time(name, || ours.verify(black_box(code.as_str()), FIRST, 100));
        }
    });
}

fn totp(comparison: &mut Comparison) {
    let key = Key::new(Algorithm::Sha1, SECRET).expect("a key");
    let totp = Totp::new(key, Digits::SIX);
    let wrong = wrong_code(&hotp(), NOW / 30 - 1, 3);
    assert_eq!(totp.verify(&wrong, NOW, 1, 1), Ok(None));
    comparison.group("totp window of 3, wrong code", |group| {
        group.time(OURS, || totp.verify(black_box(&wrong), NOW, 1, 1));
        #[cfg(liboath)]
        {
            let oath = Liboath::new();
            let text = CString::new(wrong.as_str()).expect("digits");
            group.time("liboath", || {
                oath.verify_totp(Algorithm::Sha1, SECRET, NOW, 1, black_box(&text))
            });
        }
        let kept = totp_rs::kept(Algorithm::Sha1, SECRET, 6, 30, 1);
        group.time("totp-rs", || kept.check(black_box(&wrong), NOW));
    });
}

/// A wrong code in windows of increasing size.
fn growth(comparison: &mut Comparison) {
    let ours = hotp();
    #[cfg(liboath)]
    let oath = Liboath::new();
    let secret = totp_rfc::Secret::new(SECRET).expect("a secret that totp-rfc takes");
    let rfc = totp_rfc::Hotp::new(totp_rfc::Digits::SIX);
    comparison.group("hotp window", |group| {
        for size in SIZES {
            let (at, look_ahead) = (u64::from(size), size - 1);
            let wrong = wrong_code(&ours, FIRST, at);
            group.time_at(OURS, at, || {
                ours.verify(black_box(&wrong), FIRST, look_ahead.into())
            });
            #[cfg(liboath)]
            {
                let text = CString::new(wrong.as_str()).expect("digits");
                group.time_at("liboath", at, || {
                    oath.verify_hotp(SECRET, FIRST, look_ahead.into(), black_box(&text))
                });
            }
            group.time_at("totp-rfc", at, || {
                rfc.verify_window(&secret, FIRST, look_ahead, black_box(&wrong))
            });
        }
    });
}
