use std::format;
use std::string::{String, ToString};

use super::*;
use crate::oath::key::LONGEST;

#[test]
fn base32_of_rfc_4648() {
    for (text, bytes) in [
        ("MY======", "f"),
        ("MZXQ====", "fo"),
        ("MZXW6===", "foo"),
        ("MZXW6YQ=", "foob"),
        ("MZXW6YTB", "fooba"),
        ("MZXW6YTBOI======", "foobar"),
    ] {
        let secret = Secret::from_base32(text).unwrap();
        assert_eq!(secret.expose(), bytes.as_bytes());
        assert_eq!(
            secret.expose_base32().to_string(),
            text.trim_end_matches('=')
        );
    }
}

#[test]
fn base32_is_tolerant_of_what_people_type() {
    for text in [
        "mzxw 6ytb oi",
        "MZXW-6YTB-OI==",
        " mZxW6yTbOi= = ",
        "MZXW6YTBOJ",
    ] {
        assert_eq!(
            Secret::from_base32(text).unwrap().expose(),
            b"foobar",
            "{text}"
        );
    }
}

/// The error and the character at fault of a text in one line.
fn fault(read: Result<Secret, SecretFault>) -> (Error, Option<usize>) {
    let fault = read.map(|_| ()).unwrap_err();
    (fault.error, fault.place.map(|place| place.character))
}

#[test]
fn base32_as_it_is_pasted() {
    for text in [
        "MZXW\n6YTB\r\nOI",
        "\u{feff}MZXW\u{a0}6YTB\u{2003}OI\u{200b}",
        "\u{200e}MZXW\u{2011}6YTB\u{2014}OI\u{202c}",
        "\tMZXW 6YTB OI======\n",
        "\u{ff2d}\u{ff3a}\u{ff38}\u{ff37}\u{ff16}\u{ff59}\u{ff54}\u{ff42}\u{ff2f}\u{ff29}",
        "MZXW\u{666}YTBOI",
    ] {
        let secret = Secret::from_base32(text).unwrap();
        assert_eq!(secret.expose(), b"foobar", "{text:?}");
    }
}

#[test]
fn base32_refuses_the_rest() {
    for (text, character) in [
        ("M", None),
        ("MZX", None),
        ("MZXW6Y", None),
        ("MZXW6YTB========", None),
        ("MZ=W", Some(4)),
        ("MZXW6YT\u{e9}", Some(8)),
        ("MZXW_6YTB", Some(5)),
        ("MZXW6YTBMZ.XW6YTB", Some(11)),
        ("MZXW6YTB\0", Some(9)),
        ("\u{ff2d}\u{ff3b}", Some(2)),
        ("Ｍ／", Some(2)),
    ] {
        let refused = fault(Secret::from_base32(text));
        assert_eq!(refused, (Error::InvalidBase32, character), "{text}");
    }
    for text in ["", " - ", "====", "\n"] {
        let refused = fault(Secret::from_base32(text));
        assert_eq!(refused, (Error::SecretEmpty, None), "{text:?}");
    }
}

/// O, I, L and B as they are misread from paper.
#[test]
fn base32_names_a_digit_and_its_place() {
    for (text, digit, character) in [
        ("MZXW6YT1", '1', 8),
        ("mzxw 6yt8", '8', 9),
        ("0ZXW6YTB", '0', 1),
        ("MZXW6YTBMZXW9YTB", '9', 13),
        ("MZXW\u{661}", '1', 5),
        ("\u{200e}MZXW-6Y\u{ff10}B", '0', 9),
    ] {
        let refused = Secret::from_base32(text).map(|_| ()).unwrap_err();
        assert_eq!(refused.error, Error::Base32Digit, "{text}");
        assert_eq!(refused.digit, Some(digit), "{text}");
        let place = Place { line: 1, character };
        assert_eq!(refused.place, Some(place), "{text}");
        assert!(!refused.to_string().contains("ZXW"), "{text}");
    }
    let refused = Secret::from_base32("MZXW6YTB\r\nMZ1W6YTB").map(|_| ());
    let place = Place {
        line: 2,
        character: 3,
    };
    assert_eq!(refused, Err(SecretFault::digit('1', place)));
}

#[test]
fn hex() {
    let secret = Secret::from_hex("00fFaB10").unwrap();
    assert_eq!(secret.expose(), [0, 0xff, 0xab, 0x10]);
    assert_eq!(secret.expose_hex().to_string(), "00ffab10");
    for text in [
        "00 ff\nab 10",
        "00:FF:ab:10",
        "00-ff-ab-1\u{ff10}",
        "\u{ff10}\u{660}ＦfaB1\u{966}",
    ] {
        let read = Secret::from_hex(text).unwrap();
        assert_eq!(read.expose(), secret.expose(), "{text}");
    }
    for (text, character) in [
        ("0", None),
        ("00 0", None),
        ("0g", Some(2)),
        ("0x00", Some(2)),
        ("\u{e9}", Some(1)),
        ("00=", Some(3)),
        ("0123456789O1", Some(11)),
    ] {
        let refused = fault(Secret::from_hex(text));
        assert_eq!(refused, (Error::InvalidHex, character), "{text}");
    }
    for text in ["", ":"] {
        assert_eq!(fault(Secret::from_hex(text)), (Error::SecretEmpty, None));
    }
}

#[test]
fn up_to_1024_bytes() {
    let bytes = [0x5a; LONGEST + 1];
    let long = Secret::from_bytes(&bytes[1..]).unwrap();
    let texts = [
        long.expose_base32().to_string(),
        long.expose_hex().to_string(),
    ];
    assert_eq!(
        Secret::from_base32(&texts[0]).unwrap().expose(),
        long.expose()
    );
    assert_eq!(Secret::from_hex(&texts[1]).unwrap().expose(), long.expose());
    let too_long = Err(Error::SecretTooLong);
    assert_eq!(Secret::from_bytes(&bytes).map(|_| ()), too_long);
    let refused = Secret::from_hex(&(texts[1].clone() + "00"));
    assert_eq!(fault(refused), (Error::SecretTooLong, None));
    let text: String = texts[0].chars().chain("AAAA".chars()).collect();
    assert_eq!(
        fault(Secret::from_base32(&text)),
        (Error::SecretTooLong, None)
    );
}

#[test]
fn generated_by_hash() {
    for algorithm in [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512] {
        let first = Secret::generate(algorithm, &[7; 64]);
        assert_eq!(first.len(), algorithm.output_len());
        assert_eq!(
            first.expose(),
            Secret::generate(algorithm, &[7; 64]).expose()
        );
        let mut entropy = [7; 64];
        entropy[63] = 8;
        assert_ne!(
            first.expose(),
            Secret::generate(algorithm, &entropy).expose()
        );
    }
}

#[test]
fn debug_shows_the_length_only() {
    let secret = Secret::from_bytes(b"12345678901234567890").unwrap();
    assert_eq!(format!("{secret:?}"), "Secret(20 bytes)");
}
