//! The exact bytes of records, so that a change of the format is deliberate:
//! records of one version must be readable by the next.

use std::sync::LazyLock;

use mpass_core::challenge::{
    Attempt, Binding, Challenge, Issue, Keyring, Policy, Subject, SubjectKind, Token, TokenPolicy,
    Verdict,
};
use mpass_core::oath::{Algorithm, Digits, Hotp, Key};
use mpass_core::service::settings::Group;
use mpass_core::service::{Channel, ChannelKey, ChannelSettings, CutOffTarget, CutOffs, NewCutOff};
use mpass_core::store::{Kind, MemoryStore, Store};
use mpass_tests::sim::NOON;
use mpass_tests::tenants::create;

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
const CHANNEL_VALUE: &str = "510001acdcf98a0171b4aca9623d1a57047ccdd87fc03d2399b60541c883e4a78f63f6073aa08f464606202dad0a60c9ca845a50fbcf5db2595785dad9eac6cad20c9031bd5b2d8378281a77f473e7a6712b7c4d9c348090dfb08df61beb4ec4514dcef22398a0a63afec66382dab01bc9ff23a5e59957cebfa96efc3dfd92f646a9b8a9b8ad3611e57cf6908e1cb663ae8a42bb4ddb9c030b66c237669d6e47c87dfa60c1b17eff73a78f";

const CUT_OFFS_KEY: &str = "dd17bddaaecc7111862b3a3f0f6ff8f3";
const CUT_OFFS_VALUE: &str = "540001b89ba14ac43945bafe741aa1dd249197cc9dcbad3ab3f541d1c410078ac9d99c6bdec63106526ad4988732a5b3fd9c3a768b6d5eade20df30f2f6f2033b3fa42394a1bdb1f5f5c410ec0a19b6778b8d43d6ae30a6b6fb6464b0c95fa9d84416953e7cae46faa73b75dc4c84d61d724f2bd24f23fc68e096c337326726910aed97440e193e6dc9bc4d60de902bc48ef0ab6f8de0741b669d4e67e949f74fb9af730df194fd1a9f9f2fca5e386cce16357c4a3d7d0d57527f8a4913527c8b433165d6d9bc129ad096fd22c8d6103dc8c33f2f6b5806653c5c3d60f0ba55c41c4dfbc8c4a06";

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
    let store = MemoryStore::new(10);
    let created = create(&store, &keyring, &settings, NOON, &[1; 32]);
    assert_eq!(created.credential.as_str(), CHANNEL_KEY);
    let store_key = Channel::store_key(&keyring, "web");
    assert_eq!(format!("{store_key:?}"), CHANNEL_STORE_KEY);
    let value = store.load(Kind::Document, &store_key).unwrap().unwrap();
    assert_eq!(hex(&value), CHANNEL_VALUE);

    let channel = Channel::open(&keyring, &store_key, &from_hex(CHANNEL_VALUE)).unwrap();
    let key = ChannelKey::parse(CHANNEL_KEY).unwrap();
    assert!(channel.has_key(&keyring, &key, 1));
    assert_eq!(channel.settings().addresses[0].to_string(), "10.0.0.0/8");
}

#[test]
fn the_stored_form_keeps_its_bytes() {
    let keyring = keyring();
    let store = MemoryStore::new(10);
    let environment = (|| NOON, || Ok([1; 32]));
    for target in [
        CutOffTarget::Sends,
        CutOffTarget::Gateway(None),
        CutOffTarget::Gateway(Some("main".into())),
        CutOffTarget::Tenant {
            group: Group::Channel,
            name: "web".into(),
        },
        CutOffTarget::Prefix("+882".parse().unwrap()),
    ] {
        let new = NewCutOff {
            target,
            life_ms: 3_600_000,
            by: Some(1000),
            by_name: None,
            why: Some("pumping".into()),
        };
        let stopping = CutOffs::stopping(&keyring, new);
        stopping.run(&store, &environment).unwrap();
    }
    let store_key = CutOffs::store_key(&keyring);
    assert_eq!(format!("{store_key:?}"), CUT_OFFS_KEY);
    let value = store.load(Kind::Document, &store_key).unwrap().unwrap();
    assert_eq!(hex(&value), CUT_OFFS_VALUE);
    let cut_offs = CutOffs::open(&keyring, Some(&from_hex(CUT_OFFS_VALUE))).unwrap();
    assert_eq!(cut_offs.in_effect(NOON).count(), 5);
}
