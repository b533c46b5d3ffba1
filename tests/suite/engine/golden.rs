//! The exact bytes of records, so that a change of the format is deliberate:
//! records of one version must be readable by the next.

use std::sync::LazyLock;

use mpass_core::challenge::{
    Attempt, Binding, Challenge, Issue, Keyring, Policy, Subject, SubjectKind, Token, TokenPolicy,
    Verdict,
};
use mpass_core::oath::{Algorithm, Digits, Hotp, Key};
use mpass_core::service::{Channel, ChannelKey, ChannelSettings};
use mpass_tests::sim::NOON;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

fn keyring() -> Keyring {
    Keyring::generate(&[42; 32])
}

static SUBJECT: LazyLock<Subject> =
    LazyLock::new(|| Subject::parse(SubjectKind::Number, "+966500000000").unwrap());

fn binding() -> Binding<'static> {
    Binding {
        service: "golden",
        tenant: b"tenant",
        subject: &SUBJECT,
        context: "app",
    }
}

const CHALLENGE_KEY: &str = "38a5e8cbfa9a83fb58cf22dbc858c212";
const CHALLENGE_RECORD: &str = "11000170a75d2d15fba0510100010605dbf38737657a9ee2572c1732a25985c201a2032535e001a20320a20001a20329c9c000000000000001a20321173000000000000000000000000000000000000044f81510d3ab809710880de716d3b344";
const CHALLENGE_CODE: &str = "675917";
const TOKEN_KEY: &str = "5a479ccc0a82fc9c3af617c1232465ca";
const TOKEN_RECORD: &str = "21000157e22968328470fe010000000000000002000000000000000000000000000000000000000000000000000000000000000000000000000001a20320a20000000000000000000000000000000000b2a2c0d6d6de8b1c4a0643e74b099bfb";
/// As written by versions without the times of a restored store.
const OLDER_TOKEN_RECORD: &str = "21000157e22968328470fe010000000000000002000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000ee2c1f7c3e040cf2f90b45b466eada6b";
const CHANNEL_STORE_KEY: &str = "94d77c8eb355b5d45950871d69337d0b";
const CHANNEL_KEY: &str = "lNd8jrNVtdRZUIcdaTN9C6_xkz6Bhuk_tX3ZlMx75Z_D0jZsIhI5FwssZ3NMgsOH";
const CHANNEL_VALUE: &str = "5100012d0bc799f63deeab1e12ad814b3675c5b68bcf6f6007fb6ff9de6cd978732cfb9a623b9af14ce59c412c3c69cc65fb21ed719b9c3d0e7effca11017856ab8b21b8cf910b929d6fc2a194ee59f11e8b0ac167789b4eee006a6f1f6a986b9c6bf869a687c82a098b60fe01dbef8fb74c6f2568368adee09ba1c1723aa88618208116fc43f3157f3782ef209cdf0f850e09f279c19aceaf1aab736a9c4ca7992f24ac9165c467ff1289";

#[test]
fn challenge_record() {
    let (keyring, policy) = (keyring(), Policy::default());
    let challenge = Challenge::new(&keyring, &policy, binding());
    assert_eq!(format!("{:?}", challenge.key()), CHALLENGE_KEY);
    let Issue::Pending(pending) = challenge.issue(None, NOON, &[1; 32]).unwrap() else {
        panic!()
    };
    assert_eq!(pending.expires_at_ms(), Some(NOON + 600_000));
    assert_eq!(hex(pending.next()), CHALLENGE_RECORD);
    assert_eq!(pending.stored().code.as_str(), CHALLENGE_CODE);
}

#[test]
fn a_stored_challenge_record_is_read() {
    let (keyring, policy) = (keyring(), Policy::default());
    let challenge = Challenge::new(&keyring, &policy, binding());
    let record = from_hex(CHALLENGE_RECORD);
    let attempt = challenge.attempt(Some(&record), CHALLENGE_CODE, NOON, &[2; 32]);
    let Attempt::Pending(pending) = attempt.unwrap() else {
        panic!()
    };
    assert_eq!(pending.stored(), Verdict::Accept);
}

#[test]
fn token_record() {
    let keyring = keyring();
    let token = Token::new(&keyring, TokenPolicy::default(), b"tenant", b"token 1").unwrap();
    assert_eq!(format!("{:?}", token.key()), TOKEN_KEY);
    let key = Key::new(Algorithm::Sha1, b"12345678901234567890").unwrap();
    let hotp = Hotp::new(key, Digits::SIX);
    let attempt = token.attempt_hotp(None, &hotp, "359152", NOON, &[1; 32]);
    let Attempt::Pending(pending) = attempt.unwrap() else {
        panic!()
    };
    assert_eq!(hex(pending.next()), TOKEN_RECORD);
    for record in [TOKEN_RECORD, OLDER_TOKEN_RECORD] {
        let status = token.status(Some(&from_hex(record)), NOON).unwrap();
        assert_eq!(status.last, Some(2));
    }
}

#[test]
fn channel_value() {
    let keyring = keyring();
    let settings = ChannelSettings {
        addresses: vec!["10.0.0.0/8".parse().unwrap()],
        ..ChannelSettings::new("web")
    };
    let write = Channel::create(&keyring, None, settings, NOON, &[1; 32]).unwrap();
    assert_eq!(format!("{:?}", write.swap().key), CHANNEL_STORE_KEY);
    assert_eq!(hex(&write.swap().value), CHANNEL_VALUE);
    assert_eq!(write.stored().expose().as_str(), CHANNEL_KEY);

    let store_key = Channel::store_key(&keyring, "web");
    let channel = Channel::open(&keyring, &store_key, &from_hex(CHANNEL_VALUE)).unwrap();
    let key = ChannelKey::parse(CHANNEL_KEY).unwrap();
    assert!(channel.has_key(&keyring, &key, 1));
    assert_eq!(channel.settings().addresses[0].to_string(), "10.0.0.0/8");
}
