//! The one rule, and credits, when everything comes at once.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::thread;

use mpass_core::service::{Answer, Reason, Step};
use mpass_tests::sim::GatewayMode;
use proptest::prelude::*;

use super::super::interleaving::{Move, answer, keeps_the_rule, moves, play};
use super::{NUMBER, Scene, Three, Two, Version, json, verification_id, wrong};

/// Tries of a code by default.
const TRIES: u8 = 3;

/// Runs `one` in parallel for each of `0..count`; how often each reason.
fn at_once(count: u64, one: impl Fn(u64) -> Reason + Sync) -> BTreeMap<&'static str, usize> {
    let reasons = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for each in 0..count {
            let (one, reasons) = (&one, &reasons);
            scope.spawn(move || {
                let reason = one(each);
                let mut reasons = reasons.lock().unwrap_or_else(PoisonError::into_inner);
                *reasons.entry(reason.name()).or_insert(0) += 1;
            });
        }
    });
    reasons.into_inner().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn sixty_four_sends_with_ten_credits() {
    let scene = Scene::with(|settings| settings.test_credits = 10);
    let reasons = at_once(64, |each| {
        let number = format!("88467353{each:02}");
        scene
            .send_to(Version::BOTH[usize::from(each % 2 == 0)], &number, "")
            .reason
    });
    assert_eq!(reasons, BTreeMap::from([("no_credits", 54), ("sent", 10)]));
    assert_eq!((scene.world.outbox().len(), scene.balance()), (10, 0));
}

#[test]
fn sixty_four_sends_that_are_refused_leave_ten_credits() {
    let scene = Scene::with(|settings| settings.test_credits = 10);
    scene.world.set_gateway(GatewayMode::Refuse);
    at_once(64, |each| {
        scene.send_to(Two, &format!("88467353{each:02}"), "").reason
    });
    assert_eq!((scene.world.outbox().len(), scene.balance()), (0, 10));
}

#[test]
fn sixty_four_sends_to_one_number_are_one() {
    let scene = Scene::new();
    let ids = Mutex::new(Vec::new());
    let reasons = at_once(64, |_| {
        let reply = scene.send(Two);
        let id = verification_id(&reply);
        ids.lock().unwrap_or_else(PoisonError::into_inner).push(id);
        reply.reason
    });
    assert_eq!(reasons, BTreeMap::from([("sent", 1), ("still_live", 63)]));
    assert_eq!((scene.world.outbox().len(), scene.balance()), (1, 99));
    let mut ids = ids.into_inner().unwrap_or_else(PoisonError::into_inner);
    ids.dedup();
    assert_eq!(ids.len(), 1, "every answer tells the live id");
    let reply = scene.validate(Two, &ids[0], &scene.world.last_code());
    assert_eq!(reply.reason, Reason::Accepted);
}

/// A send that meets another between its two swaps is told the id that the
/// other is about to write.
#[test]
fn a_send_amid_another_tells_its_id() {
    let scene = Scene::new();
    let query = scene.send_query(Two, NUMBER);
    let mut first = scene.begin("POST", Two.send_path(), &query);
    let mut last = Answer::Begin;
    let mut swaps = 0;
    let reply = loop {
        let step = first.next(last, scene.world.now());
        swaps += usize::from(matches!(step, Step::Swap(_)));
        // The reservation, the number, the alias.
        if swaps == 3 && matches!(step, Step::Swap(_)) {
            let second = scene.send(Three);
            assert_eq!(second.reason, Reason::StillLive);
            let id = verification_id(&second);
            let Ok(stored) = answer(&scene.world, step) else {
                panic!("the alias is written");
            };
            last = stored;
            let deliver = first.next(last, scene.world.now());
            assert!(matches!(deliver, Step::Deliver(_)), "{deliver:?}");
            let Step::Reply(reply) = first.next(Answer::Delivered, scene.world.now()) else {
                panic!("the reply");
            };
            assert_eq!(json(&reply)["data"]["verificationId"], id.as_str());
            break reply;
        }
        last = answer(&scene.world, step).expect("a step");
    };
    assert_eq!(reply.reason, Reason::Sent);
}

#[test]
fn sixty_four_attempts_at_once() {
    for is_right in [false, true] {
        let scene = Scene::new();
        let (id, code) = scene.sent(Two);
        let otp = if is_right { code.clone() } else { wrong(&code) };
        let reasons = at_once(64, |each| {
            let version = Version::BOTH[usize::from(each % 2 == 0)];
            scene.validate(version, &id, &otp).reason
        });
        let expected = if is_right {
            BTreeMap::from([("accepted", 1), ("used", 63)])
        } else {
            // The third wrong code is told as exhausted, too.
            BTreeMap::from([("exhausted", 62), ("wrong_code", 2)])
        };
        assert_eq!(reasons, expected);
    }
}

fn told(history: Vec<Move>) -> BTreeMap<&'static str, usize> {
    let scene = Scene::new();
    let (id, code) = scene.sent(Two);
    play(&scene.world, history, |is_right| {
        let otp = if is_right { code.as_str() } else { "no" };
        let query = scene.validate_query(Two, &id, otp);
        scene.begin("GET", Two.validate_path(), &query)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn at_most_tries_verdicts_and_one_accept(history in moves()) {
        let told = told(history);
        prop_assert!(keeps_the_rule(&told, TRIES), "{told:?}");
    }
}
