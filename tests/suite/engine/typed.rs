//! Typed text on tokens and challenges.

use mpass_core::Error;
use mpass_core::challenge::{
    Binding, Challenge, Keyring, Policy, Subject, SubjectKind, Token, TokenPolicy, Verdict,
};
use mpass_core::oath::ocra::{Inputs, Ocra};
use mpass_core::oath::{Algorithm, Digits, Hotp, Key, Totp};
use mpass_core::store::{Kind, Listed, MemoryStore, Store, StoreKey, Swap, Swapped};
use mpass_tests::sim::NOON;

/// A store that must not be used.
struct Untouched;

impl Store for Untouched {
    fn load(&self, _: Kind, _: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        panic!("a load")
    }

    fn swap(&self, _: &Swap, _: u64) -> Result<Swapped, Error> {
        panic!("a swap")
    }

    fn list(&self, _: Option<&StoreKey>, _: u32) -> Result<Vec<Listed>, Error> {
        panic!("a list")
    }
}

fn environment() -> (impl Fn() -> u64, impl Fn() -> Result<[u8; 32], Error>) {
    (|| NOON, || Ok([7; 32]))
}

fn key() -> Key {
    Key::new(Algorithm::Sha1, b"12345678901234567890").unwrap()
}

fn ocra(suite: &str) -> Ocra {
    Ocra::new(key(), suite.parse().unwrap()).unwrap()
}

fn policy() -> TokenPolicy {
    TokenPolicy {
        delay_ms: 0,
        failures_to_lock: 100,
        ..TokenPolicy::default()
    }
}

#[test]
fn a_malformed_text_touches_no_store() {
    let keyring = Keyring::generate(&[3; 32]);
    let token = Token::new(&keyring, policy(), b"tenant", b"1").unwrap();
    let (hotp, totp) = (Hotp::new(key(), Digits::SIX), Totp::new(key(), Digits::SIX));
    let environment = environment();
    let inputs = Inputs::new("12345678");
    let (digits, whole) = (
        ocra("OCRA-1:HOTP-SHA1-6:QN08"),
        ocra("OCRA-1:HOTP-SHA1-0:QN08"),
    );
    let (challenge_policy, account) = (
        Policy::default(),
        Subject::parse(SubjectKind::Account, "ann").unwrap(),
    );
    let binding = Binding {
        service: "login",
        tenant: b"acme",
        subject: &account,
        context: "",
    };
    let challenge = Challenge::new(&keyring, &challenge_policy, binding);
    for text in ["", "abc", "123", "12345678901", "755224x", "755.224"] {
        let changes = [
            challenge.attempting(text),
            token.attempting_hotp(&hotp, text),
            token.attempting_totp(&totp, text),
            token.attempting_ocra(&digits, inputs, text),
        ];
        for change in changes {
            let verdict = change.run(&Untouched, &environment);
            assert_eq!(verdict, Ok(Verdict::Malformed), "{text:?}");
        }
        for codes in [[text, "287082"], ["755224", text]] {
            let hotp = token.resynchronizing_hotp(&hotp, &codes);
            assert_eq!(hotp.run(&Untouched, &environment), Ok(Verdict::Malformed));
            let totp = token.resynchronizing_totp(&totp, &codes);
            assert_eq!(totp.run(&Untouched, &environment), Ok(Verdict::Malformed));
        }
    }
    // A response that is the whole HMAC is hexadecimal.
    for text in ["", "xyz", "75522g", "ab cd"] {
        let change = token.attempting_ocra(&whole, inputs, text);
        assert_eq!(change.run(&Untouched, &environment), Ok(Verdict::Malformed));
    }
}

#[test]
fn codes_in_a_row_as_people_type_them() {
    let keyring = Keyring::generate(&[3; 32]);
    let token = Token::new(&keyring, policy(), b"tenant", b"1").unwrap();
    let hotp = Hotp::new(key(), Digits::SIX);
    let (store, environment) = (MemoryStore::new(10), environment());
    // RFC 4226 appendix D, counters 1 to 3.
    let codes = ["287 082", "\u{200e}３５９１５２", "969\u{2011}429\n"];
    let change = token.resynchronizing_hotp(&hotp, &codes);
    assert_eq!(change.run(&store, &environment), Ok(Verdict::Accept));
    // The number of codes is looked at first, and another length is a guess.
    let change = token.resynchronizing_hotp(&hotp, &["abc"]);
    assert_eq!(change.run(&store, &environment), Err(Error::ResyncCodes));
    let change = token.resynchronizing_hotp(&hotp, &["1234", "12345"]);
    assert_eq!(change.run(&store, &environment), Ok(Verdict::Wrong));
    let change = token.attempting_hotp(&hotp, "3383\u{a0}14");
    assert_eq!(change.run(&store, &environment), Ok(Verdict::Accept));
}
