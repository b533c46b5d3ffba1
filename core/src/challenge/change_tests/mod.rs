//! Changes on a store that is slow, fails, or loses its answers, with a
//! simulated clock.

// Helpers of the tests may panic as well.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod slow;

use alloc::vec;
use alloc::vec::Vec;
use core::future::Future;
use core::pin::pin;
use core::sync::atomic::Ordering::SeqCst;
use core::task::{Context, Poll, Waker};
use std::sync::Barrier;
use std::thread;

use super::*;
use crate::challenge::{
    Binding, Keyring, Policy, PolicySettings, RefusalReason, Subject, SubjectKind,
};
use crate::challenge::{Limit, Token, TokenPolicy};
use crate::oath::{Algorithm, Digits, Hotp, Key};
use crate::store::{Operation, Progress, Store, StoreAnswer, StoreStep, Swapped};
use slow::{Fault, Slow};

const NOON: u64 = 1_795_348_800_000;
const LIFE: u64 = 20_000;
/// The output of a future that is ready at once.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the future waits"),
    }
}

fn subject() -> Subject {
    Subject::parse(SubjectKind::Number, "+966500000000").unwrap()
}

fn challenge_of<'a>(
    keyring: &'a Keyring,
    policy: &'a Policy,
    subject: &'a Subject,
) -> Challenge<'a> {
    let binding = Binding {
        service: "test",
        tenant: b"tenant",
        subject,
        context: "",
    };
    Challenge::new(keyring, policy, binding)
}

fn policy() -> Policy {
    let limit = Limit::new(1000, 3_600_000, 1000).unwrap();
    Policy::new(PolicySettings {
        lifetime_ms: LIFE,
        resend_interval_ms: 0,
        failures_to_lock: 100,
        sends: limit,
        guesses: limit,
        ..PolicySettings::default()
    })
    .unwrap()
}

fn wrong(code: &str) -> &'static str {
    if code.starts_with('1') {
        "200000"
    } else {
        "100000"
    }
}

/// Entropy that repeats within a millisecond: both callers write the same value,
/// and only the one that has stored it is accepted.
#[test]
fn the_same_entropy_gives_one_accept() {
    let (keyring, policy) = (Keyring::generate(&[1; 32]), policy());
    let subject = subject();
    let challenge = challenge_of(&keyring, &policy, &subject);
    let store = Slow::new();
    let code = store.issue(&challenge).code;
    let now_ms = store.now_ms.load(SeqCst);
    let mut attempts = [(); 2].map(|()| challenge.attempting(code.as_str()).begin(&[9; 32]));
    let current = || Store::load(&store, Kind::State, &challenge.key()).unwrap();
    let [first, second] = attempts.each_mut().map(|attempt| {
        let mut next = |answer| attempt.next(answer, now_ms).unwrap();
        assert!(matches!(next(StoreAnswer::Begin), Progress::Step(_)));
        match next(StoreAnswer::Loaded(current())) {
            Progress::Step(StoreStep::Swap(swap)) => swap,
            other => panic!("{other:?}"),
        }
    });
    assert_eq!(first, second);
    let Ok(Swapped::Stored) = Store::swap(&store, &first, now_ms) else {
        panic!("nothing else was written");
    };
    let Ok(Swapped::Conflict(won)) = Store::swap(&store, &second, now_ms) else {
        panic!("the value has changed");
    };
    let answers = [StoreAnswer::Stored, StoreAnswer::Conflict(won)];
    let mut verdicts = Vec::new();
    for (attempt, answer) in attempts.iter_mut().zip(answers) {
        match attempt.next(answer, now_ms).unwrap() {
            Progress::Done(verdict) => verdicts.push(verdict),
            Progress::Step(step) => panic!("{step:?}"),
        }
    }
    assert_eq!(verdicts, [Verdict::Accept, Verdict::Used]);
}

#[test]
fn a_slow_load_accepts_no_code_that_has_ended() {
    let (keyring, policy) = (Keyring::generate(&[1; 32]), policy());
    let subject = subject();
    let challenge = challenge_of(&keyring, &policy, &subject);
    let store = Slow::new();
    let code = store.issue(&challenge).code;
    store.pass(LIFE - 1);
    store.plan(&[Fault::Slow(1)]);
    assert_eq!(
        store.attempt(&challenge, code.as_str()),
        Ok(Verdict::Expired)
    );
}

#[test]
fn a_load_slower_than_ten_seconds_decides_nothing() {
    let (keyring, policy) = (Keyring::generate(&[1; 32]), policy());
    let subject = subject();
    let challenge = challenge_of(&keyring, &policy, &subject);
    let store = Slow::new();
    let code = store.issue(&challenge).code;
    store.plan(&[Fault::Slow(10_001)]);
    let late = store.attempt(&challenge, code.as_str());
    assert_eq!(late, Err(Error::OperationTooOld));
    // It was not counted either.
    assert_eq!(
        store.attempt(&challenge, code.as_str()),
        Ok(Verdict::Accept)
    );
}

#[test]
fn a_slow_store_does_not_lengthen_a_life() {
    let (keyring, policy) = (Keyring::generate(&[1; 32]), policy());
    let subject = subject();
    let challenge = challenge_of(&keyring, &policy, &subject);
    for (faults, decided) in [
        (vec![Fault::Slow(9000)], 9000),
        // A slow swap shortens what is left.
        (vec![Fault::None, Fault::Slow(60_000)], 0),
        (vec![Fault::Slow(4000), Fault::Conflict], 4000),
        (
            vec![Fault::None, Fault::StoredUnknown, Fault::Slow(7000)],
            0,
        ),
    ] {
        let store = Slow::new();
        store.plan(&faults);
        let issued = store.issue(&challenge);
        assert_eq!(issued.ends_at_ms, NOON + decided + LIFE, "{faults:?}");
    }
}

#[test]
fn a_conflict_is_decided_at_the_time_of_its_value() {
    let (keyring, policy) = (Keyring::generate(&[1; 32]), policy());
    let subject = subject();
    let challenge = challenge_of(&keyring, &policy, &subject);
    let store = Slow::new();
    let issued = store.issue(&challenge);
    let mut operation = challenge.attempting(issued.code.as_str()).begin(&[9; 32]);
    let current = || store.store.load(Kind::State, &challenge.key()).unwrap();
    let end = issued.ends_at_ms;
    for (answer, now_ms) in [
        (StoreAnswer::Begin, end - 2),
        (StoreAnswer::Loaded(current()), end - 1),
        // A clock that goes back does not revive it below.
        (StoreAnswer::Unknown, end),
    ] {
        let progress = operation.next(answer, now_ms).unwrap();
        assert!(matches!(progress, Progress::Step(_)), "{progress:?}");
    }
    match operation
        .next(StoreAnswer::Loaded(current()), end - 5)
        .unwrap()
    {
        Progress::Done(verdict) => assert_eq!(verdict, Verdict::Expired),
        Progress::Step(step) => panic!("{step:?}"),
    }
}

/// Every sequence of four faults of one attempt, with a wrong and a right code,
/// followed by attempts until the challenge is exhausted.
#[test]
fn faults_give_no_verdict_beyond_the_tries_and_one_accept() {
    const FAULTS: [Fault; 7] = [
        Fault::None,
        Fault::Slow(9000),
        Fault::Fail,
        Fault::Conflict,
        Fault::StoredUnknown,
        Fault::LostUnknown,
        Fault::StoredFail,
    ];
    let (keyring, policy) = (Keyring::generate(&[1; 32]), policy());
    let subject = subject();
    let challenge = challenge_of(&keyring, &policy, &subject);
    let tries = usize::from(policy.settings().tries);
    for sequence in 0..FAULTS.len().pow(4) {
        let faults = [0, 1, 2, 3].map(|at| FAULTS[sequence / FAULTS.len().pow(at) % FAULTS.len()]);
        for is_right in [false, true] {
            let store = Slow::new();
            let issued = store.issue(&challenge);
            store.pass(LIFE - 9001);
            store.plan(&faults);
            let code = issued.code.as_str();
            let first = if is_right { code } else { wrong(code) };
            let mut verdicts = vec![store.attempt(&challenge, first)];
            store.plan(&[]);
            for typed in [wrong(code), code, code, wrong(code), wrong(code), code] {
                verdicts.push(store.attempt(&challenge, typed));
                let is_accept = verdicts.last() == Some(&Ok(Verdict::Accept));
                let read_at = store.read_at_ms.load(SeqCst);
                assert!(!is_accept || read_at < issued.ends_at_ms, "{faults:?}");
            }
            let count = |of: fn(&Verdict) -> bool| {
                let released = verdicts.iter().flatten();
                released.filter(|verdict| of(verdict)).count()
            };
            assert!(count(|verdict| verdict.is_accept()) <= 1, "{faults:?}");
            assert!(
                count(|verdict| *verdict == Verdict::Wrong) < tries,
                "{faults:?}"
            );
        }
    }
}

#[test]
fn a_store_that_stores_and_then_fails_is_found_by_its_stamp() {
    let (keyring, policy) = (Keyring::generate(&[1; 32]), policy());
    let subject = subject();
    let challenge = challenge_of(&keyring, &policy, &subject);
    for fault in [Fault::StoredUnknown, Fault::StoredFail] {
        let store = Slow::new();
        store.plan(&[Fault::None, fault]);
        let code = store.issue(&challenge).code;
        store.plan(&[Fault::None, fault]);
        assert_eq!(
            store.attempt(&challenge, code.as_str()),
            Ok(Verdict::Accept)
        );
        assert_eq!(store.attempt(&challenge, code.as_str()), Ok(Verdict::Used));
    }
    // What was not stored is not released, and is attempted again if that is
    // certain.
    let store = Slow::new();
    let code = store.issue(&challenge).code;
    store.plan(&[Fault::None, Fault::LostUnknown]);
    assert_eq!(
        store.attempt(&challenge, code.as_str()),
        Ok(Verdict::Accept)
    );
    store.issue(&challenge);
    store.plan(&[Fault::None, Fault::Fail]);
    let failed = store.attempt(&challenge, "000000");
    assert_eq!(failed, Err(Error::StoreFailed));
    store.plan(&[Fault::None, Fault::StoredUnknown, Fault::Fail]);
    let unknown = store.attempt(&challenge, "000000");
    assert_eq!(unknown, Err(Error::StoreUnknown));
}

#[test]
fn two_threads_share_the_tries_and_one_is_accepted() {
    let (keyring, policy) = (Keyring::generate(&[1; 32]), policy());
    let subject = subject();
    let challenge = challenge_of(&keyring, &policy, &subject);
    let tries = usize::from(policy.settings().tries);
    for round in 0..200 {
        let store = Slow::new();
        let code = store.issue(&challenge).code;
        let start = Barrier::new(4);
        let attempt = |typed: &str| {
            start.wait();
            let attempts = (0..tries).map(|_| store.attempt(&challenge, typed).unwrap());
            attempts.collect::<Vec<_>>()
        };
        let verdicts: Vec<_> = thread::scope(|scope| {
            let right = [code.as_str(), code.as_str()];
            let typed = match round % 2 {
                0 => right,
                _ => [wrong(code.as_str()); 2],
            };
            let attempt = &attempt;
            let threads = typed.map(|typed| [0, 1].map(|_| scope.spawn(move || attempt(typed))));
            let ended = threads.into_iter().flatten();
            ended.flat_map(|thread| thread.join().unwrap()).collect()
        });
        let count = |of| verdicts.iter().filter(|verdict| **verdict == of).count();
        let (accepted, wrong) = if round % 2 == 0 {
            (1, 0)
        } else {
            (0, tries - 1)
        };
        assert_eq!(count(Verdict::Accept), accepted, "{verdicts:?}");
        assert_eq!(count(Verdict::Wrong), wrong, "{verdicts:?}");
    }
}

#[test]
fn a_refusal_stores_the_correction_of_a_clock_that_was_ahead() {
    let keyring = Keyring::generate(&[1; 32]);
    let policy = Policy::default();
    let subject = subject();
    let challenge = challenge_of(&keyring, &policy, &subject);
    let store = Slow::new();
    store.pass(86_400_000);
    store.issue(&challenge);
    store.now_ms.store(NOON, SeqCst);
    let refused = |ms| {
        store.now_ms.store(NOON + ms, SeqCst);
        let refused = challenge.issuing().run(&store, &store.environment());
        refused.unwrap().unwrap_err()
    };
    let first = refused(0);
    assert_eq!(first.reason, RefusalReason::ResendInterval);
    // The wait does not start anew.
    assert_eq!(refused(1000), first);
}

#[test]
fn refund_and_unlock_report_whether_they_wrote() {
    let (keyring, policy) = (Keyring::generate(&[1; 32]), policy());
    let subject = subject();
    let challenge = challenge_of(&keyring, &policy, &subject);
    let store = Slow::new();
    let environment = store.environment();
    assert_eq!(challenge.unlocking().run(&store, &environment), Ok(false));
    let issued = store.issue(&challenge);
    assert_eq!(challenge.unlocking().run(&store, &environment), Ok(true));
    let code = issued.code.as_str();
    let other = ChallengeId([0; 16]);
    let attempt = challenge
        .attempting_at(other, code)
        .run(&store, &environment);
    assert_eq!(attempt, Ok(Verdict::Expired));
    let refund = || challenge.refunding(issued.id).run(&store, &environment);
    assert_eq!((refund(), refund()), (Ok(true), Ok(false)));
    assert_eq!(store.attempt(&challenge, code), Ok(Verdict::NoChallenge));
}

#[test]
fn a_token_accepts_once_on_an_asynchronous_store() {
    let keyring = Keyring::generate(&[1; 32]);
    let token = Token::new(&keyring, TokenPolicy::default(), b"tenant", b"1").unwrap();
    let key = Key::new(Algorithm::Sha1, b"12345678901234567890").unwrap();
    let hotp = Hotp::new(key, Digits::SIX);
    let store = Slow::new();
    let environment = store.environment();
    let enroll = || ready(token.enrolling(1).run_async(&store, &environment));
    assert_eq!((enroll(), enroll()), (Ok(true), Ok(false)));
    store.plan(&[Fault::None, Fault::StoredUnknown]);
    let attempt = || {
        let attempt = token.attempting_hotp(&hotp, "287082");
        ready(attempt.run_async(&store, &environment))
    };
    assert_eq!(
        (attempt(), attempt()),
        (Ok(Verdict::Accept), Ok(Verdict::Wrong))
    );
}

#[test]
fn an_object_is_used_once_and_not_after_its_end() {
    let keyring = Keyring::generate(&[1; 32]);
    let store = Slow::new();
    let environment = store.environment();
    let once = Once::new(&keyring, "token", b"a");
    let take = |faults: &[Fault]| {
        store.plan(faults);
        once.taking(Some(NOON + 1000)).run(&store, &environment)
    };
    assert_eq!(take(&[Fault::Slow(1000)]), Ok(false));
    store.now_ms.store(NOON, SeqCst);
    assert_eq!(take(&[Fault::None, Fault::StoredUnknown]), Ok(true));
    assert_eq!(take(&[]), Ok(false));
}

#[test]
fn a_source_that_fails_attempts_nothing() {
    let (keyring, policy) = (Keyring::generate(&[1; 32]), policy());
    let subject = subject();
    let challenge = challenge_of(&keyring, &policy, &subject);
    let store = Slow::new();
    let broken = (|| NOON, || Err(Error::EntropyFailed));
    let refused = challenge.attempting("000000").run(&store, &broken);
    assert_eq!(refused, Err(Error::EntropyFailed));
    assert!(store.store.is_empty());
}

#[test]
fn credits_are_added_once_although_the_answer_is_lost() {
    let keyring = Keyring::generate(&[1; 32]);
    let credits = Credits::new(&keyring, "test", b"t", 0);
    let store = Slow::new();
    let environment = store.environment();
    store.plan(&[Fault::None, Fault::StoredUnknown]);
    assert_eq!(credits.adding(5).run(&store, &environment), Ok(5));
    assert_eq!(credits.reserving().run(&store, &environment), Ok(Ok(())));
    assert_eq!(credits.giving_back().run(&store, &environment), Ok(()));
    // Another writer replaces the value before it is read back.
    let mut operation = credits.adding(5).begin(&[9; 32]);
    let current = || store.store.load(Kind::State, &credits.key()).unwrap();
    for answer in [StoreAnswer::Begin, StoreAnswer::Loaded(current())] {
        assert!(matches!(
            operation.next(answer, NOON),
            Ok(Progress::Step(_))
        ));
    }
    assert_eq!(credits.reserving().run(&store, &environment), Ok(Ok(())));
    assert!(matches!(
        operation.next(StoreAnswer::Unknown, NOON),
        Ok(Progress::Step(_))
    ));
    let unknown = operation.next(StoreAnswer::Loaded(current()), NOON);
    assert!(matches!(unknown, Err(Error::StoreUnknown)));
}
