//! A table that is filled from stored records.

use std::collections::BTreeMap;

use mpass_core::network::{Nas, OpenedRecord, Session, SessionKey, StoredRecord};
use proptest::prelude::*;

use super::in_any_order::{in_two_orders, tell_all};
use super::*;

/// What a store has once the changes of all events are merged.
fn stored(changes: Vec<Changes>, table_ms: u64) -> Vec<StoredRecord> {
    let mut sessions = BTreeMap::<SessionKey, Session>::new();
    let mut nases = BTreeMap::<NasKey, Nas>::new();
    for changed in changes {
        for (key, nas) in changed.nases {
            nases.entry(key).or_default().merge(&nas);
        }
        if let Some((key, session)) = changed.session {
            let known = sessions.entry(key).or_insert_with(|| session.clone());
            known.merge(&session);
        }
    }
    let nases = nases
        .into_iter()
        .map(|(key, nas)| OpenedRecord::Nas(key, nas));
    let sessions = sessions
        .into_iter()
        .map(|(key, session)| OpenedRecord::Session(key, session));
    nases
        .chain(sessions)
        .map(|record| StoredRecord { table_ms, record })
        .collect()
}

proptest! {
    #[test]
    fn it_is_as_the_table_was((told, _) in in_two_orders()) {
        let mut one = Sim::new();
        let records = stored(tell_all(&one, &told), BEGIN_MS);
        let mut other = Sim::new();
        prop_assert_eq!(other.table.restore(records, BEGIN_MS), 0);
        {
            let (one, other) = (one.table.lock(), other.table.lock());
            prop_assert_eq!(one.state.sessions(), other.state.sessions());
            prop_assert_eq!(one.state.addresses(), other.state.addresses());
            prop_assert_eq!(one.state.live(), other.state.live());
        }
        for wait_ms in [0, INTERVAL_MS, INTERVAL_MS - 5000, 5000] {
            one.pass(wait_ms);
            other.pass(wait_ms);
            for address in ["10.0.0.1", "10.0.0.2", "2001:db8:1:2::1"] {
                prop_assert_eq!(one.resolve(address), other.resolve(address));
            }
        }
    }
}

/// A session of `HERE`, stored at the beginning.
fn one_session() -> Vec<StoredRecord> {
    let sim = Sim::new();
    let what = What::Start(id("a"), subscriber(1, &[HERE]));
    let time = Time::Dated(at(BEGIN_MS));
    let (_, changes) = sim.table.take(&nas(1), time, what, BEGIN_MS).unwrap();
    stored(vec![changes], BEGIN_MS)
}

#[test]
fn what_expired_meanwhile_is_gone_and_a_clock_that_was_set_back_extends_nothing() {
    for (now_ms, left_ms) in [
        (BEGIN_MS + LIFE_MS - 1, 1),
        (BEGIN_MS + LIFE_MS, 0),
        (BEGIN_MS - 3_600_000, LIFE_MS),
    ] {
        let mut sim = Sim::new();
        sim.now_ms = now_ms;
        sim.table.restore(one_session(), now_ms);
        if left_ms > 0 {
            sim.pass(left_ms - 1);
            assert_eq!(sim.here(), Resolved::Number(number(1)), "{now_ms}");
            sim.pass(1);
        }
        assert_eq!(sim.here(), Resolved::Unknown, "{now_ms}");
        assert!(sim.table.lock().state.has_no_session());
    }
}

#[test]
fn old_events_are_stale_after_the_clock_was_set_back() {
    let mut sim = Sim::new();
    sim.now_ms -= 3_600_000;
    sim.table.restore(one_session(), sim.now_ms);
    let old = What::Start(id("b"), subscriber(2, &[HERE]));
    assert_eq!(sim.tell(old), Err(Refusal::Stale));
}

#[test]
fn what_finds_no_room_is_left_out() {
    let sim = Sim::with_entries(1);
    assert_eq!(sim.table.restore(one_session(), BEGIN_MS), 0);
    let sim = Sim::with_entries(0);
    assert_eq!(sim.table.restore(one_session(), BEGIN_MS), 1);
}

#[test]
fn sessions_are_forgotten_and_restarts_and_fixed_entries_are_not() {
    let sim = Sim::new();
    let elsewhere = "10.0.0.9";
    let fixed = elsewhere.parse().unwrap();
    sim.table.add(REALM, fixed, number(9)).unwrap();
    assert_eq!(sim.start("a", 1), TAKEN);
    let now = at(sim.now_ms);
    assert_eq!(sim.tell_as(&nas(2), What::On, now), TAKEN);
    sim.table.forget();
    assert_eq!(sim.here(), Resolved::Unknown);
    assert_eq!(sim.resolve(elsewhere), Resolved::Number(number(9)));
    let before = What::Start(id("b"), subscriber(2, &[HERE]));
    assert_eq!(sim.tell_as(&nas(2), before, now - 1), LATE);
    assert_eq!(sim.interim("a", 1), TAKEN);
    assert_eq!(sim.here(), Resolved::Number(number(1)));
}

#[test]
fn a_session_with_too_many_endpoints_is_refused() {
    let sim = Sim::new();
    let all: Vec<String> = (0..=255).map(|n| format!("10.0.1.{n}")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    assert_eq!(sim.tell(What::Start(id("a"), subscriber(1, &all))), TAKEN);
    assert_eq!(sim.tell(What::Interim(id("a"), subscriber(1, &all))), TAKEN);
    let refused = sim.interim("a", 1);
    assert_eq!(refused, Err(Refusal::Full));
    assert_eq!(sim.resolve("10.0.1.7"), Resolved::Number(number(1)));
    assert_eq!(sim.stop("a"), TAKEN);
}
