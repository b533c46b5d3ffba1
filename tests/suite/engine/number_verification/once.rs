//! One token is valid for at most one call, regardless of store faults and
//! concurrent calls.

use mpass_core::challenge::Keyring;
use mpass_core::service::{EngineSettings, Exchange, Reason, Request, TokenUse};
use mpass_tests::number_verification::{
    Body, NUMBER, OTHER, Operation, Outcome, client_settings, grant, one_answer_for_a_token,
};
use mpass_tests::sim::{Fault, World};
use proptest::prelude::*;

use super::{Scene, is_unauthenticated};
use crate::interleaving::{Move, moves, play};

/// The operations of a call: load the client, swap the use.
fn at_swap(faults: impl IntoIterator<Item = Fault>) -> Vec<Option<Fault>> {
    core::iter::once(None)
        .chain(faults.into_iter().map(Some))
        .collect()
}

#[test]
fn a_token_is_used_by_its_first_answer_to_any_operation() {
    let scene = Scene::default();
    let subject = scene.subject();
    for first in ["v0", "v2"] {
        for operation in [Operation::Verify, Operation::Share] {
            let token = subject.token(&grant());
            let call = |version, operation, number| {
                subject.call(version, operation, Some(&token), Body::Number(number))
            };
            // A negative answer uses the token as well.
            assert_eq!(call(first, operation, OTHER).status, 200);
            for version in ["v0", "v2"] {
                is_unauthenticated(&call(version, Operation::Verify, NUMBER));
                is_unauthenticated(&call(version, Operation::Share, NUMBER));
            }
        }
    }
}

#[test]
fn reuse_where_the_settings_say_so() {
    let settings = EngineSettings {
        token_use: TokenUse::WithinLife,
        ..EngineSettings::default()
    };
    let world = World::with_settings(Keyring::generate(&[42; 32]), settings);
    let scene = Scene::new(world, client_settings("app"));
    let token = scene.subject().token(&grant());
    for _ in 0..3 {
        Outcome::Shared.check(&scene.share(&token));
    }
    scene.world.pass(300_000);
    is_unauthenticated(&scene.share(&token));
}

#[test]
fn callers_at_once() {
    one_answer_for_a_token(&Scene::default().subject(), 50);
}

#[test]
fn a_use_stored_without_an_answer_is_read_back() {
    let scene = Scene::default();
    let token = scene.subject().token(&grant());
    scene.world.plan_faults(at_swap([Fault::StoredUnknown]));
    Outcome::Shared.check(&scene.share(&token));
    is_unauthenticated(&scene.share(&token));
}

#[test]
fn a_use_that_cannot_be_read_back_tells_nothing_and_is_one() {
    let scene = Scene::default();
    let token = scene.subject().token(&grant());
    let faults = at_swap([Fault::StoredUnknown, Fault::Fail]);
    scene.world.plan_faults(faults);
    Outcome::Error(503, "UNAVAILABLE").check(&scene.share(&token));
    is_unauthenticated(&scene.share(&token));
}

#[test]
fn a_use_that_was_not_stored_is_none() {
    for fault in [Fault::LostUnknown, Fault::Conflict, Fault::Fail] {
        let scene = Scene::default();
        let token = scene.subject().token(&grant());
        scene.world.plan_faults(at_swap([fault]));
        Outcome::Error(503, "UNAVAILABLE").check(&scene.share(&token));
        Outcome::Shared.check(&scene.share(&token));
    }
}

/// The rows that only a failing host produces, with the messages of each
/// version.
#[test]
fn rows_of_a_host_in_trouble() {
    for (faults, v0, v2) in [
        (
            vec![Some(Fault::Flip)],
            Outcome::Row(500, "INTERNAL", "Server error"),
            Outcome::Row(
                500,
                "INTERNAL",
                "Unknown server error. Typically a server bug.",
            ),
        ),
        (
            vec![Some(Fault::Fail)],
            Outcome::Row(503, "UNAVAILABLE", "Service unavailable"),
            Outcome::Row(503, "UNAVAILABLE", "Service Unavailable."),
        ),
        (
            at_swap([Fault::Delay(10_001)]),
            Outcome::Row(504, "TIMEOUT", "Request timeout exceeded. Try later."),
            Outcome::Row(504, "TIMEOUT", "Request timeout exceeded."),
        ),
    ] {
        for operation in [Operation::Verify, Operation::Share] {
            for (version, outcome) in [("v0", v0), ("v2", v2)] {
                let scene = Scene::default();
                let subject = scene.subject();
                let token = subject.token(&grant());
                scene.world.plan_faults(faults.clone());
                let call = || subject.call(version, operation, Some(&token), Body::Number(NUMBER));
                let answer = call();
                outcome.check(&answer);
                assert!(answer.header("x-correlator").is_some());
                // Stored too late to be answered, but used nevertheless.
                let is_used = answer.status == 504;
                assert_eq!(call().status, if is_used { 401 } else { 200 });
            }
        }
    }
}

/// A call with the token, of either operation.
fn begin(world: &World, token: &str, is_verify: bool) -> Exchange {
    let (method, path) = if is_verify {
        ("POST", "/number-verification/v0/verify")
    } else {
        ("GET", "/number-verification/v2/device-phone-number")
    };
    world.begin(&Request {
        method,
        path,
        query: "",
        headers: &[
            ("Authorization", &format!("Bearer {token}")),
            ("Content-Type", "application/json"),
        ],
        body: br#"{"phoneNumber":"966500000000"}"#,
        peer: [127, 0, 0, 1].into(),
    })
}

const ANSWERS: [Reason; 3] = [
    Reason::NumberVerified,
    Reason::NumberNotVerified,
    Reason::NumberShared,
];

fn answers(reasons: &std::collections::BTreeMap<&'static str, usize>) -> usize {
    ANSWERS
        .iter()
        .filter_map(|reason| reasons.get(reason.name()))
        .sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    /// Steps in any order, lost answers, and calls that are cut off.
    #[test]
    fn at_most_one_answer_in_any_history(history in moves()) {
        let scene = Scene::default();
        let token = scene.subject().token(&grant());
        let reasons = play(&scene.world, history, |is_verify| {
            begin(&scene.world, &token, is_verify)
        });
        prop_assert!(answers(&reasons) <= 1, "{reasons:?}");
    }

    /// If every answer arrives, one call succeeds, and the others get the error
    /// that the token was used.
    #[test]
    fn one_answer_in_any_order(order in prop::collection::vec(any::<usize>(), 0..40), calls in 1..8usize) {
        let scene = Scene::default();
        let token = scene.subject().token(&grant());
        let begins = (0..calls).map(|call| Move::Begin { is_right: call % 2 == 0 });
        let steps = order.into_iter().map(|which| Move::Step { which, fault: None });
        // A call has three steps.
        let rest = (0..3 * calls).map(|_| Move::Step { which: 0, fault: None });
        let history = begins.chain(steps).chain(rest).collect();
        let reasons = play(&scene.world, history, |is_verify| {
            begin(&scene.world, &token, is_verify)
        });
        prop_assert_eq!(answers(&reasons), 1);
        let used = reasons.get(Reason::TokenUsed.name()).copied().unwrap_or(0);
        prop_assert_eq!(used, calls - 1);
    }
}
