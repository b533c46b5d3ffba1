use std::string::ToString;

use super::*;

#[test]
fn every_part_is_read() {
    let suite: Suite = "OCRA-1:HOTP-SHA512-10:C-QH40-PSHA256-S128-T12H"
        .parse()
        .unwrap();
    assert_eq!(suite.algorithm(), Algorithm::Sha512);
    assert_eq!(suite.digits().map(Digits::get), Some(10));
    assert!(suite.has_counter());
    assert_eq!(suite.format(), Format::Hexadecimal);
    assert_eq!(suite.question_len(), 40);
    assert_eq!(suite.pin_algorithm(), Some(Algorithm::Sha256));
    assert_eq!(suite.session_len(), Some(128));
    assert_eq!(suite.time_step_seconds(), Some(12 * 3600));
    let least: Suite = "OCRA-1:HOTP-SHA1-0:QA04".parse().unwrap();
    assert_eq!(least.digits(), None);
    assert_eq!(least.time_step_seconds(), None);
    assert!(!least.has_counter());
}

#[test]
fn omitted_parameters_have_the_defaults_of_section_6_3() {
    let suite: Suite = "OCRA-1:HOTP-SHA1-6:C-Q-P-S-T".parse().unwrap();
    assert_eq!(suite.format(), Format::Numeric);
    assert_eq!(suite.question_len(), 8);
    assert_eq!(suite.pin_algorithm(), Some(Algorithm::Sha1));
    assert_eq!(suite.session_len(), Some(64));
    assert_eq!(suite.time_step_seconds(), Some(60));
    // The text is hashed as given, so the two have different responses.
    assert_eq!(suite.as_str(), "OCRA-1:HOTP-SHA1-6:C-Q-P-S-T");
    let full: Suite = "OCRA-1:HOTP-SHA1-6:C-QN08-PSHA1-S064-T1M".parse().unwrap();
    assert_ne!(suite, full);
}

#[test]
fn every_suite_keeps_its_text() {
    for text in [
        "OCRA-1:HOTP-SHA1-6:QN08",
        "OCRA-1:HOTP-SHA256-0:C-QA64-S064",
        "OCRA-1:HOTP-SHA512-10:C-QN64-PSHA512-S999-T59M",
        "OCRA-1:HOTP-SHA1-4:QH04-T1S",
        "OCRA-1:HOTP-SHA1-4:QH10-PSHA1-T48H",
        "OCRA-1:HOTP-SHA1-6:QH10-S",
        "OCRA-1:HOTP-SHA1-6:Q",
        "OCRA-1:HOTP-SHA1-6:C-Q-T",
        "OCRA-1:HOTP-SHA1-6:QN08-P-S064",
    ] {
        assert_eq!(text.parse::<Suite>().unwrap().to_string(), text);
    }
}

#[test]
fn a_refusal_names_the_part() {
    let refused = |texts: &[&str], error| {
        for text in texts {
            assert_eq!(text.parse::<Suite>(), Err(error), "{text}");
        }
    };
    refused(
        &[
            "",
            "OCRA-1",
            "OCRA-1:HOTP-SHA1-6",
            "OCRA-2:HOTP-SHA1-6:QN08",
            "ocra-1:hotp-sha1-6:qn08",
            " OCRA-1:HOTP-SHA1-6:QN08",
            "HOTP-SHA1-6:QN08",
            "OCRA-1:HOTP-SHA1-6:QN08:QN08",
        ],
        Error::InvalidSuite,
    );
    refused(
        &[
            "OCRA-1::QN08",
            "OCRA-1:TOTP-SHA1-6:QN08",
            "OCRA-1:HOTP-MD5-6:QN08",
            "OCRA-1:HOTP-SHA-1-6:QN08",
            "OCRA-1:HOTP-SHA384-6:QN08",
            "OCRA-1:hotp-sha1-6:QN08",
            "OCRA-1:HOTP-SHA1:QN08",
            "OCRA-1:HOTP-SHA1-:QN08",
            "OCRA-1:HOTP-SHA1-3:QN08",
            "OCRA-1:HOTP-SHA1-11:QN08",
            "OCRA-1:HOTP-SHA1-06:QN08",
            "OCRA-1:HOTP-SHA1-00:QN08",
            "OCRA-1:HOTP-SHA1-+6:QN08",
            "OCRA-1:HOTP-SHA1-262:QN08",
            // The first fault from the left.
            "OCRA-1:HOTP-SHA1-3:QX08",
        ],
        Error::SuiteFunction,
    );
    refused(
        &[
            "OCRA-1:HOTP-SHA1-6:",
            "OCRA-1:HOTP-SHA1-6:C",
            "OCRA-1:HOTP-SHA1-6:C-C-QN08",
            "OCRA-1:HOTP-SHA1-6:PSHA1",
            "OCRA-1:HOTP-SHA1-6:T1M-QN08",
            "OCRA-1:HOTP-SHA1-6:QN",
            "OCRA-1:HOTP-SHA1-6:QN8",
            "OCRA-1:HOTP-SHA1-6:QN03",
            "OCRA-1:HOTP-SHA1-6:QN65",
            "OCRA-1:HOTP-SHA1-6:QN008",
            "OCRA-1:HOTP-SHA1-6:QN+8",
            "OCRA-1:HOTP-SHA1-6:QX08",
            "OCRA-1:HOTP-SHA1-6:Q٨08",
            "OCRA-1:HOTP-SHA1-6:QN٠٨",
            "OCRA-1:HOTP-SHA1-6:Q08",
            "OCRA-1:HOTP-SHA1-6:qn08-s",
            "OCRA-1:HOTP-SHA1-6:QX08-S000",
            "OCRA-1:HOTP-SHA1-6:QN08 ",
        ],
        Error::SuiteQuestion,
    );
    refused(
        &[
            "OCRA-1:HOTP-SHA1-6:QN08-C",
            "OCRA-1:HOTP-SHA1-6:QN08-QN08",
            "OCRA-1:HOTP-SHA1-6:QN08-",
            "OCRA-1:HOTP-SHA1-6:QN08-PSHA2",
            "OCRA-1:HOTP-SHA1-6:QN08-P1",
            "OCRA-1:HOTP-SHA1-6:QN08-PSHA",
            "OCRA-1:HOTP-SHA1-6:QN08-psha1",
            "OCRA-1:HOTP-SHA1-6:QN08-T1M-PSHA1",
            "OCRA-1:HOTP-SHA1-6:QN08-T1M-S064",
            "OCRA-1:HOTP-SHA1-6:QN08-S064-PSHA1",
            "OCRA-1:HOTP-SHA1-6:QN08-S64",
            "OCRA-1:HOTP-SHA1-6:QN08-S000",
            "OCRA-1:HOTP-SHA1-6:QN08-S0064",
            "OCRA-1:HOTP-SHA1-6:QN08-S-S",
            "OCRA-1:HOTP-SHA1-6:QN08-TM",
            "OCRA-1:HOTP-SHA1-6:QN08-T1",
            "OCRA-1:HOTP-SHA1-6:QN08-T0H",
            "OCRA-1:HOTP-SHA1-6:QN08-T01M",
            "OCRA-1:HOTP-SHA1-6:QN08-T60M",
            "OCRA-1:HOTP-SHA1-6:QN08-T60S",
            "OCRA-1:HOTP-SHA1-6:QN08-T49H",
            "OCRA-1:HOTP-SHA1-6:QN08-T1D",
            "OCRA-1:HOTP-SHA1-6:QN08-T1m",
            "OCRA-1:HOTP-SHA1-6:QN08-T1M-T1M",
        ],
        Error::SuiteInput,
    );
    // The longest suite, and one letter more.
    let longest = "OCRA-1:HOTP-SHA512-10:C-QN64-PSHA512-S999-T59M";
    assert!(longest.parse::<Suite>().is_ok());
    let longer = std::format!("{longest}-{}", "T".repeat(99));
    assert_eq!(longer.parse::<Suite>(), Err(Error::SuiteInput));
}
