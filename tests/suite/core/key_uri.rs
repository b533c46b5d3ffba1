//! Key URIs: parsing, and round trips.

use mpass_core::Error;
use mpass_core::oath::uri::{Caution, KeyUri, Kind};
use mpass_core::oath::{Algorithm, Digits, Secret};
use mpass_tests::coverage::RUST;
use mpass_tests::vectors::{self, KeyUriRead};
use proptest::prelude::*;

use crate::oath_properties::{algorithms, digits};

/// All contents of a URI, for comparison.
#[derive(Debug, PartialEq)]
struct Contents {
    kind: Kind,
    issuer: Option<String>,
    label_issuer: Option<String>,
    account: String,
    secret_hex: String,
    algorithm: Algorithm,
    digits: Digits,
    parameters: Vec<(String, String)>,
}

impl Contents {
    fn by(uri: &KeyUri<'_>) -> Self {
        let parameters = uri.parameters();
        Self {
            kind: uri.kind(),
            issuer: uri.issuer().map(|issuer| issuer.to_string()),
            label_issuer: uri.label_issuer().map(|issuer| issuer.to_string()),
            account: uri.account().to_string(),
            secret_hex: uri.secret().expose_hex().to_string(),
            algorithm: uri.algorithm(),
            digits: uri.digits(),
            parameters: parameters
                .map(|(name, value)| (name.to_string(), value.to_string()))
                .collect(),
        }
    }
}

fn check_read(vector: &KeyUriRead) {
    let name = &vector.uri;
    let uri = KeyUri::parse(&vector.uri).unwrap_or_else(|error| panic!("{name}: {error}"));
    let kind = match (vector.kind.as_str(), vector.counter, vector.period) {
        ("hotp", Some(counter), None) => Kind::Hotp { counter },
        ("totp", None, Some(period)) => Kind::Totp { period },
        _ => panic!("{name} is hotp with a counter or totp with a period"),
    };
    let expected = Contents {
        kind,
        issuer: vector.issuer.clone(),
        label_issuer: vector.label_issuer.clone(),
        account: vector.account.clone(),
        secret_hex: vector.secret_hex.clone(),
        algorithm: vector.algorithm.parse().unwrap(),
        digits: Digits::new(vector.digits).unwrap(),
        parameters: vector.parameters.clone(),
    };
    assert_eq!(Contents::by(&uri), expected, "{name}");
    let written = uri.expose().to_string();
    assert_eq!(written, vector.written, "{name}");
    assert_eq!(
        Contents::by(&KeyUri::parse(&written).unwrap()),
        expected,
        "{name}"
    );
    let cautions: Vec<String> = uri
        .cautions()
        .map(|caution| format!("{caution:?}"))
        .collect();
    assert_eq!(cautions, vector.cautions, "{name}");
    let strict = KeyUri::parse_strict(name).map(|uri| Contents::by(&uri));
    match vector.strict {
        true => assert_eq!(strict, Ok(expected), "{name}"),
        false => assert_eq!(strict, Err(Error::UriNotStrict), "{name}"),
    }
}

fn check_refused(uri: &str, error: &str) {
    for parsed in [KeyUri::parse(uri), KeyUri::parse_strict(uri)] {
        let refused = parsed.err().map(Error::name);
        assert_eq!(refused, Some(error), "{uri}");
    }
}

fn check(vector: &vectors::KeyUri) {
    match vector {
        vectors::KeyUri::Read(vector) => check_read(vector),
        vectors::KeyUri::Refused { uri, error, .. } => check_refused(uri, error),
    }
    let (tampered, error) = vector.tampered();
    check_refused(&tampered, error);
}

#[test]
fn readings() {
    RUST.vectors("key-uri.json", &vectors::key_uri().vectors, check);
}

#[test]
fn readings_of_peers() {
    RUST.vectors(
        "key-uri-peers.json",
        &vectors::key_uri_peers().vectors,
        check,
    );
}

#[test]
fn a_caution_is_of_apps_or_of_reading() {
    for caution in Caution::ALL {
        let of_reading = caution.is_of_reading();
        let is_reading = matches!(caution.number(), 8..=20 | 22..=23);
        assert_eq!(is_reading, of_reading);
    }
}

#[test]
fn names_that_a_label_cannot_carry() {
    let secret = || Secret::from_bytes(b"12345678901234567890").unwrap();
    let kind = Kind::Totp { period: 30 };
    for name in ["", " a", "a ", "a\nb", "a\u{7f}", "a\u{202c}", "\u{a0}a"] {
        let refused = KeyUri::new(kind, name, secret()).map(|_| ());
        assert_eq!(refused, Err(Error::InvalidLabel), "{name:?}");
        let uri = KeyUri::new(kind, "alice", secret()).unwrap();
        let refused = uri.with_issuer(name).map(|_| ());
        assert_eq!(refused, Err(Error::InvalidLabel), "{name:?}");
    }
    for period in [0, 1 << 63, u64::MAX] {
        let refused = KeyUri::new(Kind::Totp { period }, "alice", secret()).map(|_| ());
        assert_eq!(refused, Err(Error::InvalidPeriod));
    }
}

/// What is not a key URI is refused as what it is, in either case.
#[test]
fn other_forms_in_upper_case() {
    for (text, error) in [
        ("OTPAUTH-MIGRATION://OFFLINE?DATA=AA", Error::UriMigration),
        (
            "HTTPS://A.EXAMPLE/?U=OTPAUTH%3a%2fTOTP",
            Error::UriWithinText,
        ),
        (
            "OTPAUTH://TOTP/A?SECRET=GEZDGNBV&X=OTPAUTH://TOTP/B",
            Error::UriSeveral,
        ),
        ("STEAM://GEZDGNBV", Error::UriScheme),
        ("otpauth", Error::UriScheme),
        ("otpauth:/", Error::UriScheme),
    ] {
        assert_eq!(KeyUri::parse(text).map(|_| ()), Err(error), "{text}");
    }
}

/// A name that would be read as a parameter is not written.
#[test]
fn names_with_a_parameter() {
    let secret = || Secret::from_bytes(b"12345678901234567890").unwrap();
    let new = |name| KeyUri::new(Kind::Totp { period: 30 }, name, secret()).map(|_| ());
    for name in ["a&digits=8", "a?ENCODER=x", "a;secret="] {
        assert_eq!(new(name), Err(Error::InvalidLabel), "{name}");
    }
    for name in ["a&b=c", "a&digits", "digits=8", "a,digits=8", "a&digits =8"] {
        assert_eq!(new(name), Ok(()), "{name}");
    }
}

#[test]
fn strict_reading_names_the_cautions() {
    let text = "otpauth://totp/A%3Ax?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=B&digits=8";
    let refused = KeyUri::parse(text).unwrap().check_strict().unwrap_err();
    let cautions: Vec<_> = refused.cautions().collect();
    assert_eq!(cautions, [Caution::IssuerDiffers, Caution::EncodedColon]);
    assert_eq!(Error::from(refused), Error::UriNotStrict);
    assert_eq!(
        refused.to_string(),
        format!("{}: IssuerDiffers, EncodedColon", Error::UriNotStrict)
    );
}

/// A colon in a name is written as `%3A`, which the literal colon outranks
/// (pyotp #174).
#[test]
fn colons_in_names() {
    let secret = || Secret::from_bytes(b"12345678901234567890").unwrap();
    let new = |account| KeyUri::new(Kind::Totp { period: 30 }, account, secret()).unwrap();
    let query = "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    assert_eq!(
        new("u:v").with_issuer("A: B").unwrap().expose().to_string(),
        format!("otpauth://totp/A%3A%20B:u%3Av{query}&issuer=A%3A%20B")
    );
    assert_eq!(
        new("u:v").expose().to_string(),
        format!("otpauth://totp/:u%3Av{query}")
    );
    let cautions: Vec<_> = new("u:v").cautions().collect();
    assert_eq!(cautions, [Caution::NoIssuer, Caution::ColonInName]);
}

/// A new issuer replaces both of a URI that names two, and their caution.
#[test]
fn a_new_issuer_replaces_what_was_read() {
    let text = "otpauth://totp/A%3Ax?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=B";
    let uri = KeyUri::parse(text).unwrap().with_issuer("C").unwrap();
    assert_eq!(uri.label_issuer(), None);
    assert_eq!(uri.cautions().count(), 0);
    assert!(uri.expose().to_string().starts_with("otpauth://totp/C:x?"));
}

#[test]
fn a_safe_uri_has_no_cautions() {
    let secret = Secret::generate(Algorithm::Sha1, &[7; 64]);
    let uri = KeyUri::new(Kind::Totp { period: 30 }, "alice", secret).unwrap();
    assert_eq!(uri.cautions().collect::<Vec<_>>(), [Caution::NoIssuer]);
    assert_eq!(uri.with_issuer("ACME").unwrap().cautions().count(), 0);
}

#[test]
fn debug_shows_neither_secret_nor_names() {
    let text = "otpauth://totp/ACME:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&note=4711";
    let uri = KeyUri::parse(text).unwrap();
    let shown = format!("{uri:?} {:?} {:?}", uri.account(), uri.parameters().next());
    for hidden in ["GEZD", "3132", "12345", "ACME", "alice", "4711"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}

fn names() -> impl Strategy<Value = String> {
    "\\PC{1,12}"
        .prop_map(|name| name.trim().to_owned())
        .prop_filter("a label", |name| !name.is_empty())
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop_oneof![
        any::<u64>().prop_map(|counter| Kind::Hotp { counter }),
        // A multiple of 1000 may be taken for milliseconds.
        (1..1_u64 << 63).prop_map(|period| Kind::Totp {
            period: period + u64::from(period >= 1000 && period % 1000 == 0),
        }),
        Just(Kind::Totp { period: 30 }),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        kind in kinds(), account in names(), issuer in prop::option::of(names()),
        secret in prop::collection::vec(any::<u8>(), 1..100), algorithm in algorithms(),
        digits in digits(),
    ) {
        let mut uri = KeyUri::new(kind, &account, Secret::from_bytes(&secret).unwrap()).unwrap()
            .with_algorithm(algorithm).with_digits(digits);
        if let Some(issuer) = &issuer {
            uri = uri.with_issuer(issuer).unwrap();
        }
        let written = uri.expose().to_string();
        prop_assert!(written.is_ascii());
        let read = KeyUri::parse(&written).unwrap();
        prop_assert_eq!(Contents::by(&read), Contents::by(&uri));
        prop_assert_eq!(read.expose().to_string(), written);
    }

    #[test]
    fn any_text_is_a_uri_or_an_error(
        text in any::<String>(), label in "([a-c:+é/]|%20|%3A| ){0,12}",
        query in "(&(amp;)?(secret|ISSUER|issuer|digits|period|counter|x)(=([a-c:+ ;=]|%3A){0,9})?){0,4}",
    ) {
        let near = format!("otpauth://totp/{label}?secret=GEZDGNBV&{query}");
        let near_hotp = format!("otpauth://hotp/{label}?{query}&counter=1");
        for text in [text, near, near_hotp] {
            if let Ok(uri) = KeyUri::parse(&text) {
                let written = uri.expose().to_string();
                let again = KeyUri::parse(&written);
                prop_assert!(again.is_ok(), "{} {}", text, written);
                prop_assert_eq!(Contents::by(&again.unwrap()), Contents::by(&uri));
            }
        }
    }

    #[test]
    fn a_uri_cut_off_anywhere_is_no_panic(
        cut in any::<prop::sample::Index>(), letter in any::<char>(), kept in any::<bool>(),
    ) {
        let uri = "otpauth://hotp/ACME%20Co:%D8%A3?secret=GEZDGNBV&issuer=ACME+Co&counter=7&digits=8";
        let mut letters: Vec<char> = uri.chars().collect();
        let cut = cut.index(letters.len());
        letters[cut] = letter;
        if !kept {
            letters.truncate(cut + 1);
        }
        let text: String = letters.into_iter().collect();
        if let Ok(uri) = KeyUri::parse(&text) {
            let written = uri.expose().to_string();
            let again = KeyUri::parse(&written).unwrap();
            prop_assert_eq!(Contents::by(&again), Contents::by(&uri));
        }
    }
}
