//! Many live challenges in each store: bytes, copies with a kill, and memory.
//!
//! ```text
//! cargo test -p mpass-server --test store_copy -- --ignored --nocapture million
//! ```

use core::time::Duration;
use std::fs;
use std::path::Path;
use std::time::Instant;

use mpass_core::challenge::Keyring;
use mpass_stores::copy::Contents;
use mpass_stores::postgres::{PostgresSettings, PostgresStore, migrate};
use mpass_stores::redis::{RedisSettings, RedisStore};

use crate::places::{Home, Place, Running, block_on, fill, open, redis_keys, states};
use crate::stores::postgres::Postgres;
use crate::stores::redis::Redis;
use crate::stores::wait_until;

fn file(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len())
}

/// The bytes of a store with `count` challenges, for each.
fn each(bytes: u64, count: u32) -> u64 {
    bytes / u64::from(count)
}

fn timed(what: &str, count: u32, work: impl FnOnce()) {
    let begun = Instant::now();
    work();
    let took = begun.elapsed();
    println!("{what}: {count} challenges in {:.1} s", took.as_secs_f64());
}

fn info(server: &Redis, section: &str, name: &str) -> u64 {
    let info = server.cli(&["INFO", section]);
    let line = info.lines().find(|line| line.starts_with(name));
    let value = line.unwrap().split(':').nth(1).unwrap();
    value.trim().parse().unwrap()
}

/// Challenges in the order in which they are issued, so that keys are in none.
fn bytes_of_each(keyring: &Keyring, count: u32, source: &Place) {
    let embedded = file(&source.data.join("store.sqlite"));
    println!("embedded: {} bytes a challenge", each(embedded, count));
    let redis = Redis::start(&[]);
    let empty = info(&redis, "memory", "used_memory:");
    let store = RedisStore::open(RedisSettings::new(redis.url())).unwrap();
    timed("redis filled", count, || {
        fill(&store.inspect(), keyring, count);
    });
    let used = info(&redis, "memory", "used_memory:") - empty;
    let appended = info(&redis, "persistence", "aof_current_size:");
    redis.cli(&["BGREWRITEAOF"]);
    let is_rewritten = || {
        info(&redis, "persistence", "aof_rewrite_in_progress:") == 0
            && info(&redis, "persistence", "aof_rewrite_scheduled:") == 0
    };
    // It takes as long as the disk does.
    let deadline = Instant::now() + Duration::from_secs(1200);
    while !is_rewritten() {
        assert!(Instant::now() < deadline, "the AOF is not rewritten");
        std::thread::sleep(Duration::from_millis(100));
    }
    let rewritten = info(&redis, "persistence", "aof_current_size:");
    println!(
        "redis: {} bytes a challenge in memory, {} in the AOF, {} once it is rewritten",
        each(used, count),
        each(appended, count),
        each(rewritten, count)
    );
    drop((store, redis));
    let postgres = Postgres::start(&[]);
    let settings = PostgresSettings::new(postgres.url());
    block_on(migrate(settings.clone())).unwrap();
    let store = PostgresStore::open(settings).unwrap();
    timed("postgres filled", count, || {
        fill(&store.inspect(), keyring, count);
    });
    let size = |of: &str| -> u64 {
        let text = format!("SELECT pg_{of}('mpass_state')");
        postgres.psql(&text).parse().unwrap()
    };
    println!(
        "postgres: {} bytes a challenge, {} of them the table and {} the indexes",
        each(size("total_relation_size"), count),
        each(size("table_size"), count),
        each(size("indexes_size"), count)
    );
}

/// Copies, and prints how long it took and how much memory.
fn copy(home: &Home, from: &Place, to: &Place) {
    let begun = Instant::now();
    let copying = Running::start(home.copying(from, to, &["--wait", "0s", "--json"]));
    let (ran, peak) = copying.end();
    let report = ran.json();
    println!(
        "copied to {}: {} states, {} written, in {:.1} s, at most {} MiB",
        to.data.file_name().unwrap().to_string_lossy(),
        report["states"],
        report["written"],
        begun.elapsed().as_secs_f64(),
        peak / 1024
    );
}

fn check(home: &Home, place: &Place, count: u32) {
    let begun = Instant::now();
    let checking = Running::start(home.command(&["store", "check", "--json"], place));
    let (ran, peak) = checking.end();
    let report = ran.json();
    assert_eq!(
        (&report["states"], &report["unreadable_states"]),
        (&count.into(), &0.into())
    );
    println!(
        "checked {}: {:.1} s, at most {} MiB",
        place.data.file_name().unwrap().to_string_lossy(),
        begun.elapsed().as_secs_f64(),
        peak / 1024
    );
}

/// Fills a store, and copies it from one kind to the other and back, with a kill in
/// the middle.
fn measured(count: u32) {
    let home = Home::new();
    let begun = Instant::now();
    let first = home.filled("embedded", count);
    println!("embedded filled in {:.1} s", begun.elapsed().as_secs_f64());
    bytes_of_each(&home.keyring(), count, &first);
    let (redis, postgres) = (Redis::start(&[]), Postgres::start(&[]));
    let second = home.postgres("postgres_copy", &postgres);
    copy(&home, &first, &second);
    check(&home, &second, count);
    let third = home.redis("redis_copy", redis.port);
    let copying = Running::start(home.copying(&second, &third, &["--wait", "0s"]));
    wait_until("a part is copied", || {
        redis_keys(&redis) > u64::from(count / 3)
    });
    copying.kill();
    println!("killed with {} values in the target", redis_keys(&redis));
    copy(&home, &second, &third);
    check(&home, &third, count);
    let fourth = home.embedded("embedded_copy");
    copy(&home, &third, &fourth);
    check(&home, &fourth, count);
    let bytes = each(file(&fourth.data.join("store.sqlite")), count);
    println!("embedded, filled in the order of keys: {bytes} bytes a challenge");
    is_same(&open(&first.data), &open(&fourth.data), count);
}

/// The values are the same, and no end is earlier.
fn is_same(first: &impl Contents, last: &impl Contents, count: u32) {
    let (first, last) = (states(first), states(last));
    assert_eq!((first.len(), last.len()), (count as usize, count as usize));
    let a_day = (86_400 + 600) * 1000;
    for ((key, (value, end)), (other_key, (other, later))) in first.iter().zip(&last) {
        assert_eq!((key, value), (other_key, other));
        let (end, later) = (end.unwrap(), later.unwrap());
        assert!(end <= later && later <= end + a_day);
    }
}

#[test]
fn a_sample_is_measured() {
    measured(30_000);
}

#[test]
#[ignore = "takes minutes and prints figures"]
fn a_million_is_measured() {
    measured(1_000_000);
}
