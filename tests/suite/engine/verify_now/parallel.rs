//! The central rule, and credits, with concurrent requests.

use std::collections::BTreeMap;

use mpass_core::service::{Answer, Reason, Step};
use mpass_tests::served::race;
use mpass_tests::sim::GatewayMode;
use proptest::prelude::*;

use super::super::interleaving::{Move, answer, keeps_the_rule, moves, play};
use super::{NUMBER, Scene, Three, Two, json, verification_id};

/// The default number of tries.
const TRIES: u8 = 3;

#[test]
fn sixty_four_sends_that_are_refused_leave_ten_credits() {
    let scene = Scene::with(|settings| settings.test_credits = 10);
    scene.world.set_gateway(GatewayMode::Refuse);
    let reasons = race(|each| scene.send_to(Two, &format!("88467353{each:02}"), "").reason);
    assert!(reasons.contains(&Reason::GatewayRefused));
    assert_eq!((scene.world.outbox().len(), scene.balance()), (0, 10));
}

/// A send that finds another one between its two swaps returns the id that the
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
        // Reservation, number, alias.
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

fn reasons(history: Vec<Move>) -> BTreeMap<&'static str, usize> {
    let scene = Scene::new();
    let (id, code) = scene.sent(Two);
    play(&scene.world, history, |is_right| {
        let otp = if is_right {
            code.as_str()
        } else {
            "0123456789"
        };
        let query = scene.validate_query(Two, &id, otp);
        scene.begin("GET", Two.validate_path(), &query)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn at_most_tries_verdicts_and_one_accept(history in moves()) {
        let reasons = reasons(history);
        prop_assert!(keeps_the_rule(&reasons, TRIES), "{reasons:?}");
    }
}
