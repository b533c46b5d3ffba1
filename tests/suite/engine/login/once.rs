//! One code yields at most one token, regardless of store faults and concurrent
//! calls.

use mpass_core::service::Reason;
use mpass_tests::served::race;
use mpass_tests::sim::Fault;
use proptest::prelude::*;

use super::Scene;
use crate::interleaving::{Move, moves, play};

#[test]
fn callers_at_once() {
    let scene = Scene::default();
    let code = scene.code(&[]);
    let reasons = race(|_| scene.redeem(&code, &[]).reason);
    let count = |reason| reasons.iter().filter(|each| **each == reason).count();
    assert_eq!(count(Reason::TokenIssued), 1);
    assert_eq!(count(Reason::GrantUsed), reasons.len() - 1);
}

/// The operations of a redemption: load the client, swap the use.
fn at_swap(faults: &[Fault]) -> Vec<Option<Fault>> {
    let faults = faults.iter().copied().map(Some);
    core::iter::once(None).chain(faults).collect()
}

#[test]
fn a_use_stored_without_an_answer_is_read_back() {
    let scene = Scene::default();
    let code = scene.code(&[]);
    scene.world.plan_faults(at_swap(&[Fault::StoredUnknown]));
    assert_eq!(scene.redeem(&code, &[]).status, 200);
    assert_eq!(scene.redeem(&code, &[]).reason, Reason::GrantUsed);
}

#[test]
fn a_use_that_cannot_be_read_back_gives_nothing_and_is_one() {
    let scene = Scene::default();
    let code = scene.code(&[]);
    scene
        .world
        .plan_faults(at_swap(&[Fault::StoredUnknown, Fault::Fail]));
    let reply = scene.redeem(&code, &[]);
    super::token::is_error(&reply, 503, "temporarily_unavailable", Reason::StoreFailed);
    assert_eq!(scene.redeem(&code, &[]).reason, Reason::GrantUsed);
}

#[test]
fn a_use_that_was_not_stored_is_none() {
    for fault in [Fault::LostUnknown, Fault::Conflict, Fault::Fail] {
        let scene = Scene::default();
        let code = scene.code(&[]);
        scene.world.plan_faults(at_swap(&[fault]));
        assert_eq!(scene.redeem(&code, &[]).reason, Reason::StoreFailed);
        assert_eq!(scene.redeem(&code, &[]).status, 200);
    }
}

#[test]
fn a_use_stored_too_late_gives_nothing() {
    let scene = Scene::default();
    let code = scene.code(&[]);
    scene.world.plan_faults(at_swap(&[Fault::Delay(10_001)]));
    assert_eq!(scene.redeem(&code, &[]).reason, Reason::TooOld);
    assert_eq!(scene.redeem(&code, &[]).reason, Reason::GrantUsed);
}

#[test]
fn a_client_that_is_not_ours_is_none() {
    let scene = Scene::default();
    let code = scene.code(&[]);
    scene.world.plan_faults([Some(Fault::Flip)]);
    let reply = scene.redeem(&code, &[]);
    super::token::is_error(&reply, 500, "server_error", Reason::RecordRefused);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    /// Steps in any order, lost answers, and calls that are cut off.
    #[test]
    fn at_most_one_token_in_any_history(history in moves()) {
        let scene = Scene::default();
        let code = scene.code(&[]);
        let wrong = [("redirect_uri", Some("https://app.example/other?a=b"))];
        let reasons = play(&scene.world, history, |is_right| {
            scene.begin(&code, if is_right { &[] } else { &wrong })
        });
        let issued = reasons.get(Reason::TokenIssued.name()).copied().unwrap_or(0);
        prop_assert!(issued <= 1, "{reasons:?}");
    }

    /// If every answer arrives, one caller gets the token, and the others get
    /// the error that the code was used.
    #[test]
    fn one_token_in_any_order(order in prop::collection::vec(any::<usize>(), 0..40), calls in 1..8usize) {
        let scene = Scene::default();
        let code = scene.code(&[]);
        let begins = (0..calls).map(|_| Move::Begin { is_right: true });
        let steps = order.into_iter().map(|which| Move::Step { which, fault: None });
        // A call has three steps.
        let rest = (0..3 * calls).map(|_| Move::Step { which: 0, fault: None });
        let history = begins.chain(steps).chain(rest).collect();
        let reasons = play(&scene.world, history, |_| scene.begin(&code, &[]));
        let count = |reason: Reason| reasons.get(reason.name()).copied().unwrap_or(0);
        prop_assert_eq!(count(Reason::TokenIssued), 1);
        prop_assert_eq!(count(Reason::GrantUsed), calls - 1);
    }
}
