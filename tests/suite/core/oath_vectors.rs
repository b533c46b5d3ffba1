//! The vectors of the RFCs, each also altered, and codes that must not appear.

use mpass_core::oath::{Algorithm, Code, Digits, Hotp, Key, Secret, Totp};
use mpass_tests::coverage::RUST;
use mpass_tests::vectors;

fn key(algorithm: &str, key_hex: &str) -> Key {
    let secret = Secret::from_hex(key_hex).unwrap();
    Key::new(algorithm.parse().unwrap(), secret.expose()).unwrap()
}

/// The same text with the character at `index` replaced by the next digit.
pub(crate) fn tampered(code: &str, index: usize) -> String {
    let mut digits = code.as_bytes().to_vec();
    digits[index] = b'0' + (digits[index] - b'0' + 1) % 10;
    String::from_utf8(digits).unwrap()
}

/// Texts that resemble `code` but are wrong.
pub(crate) fn lookalikes(code: &str) -> Vec<String> {
    vec![
        code[1..].to_owned(),
        code[..code.len() - 1].to_owned(),
        format!("0{code}"),
        format!("{code}0"),
        format!(" {}", &code[1..]),
        format!("+{code}"),
        format!("+{}", &code[1..]),
        format!("{}.{}", &code[..3], &code[3..]),
        format!("{}x", &code[1..]),
        format!("{code}\u{301}"),
        String::new(),
    ]
}

pub(crate) fn in_arabic(code: &str, zero: u32) -> String {
    let fold = |digit: u8| char::from_u32(zero + u32::from(digit - b'0')).unwrap();
    code.bytes().map(fold).collect()
}

#[test]
fn hotp_of_rfc_4226() {
    let file = vectors::hotp();
    assert_eq!(file.vectors.len(), 10);
    let hotp = Hotp::new(
        key(&file.algorithm, &file.key_hex),
        Digits::new(file.digits).unwrap(),
    );
    // Ten digits contain the whole truncated value.
    let whole = Hotp::new(
        key(&file.algorithm, &file.key_hex),
        Digits::new(10).unwrap(),
    );
    RUST.vectors("hotp.json", &file.vectors, |vector| {
        let counter = vector.counter;
        assert_eq!(hotp.generate(counter).as_str(), vector.code);
        assert_eq!(
            whole.generate(counter).as_str(),
            format!("{:010}", vector.truncated)
        );
        assert_eq!(hotp.verify(&vector.code, counter, 0), Some(counter));
        for zero in [0x660, 0x6f0] {
            let arabic = in_arabic(&vector.code, zero);
            assert_eq!(hotp.verify(&arabic, counter, 0), Some(counter));
        }
        for index in 0..vector.code.len() {
            let wrong = tampered(&vector.code, index);
            assert_eq!(hotp.verify(&wrong, counter, 0), None);
        }
        for text in lookalikes(&vector.code) {
            assert_eq!(hotp.verify(&text, counter, 10), None, "{text:?}");
        }
    });
}

#[test]
fn totp_of_rfc_6238() {
    let file = vectors::totp();
    assert_eq!(file.vectors.len(), 18);
    RUST.vectors("totp.json", &file.vectors, |vector| {
        let totp = Totp::new(
            key(&vector.algorithm, &vector.key_hex),
            Digits::new(file.digits).unwrap(),
        )
        .with_step(file.step)
        .unwrap()
        .with_t0(file.t0);
        let time = vector.unix_time;
        let step = totp.time_step(time).unwrap();
        assert_eq!(step, time / 30);
        assert_eq!(totp.generate(time).unwrap().as_str(), vector.code);
        assert_eq!(totp.verify(&vector.code, time, 0, 0), Ok(Some(step)));
        assert_eq!(totp.verify(&vector.code, time + 30, 1, 0), Ok(Some(step)));
        assert_eq!(totp.verify(&vector.code, time + 30, 0, 1), Ok(None));
        for index in 0..vector.code.len() {
            let wrong = tampered(&vector.code, index);
            assert_eq!(totp.verify(&wrong, time, 1, 1), Ok(None));
        }
        for text in lookalikes(&vector.code) {
            assert_eq!(totp.verify(&text, time, 1, 1), Ok(None), "{text:?}");
        }
    });
}

#[test]
fn every_bit_of_a_key_counts() {
    for vector in &vectors::totp().vectors {
        let secret = Secret::from_hex(&vector.key_hex).unwrap();
        let algorithm: Algorithm = vector.algorithm.parse().unwrap();
        for bit in 0..8 * secret.len() {
            let mut bytes = secret.expose().to_vec();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let totp = Totp::new(Key::new(algorithm, &bytes).unwrap(), Digits::EIGHT);
            assert_eq!(totp.verify(&vector.code, vector.unix_time, 0, 0), Ok(None));
        }
    }
}

#[test]
fn codes_of_known_mistakes_do_not_appear() {
    let vectors = vectors::totp_wrong().vectors;
    RUST.vectors("totp-wrong.json", &vectors, |vector| {
        let digits = Digits::new(vector.digits).unwrap();
        let totp = Totp::new(key(&vector.algorithm, &vector.key_hex), digits);
        // The entry is a well-formed code.
        assert!(Code::parse(&vector.wrong_code, digits).is_some());
        let code = totp.generate(vector.unix_time).unwrap();
        assert_ne!(code.as_str(), vector.wrong_code, "{}", vector.mistake);
        let accepted = totp.verify(&vector.wrong_code, vector.unix_time, 10, 10);
        assert_eq!(accepted, Ok(None), "{}", vector.mistake);
    });
}

/// The wrong-seed codes are produced by the wrong seed, which confirms the
/// entries used above.
#[test]
fn the_short_seed_gives_the_codes_of_that_mistake() {
    for (algorithm, code) in [
        (Algorithm::Sha256, "32247374"),
        (Algorithm::Sha512, "69342147"),
    ] {
        let short = Key::new(algorithm, b"12345678901234567890").unwrap();
        let totp = Totp::new(short, Digits::EIGHT);
        assert_eq!(totp.generate(59).unwrap().as_str(), code);
    }
}
