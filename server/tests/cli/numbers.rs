use mpass_core::Error;
use mpass_tests::coverage::COMMAND_LINE;
use mpass_tests::vectors;

use crate::support::run_anywhere;

#[test]
fn hash_vectors() {
    let vectors = vectors::number_hash().vectors;
    COMMAND_LINE.vectors("number-hash.json", &vectors, |vector| {
        let hash = run_anywhere(&["number", "hash", &vector.number]).done();
        assert_eq!(
            hash,
            format!("{}\n", vector.sha256_hex),
            "{}",
            vector.source
        );
        let mut other = vector.number.clone();
        let last = other.pop().unwrap();
        other.push(if last == '9' { '8' } else { '9' });
        assert_ne!(run_anywhere(&["number", "hash", &other]).done(), hash);
    });
}

/// The engine's text for an error of this name.
pub(crate) fn text_of(name: &str) -> String {
    let named = Error::ALL.iter().find(|error| error.name() == name);
    named.expect("the engine has this error").to_string()
}

#[test]
fn reading_vectors() {
    let vectors = vectors::number_parse().vectors;
    COMMAND_LINE.vectors("number-parse.json", &vectors, |vector| {
        let country = vector.country.map(|country| country.to_string());
        let mut arguments = vec!["number", "normalize", &vector.text];
        arguments.extend(country.iter().flat_map(|country| ["--country", country]));
        let read = run_anywhere(&arguments);
        match (&vector.e164, &vector.error) {
            (Some(e164), None) => assert_eq!(read.done(), format!("{e164}\n"), "{arguments:?}"),
            (None, Some(name)) => {
                let said = read.misuse();
                assert!(said.contains(&text_of(name)), "{arguments:?}: {said}");
            }
            _ => panic!("{} must have one outcome", vector.text),
        }
    });
}

#[test]
fn canonical_forms() {
    for (arguments, e164) in [
        (&["0500000000", "--country", "966"][..], "+966500000000"),
        (&["٠٥٠٠٠٠٠٠٠٠", "--country", "966"], "+966500000000"),
        (&["+966 50-000 (0000)"], "+966500000000"),
        (&["00966500000000"], "+966500000000"),
        (&["--country", "+966", "+44 7911 123456"], "+447911123456"),
    ] {
        let printed = run_anywhere(&[&["number", "normalize"], arguments].concat());
        assert_eq!(printed.done(), format!("{e164}\n"), "{arguments:?}");
    }
}

#[test]
fn plans() {
    let check = |number| run_anywhere(&["number", "check", number]);
    assert_eq!(check("+966500000000").done(), "mobile\n");
    assert_eq!(check("+966112345678").done(), "not-mobile\n");
    let none = check("+9665000000");
    assert_eq!((none.status, none.stdout.as_str()), (1, ""));
}
