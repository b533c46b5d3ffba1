//! Conflicts, unknown outcomes, failures and the age of an operation.

use alloc::vec;
use core::cell::RefCell;

use super::*;

pub(in crate::store) const KEY: StoreKey = StoreKey([7; 16]);
pub(in crate::store) const NOON: u64 = 1_800_000_000_000;

/// A value with this stamp.
pub(in crate::store) fn value(stamp: u8) -> Vec<u8> {
    let mut value = vec![0x31, 0, 1];
    value.extend([stamp; 8]);
    value.push(0xff);
    value
}

pub(in crate::store) fn swap(expected: Option<&[u8]>, value: Vec<u8>) -> Swap {
    Swap {
        kind: Kind::State,
        key: KEY,
        expected: expected.map(<[u8]>::to_vec),
        value,
        expires_at_ms: None,
    }
}

/// What each decision was based on: the current value and the time.
type Seen = RefCell<Vec<(Option<Vec<u8>>, u64)>>;

/// Writes the value of stamp 1, 2, … for each decision; the outcome is the
/// number of the decision.
fn counting(seen: &Seen) -> impl Operation<Outcome = usize, Error = Error> + '_ {
    Settle::new(Kind::State, KEY, &[9; 32], |current, moment| {
        assert_eq!(moment.entropy, &[9; 32]);
        let mut seen = seen.borrow_mut();
        seen.push((current.map(<[u8]>::to_vec), moment.now_ms));
        let stamp = u8::try_from(seen.len() % 100).unwrap();
        Ok(Decision::Write(swap(current, value(stamp)), seen.len()))
    })
}

#[derive(Debug, PartialEq)]
enum Next {
    Load,
    Swap(Option<Vec<u8>>, Vec<u8>),
    Done(usize),
    Failed(Error),
}

fn next(
    operation: &mut impl Operation<Outcome = usize, Error = Error>,
    answer: StoreAnswer,
    now_ms: u64,
) -> Next {
    match operation.next(answer, now_ms) {
        Ok(Progress::Step(StoreStep::Load { kind, key })) => {
            assert_eq!((kind, key), (Kind::State, KEY));
            Next::Load
        }
        Ok(Progress::Step(StoreStep::Swap(swap))) => {
            assert_eq!((swap.kind, swap.key), (Kind::State, KEY));
            Next::Swap(swap.expected, swap.value)
        }
        Ok(Progress::Step(step)) => panic!("{step:?}"),
        Ok(Progress::Done(outcome)) => Next::Done(outcome),
        Err(error) => Next::Failed(error),
    }
}

/// The operation after its first swap, on an absent value.
fn swapping(seen: &Seen) -> impl Operation<Outcome = usize, Error = Error> + '_ {
    let mut operation = counting(seen);
    assert_eq!(next(&mut operation, StoreAnswer::Begin, NOON), Next::Load);
    let loaded = StoreAnswer::Loaded(None);
    let first = Next::Swap(None, value(1));
    assert_eq!(next(&mut operation, loaded, NOON), first);
    operation
}

#[test]
fn a_conflict_is_decided_again_at_its_own_time() {
    let seen = Seen::default();
    let mut operation = counting(&seen);
    assert_eq!(next(&mut operation, StoreAnswer::Begin, NOON), Next::Load);
    let loaded = StoreAnswer::Loaded(Some(value(50)));
    let wanted = Next::Swap(Some(value(50)), value(1));
    assert_eq!(next(&mut operation, loaded, NOON + 1), wanted);
    let conflict = StoreAnswer::Conflict(Some(value(51)));
    let wanted = Next::Swap(Some(value(51)), value(2));
    assert_eq!(next(&mut operation, conflict, NOON + 500), wanted);
    let gone = StoreAnswer::Conflict(None);
    let wanted = Next::Swap(None, value(3));
    assert_eq!(next(&mut operation, gone, NOON + 900), wanted);
    let done = next(&mut operation, StoreAnswer::Stored, NOON + 900);
    assert_eq!(done, Next::Done(3));
    let decisions = [
        (Some(value(50)), NOON + 1),
        (Some(value(51)), NOON + 500),
        (None, NOON + 900),
    ];
    assert_eq!(*seen.borrow(), decisions);
}

#[test]
fn a_conflict_with_the_same_value_is_another_callers() {
    let seen = Seen::default();
    let mut operation = swapping(&seen);
    let same = StoreAnswer::Conflict(Some(value(1)));
    let again = Next::Swap(Some(value(1)), value(2));
    assert_eq!(next(&mut operation, same, NOON), again);
}

#[test]
fn an_unknown_outcome_is_read_back() {
    for (current, wanted) in [
        (Some(value(1)), Next::Done(1)),
        (None, Next::Swap(None, value(2))),
        (Some(value(60)), Next::Swap(Some(value(60)), value(2))),
        // Too short for a stamp.
        (Some(vec![1, 1]), Next::Swap(Some(vec![1, 1]), value(2))),
    ] {
        let seen = Seen::default();
        let mut operation = swapping(&seen);
        assert_eq!(next(&mut operation, StoreAnswer::Unknown, NOON), Next::Load);
        let loaded = StoreAnswer::Loaded(current);
        assert_eq!(next(&mut operation, loaded, NOON + 9), wanted);
    }
}

#[test]
fn a_store_that_stores_and_then_fails_loses_no_outcome() {
    let seen = Seen::default();
    let mut operation = swapping(&seen);
    assert_eq!(next(&mut operation, StoreAnswer::Failed, NOON), Next::Load);
    let loaded = StoreAnswer::Loaded(Some(value(1)));
    assert_eq!(next(&mut operation, loaded, NOON), Next::Done(1));
    assert_eq!(seen.borrow().len(), 1);
}

#[test]
fn a_failure_without_effect_is_a_failure() {
    let seen = Seen::default();
    let mut operation = swapping(&seen);
    assert_eq!(next(&mut operation, StoreAnswer::Failed, NOON), Next::Load);
    let failed = next(&mut operation, StoreAnswer::Loaded(None), NOON);
    assert_eq!(failed, Next::Failed(Error::StoreFailed));
    assert_eq!(seen.borrow().len(), 1);
}

#[test]
fn a_failure_that_another_writer_may_hide_is_decided_again() {
    let seen = Seen::default();
    let mut operation = swapping(&seen);
    assert_eq!(next(&mut operation, StoreAnswer::Failed, NOON), Next::Load);
    let replaced = StoreAnswer::Loaded(Some(value(60)));
    let again = Next::Swap(Some(value(60)), value(2));
    assert_eq!(next(&mut operation, replaced, NOON), again);
    // The store is not certain to have refused the first swap.
    assert_eq!(
        next(&mut operation, StoreAnswer::Full, NOON),
        Next::Failed(Error::StoreUnknown)
    );
}

#[test]
fn a_value_that_cannot_be_read_back_is_unknown() {
    for first in [StoreAnswer::Unknown, StoreAnswer::Failed] {
        for second in [
            StoreAnswer::Failed,
            StoreAnswer::Unknown,
            StoreAnswer::Stored,
        ] {
            let seen = Seen::default();
            let mut operation = swapping(&seen);
            assert_eq!(next(&mut operation, first.clone(), NOON), Next::Load);
            let failed = next(&mut operation, second, NOON);
            assert_eq!(failed, Next::Failed(Error::StoreUnknown));
        }
    }
}

#[test]
fn other_answers_to_a_swap_are_errors() {
    for (answer, error) in [
        (StoreAnswer::Full, Error::StoreFull),
        (StoreAnswer::Expired, Error::StoreExpired),
        (StoreAnswer::Begin, Error::StoreFailed),
        (StoreAnswer::Loaded(None), Error::StoreFailed),
        (StoreAnswer::Listed(Vec::new()), Error::StoreFailed),
    ] {
        let seen = Seen::default();
        let mut operation = swapping(&seen);
        let failed = next(&mut operation, answer, NOON);
        assert_eq!(failed, Next::Failed(error));
        is_over(&mut operation);
    }
}

/// Fails for every further answer.
fn is_over(operation: &mut impl Operation<Outcome = usize, Error = Error>) {
    for answer in [
        StoreAnswer::Begin,
        StoreAnswer::Stored,
        StoreAnswer::Loaded(Some(value(1))),
    ] {
        let over = next(operation, answer, NOON);
        assert_eq!(over, Next::Failed(Error::StoreFailed));
    }
}

#[test]
fn an_operation_begins_once_and_ends_once() {
    let seen = Seen::default();
    let mut operation = swapping(&seen);
    let done = next(&mut operation, StoreAnswer::Stored, NOON);
    assert_eq!(done, Next::Done(1));
    is_over(&mut operation);
    // Nothing but the beginning begins it, and nothing but a value follows.
    for answer in [StoreAnswer::Stored, StoreAnswer::Loaded(None)] {
        is_refused(&mut counting(&seen), answer);
    }
    for answer in [StoreAnswer::Begin, StoreAnswer::Failed, StoreAnswer::Stored] {
        let mut operation = counting(&seen);
        assert_eq!(next(&mut operation, StoreAnswer::Begin, NOON), Next::Load);
        is_refused(&mut operation, answer);
    }
    assert_eq!(seen.borrow().len(), 1);
}

fn is_refused(operation: &mut impl Operation<Outcome = usize, Error = Error>, answer: StoreAnswer) {
    let refused = next(operation, answer, NOON);
    assert_eq!(refused, Next::Failed(Error::StoreFailed));
    is_over(operation);
}

#[test]
fn it_gives_up_after_256_conflicts() {
    let seen = Seen::default();
    let mut operation = swapping(&seen);
    let conflict = StoreAnswer::Conflict(Some(value(200)));
    for _ in 0..256 {
        let again = next(&mut operation, conflict.clone(), NOON);
        assert!(matches!(again, Next::Swap(..)), "{again:?}");
    }
    let failed = next(&mut operation, conflict, NOON);
    assert_eq!(failed, Next::Failed(Error::TooManyConflicts));
    assert_eq!(seen.borrow().len(), 257);
}

#[test]
fn an_operation_of_more_than_10_seconds_decides_nothing() {
    for (now_ms, is_too_old) in [(NOON + 10_000, false), (NOON + 10_001, true)] {
        let seen = Seen::default();
        let mut operation = swapping(&seen);
        let again = next(&mut operation, StoreAnswer::Conflict(None), now_ms);
        let wanted = match is_too_old {
            true => Next::Failed(Error::OperationTooOld),
            false => Next::Swap(None, value(2)),
        };
        assert_eq!(again, wanted);
        // What is stored counts, however late the answer is.
        let seen = Seen::default();
        let mut operation = swapping(&seen);
        let late = next(&mut operation, StoreAnswer::Stored, now_ms);
        assert!(matches!(late, Next::Done(_)), "{late:?}");
    }
}

#[test]
fn a_clock_that_goes_back_does_not_lengthen_an_operation() {
    let seen = Seen::default();
    let mut operation = swapping(&seen);
    let conflict = StoreAnswer::Conflict(None);
    for now_ms in [NOON + 6000, NOON - 6000, 0] {
        let again = next(&mut operation, conflict.clone(), now_ms);
        assert!(matches!(again, Next::Swap(..)), "{again:?}");
    }
    let times: Vec<u64> = seen.borrow().iter().map(|(_, now_ms)| *now_ms).collect();
    assert_eq!(times, [NOON, NOON + 6000, NOON + 6000, NOON + 6000]);
    let old = next(&mut operation, conflict, NOON + 10_001);
    assert_eq!(old, Next::Failed(Error::OperationTooOld));
}

#[test]
fn what_is_kept_is_not_written_and_an_error_ends_it() {
    let mut keeps = Settle::new(Kind::State, KEY, &[0; 32], |_, _| {
        Ok::<_, Error>(Decision::Keep(5))
    });
    assert_eq!(next(&mut keeps, StoreAnswer::Begin, NOON), Next::Load);
    let done = next(&mut keeps, StoreAnswer::Loaded(Some(value(1))), NOON);
    assert_eq!(done, Next::Done(5));
    is_over(&mut keeps);
    let mut fails = Settle::new(Kind::State, KEY, &[0; 32], |_, _| {
        Err::<Decision<usize>, _>(Error::RecordForged)
    });
    assert_eq!(next(&mut fails, StoreAnswer::Begin, NOON), Next::Load);
    let failed = next(&mut fails, StoreAnswer::Loaded(None), NOON);
    assert_eq!(failed, Next::Failed(Error::RecordForged));
    is_over(&mut fails);
}
