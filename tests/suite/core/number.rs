//! Parsing and hashes of phone numbers, and the table of numbering plans
//! against libphonenumber's metadata.

use std::collections::BTreeSet;

use mpass_core::number::{CallingCode, HexDigest, PhoneNumber};
use mpass_tests::coverage::RUST;
use mpass_tests::vectors;
use phonenumber::metadata::DATABASE;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use regex::Regex;

fn country(code: u16) -> CallingCode {
    CallingCode::new(code).unwrap()
}

#[test]
fn hashes_of_camara_and_gsma() {
    let vectors = vectors::number_hash().vectors;
    RUST.vectors("number-hash.json", &vectors, |vector| {
        let number = PhoneNumber::parse(&vector.number, None).unwrap();
        assert_eq!(number.sha256_hex().as_str(), vector.sha256_hex);
        let sent = HexDigest::parse(&vector.sha256_hex.to_uppercase()).unwrap();
        assert_eq!(number.sha256_hex(), sent);
        let mut tampered = vector.number.clone();
        tampered.push('0');
        let other = PhoneNumber::parse(&tampered, None).unwrap();
        assert_ne!(other.sha256_hex(), sent);
    });
    // CAMARA before version 1 also hashed without the plus sign.
    let number = PhoneNumber::parse("+346661113334", None).unwrap();
    assert_eq!(
        number.sha256_hex_without_plus().as_str(),
        "b4ae7a8684ef85c83ac3213ce4638a566a5d002cfe674509858434c54a75bfe5"
    );
}

/// HMAC-SHA-256 by another implementation, over the label, a zero byte and the
/// number, under 32 bytes of 0x0b.
#[test]
fn keyed_hash_is_the_documented_hmac() {
    let number = PhoneNumber::parse("+966500000000", None).unwrap();
    let hash = number.keyed_hash(&[0x0b; 32]);
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        hex,
        "62047d44c7a77c2d1374daf6f0ec3ea158ccc3c7d8c89920a65563cea0acc895"
    );
}

#[test]
fn readings() {
    let vectors = vectors::number_parse().vectors;
    RUST.vectors("number-parse.json", &vectors, |vector| {
        let country = vector.country.map(country);
        let read = PhoneNumber::parse(&vector.text, country);
        match (&vector.e164, &vector.error) {
            (Some(e164), None) => {
                let number = read.unwrap_or_else(|error| panic!("{}: {error}", vector.text));
                assert_eq!(number.as_str(), e164.as_str(), "{}", vector.text);
                let tampered = format!("{}7", vector.text);
                let other = PhoneNumber::parse(&tampered, country);
                assert_ne!(other, Ok(number), "{tampered}");
            }
            (None, Some(name)) => {
                assert_eq!(read.unwrap_err().name(), name.as_str(), "{}", vector.text);
            }
            _ => panic!("{} is to have one outcome", vector.text),
        }
    });
}

#[test]
fn calling_codes_are_those_of_libphonenumber() {
    let ours: BTreeSet<u16> = (0..1000)
        .filter(|code| CallingCode::new(*code).is_ok())
        .collect();
    let theirs: BTreeSet<u16> = (0..1000)
        .filter(|code| {
            DATABASE
                .by_code(code)
                .is_some_and(|plans| !plans.is_empty())
        })
        .collect();
    assert_eq!(ours, theirs);
}

/// The example mobile number of each country in libphonenumber, in every
/// accepted form.
#[test]
fn example_of_every_country_in_every_form() {
    let mut seen = 0;
    for code in 1..1000 {
        for plan in DATABASE.by_code(&code).unwrap_or_default() {
            let Some(national) = plan
                .descriptors()
                .mobile()
                .and_then(|mobile| mobile.example())
            else {
                continue;
            };
            seen += 1;
            let e164 = format!("+{code}{national}");
            let number = PhoneNumber::parse(&e164, None).unwrap();
            assert_eq!(number.calling_code().get(), code);
            assert_eq!(number.national(), national);
            let trunk = match code {
                375 => "80",
                _ => plan.national_prefix().unwrap_or_default(),
            };
            for (text, country) in [
                (format!("00{code}{national}"), None),
                (format!("{code}{national}"), None),
                (format!("{code}{national}"), Some(country(code))),
                (national.to_owned(), Some(country(code))),
                (format!("{trunk}{national}"), Some(country(code))),
            ] {
                assert_eq!(PhoneNumber::parse(&text, country), Ok(number), "{text}");
            }
            for text in [national.to_owned(), format!("{trunk}{national}")] {
                assert_eq!(PhoneNumber::from_national(country(code), &text), Ok(number));
            }
        }
    }
    assert!(seen > 200, "only {seen} examples");
}

/// A national number with its country's trunk prefix, or with a prefix that people
/// write in its place, is never one of another country.
#[test]
fn national_numbers_stay_in_their_country() {
    for code in (1..1000).filter(|code| CallingCode::new(*code).is_ok()) {
        for plan in DATABASE.by_code(&code).unwrap_or_default() {
            let mobile = plan.descriptors().mobile();
            let Some(national) = mobile.and_then(|mobile| mobile.example()) else {
                continue;
            };
            let trunk = plan.national_prefix().unwrap_or_default();
            let former = match code {
                52 => "1",
                _ => trunk,
            };
            for prefix in ["", "0", "01", "044", "06", trunk, former] {
                let text = format!("{prefix}{national}");
                // Two zeros precede an international number.
                if text.starts_with("00") {
                    continue;
                }
                if let Ok(number) = PhoneNumber::parse(&text, Some(country(code))) {
                    assert_eq!(number.calling_code().get(), code, "{text}");
                }
            }
        }
    }
}

/// Every number abroad behind every prefix of `internationalPrefix` in
/// libphonenumber's metadata: it is that number, or refused.
#[test]
fn prefixes_for_calls_abroad_reach_nobody_else() {
    let abroad = ["16502530000", "6581234567", "447700900123", "79123456789"];
    let digits = |width: usize| {
        (0..100_000).map_while(move |n: usize| {
            let text = format!("{n:0width$}");
            (text.len() == width).then_some(text)
        })
    };
    // Those of seven and eight digits are codes of carriers in China and Australia.
    let longer = ["1791100", "1211100", "14110011", "14880011"].map(str::to_owned);
    let prefixes: Vec<_> = (2..=5).flat_map(digits).chain(longer).collect();
    let mut seen = BTreeSet::new();
    for code in (1..1000).filter(|code| CallingCode::new(*code).is_ok()) {
        for plan in DATABASE.by_code(&code).unwrap_or_default() {
            let Some(pattern) = plan.international_prefix() else {
                continue;
            };
            let pattern = Regex::new(&format!("^(?x:{})$", pattern.as_str())).unwrap();
            for prefix in prefixes.iter().filter(|prefix| pattern.is_match(prefix)) {
                for number in abroad {
                    let text = format!("{prefix}{number}");
                    // 0055 in Brazil is 00 and the country's own code.
                    if text.starts_with(&format!("00{code}")) {
                        continue;
                    }
                    let country = country(code);
                    if let Ok(read) = PhoneNumber::parse(&text, Some(country)) {
                        assert_eq!(read.digits(), number, "{prefix} {number} in {code}");
                    }
                    // Digits after 00 may be a national number of Italy.
                    if prefix != "00" {
                        let national = PhoneNumber::from_national(country, &text);
                        assert!(national.is_err(), "{prefix} {number} in {code}");
                    }
                }
                seen.insert(prefix.as_str());
            }
        }
    }
    assert!(seen.len() > 100, "only {} prefixes", seen.len());
}

/// Every number that is returned is read as itself.
#[test]
fn canonical_numbers_are_read_as_themselves() {
    let mut runner = TestRunner::new(ProptestConfig::with_cases(100));
    let firsts = "(|0|1|8|80|00|01|06|011|015|044|90|180020|1900)";
    let national = format!("{firsts}{firsts}[0-9]{{2,12}}");
    for code in (1..1000).filter_map(|code| CallingCode::new(code).ok()) {
        let check = |text: String| {
            let international = format!("+{code}{text}");
            for read in [
                PhoneNumber::from_national(code, &text),
                PhoneNumber::parse(&text, Some(code)),
                PhoneNumber::parse(&international, None),
            ] {
                let Ok(number) = read else { continue };
                for country in [None, Some(code)] {
                    prop_assert_eq!(PhoneNumber::parse(number.as_str(), country), Ok(number));
                }
                prop_assert_eq!(PhoneNumber::parse(number.digits(), None), Ok(number));
            }
            Ok(())
        };
        for (of, text) in [(52, "11947418120"), (261, "02614705"), (370, "0870579072")] {
            if code.get() == of {
                check(text.to_owned()).unwrap();
            }
        }
        runner.run(&national.as_str(), check).unwrap();
    }
}

proptest! {
    #[test]
    fn any_text_is_a_number_or_an_error(
        text in any::<String>(), digits in "[+(]?[0-9٠-٩ .()-]{0,24}", code in any::<u16>(),
    ) {
        let country = CallingCode::new(code % 1000).ok();
        for text in [&text, &digits] {
            for country in [None, country] {
                if let Ok(number) = PhoneNumber::parse(text, country) {
                    prop_assert_eq!(PhoneNumber::parse(number.as_str(), None), Ok(number));
                    prop_assert_eq!(PhoneNumber::parse(number.digits(), None), Ok(number));
                    prop_assert!((5..=15).contains(&number.digits().len()));
                    let parts = format!("{}{}", number.calling_code(), number.national());
                    prop_assert_eq!(number.digits(), parts);
                }
            }
            if let Some(country) = country
                && let Ok(number) = PhoneNumber::from_national(country, text)
            {
                prop_assert_eq!(number.calling_code(), country);
            }
            let _ = HexDigest::parse(text);
        }
    }

    #[test]
    fn separators_change_nothing(digits in "[1-9][0-9]{4,14}", separator in "[ .()-]") {
        let spread: String = digits.chars().flat_map(|digit| [separator.as_str(), &digit.to_string()].concat().chars().collect::<Vec<_>>()).collect();
        prop_assert_eq!(
            PhoneNumber::parse(&format!("+{digits}"), None),
            PhoneNumber::parse(&format!("+{spread}"), None)
        );
    }

    #[test]
    fn a_mask_hides_all_but_three_national_digits(national in "5[0-9]{8}") {
        let number = PhoneNumber::parse(&format!("+966{national}"), None).unwrap();
        let shown = number.to_string();
        prop_assert_eq!(shown, format!("+9665*****{}", &national[7..]));
    }
}
