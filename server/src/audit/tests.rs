//! Tests of the chain, and of what is done to a store behind its back.

use mpass_core::challenge::Keyring;
use mpass_core::documents::{Family, HostDocument, Next};
use mpass_core::store::{Kind, Listed, MemoryStore, Store, Swap, Swapped};
use serde_json::{Value as Json, json};

use super::segment::Segment;
use super::{Actor, AuditLog, Entry, Fault, Link, Report, Step, Via};
use crate::clock;
use crate::entropy::System;
use crate::store::{AnyStore, documents};

const COUNT: u64 = 200;

fn keyring() -> Keyring {
    Keyring::generate(&[7; 32])
}

fn memory() -> AnyStore {
    AnyStore::Memory(MemoryStore::new(10_000))
}

fn entry(n: u64) -> Entry {
    let mut entry = Entry::new(Step::Done, Actor::of(Via::Socket), "channel.update");
    entry.before = json!({ "tries": n }).as_object().cloned();
    entry.on(format!("shop-{n}"))
}

async fn fill(log: &AuditLog<'_>, entries: u64) -> Link {
    let mut last = log.last().await;
    for n in 0..entries {
        last = log.append(&entry(n)).await.unwrap();
    }
    last
}

/// A store with these documents.
fn store_of(documents: impl IntoIterator<Item = Listed>) -> AnyStore {
    let store = memory();
    for (key, value) in documents {
        let swap = Swap {
            kind: Kind::Document,
            key,
            expected: None,
            value,
            expires_at_ms: None,
        };
        assert_eq!(Store::swap(&store, &swap, 0), Ok(Swapped::Stored));
    }
    store
}

/// The store without the segments of these numbers.
fn without(store: &AnyStore, keyring: &Keyring, segments: &[u64]) -> AnyStore {
    let key = |number: &u64| Segment::document(keyring, *number).store_key();
    let removed: Vec<_> = segments.iter().map(key).collect();
    let documents = documents(store).unwrap().into_iter();
    store_of(documents.filter(|(key, _)| !removed.contains(key)))
}

fn is_head(keyring: &Keyring, (key, _): &Listed) -> bool {
    HostDocument::new(keyring, Family::AuditHead, []).store_key() == *key
}

async fn faults(store: &AnyStore, keyring: &Keyring, anchors: &[Link]) -> Vec<Fault> {
    let report = AuditLog::new(store, keyring).verify(anchors).await;
    report.unwrap().faults
}

#[tokio::test]
async fn entries_are_chained_and_read_in_both_directions() {
    let (store, keyring) = (memory(), keyring());
    let log = AuditLog::new(&store, &keyring);
    assert_eq!(log.verify(&[]).await, Ok(Report::default()));
    let last = fill(&log, COUNT).await;
    assert_eq!((last.number, log.last().await), (COUNT, last));
    let report = log.verify(&[last]).await.unwrap();
    assert_eq!((report.entries, report.faults.len()), (COUNT, 0));
    assert_eq!((report.first, report.last), (Some(1), Some(last)));

    let (mut forward, mut after) = (Vec::new(), 0);
    loop {
        let lines = log.lines_after(after).await.unwrap();
        if lines.is_empty() {
            break;
        }
        after += lines.len() as u64;
        forward.extend(lines);
    }
    let (mut backward, mut before) = (Vec::new(), u64::MAX);
    loop {
        let lines = log.lines_before(before, 7).await.unwrap();
        if lines.is_empty() {
            break;
        }
        let oldest: Json = serde_json::from_str(lines.last().unwrap()).unwrap();
        before = oldest["number"].as_u64().unwrap();
        backward.extend(lines);
    }
    assert_eq!(forward.len() as u64, COUNT);
    backward.reverse();
    assert_eq!(forward, backward);
    let third: Json = serde_json::from_str(&forward[2]).unwrap();
    assert_eq!(third["number"], 3);
    assert_eq!(third["what"], "channel.update");
    assert_eq!(third["on"], "shop-2");
    assert_eq!(third["before"], json!({ "tries": 2 }));
    assert_eq!(third["by"], json!({ "via": "socket" }));
}

#[tokio::test]
async fn parallel_writers_make_one_chain() {
    let (store, keyring) = (memory(), keyring());
    let log = AuditLog::new(&store, &keyring);
    let writers = (0..8).map(|_| fill(&log, 25));
    futures_util::future::join_all(writers).await;
    let report = log.verify(&[]).await.unwrap();
    assert_eq!((report.entries, report.faults), (COUNT, vec![]));
}

#[tokio::test]
async fn an_entry_of_any_size_fits() {
    let (store, keyring) = (memory(), keyring());
    let log = AuditLog::new(&store, &keyring);
    let long = "\u{1f512}".repeat(10_000);
    let members: serde_json::Map<_, _> = (0..400)
        .map(|n| (format!("member-{n}"), json!(long)))
        .collect();
    let mut entry = Entry::new(Step::Failed, Actor::of(Via::Api), long.clone());
    entry.by.name = Some(long.clone());
    entry.on = Some(long.clone());
    entry.error = Some(long.clone());
    entry.after = Some(members.clone());
    entry.before = Some(members.into_iter().take(3).collect());
    for _ in 0..50 {
        log.append(&entry).await.unwrap();
    }
    assert_eq!(log.verify(&[]).await.unwrap().entries, 50);
    let lines = log.lines_before(u64::MAX, 1).await.unwrap();
    let read: Json = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!(read["before"]["member-0"]["bytes"], 40_002);
}

/// Attacks on the store, and what is found.
#[tokio::test]
async fn a_store_that_was_tampered_with_is_found() {
    let (store, keyring) = (memory(), keyring());
    let log = AuditLog::new(&store, &keyring);
    fill(&log, COUNT / 2).await;
    let backup = store_of(documents(&store).unwrap());
    let anchor = fill(&log, COUNT / 2).await;
    let segments = (1..)
        .take_while(|n| {
            let key = Segment::document(&keyring, *n).store_key();
            Store::load(&store, Kind::Document, &key).unwrap().is_some()
        })
        .count() as u64;
    assert!(segments > 3);
    assert_eq!(faults(&store, &keyring, &[anchor]).await, []);

    // The beginning, the end, and the middle are cut.
    let cut = without(&store, &keyring, &[1]);
    assert_eq!(
        faults(&cut, &keyring, &[]).await,
        [Fault::Missing { after: 0 }]
    );
    let cut = without(&store, &keyring, &[segments]);
    let found = faults(&cut, &keyring, &[]).await;
    assert!(
        matches!(
            found[..],
            [Fault::Ends {
                expected: COUNT,
                ..
            }]
        ),
        "{found:?}"
    );
    let cut = without(&store, &keyring, &[2]);
    let found = faults(&cut, &keyring, &[]).await;
    assert!(matches!(found[..], [Fault::Missing { .. }]), "{found:?}");

    // Without a head, or with an older one, later segments are no secret.
    let all = documents(&store).unwrap();
    let headless = store_of(all.iter().filter(|it| !is_head(&keyring, it)).cloned());
    assert_eq!(faults(&headless, &keyring, &[]).await, [Fault::NoHead]);
    let cut = without(&headless, &keyring, &[2]);
    let found = faults(&cut, &keyring, &[]).await;
    assert!(found.contains(&Fault::NoHead), "{found:?}");
    assert!(
        found.iter().any(|it| matches!(it, Fault::Stray { .. })),
        "{found:?}"
    );

    // Two segments have changed places, and one is of another log.
    let keys = [1, 2].map(|n| Segment::document(&keyring, n).store_key());
    let place = |key| match key {
        key if key == keys[0] => keys[1],
        key if key == keys[1] => keys[0],
        key => key,
    };
    let swapped = store_of(all.iter().map(|(key, value)| (place(*key), value.clone())));
    let found = faults(&swapped, &keyring, &[]).await;
    assert!(
        matches!(found[0], Fault::Unreadable { after: 0, .. }),
        "{found:?}"
    );

    // An older state is put back: only the anchor knows.
    assert_eq!(faults(&backup, &keyring, &[]).await, []);
    let found = faults(&backup, &keyring, &[anchor]).await;
    assert_eq!(
        found,
        [Fault::Ends {
            expected: COUNT,
            found: COUNT / 2
        }]
    );
    // So it is after the log has gone on.
    fill(&AuditLog::new(&backup, &keyring), COUNT).await;
    let found = faults(&backup, &keyring, &[anchor]).await;
    assert_eq!(found, [Fault::Replaced { number: COUNT }]);
}

/// What somebody does to the lines of a segment.
type Attack = fn(&mut Vec<String>);

/// Somebody who can write documents, and does not have the key of the MACs.
#[tokio::test]
async fn lines_that_were_changed_or_reordered_are_found() {
    let attacks: [(u64, Attack); 4] = [
        (3, |lines| lines[3] = lines[3].replace("shop-3", "shop-9")),
        (3, |lines| lines.swap(3, 4)),
        (3, |lines| drop(lines.remove(3))),
        (4, |lines| lines.insert(3, lines[3].clone())),
    ];
    for (after, attack) in attacks {
        let (store, keyring) = (memory(), keyring());
        let log = AuditLog::new(&store, &keyring);
        fill(&log, 20).await;
        let document = Segment::document(&keyring, 1);
        let change = document.changing(|current, _| {
            let mut segment = Segment::read(current.unwrap()).unwrap();
            let mut lines: Vec<_> = segment.lines().map(str::to_owned).collect();
            attack(&mut lines);
            segment.lines = lines.join("\n") + "\n";
            Ok::<_, mpass_core::Error>(Next::Write(segment.write().unwrap(), ()))
        });
        change.run_async(&store, &System).await.unwrap();
        let found = faults(&store, &keyring, &[]).await;
        assert!(found.contains(&Fault::Broken { after }), "{found:?}");
    }
}

#[tokio::test]
async fn a_damaged_log_goes_on_and_shows_the_gap() {
    let (store, keyring) = (memory(), keyring());
    fill(&AuditLog::new(&store, &keyring), 10).await;
    let cut = without(&store, &keyring, &[1]);
    let log = AuditLog::new(&cut, &keyring);
    assert_eq!(log.append(&entry(0)).await.unwrap().number, 11);
    assert_eq!(log.append(&entry(1)).await.unwrap().number, 12);
    let report = log.verify(&[]).await.unwrap();
    assert_eq!(report.entries, 2);
    assert_eq!(report.faults, [Fault::Missing { after: 0 }]);
}

#[tokio::test]
async fn what_is_old_is_removed_and_the_rest_still_verifies() {
    let (store, keyring) = (memory(), keyring());
    let log = AuditLog::new(&store, &keyring);
    let first = log.append(&entry(0)).await.unwrap();
    let last = fill(&log, COUNT).await;
    assert_eq!(log.prune_older_than(3_600_000).await, Ok(None));
    let removed = log.prune(clock::now_ms() + 1000).await.unwrap().unwrap();
    assert!(removed.number > 10 && removed.number < last.number);
    let report = log.verify(&[removed, last]).await.unwrap();
    assert_eq!(report.faults, []);
    assert_eq!(report.first, Some(removed.number + 1));
    assert_eq!(report.entries, last.number - removed.number);
    // An anchor of what was removed cannot be compared, and is no fault.
    assert_eq!(faults(&store, &keyring, &[first]).await, []);
    // The last one that was removed is still known.
    let other = Link {
        mac: [1; 32],
        ..removed
    };
    let found = faults(&store, &keyring, &[other]).await;
    assert_eq!(
        found,
        [Fault::Replaced {
            number: removed.number
        }]
    );
    assert_eq!(fill(&log, 1).await.number, last.number + 1);
}

#[test]
fn anchors_as_text() {
    let link = Link {
        number: 17,
        mac: [0xab; 32],
    };
    let text = format!("17:{}", "ab".repeat(32));
    assert_eq!(link.to_string(), text);
    assert_eq!(text.parse(), Ok(link));
    for text in ["", "17", "17:", "17:ab", "x:ab", &format!("{text}00")] {
        assert!(text.parse::<Link>().is_err(), "{text}");
    }
}
