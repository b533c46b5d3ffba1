//! OCRA: RFC 6287 appendix C and further vectors, each also altered; windows,
//! invalid inputs, and properties.

use mpass_core::Error;
use mpass_core::oath::ocra::{Inputs, Matched, Mutual, Ocra, Suite, Tolerance};
use mpass_core::oath::{Algorithm, Key, Secret};
use mpass_tests::coverage::RUST;
use mpass_tests::vectors;
use proptest::prelude::*;

use crate::oath_properties::algorithms;
use crate::oath_vectors::{in_arabic, lookalikes, tampered};

const EXACTLY: Tolerance = Tolerance {
    look_ahead: 0,
    past: 0,
    future: 0,
};

fn ocra(suite: &str, key_hex: &str) -> Ocra {
    let suite: Suite = suite.parse().unwrap();
    let secret = Secret::from_hex(key_hex).unwrap();
    Ocra::new(Key::new(suite.algorithm(), secret.expose()).unwrap(), suite).unwrap()
}

fn some_ocra(suite: &str) -> Ocra {
    ocra(suite, "3132333435363738393031323334353637383930")
}

/// Decodes the session information of a vector.
fn session(vector: &vectors::Ocra) -> Option<Vec<u8>> {
    let hex = vector.session_hex.as_ref()?;
    Some(match hex.as_str() {
        "" => Vec::new(),
        hex => Secret::from_hex(hex).unwrap().expose().to_vec(),
    })
}

fn inputs<'a>(vector: &'a vectors::Ocra, session: Option<&'a [u8]>) -> Inputs<'a> {
    let mut inputs = Inputs::new(&vector.question);
    if let Some(counter) = vector.counter {
        inputs = inputs.with_counter(counter);
    }
    if let Some(pin) = &vector.pin {
        inputs = inputs.with_pin(pin);
    }
    if let Some(session) = session {
        inputs = inputs.with_session(session);
    }
    if let Some(time) = vector.unix_time {
        inputs = inputs.with_time(time);
    }
    inputs
}

fn check(vector: &vectors::Ocra) {
    let ocra = ocra(&vector.suite, &vector.key_hex);
    assert_eq!(ocra.suite().to_string(), vector.suite);
    let session = session(vector);
    let inputs = inputs(vector, session.as_deref());
    let name = format!("{} {}", vector.suite, vector.question);
    assert_eq!(
        ocra.respond(&inputs).unwrap().as_str(),
        vector.response,
        "{name}"
    );
    let verify = |text: &str| ocra.verify(text, &inputs, EXACTLY).unwrap();
    let matched = verify(&vector.response).unwrap();
    assert_eq!(matched.counter, vector.counter);
    assert_eq!(matched.time_step.is_some(), vector.unix_time.is_some());
    if let Some(steps) = &vector.time_steps_hex {
        assert_eq!(matched.time_step, u64::from_str_radix(steps, 16).ok());
        let stepped = inputs.with_time_step(matched.time_step.unwrap());
        assert_eq!(ocra.respond(&stepped).unwrap().as_str(), vector.response);
    }
    if ocra.suite().digits().is_some() {
        assert!(verify(&in_arabic(&vector.response, 0x660)).is_some());
        for index in 0..vector.response.len() {
            assert_eq!(verify(&tampered(&vector.response, index)), None, "{name}");
        }
    } else {
        assert!(verify(&vector.response.to_uppercase()).is_some());
        for index in 0..vector.response.len() {
            let mut wrong = vector.response.clone();
            let digit = if wrong.as_bytes()[index] == b'0' {
                "1"
            } else {
                "0"
            };
            wrong.replace_range(index..=index, digit);
            assert_eq!(verify(&wrong), None, "{name}");
        }
    }
    for text in lookalikes(&vector.response) {
        assert_eq!(verify(&text), None, "{name} {text:?}");
    }
}

#[test]
fn all_of_rfc_6287_appendix_c() {
    let vectors = vectors::ocra().vectors;
    assert_eq!(vectors.len(), 70);
    RUST.vectors("ocra.json", &vectors, check);
}

#[test]
fn what_the_rfc_has_no_vectors_for() {
    RUST.vectors("ocra-more.json", &vectors::ocra_more().vectors, check);
}

#[test]
fn suites_that_omit_parameters() {
    let vectors = vectors::ocra_suites().vectors;
    let tiqr = vectors.iter().filter(|vector| vector.section == "tiqr");
    assert_eq!(tiqr.count(), 16);
    RUST.vectors("ocra-suites.json", &vectors, check);
}

/// Every input changes the response.
#[test]
fn every_input_counts() {
    let ocra = some_ocra("OCRA-1:HOTP-SHA1-0:C-QA08-PSHA1-S004-T1M");
    let base = Inputs::new("SIG10000")
        .with_counter(1)
        .with_pin("1234")
        .with_session(b"abc")
        .with_time(600);
    let response = ocra.respond(&base).unwrap();
    assert_eq!(response.as_str().len(), 40);
    let same = base.with_time(659);
    assert_eq!(ocra.respond(&same).unwrap().as_str(), response.as_str());
    for other in [
        base.with_counter(2),
        base.with_pin("1235"),
        base.with_session(b"abd"),
        base.with_session(b"abc\0"),
        base.with_time(660),
    ] {
        assert_ne!(ocra.respond(&other).unwrap().as_str(), response.as_str());
    }
    // Leading zeros of the session information are padding.
    let filled = base.with_session(b"\0abc");
    assert_eq!(ocra.respond(&filled).unwrap().as_str(), response.as_str());
    let hash = Secret::from_hex("7110eda4d09e062aa5e4a390b0a572ac0d2c0220").unwrap();
    let hashed = base.with_pin_hash(hash.expose());
    assert_eq!(ocra.respond(&hashed).unwrap().as_str(), response.as_str());
}

#[test]
fn inputs_that_are_not_the_suites() {
    let plain = some_ocra("OCRA-1:HOTP-SHA1-6:QN08");
    let question = Inputs::new("12345678");
    for unexpected in [
        question.with_counter(0),
        question.with_pin("1234"),
        question.with_session(b""),
        question.with_time(0),
        question.with_time_step(0),
    ] {
        let refused = plain.respond(&unexpected).map(|_| ());
        assert_eq!(refused, Err(Error::UnexpectedInput));
        let refused = plain.verify("000000", &unexpected, EXACTLY);
        assert_eq!(refused, Err(Error::UnexpectedInput));
    }
    for suite in ["C-QN08", "QN08-PSHA1", "QN08-S064", "QN08-T1M"] {
        let ocra = some_ocra(&format!("OCRA-1:HOTP-SHA1-6:{suite}"));
        assert_eq!(
            ocra.respond(&question).map(|_| ()),
            Err(Error::MissingInput)
        );
        let refused = ocra.verify("000000", &question, EXACTLY);
        assert_eq!(refused, Err(Error::MissingInput));
    }
    let session = some_ocra("OCRA-1:HOTP-SHA1-6:QN08-S004");
    let refused = session
        .respond(&question.with_session(b"12345"))
        .map(|_| ());
    assert_eq!(refused, Err(Error::SessionTooLong));
    let pin = some_ocra("OCRA-1:HOTP-SHA1-6:QN08-PSHA256");
    let refused = pin.respond(&question.with_pin_hash(&[0; 20])).map(|_| ());
    assert_eq!(refused, Err(Error::PinHashLength));
    let refused = plain.respond(&Inputs::new("1234567a")).map(|_| ());
    assert_eq!(refused, Err(Error::InvalidQuestion));
    let key = Key::new(Algorithm::Sha256, &[1; 32]).unwrap();
    let suite = "OCRA-1:HOTP-SHA1-6:QN08".parse().unwrap();
    assert_eq!(
        Ocra::new(key, suite).map(|_| ()),
        Err(Error::SuiteAlgorithm)
    );
}

#[test]
fn windows_over_counter_and_time() {
    let ocra = some_ocra("OCRA-1:HOTP-SHA1-8:C-QN08-T1M");
    let at = |counter, step| {
        Inputs::new("12345678")
            .with_counter(counter)
            .with_time_step(step)
    };
    let response = ocra.respond(&at(12, 103)).unwrap();
    let verify = |counter, step, tolerance| {
        ocra.verify(response.as_str(), &at(counter, step), tolerance)
            .unwrap()
    };
    let matched = Some(Matched {
        counter: Some(12),
        time_step: Some(103),
    });
    let tolerance = Tolerance {
        look_ahead: 3,
        past: 2,
        future: 1,
    };
    for (counter, step, expected) in [
        (12, 103, matched),
        (9, 103, matched),
        (8, 103, None),
        (13, 103, None),
        (12, 105, matched),
        (12, 106, None),
        (10, 102, matched),
        (10, 101, None),
    ] {
        assert_eq!(
            verify(counter, step, tolerance),
            expected,
            "{counter} {step}"
        );
    }
    // Neither end underflows or overflows.
    assert_eq!(verify(0, 0, tolerance), None);
    assert_eq!(verify(u64::MAX, u64::MAX, tolerance), None);
    let wide = Tolerance {
        look_ahead: 999,
        past: 50,
        future: 50,
    };
    let refused = ocra.verify("00000000", &at(0, 100), wide);
    assert_eq!(refused, Err(Error::WindowTooLarge));
    let widest = Tolerance {
        look_ahead: u32::MAX,
        past: u32::MAX,
        future: u32::MAX,
    };
    let refused = ocra.verify("00000000", &at(0, 100), widest);
    assert_eq!(refused, Err(Error::WindowTooLarge));
    // Without counter and time the tolerance has no effect.
    let plain = some_ocra("OCRA-1:HOTP-SHA1-8:QN08");
    let question = Inputs::new("12345678");
    let response = plain.respond(&question).unwrap();
    assert!(
        plain
            .verify(response.as_str(), &question, widest)
            .unwrap()
            .is_some()
    );
}

/// Appendix C.2 with [`Mutual`]: each party's response is right only for its
/// own question.
#[test]
fn mutual_mode() {
    let key = "3132333435363738393031323334353637383930313233343536373839303132";
    let ocra = ocra("OCRA-1:HOTP-SHA256-8:QA08", key);
    let mutual = Mutual::new("CLI22220", "SRV11110").unwrap();
    let server = Inputs::new(mutual.for_server_response());
    let client = Inputs::new(mutual.for_client_response());
    assert_eq!(ocra.respond(&server).unwrap().as_str(), "28247970");
    assert_eq!(ocra.respond(&client).unwrap().as_str(), "15510767");
    assert_eq!(ocra.verify("28247970", &client, EXACTLY), Ok(None));
}

fn suites() -> impl Strategy<Value = String> {
    let digits = prop_oneof![Just(0u8), 4u8..=10];
    let question = ("[ANH]", 4u8..=64);
    let session = prop::option::of(1u16..=999);
    let time = prop::option::of(prop_oneof![
        (1u8..=59, Just("S")),
        (1u8..=59, Just("M")),
        (1u8..=48, Just("H"))
    ]);
    let parts = (
        algorithms(),
        digits,
        any::<bool>(),
        question,
        prop::option::of(algorithms()),
        session,
        time,
    );
    parts.prop_map(
        |(algorithm, digits, counter, (format, len), pin, session, time)| {
            let mut text = format!("OCRA-1:HOTP-{algorithm}-{digits}:");
            text += if counter { "C-" } else { "" };
            text += &format!("Q{format}{len:02}");
            text += &pin.map_or(String::new(), |pin| format!("-P{pin}"));
            text += &session.map_or(String::new(), |len| format!("-S{len:03}"));
            text += &time.map_or(String::new(), |(count, unit)| format!("-T{count}{unit}"));
            text
        },
    )
}

proptest! {
    #[test]
    fn a_suite_is_its_text(text in suites()) {
        let suite: Suite = text.parse().unwrap();
        prop_assert_eq!(suite.to_string(), text);
    }

    #[test]
    fn any_text_is_a_suite_or_an_error(
        text in any::<String>(), near in suites(), at in any::<prop::sample::Index>(), letter in any::<char>(),
    ) {
        let mut mutated: Vec<char> = near.chars().collect();
        let at = at.index(mutated.len());
        mutated[at] = letter;
        let mutated: String = mutated.into_iter().collect();
        for text in [text, mutated] {
            if let Ok(suite) = text.parse::<Suite>() {
                prop_assert_eq!(suite.to_string(), text);
            }
        }
    }

    #[test]
    fn a_generated_question_is_answered(
        text in suites(), entropy in any::<[u8; 32]>(), counter in any::<u64>(), time in 0u64..253_402_300_800,
        session in prop::collection::vec(any::<u8>(), 0..1000), pin in any::<String>(), typed in any::<String>(),
    ) {
        let suite: Suite = text.parse().unwrap();
        let ocra = Ocra::new(Key::new(suite.algorithm(), &entropy).unwrap(), suite).unwrap();
        let question = suite.generate_question(&entropy);
        let mut inputs = Inputs::new(question.as_str());
        if suite.has_counter() { inputs = inputs.with_counter(counter); }
        if suite.pin_algorithm().is_some() { inputs = inputs.with_pin(&pin); }
        if let Some(len) = suite.session_len() {
            inputs = inputs.with_session(&session[..len.min(session.len())]);
        }
        if suite.time_step_seconds().is_some() { inputs = inputs.with_time(time); }
        let response = ocra.respond(&inputs).unwrap();
        let tolerance = Tolerance { look_ahead: 2, past: 1, future: 1 };
        let matched = ocra.verify(response.as_str(), &inputs, EXACTLY).unwrap().unwrap();
        prop_assert_eq!(matched.counter, suite.has_counter().then_some(counter));
        prop_assert_eq!(matched.time_step, suite.time_step_seconds().map(|step| time / step));
        prop_assert!(ocra.verify(response.as_str(), &inputs, tolerance).unwrap().is_some());
        let _ = ocra.verify(&typed, &inputs, tolerance).unwrap();
        let _ = ocra.respond(&Inputs::new(&typed));
    }
}
