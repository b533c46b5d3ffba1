//! Copies that are killed, and what is refused meanwhile.

use mpass_core::store::{Kind, Store as _, Swap};
use mpass_stores::redis::{RedisSettings, RedisStore};
use mpass_stores::remote::Admission;

use crate::places::{Home, Running, now_ms, open, redis_keys, states};
use crate::stores::postgres::Postgres;
use crate::stores::proxy::{Fault, Proxy};
use crate::stores::redis::Redis;
use crate::stores::wait_until;

const COUNT: u32 = 5000;

#[test]
fn a_copy_that_was_killed_is_run_again() {
    let redis = Redis::start(&[]);
    let proxy = Proxy::start(redis.port);
    let home = Home::new();
    let from = home.filled("e1", COUNT);
    let keys: Vec<_> = states(&open(&from.data)).into_keys().collect();
    let to = home.redis("r1", proxy.port);
    // It stops before the value in the middle.
    let middle = keys[keys.len() / 2];
    proxy.set(&middle.0[..8], Fault::Stall, Fault::None);
    let mut copying = Running::start(home.copying(&from, &to, &["--wait", "0s"]));
    copying.wait_for("the source is closed");
    wait_until("values are written", || redis_keys(&redis) > 1000);
    copying.kill();
    assert!(redis_keys(&redis) < u64::from(COUNT));
    proxy.set(b"", Fault::None, Fault::None);
    // Servers refuse both, and so do commands.
    home.refuses_servers(&from, "were moved to");
    home.refuses_servers(&to, "a copy to the store was not finished");
    let refused = home.run(&["channel", "list"], &to);
    refused.refused(2, "a copy to the store was not finished");
    // Another target is not that of this copy.
    let other = home.redis("r2", redis.port);
    home.copy(&from, &other, &[])
        .refused(2, "does not have the mark");
    // A record that was changed in the target is found.
    changed(&redis, "r1:", keys[0]);
    let differs = home.copy(&from, &to, &[]);
    differs.refused(1, "1 values differ from the source");
    home.refuses_servers(&to, "a copy to the store was not finished");
    let report = home.copy(&from, &to, &["--overwrite", "--json"]).json();
    assert_eq!(report["states"], COUNT);
    let check = home.run(&["store", "check", "--json"], &to).json();
    assert_eq!(check["unreadable_states"], 0);
    home.copy(&from, &to, &[]).refused(2, "in use");
    let abandoned = home.copy(&from, &to, &["--abandon"]);
    abandoned.refused(2, "in use");
}

/// Changes a record.
fn changed(redis: &Redis, prefix: &str, key: mpass_core::store::StoreKey) {
    let mut settings = RedisSettings::new(redis.url());
    settings.prefix = prefix.to_owned();
    settings.admission = Admission::Any;
    let store = RedisStore::open(settings).unwrap();
    let present = mpass_core::store::Store::load(&store, Kind::State, &key).unwrap();
    let mut value = present.clone().unwrap();
    value[20] ^= 1;
    let swap = Swap {
        kind: Kind::State,
        key,
        expected: present,
        value,
        expires_at_ms: Some(now_ms() + 60_000),
    };
    store.swap(&swap, now_ms()).unwrap();
}

#[test]
fn a_copy_is_given_up() {
    let postgres = Postgres::start(&[]);
    let home = Home::new();
    let first = home.filled("e1", 100);
    let second = home.postgres("p1", &postgres);
    home.copy(&first, &second, &[]).done();
    // Killed while it waits, after both were closed.
    let third = home.postgres("p2", &postgres);
    let mut copying = Running::start(home.copying(&second, &third, &["--wait", "1h"]));
    copying.wait_for("the source is closed");
    copying.kill();
    home.refuses_servers(&second, "were moved to");
    let lost = home.postgres("p3", &postgres);
    let abandoned = home.copy(&second, &lost, &["--abandon"]);
    abandoned.refused(2, "does not have the mark");
    home.copy(&second, &third, &["--abandon"]).done();
    home.refuses_servers(&third, "were moved to abandoned copy");
    home.run(&["channel", "list"], &second).done();
    home.copy(&second, &third, &[]).refused(2, "is not empty");
    // A target that was lost.
    let mut copying = Running::start(home.copying(&second, &lost, &["--wait", "1h"]));
    copying.wait_for("the source is closed");
    copying.kill();
    postgres.psql("DROP DATABASE p3");
    home.copy(&second, &lost, &["--abandon", "--target-lost"])
        .done();
    home.run(&["channel", "list"], &second).done();
    home.copy(&second, &first, &[]).refused(2, "is not empty");
}

#[test]
fn stores_that_are_not_right_are_refused() {
    let redis = Redis::start(&[]);
    let (home, other) = (Home::new(), Home::new());
    let from = home.filled("e1", 10);
    let foreign = other.filled("e9", 10);
    let to = home.redis("r1", redis.port);
    home.copy(&from, &foreign, &[]).refused(2, "the keyring of");
    home.copy(&from, &from, &[]).refused(2, "the same store");
    home.copy(&to, &from, &[])
        .refused(2, "the store has no header");
    let memory = home.place("m1", "store = \"memory\"");
    home.copy(&from, &memory, &[]).refused(2, "in memory");
    home.copy(&memory, &from, &[]).refused(2, "in memory");
    // The embedded store is locked by its server.
    let held = open(&from.data);
    home.copy(&from, &to, &[]).refused(2, "stop the server");
    drop(held);
    home.run(&["store", "init"], &to).done();
    home.copy(&from, &to, &[]).refused(2, "is not empty");
    // Nothing was closed by all that.
    home.run(&["channel", "list"], &from).done();
    home.run(&["channel", "list"], &to).done();
}

/// What reads a store behind a network without its server.
#[test]
fn a_store_behind_a_network_is_read_by_commands() {
    let redis = Redis::start(&["--appendfsync", "everysec"]);
    let home = Home::new();
    let from = home.filled("e1", 10);
    let to = home.redis("r1", redis.port);
    home.run(&["config", "check"], &to)
        .refused(1, "the store has no header");
    home.copy(&from, &to, &[]).done();
    let checked = home.run(&["config", "check"], &to);
    assert!(checked.err.contains("appendfsync") || checked.out.contains("appendfsync"));
    let explain = ["number", "explain", "+966500000003", "--channel", "shop"];
    let explained = home.run(&explain, &to);
    assert!(explained.out.contains("shop"), "{explained:?}");
    let third = home.redis("r2", redis.port);
    home.copy(&to, &third, &[]).done();
    home.run(&["config", "check"], &to)
        .refused(1, "were moved to");
}
