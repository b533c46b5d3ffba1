//! Records in a store: in any order, with repetitions, and resolved from there.

use alloc::sync::Arc;
use core::cell::Cell;
use core::net::Ipv4Addr;
use std::collections::BTreeMap;
use std::vec;
use std::vec::Vec;

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::Error;
use crate::challenge::Keyring;
use crate::number::PhoneNumber;
use crate::store::{
    Change, Decision, Kind, Listed, MemoryStore, Moment, Store, StoreKey, Swap, Swapped, run,
};

const NOW_MS: u64 = 1_700_000_000_000;
const NOW: u32 = 1_700_000_000;
const LIFE_MS: u64 = 1_200_000;
const REALM: &str = "mobile";

type Environment = (fn() -> u64, fn() -> Result<[u8; 32], Error>);
const ENVIRONMENT: Environment = (|| NOW_MS, || Ok([7; 32]));

#[derive(Clone, Debug)]
enum Event {
    Of(SessionKey, Session),
    Restart(NasKey, Nas),
}

fn nas(name: &str) -> NasKey {
    NasKey {
        source: [192, 0, 2, 1].into(),
        realm: REALM.into(),
        name: NameHash::of(name.as_bytes()),
    }
}

fn session_key(session: u8) -> SessionKey {
    SessionKey {
        nas: nas(["", "one", "other"][usize::from(session % 3)]),
        id: NameHash::of(&[session]),
    }
}

fn endpoints() -> [Endpoint; 3] {
    ["10.9.8.1", "10.9.8.2", "2001:db8:1:2::/64"].map(|text| text.parse().unwrap())
}

fn number(last: u8) -> Option<PhoneNumber> {
    let text = std::format!("+9665000000{last:02}");
    (last > 0).then(|| PhoneNumber::parse(&text, None).unwrap())
}

fn report(at: u32, last: u8, is_interim: bool, is_dated: bool) -> Report {
    let until = u64::from(at) * 1000 + LIFE_MS;
    Report {
        at,
        is_interim,
        is_dated,
        until,
        at_most: until,
        number: number(last),
    }
}

fn event() -> impl Strategy<Value = Event> {
    let at = (0..9_u32).prop_map(|ago| NOW - ago);
    let places = prop::sample::subsequence(endpoints().to_vec(), 0..=2);
    let flags = (any::<bool>(), prop::bool::weighted(0.8));
    let reported = (at.clone(), 0..6_u8, 0..3_u8, flags, places).prop_map(
        |(at, session, last, (is_interim, is_dated), places)| {
            let report = report(at, last, is_interim, is_dated);
            Event::Of(session_key(session), Session::reported(report, &places))
        },
    );
    let stopped = (at.clone(), 0..6_u8).prop_map(|(at, session)| {
        let until = u64::from(at) * 1000 + LIFE_MS;
        Event::Of(session_key(session), Stop { at, until }.into())
    });
    let restarted = (at, 0..3_u8).prop_map(|(restart, session)| {
        let record = Nas {
            restart,
            restart_until: u64::from(restart) * 1000 + LIFE_MS,
            ..Nas::default()
        };
        Event::Restart(session_key(session).nas, record)
    });
    prop_oneof![5 => reported, 2 => stopped, 1 => restarted]
}

/// Events, and the same in another order with repetitions.
fn in_two_orders() -> impl Strategy<Value = (Vec<Event>, Vec<Event>)> {
    let events = prop::collection::vec(event(), 1..24);
    let repeated = prop::collection::vec(any::<Index>(), 0..6);
    (events, repeated).prop_flat_map(|(events, repeated)| {
        let mut others = events.clone();
        others.extend(repeated.iter().map(|index| index.get(&events).clone()));
        (Just(events), Just(others).prop_shuffle())
    })
}

fn store_all(store: &MemoryStore, records: StoredRecords<'_>, events: &[Event]) {
    for event in events {
        match event.clone() {
            Event::Restart(key, record) => {
                let merging = records.merging_nas(key, record);
                merging.run(store, &ENVIRONMENT).unwrap();
            }
            Event::Of(key, record) => {
                let merging = records.merging_session(key.clone(), record);
                let session = merging.run(store, &ENVIRONMENT).unwrap();
                let key = Arc::new(key);
                for endpoint in session.endpoints() {
                    let holder = session.at(endpoint).unwrap();
                    let address = Address::of(Arc::clone(&key), holder);
                    let merging = records.merging_address(REALM.into(), endpoint, address);
                    merging.run(store, &ENVIRONMENT).unwrap();
                }
            }
        }
    }
}

fn listed(store: &MemoryStore) -> Vec<Listed> {
    store.list(None, 1000).unwrap()
}

/// The records without what each write changes.
fn contents(store: &MemoryStore, records: StoredRecords<'_>) -> Vec<Option<OpenedRecord>> {
    let listed = listed(store);
    let opened = listed.iter().map(|(key, value)| records.open(key, value));
    opened
        .map(|opened| opened.unwrap().map(|stored| stored.record))
        .collect()
}

/// Counts loads.
struct Counting<'a>(&'a MemoryStore, Cell<u32>);

impl Store for Counting<'_> {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        self.1.set(self.1.get() + 1);
        self.0.load(kind, key)
    }

    fn swap(&self, _: &Swap, _: u64) -> Result<Swapped, Error> {
        Err(Error::StoreFailed)
    }

    fn list(&self, _: Option<&StoreKey>, _: u32) -> Result<Vec<Listed>, Error> {
        Err(Error::StoreFailed)
    }
}

fn resolve(store: &MemoryStore, records: StoredRecords<'_>, endpoint: Endpoint) -> Held {
    let counting = Counting(store, Cell::new(0));
    let held = run(&counting, &ENVIRONMENT, records.resolving(REALM, endpoint)).unwrap();
    assert!(counting.1.get() <= 4);
    held
}

/// The same from records that were merged in memory.
fn in_memory(events: &[Event], endpoint: Endpoint) -> Held {
    let mut sessions = BTreeMap::<SessionKey, Session>::new();
    let mut nases = BTreeMap::<NasKey, Nas>::new();
    for event in events.iter().cloned() {
        match event {
            Event::Restart(key, record) => nases.entry(key).or_default().merge(&record),
            Event::Of(key, record) => {
                let session = sessions.entry(key).or_insert_with(|| record.clone());
                session.merge(&record);
            }
        }
    }
    let mut address = Address::default();
    for (key, session) in sessions {
        if let Some(holder) = session.at(endpoint) {
            address.merge(Address::of(Arc::new(key), holder));
        }
    }
    address.held(NOW_MS, |nas| nases.get(nas).map_or(0, |nas| nas.restart))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn orders_and_repetitions_in_a_store((events, others) in in_two_orders()) {
        let keyring = Keyring::generate(&[1; 32]);
        let records = StoredRecords::new(&keyring, None, 0);
        let (one, other) = (MemoryStore::new(1000), MemoryStore::new(1000));
        store_all(&one, records, &events);
        store_all(&other, records, &others);
        prop_assert_eq!(contents(&one, records), contents(&other, records));
        for endpoint in endpoints() {
            let held = resolve(&one, records, endpoint);
            prop_assert_eq!(held, resolve(&other, records, endpoint));
            prop_assert_eq!(held, in_memory(&events, endpoint));
        }
        // What is merged again changes nothing, not even the stamp.
        let before = listed(&one);
        store_all(&one, records, &events);
        prop_assert_eq!(before, listed(&one));
    }

    #[test]
    fn no_bytes_panic(contents in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = wire::decode_session(&contents);
        let _ = wire::decode_nas(&contents);
        let _ = wire::decode_address(&REALM.into(), &contents);
    }
}

fn one_session() -> Vec<Event> {
    let session = Session::reported(report(NOW - 3, 1, false, true), &endpoints());
    let signer = Nas {
        signs: true,
        ..Nas::default()
    };
    vec![
        Event::Of(session_key(1), session),
        Event::Restart(nas(""), signer),
    ]
}

#[test]
fn a_stored_value_shows_no_number_and_no_address() {
    let keyring = Keyring::generate(&[1; 32]);
    let store = MemoryStore::new(1000);
    store_all(
        &store,
        StoredRecords::new(&keyring, None, 0),
        &one_session(),
    );
    let number = number(1).unwrap();
    let secrets = [
        number.digits().as_bytes(),
        &number.to_u64().to_be_bytes()[2..],
        &Ipv4Addr::new(10, 9, 8, 1).octets(),
        &[0x20, 1, 0xd, 0xb8, 0, 1, 0, 2],
        &[192, 0, 2, 1],
        REALM.as_bytes(),
    ];
    let listed = listed(&store);
    assert_eq!(listed.len(), 5);
    for (key, value) in listed {
        for secret in secrets {
            let shows = |bytes: &[u8]| bytes.windows(secret.len()).any(|some| some == secret);
            assert!(!shows(&value) && !shows(&key.0), "{secret:?}");
        }
    }
}

#[test]
fn what_was_written_before_the_store_was_restored_is_void_but_not_of_a_nas() {
    let keyring = Keyring::generate(&[1; 32]);
    let store = MemoryStore::new(1000);
    let at = |restored_at_ms| StoredRecords::new(&keyring, restored_at_ms, 0);
    store_all(&store, at(None), &one_session());
    let here = endpoints()[0];
    for (restored_at_ms, held, sessions) in [
        (NOW_MS - 1, Held::By(number(1)), 1),
        (NOW_MS, Held::ByNobody, 0),
    ] {
        let records = at(Some(restored_at_ms));
        assert_eq!(resolve(&store, records, here), held);
        let contents = contents(&store, records);
        let is_session = |one: &&OpenedRecord| matches!(one, OpenedRecord::Session(..));
        assert_eq!(
            contents.iter().flatten().filter(is_session).count(),
            sessions
        );
        assert_eq!(contents.iter().flatten().count(), sessions + 1);
    }
    // It begins anew, without the start of before.
    let interim = Session::reported(report(NOW, 1, true, true), &[here]);
    let merging = at(Some(NOW_MS)).merging_session(session_key(1), interim.clone());
    assert_eq!(merging.run(&store, &ENVIRONMENT), Ok(interim));
}

#[test]
fn records_under_a_key_that_was_removed_begin_anew_and_forged_ones_do_not() {
    let old = Keyring::generate(&[1; 32]);
    let store = MemoryStore::new(1000);
    store_all(&store, StoredRecords::new(&old, None, 0), &one_session());
    let mut keyring = old.clone();
    let id = keyring.add(&[2; 32]).unwrap();
    keyring.activate(id).unwrap();
    // As long as both keys are there, a record is written anew when it is merged.
    let records = StoredRecords::new(&keyring, None, 0);
    let signer = one_session().pop();
    store_all(&store, records, signer.as_slice());
    keyring.remove(1).unwrap();
    let records = StoredRecords::new(&keyring, None, 0);
    assert_eq!(resolve(&store, records, endpoints()[0]), Held::ByNobody);
    let readable = listed(&store).into_iter().filter(|(key, value)| {
        let opened = records.open(key, value);
        matches!(opened, Ok(Some(stored)) if matches!(stored.record, OpenedRecord::Nas(..)))
    });
    assert_eq!(readable.count(), 1);
    let stop = Session::from(Stop {
        at: NOW,
        until: NOW_MS + LIFE_MS,
    });
    let merging = records.merging_session(session_key(1), stop.clone());
    assert_eq!(merging.run(&store, &ENVIRONMENT), Ok(stop.clone()));
    for (key, value) in listed(&store) {
        let mut forged = value.clone();
        forged[20] ^= 1;
        let swap = Swap {
            kind: Kind::Document,
            key,
            expected: Some(value),
            value: forged,
            expires_at_ms: None,
        };
        assert_eq!(store.swap(&swap, NOW_MS), Ok(Swapped::Stored));
    }
    let merging = records.merging_session(session_key(1), stop);
    assert_eq!(merging.run(&store, &ENVIRONMENT), Err(Error::RecordForged));
}

#[test]
fn a_session_that_is_over_begins_anew() {
    let keyring = Keyring::generate(&[1; 32]);
    let at = |now_ms| (move || now_ms, || Ok([8; 32]));
    let over_ms = NOW_MS - 3000 + LIFE_MS;
    let interim = Session::reported(report(NOW + 1200, 2, true, false), &endpoints()[..1]);
    for (ahead_ms, is_kept) in [(0, true), (1, false)] {
        let store = MemoryStore::new(1000);
        store_all(
            &store,
            StoredRecords::new(&keyring, None, 0),
            &one_session(),
        );
        let records = StoredRecords::new(&keyring, None, ahead_ms);
        let merging = records.merging_session(session_key(1), interim.clone());
        let merged = merging.run(&store, &at(over_ms - 1)).unwrap();
        // The start of before is known, or not.
        assert_eq!(merged != interim, is_kept);
        assert_eq!(merged.endpoints().count(), if is_kept { 3 } else { 1 });
    }
}

#[test]
fn the_longest_records_fit_in_a_document() {
    let keyring = Keyring::generate(&[1; 32]);
    let store = MemoryStore::new(1000);
    let records = StoredRecords::new(&keyring, None, 0);
    let realm: Arc<str> = "r".repeat(64).into();
    let places: Vec<Endpoint> = (0..MOST_ENDPOINTS)
        .map(|n| Endpoint::V6([0xfd, 0, 0, 0, 0, 0, 0, u8::try_from(n).unwrap()]))
        .collect();
    for session in 0..9 {
        let mut key = session_key(session);
        key.nas.realm = Arc::clone(&realm);
        key.nas.source = [0xffff; 8].into();
        let record = Session::reported(report(NOW, 1, false, true), &places);
        let merging = records.merging_session(key.clone(), record);
        let session = merging.run(&store, &ENVIRONMENT).unwrap();
        let address = Address::of(Arc::new(key), session.at(places[0]).unwrap());
        let merging = records.merging_address(Arc::clone(&realm), places[0], address);
        merging.run(&store, &ENVIRONMENT).unwrap();
    }
    let longest = listed(&store).into_iter().map(|(_, value)| value.len());
    assert!(longest.max().unwrap() < crate::store::MAX_DOCUMENT_LEN * 3 / 4);
}

/// When a store may drop what a change writes.
fn expiry<T>(change: Change<'_, T>) -> Option<u64> {
    let moment = Moment {
        now_ms: NOW_MS,
        entropy: &[7; 32],
    };
    match change.decide(None, moment).unwrap() {
        Decision::Write(swap, _) => swap.expires_at_ms,
        Decision::Keep(_) => panic!("nothing is written"),
    }
}

#[test]
fn a_value_expires_with_its_record() {
    let keyring = Keyring::generate(&[1; 32]);
    // The table's clock is ahead, so less is left by the server's.
    let ahead_ms = 120_000;
    let records = StoredRecords::new(&keyring, None, ahead_ms);
    // The store learns the minute.
    let end = Some((NOW_MS + LIFE_MS - ahead_ms).next_multiple_of(60_000));
    let here = endpoints()[0];
    let session = Session::reported(report(NOW, 1, false, true), &[here]);
    let address = Address::of(Arc::new(session_key(1)), session.at(here).unwrap());
    assert_eq!(
        expiry(records.merging_session(session_key(1), session)),
        end
    );
    let merging = records.merging_address(REALM.into(), here, address);
    assert_eq!(expiry(merging), end);
    let mut record = Nas {
        restart: NOW,
        restart_until: NOW_MS + LIFE_MS,
        ..Nas::default()
    };
    assert_eq!(expiry(records.merging_nas(nas(""), record)), end);
    // Once a source has signed, it always must.
    record.signs = true;
    assert_eq!(expiry(records.merging_nas(nas(""), record)), None);
}

#[test]
fn what_has_expired_leaves_a_record_that_lives_on() {
    let keyring = Keyring::generate(&[1; 32]);
    let records = StoredRecords::new(&keyring, None, 0);
    let store = MemoryStore::new(1000);
    let [here, there, _] = endpoints();
    // Two sessions at an address, of which the first expires a second earlier.
    let [early, late] = [(1, NOW - 1), (2, NOW)].map(|(session, at)| {
        let session_record = Session::reported(report(at, session, false, true), &[here]);
        let holder = session_record.at(here).unwrap();
        Address::of(Arc::new(session_key(session)), holder)
    });
    let over: Environment = (|| NOW_MS + LIFE_MS - 1000, || Ok([8; 32]));
    for (address, environment, holders) in [
        (early.clone(), &ENVIRONMENT, 1),
        (late.clone(), &ENVIRONMENT, 2),
        (late, &over, 1),
    ] {
        let merging = records.merging_address(REALM.into(), here, address);
        let merged = merging.run(&store, environment).unwrap();
        assert_eq!(merged.holders.len(), holders);
    }
    // A session that has moved.
    for (at, place, environment, places) in [
        (NOW - 1, here, &ENVIRONMENT, 1),
        (NOW, there, &ENVIRONMENT, 2),
        (NOW, there, &over, 1),
    ] {
        let session = Session::reported(report(at, 1, true, true), &[place]);
        let merging = records.merging_session(session_key(1), session);
        let merged = merging.run(&store, environment).unwrap();
        assert_eq!(merged.endpoint_count(), places);
    }
}

/// A late packet of a NAS whose clock is ahead gives its session no longer life
/// than its arrival allows, and a Stop of the second of the Start ends it.
#[test]
fn the_edges_of_a_session() {
    let here = endpoints()[0];
    let ahead = Report {
        at_most: NOW_MS + LIFE_MS - 1000,
        ..report(NOW, 1, false, true)
    };
    let session = Session::reported(ahead, &[here]);
    let address = Address::of(Arc::new(session_key(1)), session.at(here).unwrap());
    let by = Held::By(number(1));
    for (now_ms, restart, expected) in [
        (NOW_MS + LIFE_MS - 1001, 0, by),
        (NOW_MS + LIFE_MS - 1000, 0, Held::ByNobody),
        (NOW_MS, NOW, by),
        (NOW_MS, NOW + 1, Held::ByNobody),
    ] {
        let held = address.held(now_ms, |_| restart);
        assert_eq!(held, expected, "{now_ms} {restart}");
    }
    for (at, is_live) in [(NOW - 1, true), (NOW, false)] {
        let mut stopped = session.clone();
        stopped.merge(&Session::from(Stop {
            at,
            until: NOW_MS + LIFE_MS,
        }));
        assert_eq!(stopped.state(&Nas::default()).0, is_live);
    }
}

#[test]
fn an_address_of_too_many_is_nobodys_until_those_left_out_expire() {
    let here = endpoints()[0];
    let mut address = Address::default();
    for session in 0..9 {
        let at = NOW + u32::from(session);
        let record = Session::reported(report(at, 1, false, true), &[here]);
        let key = SessionKey {
            nas: nas(""),
            id: NameHash::of(&[session]),
        };
        address.merge(Address::of(Arc::new(key), record.at(here).unwrap()));
    }
    // The first is left out.
    let until = NOW_MS + LIFE_MS;
    assert_eq!(address.held(until - 1, |_| 0), Held::BySeveral);
    assert_eq!(address.held(until, |_| 0), Held::By(number(1)));
}
