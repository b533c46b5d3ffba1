//! Every operation over objects in slots.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod common;

use std::collections::BTreeSet;

use common::{Fixture, Input, NOW_MS, done, drive, first_u64, input, last_u64, perform};
use mpass_bindings::{Failure, Handles, Operation, Slots, call_packed};
use mpass_core::Error;
use mpass_core::oath::Hotp;
use mpass_core::service::AnswerKind;
use proptest::prelude::*;
use proptest::sample::Index;

#[test]
fn numbers_ascend_and_names_are_constants_of_their_own() {
    let all = Operation::ALL;
    assert!(all.is_sorted_by(|one, next| one.number < next.number));
    assert!(all.iter().all(|operation| operation.number > 0));
    let names: BTreeSet<&str> = all.iter().map(|operation| operation.name).collect();
    assert_eq!(names.len(), all.len());
    let is_plain = |letter: u8| matches!(letter, b'A'..=b'Z' | b'0'..=b'9' | b'_');
    assert!(names.iter().all(|name| name.bytes().all(is_plain)));
}

#[test]
fn the_samples_are_of_every_operation() {
    let fixture = Fixture::new();
    let sampled: BTreeSet<u16> = fixture.samples.iter().map(|sample| sample.number).collect();
    let missing: Vec<&str> = Operation::ALL
        .iter()
        .filter(|operation| !sampled.contains(&operation.number))
        .map(|operation| operation.name)
        .collect();
    assert_eq!(
        missing,
        ["FREE", "KEYRING_REMOVE", "PENDING_STORED", "GRANT_TOKEN"]
    );
}

#[test]
fn a_handle_may_precede_the_input() {
    let mut slots = Slots::new();
    let secret = input().u64(0).bytes(&[7; 20]);
    let reply = call_packed(&mut slots, Operation::SECRET_FROM_BYTES, &secret.0);
    let secret = first_u64(&reply.as_bytes()[2..]);
    let reply = call_packed(&mut slots, Operation::SECRET_LENGTH, &input().u64(secret).0);
    assert_eq!(reply.as_bytes(), [0, 0, 0, 0, 0, 20]);
    for (operation, bytes) in [(Operation::VERSION, &[0; 7][..]), (Operation::VERSION, &[])] {
        let reply = call_packed(&mut slots, operation, bytes);
        assert_eq!(reply.as_bytes(), Failure::Malformed.number().to_be_bytes());
    }
}

#[test]
fn an_unknown_number_is_refused() {
    let mut slots = Slots::new();
    for number in [0, 99, u16::MAX] {
        let failure = Failure::UnknownOperation.number();
        assert_eq!(perform(&mut slots, number, 0, b""), (failure, Vec::new()));
    }
}

#[test]
fn inputs_that_end_early_or_late_are_refused() {
    let Fixture { mut slots, samples } = Fixture::new();
    for sample in &samples {
        let name = Operation::of(sample.number).unwrap().name;
        for end in 0..sample.input.len() {
            let begun = &sample.input[..end];
            let (failure, rest) = perform(&mut slots, sample.number, sample.handle, begun);
            assert_ne!(failure, 0, "{name}: {end} bytes");
            assert_eq!(rest, b"", "{name}: {end} bytes");
        }
        let longer = [&sample.input[..], &[0]].concat();
        let (failure, _) = perform(&mut slots, sample.number, sample.handle, &longer);
        assert_ne!(failure, 0, "{name}: a byte too many");
    }
}

#[test]
fn a_handle_of_another_class_or_of_nothing_is_refused() {
    let Fixture { mut slots, samples } = Fixture::new();
    let handles: BTreeSet<u64> = samples.iter().map(|sample| sample.handle).collect();
    let wrong = Failure::WrongHandle.number();
    for sample in samples.iter().filter(|sample| sample.handle != 0) {
        let accepts = handles
            .iter()
            .filter(|handle| perform(&mut slots, sample.number, **handle, &sample.input).0 != wrong)
            .count();
        // There are two or three keyrings, and one object of each other class.
        let name = Operation::of(sample.number).unwrap().name;
        assert!((1..=3).contains(&accepts), "{name}: {accepts}");
        for handle in [0, u64::MAX, sample.handle + (1 << 32)] {
            let (failure, _) = perform(&mut slots, sample.number, handle, &sample.input);
            assert_eq!(failure, wrong, "{name}");
        }
    }
}

#[test]
fn an_object_is_freed_once_and_its_slot_used_again() {
    let mut slots = Slots::new();
    let secret = input().bytes(&[7; 20]);
    let first = first_u64(&done(&mut slots, Operation::SECRET_FROM_BYTES, 0, &secret));
    assert_eq!(slots.len(), 1);
    done(&mut slots, Operation::FREE, first, &input());
    assert!(slots.is_empty());
    let second = first_u64(&done(&mut slots, Operation::SECRET_FROM_BYTES, 0, &secret));
    assert_ne!(first, second);
    assert!(second < 1 << 53);
    assert!(slots.get(first).is_none());
    for number in [Operation::FREE, Operation::SECRET_LENGTH] {
        let failure = Failure::WrongHandle.number();
        assert_eq!(perform(&mut slots, number, first, b"").0, failure);
    }
    assert_eq!(
        done(&mut slots, Operation::SECRET_LENGTH, second, &input()),
        20_u32.to_be_bytes()
    );
}

#[test]
fn a_failed_call_keeps_no_object() {
    let mut slots = Slots::new();
    let late = input().bytes(&[7; 20]).u8(0);
    let (failure, _) = perform(&mut slots, Operation::SECRET_FROM_BYTES, 0, &late.0);
    assert_eq!(failure, Failure::Malformed.number());
    assert!(slots.is_empty());
}

fn direct_value(slots: &Slots, hotp: u64, counter: u64) -> u32 {
    let direct: &Hotp = slots.get(hotp).unwrap().downcast().unwrap();
    direct.generate_value(counter)
}

#[test]
fn a_code_is_reached_behind_its_handle() {
    let mut slots = Slots::new();
    let secret = input().bytes(b"12345678901234567890");
    let secret = first_u64(&done(&mut slots, Operation::SECRET_FROM_BYTES, 0, &secret));
    let key = input().u8(1).u32(6).u8(0);
    let hotp = first_u64(&done(&mut slots, Operation::HOTP_NEW, secret, &key));
    assert_eq!(direct_value(&slots, hotp, 0), 755_224);
    let code = done(&mut slots, Operation::HOTP_GENERATE, hotp, &input().u64(1));
    assert_eq!(code, input().text("287082").0);
    let last = input().u64(u64::MAX).u32(3);
    let range = done(&mut slots, Operation::HOTP_GENERATE_RANGE, hotp, &last);
    let only = direct_value(&slots, hotp, u64::MAX);
    assert_eq!(range, input().u32(1).u32(only).0, "counters end");
    let long = input().u64(0).u32(100_001);
    let (failure, _) = perform(&mut slots, Operation::HOTP_GENERATE_RANGE, hotp, &long.0);
    assert_eq!(failure, Error::WindowTooLarge.number());
    let found = input().text("287082").u64(0).u32(2);
    let found = done(&mut slots, Operation::HOTP_VERIFY, hotp, &found);
    assert_eq!(found, [1, 0, 0, 0, 0, 0, 0, 0, 1], "a counter, which is 1");
    let digits = input().u8(1).u32(256 + 6).u8(0);
    let (failure, _) = perform(&mut slots, Operation::HOTP_NEW, secret, &digits.0);
    assert_eq!(failure, Error::InvalidDigits.number());
}

#[test]
fn a_verdict_is_told_once() {
    let mut slots = Slots::new();
    let keyring = done(
        &mut slots,
        Operation::KEYRING_GENERATE,
        0,
        &input().entropy::<32>(),
    );
    let keyring = first_u64(&keyring);
    let subject = input()
        .text("test")
        .bytes(b"tenant")
        .u8(1)
        .text("+966500000000");
    let subject = subject.text("").u32(0).u8(0);
    let issue = subject.clone().u8(0).u64(NOW_MS).entropy::<32>();
    let issued = done(&mut slots, Operation::CHALLENGE_ISSUE, keyring, &issue);
    let pending = last_u64(&issued);
    let stored = done(&mut slots, Operation::PENDING_STORED, pending, &input());
    let code = core::str::from_utf8(&stored[4..10]).unwrap();
    let (again, _) = perform(&mut slots, Operation::PENDING_STORED, pending, b"");
    assert_eq!(again, Failure::Spent.number());
    // Whether it is pending, the key, that nothing was expected, the record.
    let length = u32::from_be_bytes(*issued[18..].first_chunk().unwrap());
    let record = &issued[22..22 + usize::try_from(length).unwrap()];
    let attempt = subject.u8(1).bytes(record).u64(NOW_MS).entropy::<32>();
    let attempt = attempt.text(code);
    let attempted = done(&mut slots, Operation::CHALLENGE_ATTEMPT, keyring, &attempt);
    let pending = last_u64(&attempted);
    let verdict = done(&mut slots, Operation::PENDING_STORED, pending, &input());
    assert_eq!(verdict, [0], "accepted");
}

#[test]
fn a_change_is_driven_through_a_store() {
    let mut slots = Slots::new();
    let entropy = input().entropy::<32>();
    let keyring = done(&mut slots, Operation::KEYRING_GENERATE, 0, &entropy);
    let keyring = first_u64(&keyring);
    let store = done(&mut slots, Operation::MEMORY_STORE_NEW, 0, &input().u64(9));
    let store = first_u64(&store);
    let subject = input()
        .text("test")
        .bytes(b"tenant")
        .u8(1)
        .text("+966500000000");
    let subject = subject.text("").u32(0).u8(0).entropy::<32>();
    let mut perform = |number, with: &Input, now_ms| {
        let change = first_u64(&done(&mut slots, number, keyring, with));
        let outcome = drive(&mut slots, change, store, now_ms);
        done(&mut slots, Operation::FREE, change, &input());
        outcome
    };
    let issued = perform(Operation::CHALLENGE_CHANGE_ISSUE, &subject, NOW_MS);
    assert_eq!(issued[0], 0, "issued");
    let code = core::str::from_utf8(&issued[5..11]).unwrap();
    let refused = perform(Operation::CHALLENGE_CHANGE_ISSUE, &subject, NOW_MS);
    assert_eq!(refused[..2], [1, 1], "the resend interval");
    let attempt = subject.clone().text(code);
    let ends_at_ms = NOW_MS + 300_000;
    let mut attempt = |now_ms| perform(Operation::CHALLENGE_CHANGE_ATTEMPT, &attempt, now_ms);
    assert_eq!(attempt(ends_at_ms), [3], "expired");
    assert_eq!(attempt(NOW_MS), [0], "accepted");
    assert_eq!(attempt(NOW_MS), [4], "used");
    let refund = subject.clone().u64(last_u64(&issued));
    let refunded = perform(Operation::CHALLENGE_CHANGE_REFUND, &refund, NOW_MS);
    assert_eq!(refunded, [0], "used codes are not refunded");
    let unlocked = perform(Operation::CHALLENGE_CHANGE_UNLOCK, &subject, NOW_MS);
    assert_eq!(unlocked, [1]);
}

#[test]
fn answers_that_are_none_of_a_store_are_refused() {
    let mut slots = Slots::new();
    let entropy = input().entropy::<32>();
    let keyring = done(&mut slots, Operation::KEYRING_GENERATE, 0, &entropy);
    let subject = input()
        .text("test")
        .bytes(b"tenant")
        .u8(1)
        .text("+966500000000");
    let subject = subject.text("").u32(0).u8(0).entropy::<32>();
    let mut answered = |answers: &[Input]| {
        let begin = Operation::CHALLENGE_CHANGE_ISSUE;
        let change = done(&mut slots, begin, first_u64(&keyring), &subject);
        let change = first_u64(&change);
        let replies = answers.iter().map(|answer| {
            let answer = answer.clone().u64(NOW_MS);
            perform(&mut slots, Operation::CHANGE_NEXT, change, &answer.0).0
        });
        replies.last().unwrap()
    };
    let kind = |kind: AnswerKind| input().u8(kind.number());
    let begin = kind(AnswerKind::Begin);
    let loaded = kind(AnswerKind::Loaded);
    assert_eq!(answered(core::slice::from_ref(&begin)), 0);
    assert_eq!(answered(&[begin.clone(), loaded.clone().u8(0)]), 0);
    let failed = Error::StoreFailed.number();
    for (answer, number) in [
        (kind(AnswerKind::Delivered), Failure::Malformed.number()),
        (kind(AnswerKind::Stored), failed),
        (kind(AnswerKind::Failed), failed),
        (kind(AnswerKind::Listed).u32(0), failed),
        (begin.clone(), failed),
        (loaded.u8(1).bytes(b"forged"), Error::RecordFormat.number()),
    ] {
        assert_eq!(answered(&[begin.clone(), answer]), number);
    }
}

#[test]
fn a_refused_setting_is_named_behind_the_number() {
    let mut slots = Slots::new();
    let tries = input().u8(1).u32(1).u16(103).u8(2).u64(0);
    let (failure, rest) = perform(&mut slots, Operation::SETTINGS_CHECK, 0, &tries.0);
    assert_eq!(failure, Error::InvalidTries.number());
    let text = input().text("tries: 0 is out of range: 1 to 100");
    assert_eq!(rest, text.0);
    let token = input().u8(2).u32(0);
    let checked = done(&mut slots, Operation::SETTINGS_CHECK, 0, &token);
    assert_eq!(checked, [0], "no rules of challenges");
}

/// What follows the number of a failure.
fn is_nothing_or_text(rest: &[u8]) -> bool {
    let text = |rest: &[u8]| {
        let (len, text) = rest.split_first_chunk()?;
        let is_whole = usize::try_from(u32::from_be_bytes(*len)) == Ok(text.len());
        Some(is_whole && core::str::from_utf8(text).is_ok())
    };
    rest.is_empty() || text(rest) == Some(true)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..200), which: Index) {
        let Fixture { mut slots, samples } = Fixture::new();
        let handle = which.get(&samples).handle;
        for operation in Operation::ALL {
            let (failure, rest) = perform(&mut slots, operation.number, handle, &bytes);
            prop_assert!(failure == 0 || is_nothing_or_text(&rest));
        }
    }

    #[test]
    fn any_change_of_an_input_is_answered(at: Index, to: u8) {
        let Fixture { mut slots, samples } = Fixture::new();
        for mut sample in samples.into_iter().filter(|sample| !sample.input.is_empty()) {
            let at = at.index(sample.input.len());
            sample.input[at] = to;
            let (failure, rest) =
                perform(&mut slots, sample.number, sample.handle, &sample.input);
            prop_assert!(failure == 0 || is_nothing_or_text(&rest));
        }
    }
}
