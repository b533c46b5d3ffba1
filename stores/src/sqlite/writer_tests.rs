//! Tests of the writer, batch by batch.

use std::sync::Arc;

use mpass_core::store::{Kind, Swap};
use tokio::sync::oneshot;

use super::super::layout::{self, Found, LAYOUT};
use super::*;

struct Fixture {
    writer: Writer,
    _dir: tempfile::TempDir,
}

fn fixture() -> Fixture {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store.sqlite");
    std::fs::write(&path, b"").unwrap();
    let mut db = sqlite::connect(&path).unwrap();
    assert_eq!(layout::prepare(&mut db).unwrap(), Found::Empty);
    Fixture {
        writer: Writer::new(path, db, Arc::default()).unwrap(),
        _dir: dir,
    }
}

fn key(n: u8) -> StoreKey {
    StoreKey([n; 16])
}

fn job(
    n: u8,
    expected: Option<&[u8]>,
    value: &[u8],
    expires_at_ms: impl Into<Option<u64>>,
    now_ms: u64,
) -> Job {
    Job {
        work: Work::Swap(
            Swap {
                kind: Kind::State,
                key: key(n),
                expected: expected.map(<[u8]>::to_vec),
                value: value.to_vec(),
                expires_at_ms: expires_at_ms.into(),
            },
            now_ms,
        ),
        answer: oneshot::channel().0,
    }
}

/// How many of the states 0 to 99 exist.
fn count(writer: &Writer) -> usize {
    let db = sqlite::connect(&writer.path).unwrap();
    let stands = |n: &u8| {
        sqlite::load(&db, LAYOUT, Kind::State, &key(*n))
            .unwrap()
            .is_some()
    };
    (0..100).filter(stands).count()
}

#[test]
fn swaps_of_one_batch_see_each_other() {
    let mut fixture = fixture();
    let batch: Vec<Job> = (0..64).map(|n| job(1, None, &[n], None, 0)).collect();
    let answers = fixture.writer.commit(&batch).unwrap();
    assert_eq!(answers[0], Swapped::Stored);
    for lost in &answers[1..] {
        assert_eq!(*lost, Swapped::Conflict(Some(vec![0])));
    }
    let chain: Vec<Job> = (0..64)
        .map(|n| job(1, Some(&[n]), &[n + 1], None, 0))
        .collect();
    let answers = fixture.writer.commit(&chain).unwrap();
    assert!(answers.iter().all(|answer| *answer == Swapped::Stored));
}

#[test]
fn a_failed_commit_stores_nothing_of_its_batch_and_the_next_one_works() {
    let mut fixture = fixture();
    let first = job(0, None, b"stays", None, 0);
    fixture.writer.commit(&[first]).unwrap();
    // Simulates a full disk, for this connection only.
    let (db, _) = fixture.writer.db.as_ref().unwrap();
    db.pragma_update(None, "max_page_count", 4).unwrap();
    let batch = || -> Vec<Job> {
        let value = [7; 96];
        (1..100).map(|n| job(n, None, &value, None, 0)).collect()
    };
    fixture.writer.commit(&batch()).unwrap_err();
    assert_eq!(count(&fixture.writer), 1);
    let answers = fixture.writer.commit(&batch()).unwrap();
    assert!(answers.iter().all(|answer| *answer == Swapped::Stored));
    assert_eq!(count(&fixture.writer), 100);
}

const DAY: u64 = 86_400_000;

fn until_ms(writer: &Writer) -> Option<i64> {
    let db = sqlite::connect(&writer.path).unwrap();
    let until = "SELECT max(until_ms) FROM dropped";
    db.query_row(until, [], |row| row.get(0)).unwrap()
}

#[test]
fn expired_states_are_deleted_by_a_walk_and_never_early() {
    let mut fixture = fixture();
    let states: Vec<Job> = (0..100).map(|n| job(n, None, b"x", 1000, 0)).collect();
    fixture.writer.commit(&states).unwrap();
    for _ in 0..50 {
        let early = job(200, None, b"", None, DAY + 999);
        fixture.writer.commit(&[early]).unwrap();
    }
    assert_eq!(count(&fixture.writer), 100);
    assert_eq!(until_ms(&fixture.writer), None);
    // The walk examines 8 states per swap.
    let on_time = job(200, None, b"", None, DAY + 1000);
    fixture.writer.commit(&[on_time]).unwrap();
    assert!(count(&fixture.writer) >= 92);
    for _ in 0..20 {
        let on_time = job(200, None, b"", None, DAY + 1000);
        fixture.writer.commit(&[on_time]).unwrap();
    }
    assert_eq!(count(&fixture.writer), 0);
    assert_eq!(until_ms(&fixture.writer), Some(1000));
    let db = sqlite::connect(&fixture.writer.path).unwrap();
    let stands = sqlite::load(&db, LAYOUT, Kind::State, &key(200)).unwrap();
    assert!(stands.is_some(), "it never expires");
}

#[test]
fn only_the_smallest_time_of_a_batch_counts() {
    let mut fixture = fixture();
    let states: Vec<Job> = (0..100).map(|n| job(n, None, b"x", 1000, 0)).collect();
    fixture.writer.commit(&states).unwrap();
    let other = |now_ms| job(200, None, b"", None, now_ms);
    fixture
        .writer
        .commit(&[other(u64::MAX), other(999), other(5000)])
        .unwrap();
    assert_eq!(count(&fixture.writer), 100);
    // A clock that is ahead for one swap deletes only states that this swap
    // examines.
    fixture.writer.commit(&[other(u64::MAX)]).unwrap();
    let left = count(&fixture.writer);
    assert!((92..100).contains(&left), "{left}");
    for _ in 0..50 {
        fixture.writer.commit(&[other(999)]).unwrap();
    }
    assert_eq!(count(&fixture.writer), left);
}

#[test]
fn what_was_dropped_stays_refused_until_it_is_forgotten() {
    let mut fixture = fixture();
    let writer = &mut fixture.writer;
    let used = || job(1, None, b"used", 1000, 0);
    assert_eq!(writer.commit(&[used()]).unwrap(), [Swapped::Stored]);
    // Dropped while the clock is ahead, then it is set back.
    writer
        .commit(&[job(200, None, b"", None, 9 * DAY)])
        .unwrap();
    assert_eq!(count(writer), 0);
    let batch = [
        used(),
        job(2, None, b"other", 1000, 0),
        job(3, None, b"later", 1001, 0),
        job(4, None, b"for ever", None, 0),
        // What stands can be replaced by something that expires earlier.
        job(3, Some(b"later"), b"earlier", 10, 0),
        job(5, Some(b"absent"), b"x", 10, 0),
    ];
    let answers = [
        Swapped::Expired,
        Swapped::Expired,
        Swapped::Stored,
        Swapped::Stored,
        Swapped::Stored,
        Swapped::Conflict(None),
    ];
    assert_eq!(writer.commit(&batch).unwrap(), answers);
    let forget = Job {
        work: Work::ForgetDropped,
        answer: oneshot::channel().0,
    };
    let answers = writer.commit(&[used(), forget, used()]).unwrap();
    let [first, _, last] = &answers[..] else {
        panic!("{answers:?}");
    };
    assert_eq!((first, last), (&Swapped::Expired, &Swapped::Stored));
    assert_eq!(until_ms(writer), None);
}

#[test]
fn a_value_and_the_record_that_it_was_dropped_go_together() {
    let mut fixture = fixture();
    let states: Vec<Job> = (0..8).map(|n| job(n, None, b"x", 1000, 0)).collect();
    fixture.writer.commit(&states).unwrap();
    let (db, expiry) = fixture.writer.db.as_mut().unwrap();
    for commits in [false, true] {
        let write = db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .unwrap();
        sqlite::drop_expired(
            &write,
            &mut expiry.clone(),
            None,
            8,
            u64::MAX,
            &mut Vec::new(),
        )
        .unwrap();
        if commits {
            write.commit().unwrap();
        }
        let path = &fixture.writer.path;
        let db = sqlite::connect(path).unwrap();
        let left: u32 = db
            .query_row("SELECT count(*) FROM state", [], |row| row.get(0))
            .unwrap();
        let was_dropped = Expiry::load(&db).unwrap().has_dropped();
        assert_eq!(
            (left, was_dropped),
            if commits { (0, true) } else { (8, false) }
        );
    }
}

#[test]
fn times_beyond_the_integer_range_are_never_reached() {
    let mut fixture = fixture();
    let late = u64::try_from(i64::MAX).unwrap() + 1;
    fixture
        .writer
        .commit(&[job(1, None, b"x", late, 0), job(2, None, b"x", u64::MAX, 0)])
        .unwrap();
    for _ in 0..3 {
        let other = job(200, None, b"", None, u64::MAX);
        fixture.writer.commit(&[other]).unwrap();
    }
    assert_eq!(count(&fixture.writer), 2);
}

fn document(n: u8, expires_at_ms: impl Into<Option<u64>>, now_ms: u64) -> Job {
    let mut job = job(n, None, b"x", expires_at_ms, now_ms);
    if let Work::Swap(swap, _) = &mut job.work {
        swap.kind = Kind::Document;
    }
    job
}

#[test]
fn documents_are_dropped_when_they_expired_also_after_a_restart() {
    let mut fixture = fixture();
    let writer = &mut fixture.writer;
    let documents = [
        document(1, 5 * DAY, 0),
        document(2, 3 * DAY, 0),
        document(3, None, 0),
        document(4, 9 * DAY, 0),
    ];
    writer.commit(&documents).unwrap();
    let stand = |writer: &Writer| -> Vec<u8> {
        let db = sqlite::connect(&writer.path).unwrap();
        let listed = sqlite::list(&db, LAYOUT, None, 10).unwrap();
        listed.into_iter().map(|(key, _)| key.0[0]).collect()
    };
    let at = |now_ms| job(200, None, b"", None, now_ms);
    writer.commit(&[at(4 * DAY - 1)]).unwrap();
    assert_eq!(stand(writer), [1, 2, 3, 4]);
    writer.commit(&[at(4 * DAY)]).unwrap();
    assert_eq!(stand(writer), [1, 3, 4]);
    let again = [document(2, 3 * DAY, 0), document(2, 3 * DAY + 1, 0)];
    let answers = writer.commit(&again).unwrap();
    assert_eq!(answers, [Swapped::Expired, Swapped::Stored]);
    // As after a restart or a failed commit.
    writer.db = None;
    writer.commit(&[at(6 * DAY)]).unwrap();
    assert_eq!(stand(writer), [3, 4]);
    let answers = writer.commit(&[document(1, 5 * DAY, 0)]).unwrap();
    assert_eq!(answers, [Swapped::Expired]);
    assert_eq!(until_ms(writer), Some(i64::try_from(5 * DAY).unwrap()));
}
