//! Tests of the stored form of tenants: encrypted, the same after reading, and
//! read from the form of before.

use alloc::string::String;
use alloc::vec::Vec;

use proptest::prelude::*;
use serde::Deserialize;

use super::desk::created;
use super::{AnyTenant, reseal_document};
use crate::Error;
use crate::challenge::Keyring;
use crate::number::CallingCode;
use crate::service::settings::{Field, Group, Value, Values};
use crate::store::StoreKey;

const NOW_MS: u64 = 1_800_000_000_000;

fn settings() -> impl Strategy<Value = Values> {
    let codes = proptest::collection::btree_set(1..=999u64, 0..40);
    let texts = proptest::collection::btree_map("[a-z]{2,8}(-[0-9]{3})?", "\\PC{0,40}", 0..8);
    let apps = proptest::collection::vec("[a-z]{1,32}", 0..8);
    let addresses = proptest::collection::vec(any::<core::net::Ipv4Addr>(), 0..8);
    (codes, texts, apps, addresses, 1..=100u64).prop_map(
        |(codes, texts, apps, addresses, tries)| {
            let mut values = Values::new(Group::Channel);
            let is_assigned = |code: &u64| CallingCode::new(u16::try_from(*code).unwrap()).is_ok();
            let codes = codes.into_iter().filter(is_assigned).collect();
            // A template has one kind of line end.
            let texts = texts.iter().map(|(tag, text)| {
                let text = text.replace(['\u{2028}', '\u{2029}'], "\n");
                (tag.clone(), alloc::format!("{{{{code}}}} {text}"))
            });
            let addresses = addresses
                .iter()
                .map(|address| alloc::format!("{address}/32"))
                .collect();
            for (field, value) in [
                (Field::Name, Value::Text("web".into())),
                (Field::CallingCodes, Value::Numbers(codes)),
                (Field::Texts, Value::Map(texts.collect())),
                (Field::Apps, Value::Texts(apps)),
                (Field::Addresses, Value::Texts(addresses)),
                (Field::Tries, Value::Number(tries)),
            ] {
                // Texts with characters that no template may contain are left out.
                let _ = values.set(field, value);
            }
            values
        },
    )
}

proptest! {
    #[test]
    fn any_settings_come_back(values in settings(), entropy: [u8; 32]) {
        let keyring = Keyring::generate(&[7; 32]);
        let created = created(&keyring, &values, NOW_MS, &entropy).unwrap();
        let (key, value) = (created.store_key, created.value);
        let tenant = AnyTenant::open(&keyring, Group::Channel, &key, &value).unwrap();
        let mut expected = Values::defaults(Group::Channel);
        for (field, value) in values.iter() {
            expected.set(field, value.clone()).unwrap();
        }
        prop_assert_eq!(tenant.settings(), expected);
        let written = reseal_document(&keyring, &key, &value, NOW_MS, &entropy);
        prop_assert_eq!(written, Ok(None));
    }
}

/// Values of the format of before, from `stored_tests.json`.
#[derive(Deserialize)]
struct Before {
    tenants: Vec<Stored>,
}

#[derive(Deserialize)]
struct Stored {
    kind: String,
    name: String,
    store_key: String,
    value: String,
    credential: String,
}

fn stored_before() -> Vec<Stored> {
    let text = include_str!("stored_tests.json");
    serde_json::from_str::<Before>(text).unwrap().tenants
}

impl Stored {
    fn group(&self) -> Group {
        *Group::ALL
            .iter()
            .find(|group| group.name() == self.kind)
            .unwrap()
    }

    fn store_key(&self) -> StoreKey {
        let mut bytes = [0; 16];
        base16ct::lower::decode(&self.store_key, &mut bytes).unwrap();
        StoreKey(bytes)
    }

    fn value(&self) -> Vec<u8> {
        let mut bytes = alloc::vec![0; self.value.len() / 2];
        base16ct::lower::decode(&self.value, &mut bytes).unwrap();
        bytes
    }
}

/// The settings of the tenants in `stored_tests.json` that differ from the defaults.
fn expected(stored: &Stored) -> Values {
    let text = |text: &str| Value::Text(text.into());
    let texts = |text: &str| Value::Texts(alloc::vec![text.into()]);
    let map = |texts: &[(&str, &str)]| {
        let pairs = texts
            .iter()
            .map(|(tag, text)| ((*tag).into(), (*text).into()));
        Value::Map(pairs.collect())
    };
    let codes = || Value::Numbers(alloc::vec![1, 34, 966, 998]);
    let fields = match stored.name.as_str() {
        "web" => alloc::vec![
            (Field::CallingCodes, codes()),
            (Field::Addresses, texts("10.0.0.0/8")),
            (Field::Apps, texts("Shop")),
            (Field::Country, Value::Number(966)),
            (Field::Host, text("shop.example")),
            (
                Field::Texts,
                map(&[("en", "Code {{code}} for {{app}}"), ("ar", "رمز {{code}}")]),
            ),
            (Field::Sender, text("Shop")),
        ],
        "C-0123456789ABCDE" => alloc::vec![
            (Field::TestCredits, Value::Number(7)),
            (Field::Texts, map(&[("en", "{{app}}: {{code}}")])),
            (Field::Host, text("app.example")),
            (Field::Sender, text("App")),
        ],
        "app" => alloc::vec![
            (Field::CallingCodes, codes()),
            (Field::RedirectUris, texts("https://app.example/back")),
        ],
        _ => Vec::new(),
    };
    let mut values = Values::defaults(stored.group());
    values.set(Field::Name, text(&stored.name)).unwrap();
    for (field, value) in fields {
        values.set(field, value).unwrap();
    }
    values
}

#[test]
fn values_of_before_are_read_and_encrypted() {
    let keyring = Keyring::generate(&[42; 32]);
    let tenants = stored_before();
    assert_eq!(tenants.len(), 4);
    for stored in tenants {
        let (group, key, value) = (stored.group(), stored.store_key(), stored.value());
        let tenant = AnyTenant::open(&keyring, group, &key, &value).unwrap();
        assert_eq!(tenant.settings(), expected(&stored), "{}", stored.name);
        let swap = reseal_document(&keyring, &key, &value, NOW_MS, &[1; 32]);
        let swap = swap.unwrap().expect("a plain value is encrypted");
        assert_eq!(swap.expected.as_deref(), Some(&value[..]));
        assert_eq!(value[0] + 0x10, swap.value[0], "the format byte");
        let is_in = |value: &[u8]| {
            let name = stored.name.as_bytes();
            value.windows(name.len()).any(|part| part == name)
        };
        assert!(is_in(&value) && !is_in(&swap.value));
        let again = AnyTenant::open(&keyring, group, &key, &swap.value).unwrap();
        assert_eq!(again.settings(), tenant.settings());
        assert_eq!(again.id(), tenant.id());
        assert_eq!(again.key_version(), 1);
        assert_eq!(again.created_at_ms(), tenant.created_at_ms());
        assert_eq!(
            again.has_credential(&keyring, &stored.credential, NOW_MS),
            Ok(true)
        );
        let done = reseal_document(&keyring, &key, &swap.value, NOW_MS, &[1; 32]);
        assert_eq!(done, Ok(None));
    }
}

#[test]
fn a_changed_value_of_before_is_refused() {
    let keyring = Keyring::generate(&[42; 32]);
    for stored in stored_before() {
        let (group, key, value) = (stored.group(), stored.store_key(), stored.value());
        for at in 0..value.len() {
            let mut changed = value.clone();
            changed[at] ^= 1;
            let opened = AnyTenant::open(&keyring, group, &key, &changed);
            assert!(opened.is_err(), "{at}");
            let resealed = reseal_document(&keyring, &key, &changed, NOW_MS, &[1; 32]);
            assert!(resealed.is_err(), "{at}");
        }
        // Neither format passes for the other.
        let mut renamed = value.clone();
        renamed[0] += 0x10;
        let opened = AnyTenant::open(&keyring, group, &key, &renamed);
        assert_eq!(opened.err(), Some(Error::RecordForged));
    }
    for unknown in [&b""[..], b"x", b"\x11\0\x01"] {
        let resealed = reseal_document(&keyring, &StoreKey([0; 16]), unknown, NOW_MS, &[1; 32]);
        assert_eq!(resealed, Err(Error::RecordFormat));
    }
}

#[test]
fn a_tenant_of_16_kib_is_too_large() {
    let keyring = Keyring::generate(&[7; 32]);
    let mut values = Values::new(Group::Channel);
    values.set(Field::Name, Value::Text("web".into())).unwrap();
    let create = |values: &Values| {
        let created = created(&keyring, values, NOW_MS, &[1; 32]);
        created
            .map(|created| created.value.len())
            .map_err(Error::from)
    };
    let empty = create(&values).unwrap();
    let apps = |count: usize| Value::Texts((0..count).map(|_| "a".repeat(32)).collect());
    // 34 bytes each, and 2 more for the length of the list. What a tenant gets
    // later takes up to 170 bytes.
    let most = (16_384 - empty - 2 - 170) / 34;
    values.set(Field::Apps, apps(most)).unwrap();
    assert_eq!(create(&values), Ok(empty + 2 + most * 34));
    values.set(Field::Apps, apps(most + 6)).unwrap();
    assert_eq!(create(&values), Err(Error::TenantTooLarge));
}
