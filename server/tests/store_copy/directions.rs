//! Copies in every direction.

use mpass_core::store::{AsyncStore as _, Kind, StoreKey, Swap};
use mpass_server::store::NetworkRecords;
use mpass_stores::copy::{Contents as _, Dropped};
use serde_json::Value;

use crate::places::{Home, Place, block_on, now_ms, open, states};
use crate::stores::postgres::Postgres;
use crate::stores::redis::Redis;

const COUNT: u32 = 2500;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// What a store has, and whether all of it can be read.
fn checked(home: &Home, place: &Place) -> Value {
    let report = home.run(&["store", "check", "--json"], place).json();
    assert_eq!(report["unreadable_states"], 0);
    assert_eq!(report["unreadable_documents"], 0);
    assert_eq!(report["channels"], 1);
    report
}

/// All nine directions, in a row.
#[test]
fn every_direction_keeps_everything() {
    let (redis, postgres) = (Redis::start(&[]), Postgres::start(&[]));
    let home = Home::new();
    let first = home.filled("e1", COUNT);
    let original = states(&open(&first.data));
    let places = [
        home.embedded("e2"),
        home.redis("r1", redis.port),
        home.redis("r2", redis.port),
        home.postgres("p1", &postgres),
        home.postgres("p2", &postgres),
        home.embedded("e3"),
        home.postgres("p3", &postgres),
        home.redis("r3", redis.port),
        home.embedded("e4"),
    ];
    let mut from = &first;
    for to in &places {
        let report = home.copy(from, to, &["--json"]).json();
        assert_eq!(report["states"], COUNT, "{}", to.config.display());
        home.refuses_servers(from, "were moved to");
        assert_eq!(checked(&home, to)["states"], COUNT);
        assert_eq!(checked(&home, to)["header"]["moved_to"], Value::Null);
        let moved = checked(&home, from);
        assert_eq!(moved["states"], COUNT);
        assert_eq!(moved["header"]["moved_to"], report["mark"]);
        from = to;
    }
    let copied = states(&open(&from.data));
    assert_eq!(copied.len(), COUNT as usize);
    for (key, (value, end)) in &original {
        let (found, later) = &copied[key];
        assert_eq!(found, value);
        let (end, later) = (end.unwrap(), later.unwrap());
        // No end is earlier; three stores in Redis added their margin.
        assert!(end <= later && later <= end + 3 * DAY_MS + 60_000);
    }
    // Nothing is decided in the source, and nothing is changed.
    for arguments in [
        &["channel", "create", "--name", "other"][..],
        &["store", "restored"],
    ] {
        home.run(arguments, &first).refused(2, "were moved to");
        home.run(arguments, &places[1]).refused(2, "were moved to");
    }
    let again = home.copy(&first, &places[0], &[]);
    again.refused(2, "of another copy");
}

/// What was dropped stays refused where the target keeps it, and the network's records
/// stay behind.
#[test]
fn what_was_dropped_stays_refused() {
    let (redis, postgres) = (Redis::start(&[]), Postgres::start(&[]));
    let home = Home::new();
    let first = home.filled("e1", 10);
    let until_ms = now_ms() - 2 * DAY_MS;
    let dropped = Dropped {
        state_ms: Some(until_ms),
        document_ms: Some(until_ms - 5),
    };
    {
        let store = open(&first.data);
        block_on(store.raise_dropped(dropped)).unwrap();
        let record = Swap {
            kind: Kind::Document,
            key: StoreKey([3; 16]),
            expected: None,
            value: vec![3],
            expires_at_ms: None,
        };
        let network = NetworkRecords::of(&store);
        block_on(network.swap(record, now_ms())).unwrap();
    }
    let second = home.postgres("p1", &postgres);
    let copied = home.copy(&first, &second, &[]);
    assert!(
        copied.err.contains("1 records of the network"),
        "{copied:?}"
    );
    copied.done();
    let third = home.embedded("e2");
    home.copy(&second, &third, &[]).done();
    assert_eq!(block_on(open(&third.data).dropped(0)).unwrap(), dropped);
    // Redis cannot keep it. Of what it drops itself, the end is bounded.
    let fourth = home.redis("r1", redis.port);
    let copied = home.copy(&third, &fourth, &[]);
    assert!(copied.err.contains("cannot keep"), "{copied:?}");
    copied.done();
    let fifth = home.embedded("e3");
    home.copy(&fourth, &fifth, &[]).done();
    let dropped = block_on(open(&fifth.data).dropped(0)).unwrap();
    let a_day_ago = now_ms() - DAY_MS;
    let range = a_day_ago - 600_000..=a_day_ago;
    assert!(range.contains(&dropped.state_ms.unwrap()));
    assert_eq!(dropped.state_ms, dropped.document_ms);
}
