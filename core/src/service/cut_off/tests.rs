//! Tests of cut-offs.

// Clippy does not take helpers of tests for tests.
#![allow(clippy::unwrap_used)]

use std::format;
use std::string::{String, ToString};
use std::vec;
use std::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::Error;
use crate::challenge::Keyring;
use crate::number::PhoneNumber;
use crate::service::settings::Group;
use crate::service::tenant::reseal_document;
use crate::store::{Environment, Kind, MAX_DOCUMENT_LEN, MemoryStore, Store, Swap};

const NOON: u64 = 1_800_000_000_000;
const HOUR: u64 = 3_600_000;

fn keyring() -> Keyring {
    Keyring::generate(&[7; 32])
}

fn environment(now_ms: u64) -> impl Environment {
    (move || now_ms, || Ok([3; 32]))
}

fn tenant(group: Group, name: &str) -> CutOffTarget {
    let name = name.to_string();
    CutOffTarget::Tenant { group, name }
}

fn prefix(text: &str) -> CutOffTarget {
    CutOffTarget::Prefix(text.parse().unwrap())
}

fn gateway(name: &str) -> CutOffTarget {
    CutOffTarget::Gateway(Some(name.to_string()))
}

fn number(text: &str) -> PhoneNumber {
    PhoneNumber::parse(text, None).unwrap()
}

/// A store with cut-offs.
struct Desk {
    keyring: Keyring,
    store: MemoryStore,
}

impl Desk {
    fn new() -> Self {
        Self {
            keyring: keyring(),
            store: MemoryStore::new(10),
        }
    }

    fn order(&self, new: NewCutOff, now_ms: u64) -> Result<CutOff, Error> {
        CutOffs::stopping(&self.keyring, new).run(&self.store, &environment(now_ms))
    }

    /// For an hour.
    fn stop(&self, target: CutOffTarget, now_ms: u64) -> CutOff {
        let new = NewCutOff {
            target,
            life_ms: HOUR,
            by: Some(1000),
            by_name: None,
            why: None,
        };
        self.order(new, now_ms).unwrap()
    }

    fn resume(&self, target: Option<CutOffTarget>, now_ms: u64) -> Result<Vec<CutOff>, Error> {
        CutOffs::resuming(&self.keyring, target).run(&self.store, &environment(now_ms))
    }

    fn read(&self) -> CutOffs {
        let reading = CutOffs::reading(&self.keyring);
        reading.run(&self.store, &environment(NOON)).unwrap()
    }

    fn targets(&self, now_ms: u64) -> Vec<String> {
        let cut_offs = self.read();
        let in_effect = cut_offs.in_effect(now_ms);
        in_effect.map(|one| one.target.to_string()).collect()
    }

    fn value(&self) -> Option<Vec<u8>> {
        let key = CutOffs::store_key(&self.keyring);
        self.store.load(Kind::Document, &key).unwrap()
    }

    fn put(&self, value: Vec<u8>) {
        let swap = Swap {
            kind: Kind::Document,
            key: CutOffs::store_key(&self.keyring),
            expected: self.value(),
            value,
            expires_at_ms: None,
        };
        let swapped = self.store.swap(&swap, NOON);
        assert_eq!(swapped, Ok(crate::store::Swapped::Stored));
    }
}

#[test]
fn each_target_stops_its_own() {
    let saudi = number("+966500000000");
    let other = number("+882160000000");
    for (target, of_saudi, of_other, of_subject) in [
        (CutOffTarget::Sends, true, true, true),
        (CutOffTarget::Gateway(None), true, true, true),
        (gateway("main"), true, true, true),
        (prefix("+882"), false, true, false),
        (prefix("+966500000000"), true, false, false),
        (tenant(Group::Channel, "shop"), false, false, false),
    ] {
        let desk = Desk::new();
        desk.stop(target.clone(), NOON);
        let cut_offs = desk.read();
        let stops = |number| cut_offs.of_send(number, NOON).is_some();
        let all = (stops(Some(&saudi)), stops(Some(&other)), stops(None));
        assert_eq!(all, (of_saudi, of_other, of_subject), "{target}");
        let of_tenant = |group, name| cut_offs.of_tenant(group, name, NOON).is_some();
        let is_tenant = matches!(target, CutOffTarget::Tenant { .. });
        assert_eq!(of_tenant(Group::Channel, "shop"), is_tenant, "{target}");
        assert!(!of_tenant(Group::Client, "shop") && !of_tenant(Group::Channel, "sho"));
    }
}

#[test]
fn it_ends_by_itself() {
    let desk = Desk::new();
    let cut_off = desk.stop(CutOffTarget::Sends, NOON);
    assert_eq!((cut_off.since_ms, cut_off.until_ms), (NOON, NOON + HOUR));
    assert_eq!((cut_off.by, cut_off.why), (Some(1000), None));
    let cut_offs = desk.read();
    assert!(cut_offs.of_send(None, NOON + HOUR - 1).is_some());
    assert!(cut_offs.of_send(None, NOON + HOUR).is_none());
    // The next order drops it.
    desk.stop(CutOffTarget::Gateway(None), NOON + HOUR);
    assert_eq!(desk.targets(NOON), ["gateway"]);
}

#[test]
fn a_second_order_takes_the_place_of_the_first() {
    let desk = Desk::new();
    desk.stop(prefix("+882"), NOON);
    desk.stop(prefix("+8821"), NOON);
    desk.stop(prefix("+882"), NOON + 1);
    assert_eq!(desk.targets(NOON + 1), ["prefix +8821", "prefix +882"]);
    let ends: Vec<u64> = desk
        .read()
        .in_effect(NOON)
        .map(|one| one.until_ms)
        .collect();
    assert_eq!(ends, [NOON + HOUR, NOON + 1 + HOUR]);
}

#[test]
fn the_widest_is_named_first() {
    let desk = Desk::new();
    let number = number("+882160000000");
    for target in [
        prefix("+88216"),
        prefix("+882"),
        gateway("main"),
        CutOffTarget::Sends,
    ] {
        desk.stop(target.clone(), NOON);
        let cut_offs = desk.read();
        let stopping = cut_offs.of_send(Some(&number), NOON).unwrap();
        assert_eq!(stopping.target, target);
    }
}

#[test]
fn resuming_ends_exactly_what_is_named() {
    let targets = [
        CutOffTarget::Sends,
        gateway("main"),
        CutOffTarget::Gateway(None),
        tenant(Group::Client, "app"),
        prefix("+882"),
    ];
    for (target, ended) in [
        (Some(CutOffTarget::Sends), vec!["sends"]),
        (Some(gateway("main")), vec!["gateway main"]),
        (
            Some(CutOffTarget::Gateway(None)),
            vec!["gateway main", "gateway"],
        ),
        (
            Some(tenant(Group::Client, "app")),
            vec!["tenant client app"],
        ),
        (Some(prefix("+882")), vec!["prefix +882"]),
        (
            None,
            vec![
                "sends",
                "gateway main",
                "gateway",
                "tenant client app",
                "prefix +882",
            ],
        ),
    ] {
        let desk = Desk::new();
        for target in &targets {
            desk.stop(target.clone(), NOON);
        }
        let named: Vec<String> = desk
            .resume(target.clone(), NOON)
            .unwrap()
            .iter()
            .map(|one| one.target.to_string())
            .collect();
        assert_eq!(named, ended);
        assert_eq!(desk.targets(NOON).len(), targets.len() - ended.len());
        let again = desk.resume(target.clone(), NOON);
        match target {
            Some(_) => assert_eq!(again, Err(Error::CutOffMissing)),
            None => assert_eq!(again, Ok(Vec::new())),
        }
    }
    // One that covers more or less is another one; so is one that has ended.
    let desk = Desk::new();
    desk.stop(prefix("+882"), NOON);
    for (target, now_ms) in [
        (prefix("+8821"), NOON),
        (tenant(Group::Client, "app"), NOON),
        (prefix("+882"), NOON + HOUR),
    ] {
        assert_eq!(desk.resume(Some(target), now_ms), Err(Error::CutOffMissing));
    }
}

#[test]
fn a_host_leaves_out_gateways_while_another_one_sends() {
    let is_stopped = |desk: &Desk, names: &[&str], now_ms| {
        let own = desk.read().for_gateways(names, now_ms);
        own.of_send(None, now_ms).is_some()
    };
    let desk = Desk::new();
    for target in [gateway("other"), prefix("+882")] {
        desk.stop(target, NOON);
    }
    assert!(!is_stopped(&desk, &["main"], NOON));
    assert!(!is_stopped(&desk, &["main", "other"], NOON));
    assert!(!is_stopped(&desk, &[], NOON));
    assert!(is_stopped(&desk, &["other"], NOON));
    assert!(!is_stopped(&desk, &["other"], NOON + HOUR), "it has ended");
    assert!(desk.read().of_gateway("other", NOON).is_some());
    assert!(desk.read().of_gateway("main", NOON).is_none());
    desk.stop(gateway("main"), NOON);
    assert!(is_stopped(&desk, &["main", "other"], NOON));
    assert!(!is_stopped(&desk, &["main", "other", "third"], NOON));
    let desk = Desk::new();
    desk.stop(CutOffTarget::Gateway(None), NOON);
    assert!(is_stopped(&desk, &["main", "other"], NOON));
    assert!(is_stopped(&desk, &[], NOON));
    assert!(desk.read().of_gateway("main", NOON).is_some());
}

#[test]
fn orders_out_of_range_are_refused() {
    let new = |life_ms, why: &str| NewCutOff {
        target: CutOffTarget::Sends,
        life_ms,
        by: None,
        by_name: None,
        why: Some(why.to_string()),
    };
    let desk = Desk::new();
    let longest = 30 * 24 * HOUR;
    for life_ms in [1000, longest] {
        assert!(desk.order(new(life_ms, "x"), NOON).is_ok(), "{life_ms}");
    }
    for life_ms in [0, 999, longest + 1, u64::MAX] {
        let refused = desk.order(new(life_ms, "x"), NOON);
        assert_eq!(refused, Err(Error::InvalidCutOffLife), "{life_ms}");
    }
    for why in ["pumping", "كثير", &"x".repeat(120)] {
        assert!(desk.order(new(HOUR, why), NOON).is_ok(), "{why}");
    }
    for why in ["", "a\nb", "a\tb", "a\u{202e}b", &"x".repeat(121)] {
        let refused = desk.order(new(HOUR, why), NOON);
        assert_eq!(refused, Err(Error::InvalidCutOffReason), "{why:?}");
    }
    for (target, error) in [
        (gateway("a b"), Error::InvalidName),
        (gateway(""), Error::InvalidName),
        (tenant(Group::Channel, "a b"), Error::InvalidName),
        (tenant(Group::Engine, "a"), Error::UnknownSetting),
    ] {
        let new = NewCutOff {
            target,
            ..new(HOUR, "x")
        };
        assert_eq!(desk.order(new, NOON), Err(error));
    }
}

#[test]
fn the_most_that_fit_are_stored() {
    let desk = Desk::new();
    let order = |at: usize, name_len: usize| {
        let name = format!("{at:064}");
        let new = NewCutOff {
            target: tenant(Group::Customer, &name),
            life_ms: 30 * 24 * HOUR,
            by: Some(u32::MAX),
            by_name: Some("y".repeat(name_len)),
            why: Some("x".repeat(120)),
        };
        desk.order(new, NOON)
    };
    // The longest names of administrators leave room for fewer.
    let fit = (0..64).take_while(|at| order(*at, 64).is_ok()).count();
    assert!((50..64).contains(&fit), "{fit}");
    assert_eq!(order(fit, 64), Err(Error::TooManyCutOffs));
    assert_eq!(desk.resume(None, NOON).map(|ended| ended.len()), Ok(fit));
    let order = |at| order(at, 30);
    for at in 0..64 {
        assert!(order(at).is_ok(), "{at}");
    }
    assert!(desk.value().unwrap().len() <= MAX_DOCUMENT_LEN);
    assert_eq!(order(64), Err(Error::TooManyCutOffs));
    // One of a target that is there takes its place.
    assert!(order(63).is_ok());
    assert_eq!(desk.read().in_effect(NOON).count(), 64);
}

/// A value that cannot be read stops every order, so that nothing in it is lost;
/// only the end of all replaces it.
#[test]
fn a_damaged_value_is_replaced_only_as_a_whole() {
    let desk = Desk::new();
    desk.stop(CutOffTarget::Sends, NOON);
    let mut value = desk.value().unwrap();
    *value.last_mut().unwrap() ^= 1;
    desk.put(value);
    let new = NewCutOff {
        target: CutOffTarget::Sends,
        life_ms: HOUR,
        by: None,
        by_name: None,
        why: None,
    };
    assert_eq!(desk.order(new, NOON), Err(Error::RecordForged));
    let one = desk.resume(Some(CutOffTarget::Sends), NOON);
    assert_eq!(one, Err(Error::RecordForged));
    assert_eq!(desk.resume(None, NOON), Ok(Vec::new()));
    assert_eq!(desk.read(), CutOffs::default());
}

/// It may be sealed with the key of another machine.
#[test]
fn a_value_of_an_unknown_key_is_never_replaced() {
    let mut desk = Desk::new();
    desk.stop(CutOffTarget::Sends, NOON);
    let first = desk.keyring.newest();
    let id = desk.keyring.add(&[2; 32]).unwrap();
    desk.keyring.activate(id).unwrap();
    desk.keyring.remove(first).unwrap();
    let value = desk.value();
    assert_eq!(desk.resume(None, NOON), Err(Error::UnknownRecordKey));
    assert_eq!(desk.value(), value);
}

#[test]
fn the_document_is_resealed_and_hides_its_contents() {
    let desk = Desk::new();
    desk.stop(tenant(Group::Channel, "shop-of-somebody"), NOON);
    let value = desk.value().unwrap();
    assert!(!value.windows(4).any(|bytes| bytes == b"shop"));
    let mut keyring = keyring();
    let added = keyring.add(&[8; 32]).unwrap();
    keyring.activate(added).unwrap();
    let key = CutOffs::store_key(&keyring);
    let swap = reseal_document(&keyring, &key, &value, NOON, &[1; 32]);
    let resealed = swap.unwrap().unwrap().value;
    let cut_offs = CutOffs::open(&keyring, Some(&resealed)).unwrap();
    assert_eq!(cut_offs, desk.read());
    let older = CutOffs::open(&desk.keyring, Some(&resealed));
    assert_eq!(older, Err(Error::UnknownRecordKey));
}

fn any_target() -> impl Strategy<Value = CutOffTarget> {
    let name = "[a-zA-Z0-9._-]{1,64}";
    prop_oneof![
        Just(CutOffTarget::Sends),
        Just(CutOffTarget::Gateway(None)),
        name.prop_map(|name| gateway(&name)),
        (0..3_usize, name).prop_map(|(group, name)| {
            tenant(
                [Group::Channel, Group::Customer, Group::Client][group],
                &name,
            )
        }),
        "[0-9]{0,12}".prop_map(|digits| prefix(
            &format!("+9665{digits}")
                .chars()
                .take(16)
                .collect::<String>()
        )),
    ]
}

proptest! {
    /// What is ordered is read back, holds from its beginning to its end, and stops
    /// exactly the numbers that begin with its prefix.
    #[test]
    fn an_order_is_read_back(
        target in any_target(),
        life_ms in 1000..=30 * 24 * HOUR,
        by in proptest::option::of(any::<u32>()),
        by_name in proptest::option::of("[a-z@.]{1,64}"),
        why in proptest::option::of("[ -~]{1,120}"),
        digits in "[0-9]{8}",
    ) {
        let desk = Desk::new();
        let new = NewCutOff { target: target.clone(), life_ms, by, by_name: by_name.clone(), why: why.clone() };
        let ordered = desk.order(new, NOON).unwrap();
        let read = desk.read();
        let all: Vec<&CutOff> = read.in_effect(NOON + life_ms - 1).collect();
        prop_assert_eq!(&all, &[&ordered]);
        prop_assert_eq!((&ordered.target, ordered.by, &ordered.why), (&target, by, &why));
        prop_assert_eq!(&ordered.by_name, &by_name);
        prop_assert!(!read.is_any_in_effect(NOON + life_ms));
        let number = number(&format!("+9665{digits}"));
        let stops = read.of_send(Some(&number), NOON).is_some();
        let expected = match &target {
            CutOffTarget::Tenant { .. } => false,
            CutOffTarget::Prefix(prefix) => number.as_str().starts_with(prefix.as_str()),
            _ => true,
        };
        prop_assert_eq!(stops, expected);
        let ended = desk.resume(Some(target), NOON).unwrap();
        prop_assert_eq!(ended, [ordered]);
        prop_assert_eq!(desk.read(), CutOffs::default());
    }
}
