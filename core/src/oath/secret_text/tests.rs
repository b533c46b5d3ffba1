use std::string::{String, ToString};
use std::vec::Vec;

use super::*;
use crate::oath::uri::Kind;
use crate::oath::{Algorithm, Digits, Place};

const BASE32: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const HEX: &str = "3132333435363738393031323334353637383930";
const BYTES: &[u8] = b"12345678901234567890";

fn read(text: &str) -> SecretText {
    SecretText::read_file(text.as_bytes()).unwrap()
}

fn refused(bytes: impl AsRef<[u8]>) -> SecretFault {
    SecretText::read_file(bytes.as_ref())
        .map(|_| ())
        .unwrap_err()
}

fn place(line: usize, character: usize) -> Option<Place> {
    Some(Place { line, character })
}

#[test]
fn base32_and_hexadecimal_in_any_wrapping() {
    for text in [
        BASE32,
        "GEZDGNBVGY3TQOJQ\nGEZDGNBVGY3TQOJQ\n",
        "GEZDGNBVGY3TQOJQ\r\nGEZDGNBVGY3TQOJQ\r\n\r\n",
        "gezd gnbv gy3t qojq gezd gnbv gy3t qojq",
        "\u{feff}GEZD-GNBV-GY3T-QOJQ\n\tGEZD-GNBV-GY3T-QOJQ====\n",
        "G\nE\nZ\nDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    ] {
        let read = read(text);
        assert_eq!(read.secret.expose(), BYTES, "{text:?}");
        assert_eq!((read.form, read.codes), (SecretForm::Base32, None));
    }
    for text in [
        HEX,
        "31323334353637383930\n31323334353637383930\n",
        "31:32:33:34 35363738393031323334353637383930\r\n",
        " 31 32 33 34 35 36 37 38 39 30\n 31 32 33 34 35 36 37 38 39 30",
        "3\n132333435363738393031323334353637383930",
    ] {
        let read = read(text);
        assert_eq!(read.secret.expose(), BYTES, "{text:?}");
        assert_eq!((read.form, read.codes), (SecretForm::Hex, None));
    }
}

#[test]
fn both_hexadecimal_and_base32_is_refused() {
    for text in ["23456723456723456723456723456723", "abcdef23\nABCDEF45"] {
        assert_eq!(refused(text), Error::AmbiguousSecret.into(), "{text}");
    }
    // Seven letters are base32 and not hexadecimal.
    assert_eq!(read("abcdef2").form, SecretForm::Base32);
}

#[test]
fn the_fault_of_the_nearest_form() {
    for (text, error, at) in [
        (
            "GEZDGNBVGY3TQOJQ\nGEZ1GNBVGY3TQOJQ\n",
            Error::Base32Digit,
            place(2, 4),
        ),
        (
            "GEZDGNBVGY3TQOJ0GEZDGNBVGY3TQOJQ",
            Error::Base32Digit,
            place(1, 16),
        ),
        (
            "31323334353637383930\n3132333435363738393O",
            Error::InvalidHex,
            place(2, 20),
        ),
        ("313233343536373839303132333435363", Error::InvalidHex, None),
        ("GEZDGNBVG", Error::InvalidBase32, None),
        ("abc", Error::UnknownSecretForm, None),
        (
            "a pass phrase, not base32",
            Error::UnknownSecretForm,
            place(1, 14),
        ),
        ("GEZD_GNBV", Error::UnknownSecretForm, place(1, 5)),
        (
            "secret: GEZDGNBVGY3TQOJQ",
            Error::UnknownSecretForm,
            place(1, 7),
        ),
        (
            "otpauth-migration://offline?data=GEZD",
            Error::UriMigration,
            place(1, 1),
        ),
        (
            "note\nQR-Code:otpauth://totp/a?secret=GEZD",
            Error::UriWithinText,
            place(2, 1),
        ),
        ("\n steam://GEZDGNBV", Error::UriScheme, place(2, 2)),
        (
            "url: steam://GEZDGNBV",
            Error::UnknownSecretForm,
            place(1, 4),
        ),
        ("://GEZDGNBV", Error::InvalidHex, place(1, 2)),
        ("", Error::SecretEmpty, None),
        (" \n\t\r\n", Error::SecretEmpty, None),
    ] {
        let fault = refused(text);
        assert_eq!((fault.error, fault.place), (error, at), "{text:?}");
        assert!(!fault.to_string().contains("GEZ"), "{fault}");
    }
    let long = "GEZDGNBV".repeat(206);
    assert_eq!(refused(&long).error, Error::SecretTooLong);
}

#[test]
fn a_line_with_a_key_uri() {
    let uri = std::format!("otpauth://totp/a?secret={BASE32}&digits=8&algorithm=SHA256&period=60");
    for text in [
        uri.clone(),
        std::format!("{uri}\n"),
        std::format!("\u{feff}  {uri}\r\n"),
        std::format!("hunter2\nlogin: ali\n{uri}\n# a note\n"),
    ] {
        let read = read(&text);
        assert_eq!(read.secret.expose(), BYTES, "{text}");
        assert_eq!(read.form, SecretForm::KeyUri);
        let codes = read.codes.unwrap();
        assert_eq!(codes.kind, Kind::Totp { period: 60 });
        assert_eq!(codes.algorithm, Algorithm::Sha256);
        assert_eq!(codes.digits, Digits::EIGHT);
    }
    let with_link = std::format!("{uri}\nhttps://example.com\n");
    assert_eq!(read(&with_link).secret.expose(), BYTES);
    for second in [
        &uri,
        "QR-Code:OTPAUTH://totp/a?secret=GEZD",
        "https://example.com/?otpauth%3A%2F%2Ftotp",
        "otpauth-migration://offline?data=AA",
    ] {
        let fault = refused(std::format!("{uri}\n{second}\n"));
        assert_eq!((fault.error, fault.place), (Error::UriSeveral, place(2, 1)));
    }
    let quoted = std::format!("\"{uri}\"");
    assert_eq!(refused(&quoted).error, Error::UriWithinText);
    let beside = std::format!("{BASE32}\n{uri}\n");
    let fault = refused(beside);
    assert_eq!(
        (fault.error, fault.place),
        (Error::AmbiguousSecret, place(1, 1))
    );
    let fault = refused("note\n otpauth://totp/a?digits=6");
    assert_eq!(
        (fault.error, fault.place),
        (Error::UriWithoutSecret, place(2, 2))
    );
    let fault = refused("note\notpauth://totp/a?issuer=A&secret=GE%5A1&digits=6");
    assert!(
        fault
            .to_string()
            .starts_with("character 4 of the secret is 1"),
        "{fault}"
    );
}

/// The file as google-authenticator 1.09 writes it.
#[test]
fn the_file_of_google_authenticator() {
    let by_time = "GEZDGNBVGY3TQOJQGEZDGNBVGY\n\" RATE_LIMIT 3 30\n\" WINDOW_SIZE 17\n\
                   \" DISALLOW_REUSE\n\" TOTP_AUTH\n12345678\n87654321\n";
    let read_by_time = read(by_time);
    assert_eq!(read_by_time.secret.expose(), &BYTES[..16]);
    assert_eq!(read_by_time.form, SecretForm::GoogleAuthenticator);
    let codes = read_by_time.codes.unwrap();
    assert_eq!(codes.kind, Kind::Totp { period: 30 });
    assert_eq!(
        (codes.algorithm, codes.digits),
        (Algorithm::Sha1, Digits::SIX)
    );

    let minute = by_time.replace("\" TOTP_AUTH", "\" STEP_SIZE 60\n\" TOTP_AUTH");
    assert_eq!(read(&minute).codes.unwrap().kind, Kind::Totp { period: 60 });
    let counted = by_time.replace("TOTP_AUTH", "HOTP_COUNTER 7");
    assert_eq!(
        read(&counted).codes.unwrap().kind,
        Kind::Hotp { counter: 7 }
    );

    let wrong = by_time.replace("DGNB", "D1NB");
    let fault = refused(wrong);
    assert_eq!(
        (fault.error, fault.place),
        (Error::Base32Digit, place(1, 5))
    );
    for (from, to, line) in [
        ("87654321", "a note", 7),
        ("TOTP_AUTH", "HOTP_COUNTER x", 5),
        ("\" DISALLOW_REUSE", "\"", 4),
    ] {
        let fault = refused(by_time.replace(from, to));
        assert_eq!(fault.error, Error::UnknownSecretForm, "{to}");
        assert_eq!(fault.place, place(line, 1), "{to}");
    }
}

/// What pam_google_authenticator.c refuses or applies: `step_size`,
/// `check_timebased_code`, `check_scratch_codes`.
#[test]
fn an_option_that_changes_the_codes_is_applied_or_refused() {
    let with = |options: &str| std::format!("{BASE32}\n\" TOTP_AUTH\n{options}\n12345678\n");
    for options in [
        "\" STEP_SIZE 0",
        "\" STEP_SIZE 61",
        "\" STEP_SIZE +60",
        "\" STEP_SIZE 60 x",
        "\" STEP_SIZE 60s",
        "\" STEP_SIZE",
        "\" TIME_SKEW 1",
        "\" TIME_SKEW -3",
        "\" HOTP_COUNTER 7 8",
        "\" HOTP_COUNTER -1",
        "\"STEP_SIZE 60",
        "1234567",
        "123456789",
    ] {
        let fault = refused(with(options));
        assert_eq!(fault.error, Error::UnknownSecretForm, "{options}");
        assert_eq!(fault.place, place(3, 1), "{options}");
    }
    for (one, other) in [
        ("STEP_SIZE 30", "STEP_SIZE 60"),
        ("HOTP_COUNTER 1", "HOTP_COUNTER 2"),
    ] {
        let fault = refused(with(&std::format!("\" {one}\n\" {other}")));
        assert_eq!(fault.place, place(4, 1), "{other}");
        read(&with(&std::format!("\" {one}\n\" {one}")));
    }
    let skew = read(&with("\" TIME_SKEW 0\n\" STEP_SIZE\t60"));
    assert_eq!(skew.codes.unwrap().kind, Kind::Totp { period: 60 });
}

#[test]
fn a_quoted_text_is_no_file_of_google_authenticator() {
    for text in [
        std::format!("\"{BASE32}\""),
        std::format!("\" {BASE32}"),
        std::format!("{{\n\"secret\": \"{BASE32}\"\n}}"),
        std::format!("{BASE32}\n\"digits\": 8"),
    ] {
        assert_eq!(refused(&text).error, Error::UnknownSecretForm, "{text}");
    }
}

#[test]
fn two_secrets_are_refused() {
    let other = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    for (text, line) in [
        (std::format!("{BASE32}\n{other}\n"), 2),
        (std::format!("{HEX}\n\n{HEX}\n"), 3),
        (std::format!("{BASE32}\n12345678\n87654321\n"), 2),
        (std::format!("{BASE32}\n23456723\n"), 2),
        (std::format!("{HEX}\n12345678\n"), 2),
        ("JBSWY3DPEHPK3PXP\n23456723".to_string(), 2),
    ] {
        let fault = refused(&text);
        assert_eq!(
            (fault.error, fault.place),
            (Error::AmbiguousSecret, place(line, 1)),
            "{text}"
        );
    }
    // 64 bytes as base32 wraps them, and digits in lines of eight.
    let wrapped = std::format!(
        "{}GEZDGNBVGY3T\n{}",
        "GEZDGNBV".repeat(8),
        "GEZDGNBV".repeat(4)
    );
    assert_eq!(read(&wrapped).secret.len(), 67);
    assert_eq!(read("31323334\n35363738\n3930").form, SecretForm::Hex);
}

/// A key URI keeps its cautions, and what follows it on its line is one.
#[test]
fn the_cautions_of_a_key_uri() {
    let read = read(&std::format!(
        "- otpauth://totp/A:a?secret={BASE32}&issuer=A-&amp;digits=8\u{202c} \r\n"
    ));
    let cautions: Vec<_> = read.cautions().map(Caution::name).collect();
    assert_eq!(
        cautions,
        ["Digits", "IssuerDiffers", "EscapedAmpersand", "Trimmed"]
    );
    assert_eq!(self::read(BASE32).cautions().count(), 0);
}

#[test]
fn bytes_that_are_no_text_are_the_secret() {
    let high: Vec<u8> = (200..220).collect();
    let low: Vec<u8> = (0..16).collect();
    for bytes in [high, low] {
        let read = SecretText::read_file(&bytes).unwrap();
        assert_eq!(read.secret.expose(), bytes);
        assert_eq!((read.form, read.codes), (SecretForm::Raw, None));
    }
    assert!(SecretText::read_file(&[0x80; 128]).is_ok());
    assert_eq!(refused([0x80; 129]).error, Error::UnknownSecretForm);
}

/// What a shell, an editor or a program in C makes of a text: never raw bytes.
#[test]
fn a_text_in_another_encoding_is_not_raw_bytes() {
    let utf_16: Vec<u8> = BASE32.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let with_mark: Vec<u8> = [&[0xff, 0xfe][..], &utf_16].concat();
    let big_endian: Vec<u8> = BASE32.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let ended = [BASE32.as_bytes(), b"\0"].concat();
    let latin_1 = [&b"schl\xfcssel\n"[..], BASE32.as_bytes()].concat();
    let coloured = std::format!("\u{1b}[1m{BASE32}\u{1b}[0m").into_bytes();
    let hex = [HEX.as_bytes(), &[0xff]].concat();
    for bytes in [utf_16, with_mark, big_endian, ended, latin_1, coloured, hex] {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert_eq!(refused(&bytes), Error::UnknownSecretForm.into(), "{text:?}");
    }
}
