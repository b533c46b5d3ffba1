//! Gateways that refuse or hang, a store that fails at every step, and
//! concurrent callers.

use std::collections::BTreeMap;

use mpass_core::challenge::{Limit, Policy, PolicySettings};
use mpass_core::service::{ClientSettings, Request, Scope};
use mpass_tests::otp_validation::Operation::{SendCode, ValidateCode};
use mpass_tests::otp_validation::races::count;
use mpass_tests::otp_validation::rows::{EXPIRED, FAILED, TOO_MANY_CODES};
use mpass_tests::otp_validation::{
    CORRELATOR, Caller, MAX_SEND, MAX_TRY, MESSAGE, expect_error, expect_sent, expect_validated,
    number, send_body, settings, validate_body, world, wrong,
};
use mpass_tests::served::{PARALLEL, race};
use mpass_tests::sim::{Fault, GatewayMode, World, generous_policy};
use mpass_tests::wire::Answer;
use proptest::prelude::*;

use crate::interleaving::{Move, keeps_the_rule, moves, play};

const HOUR_MS: u64 = 3_600_000;

const FAULTS: [Fault; 6] = [
    Fault::Fail,
    Fault::Conflict,
    Fault::StoredUnknown,
    Fault::LostUnknown,
    Fault::Flip,
    Fault::Delay(10_001),
];

/// A client with a spend limit, so that every operation of the store occurs.
fn with_purse(sends: u32) -> ClientSettings {
    let limit = Limit::new(sends, HOUR_MS, sends).unwrap();
    let policy = Policy::new(PolicySettings {
        sends: limit,
        spend: Some(limit),
        ..generous_policy().settings().clone()
    });
    ClientSettings {
        policy: policy.unwrap(),
        ..ClientSettings::new("purse")
    }
}

fn send(caller: &Caller<'_>) -> Answer {
    caller.call(SendCode, &send_body(&number(1), MESSAGE))
}

#[track_caller]
fn expect_internal(answer: &Answer, status: u16, code: &str) {
    let body = answer.json();
    assert_eq!((answer.status, body["code"].as_str()), (status, Some(code)));
    assert_eq!(body["status"], status);
    assert_eq!(answer.header("x-correlator"), Some(CORRELATOR));
}

#[test]
fn what_the_gateway_refuses_is_given_back() {
    let world = world();
    let caller = Caller::new(&world, with_purse(2));
    let (first, code) = caller.sent(&number(1));
    world.set_gateway(GatewayMode::Refuse);
    for _ in 0..3 {
        expect_internal(&send(&caller), 503, "UNAVAILABLE");
    }
    // The superseded challenge is not revived.
    expect_error(&caller.validate(&first, &code), &EXPIRED);
    world.set_gateway(GatewayMode::Take);
    let (id, code) = caller.sent(&number(1));
    expect_error(&send(&caller), &TOO_MANY_CODES);
    expect_validated(&caller.validate(&id, &code), Some(CORRELATOR));
}

#[test]
fn what_the_gateway_may_have_sent_is_not_given_back() {
    let world = world();
    let caller = Caller::new(&world, with_purse(1));
    world.set_gateway(GatewayMode::Hang);
    expect_internal(&send(&caller), 504, "TIMEOUT");
    world.set_gateway(GatewayMode::Take);
    expect_error(&send(&caller), &TOO_MANY_CODES);
}

/// A fault of one operation after `before` operations without faults.
fn plan(world: &World, before: usize, fault: Fault) {
    let good = core::iter::repeat_n(None, before);
    world.plan_faults(good.chain([Some(fault)]));
}

#[test]
fn a_send_survives_or_tells_every_fault() {
    // Load client, number, spend; swap spend, number, alias.
    for operation in 0..6 {
        let is_load = operation < 3;
        for fault in FAULTS {
            let world = world();
            let caller = Caller::new(&world, with_purse(100));
            // So that each load finds a value.
            let _ = caller.sent(&number(1));
            plan(&world, operation, fault);
            let answer = send(&caller);
            let case = format!("{operation} {fault:?}");
            match (fault, is_load) {
                (Fault::Fail, _) | (Fault::LostUnknown, true) => {
                    expect_internal(&answer, 503, "UNAVAILABLE");
                }
                (Fault::Flip, true) => expect_internal(&answer, 500, "INTERNAL"),
                (Fault::Delay(_), _) => expect_internal(&answer, 504, "TIMEOUT"),
                _ => {
                    let id = expect_sent(&answer, Some(CORRELATOR));
                    let code = world.last_code();
                    let answer = caller.validate(&id, &code);
                    assert_eq!(answer.status, 204, "{case}");
                }
            }
            let delivered = usize::from(answer.status == 200);
            assert_eq!(world.outbox().len(), 1 + delivered, "{case}");
            // Whatever was stored, the next send works.
            let (id, code) = caller.sent(&number(1));
            expect_validated(&caller.validate(&id, &code), Some(CORRELATOR));
        }
    }
}

#[test]
fn an_attempt_survives_or_tells_every_fault() {
    // Load client, alias, number; swap number.
    for operation in 0..4 {
        let is_load = operation < 3;
        for fault in FAULTS {
            for is_right in [true, false] {
                let world = world();
                let caller = Caller::new(&world, settings());
                let (id, code) = caller.sent(&number(1));
                let typed = if is_right { code.clone() } else { wrong(&code) };
                plan(&world, operation, fault);
                let answer = caller.validate(&id, &typed);
                let status = match (fault, is_load) {
                    (Fault::Fail, _) | (Fault::LostUnknown, true) => 503,
                    (Fault::Flip, true) => 500,
                    (Fault::Delay(_), _) => 504,
                    _ if is_right => 204,
                    _ => 400,
                };
                let case = format!("{operation} {fault:?} {is_right}");
                assert_eq!(answer.status, status, "{case}");
                // A stored verdict is spent, released or not; one that was not
                // stored costs nothing.
                let is_spent = status < 500 || matches!((fault, is_load), (Fault::Delay(_), false));
                world.plan_faults([]);
                if is_right {
                    let again = caller.validate(&id, &code);
                    let expected = if is_spent { 400 } else { 204 };
                    assert_eq!(again.status, expected, "{case}");
                } else {
                    let tries = (1..).take_while(|_| {
                        let answer = caller.validate(&id, &typed);
                        answer.json()["code"] == "ONE_TIME_PASSWORD_SMS.INVALID_OTP"
                    });
                    let left = usize::from(MAX_TRY) - 1 - usize::from(is_spent);
                    assert_eq!(tries.count(), left, "{case}");
                    expect_error(&caller.validate(&id, &code), &FAILED);
                }
            }
        }
    }
}

/// Concurrent exchanges of one id, step by step in any order.
fn reasons(history: Vec<Move>) -> BTreeMap<&'static str, usize> {
    let world = world();
    let policy = Policy::new(PolicySettings {
        tries: MAX_TRY,
        ..generous_policy().settings().clone()
    });
    let app = ClientSettings {
        policy: policy.unwrap(),
        ..ClientSettings::new("app")
    };
    let caller = Caller::new(&world, app);
    let (id, code) = caller.sent(&number(1));
    let bearer = format!("Bearer {}", caller.token(Scope::SendValidate, 0));
    play(&world, history, |is_right| {
        let typed = if is_right { &code } else { "no" };
        world.begin(&Request {
            method: "POST",
            path: ValidateCode.path(),
            query: "",
            headers: &[
                ("Authorization", &bearer),
                ("Content-Type", "application/json"),
            ],
            body: validate_body(&id, typed).as_bytes(),
            peer: [127, 0, 0, 1].into(),
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn at_most_tries_verdicts_and_one_accept(history in moves()) {
        let reasons = reasons(history);
        prop_assert!(keeps_the_rule(&reasons, MAX_TRY), "{reasons:?}");
    }
}

#[test]
fn parallel_sends_are_as_many_as_the_limit_and_one_id_lives() {
    let world = world();
    let caller = Caller::new(&world, settings());
    let answers = race(|_| send(&caller));
    let most = usize::try_from(MAX_SEND).unwrap() - 1;
    assert_eq!(count(&answers, 200, ""), most);
    assert_eq!(count(&answers, 403, TOO_MANY_CODES.code), PARALLEL - most);
    assert_eq!(world.outbox().len(), most);
    // Each id is tried with a wrong code: exactly one is live.
    let ids = answers.iter().filter(|answer| answer.status == 200);
    let verdicts: Vec<_> = ids
        .map(|answer| caller.validate(answer.json()["authenticationId"].as_str().unwrap(), "-"))
        .collect();
    assert_eq!(
        count(&verdicts, 400, "ONE_TIME_PASSWORD_SMS.INVALID_OTP"),
        1
    );
    assert_eq!(count(&verdicts, 400, EXPIRED.code), most - 1);
}
