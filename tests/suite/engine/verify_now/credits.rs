//! Prepaid credits: every message costs one, and a definite refusal
//! of the gateway is refunded once.

use core::cell::Cell;

use mpass_core::service::{Answer, Exchange, Reason, Step};
use mpass_core::store::{Kind, Store, StoreKey, Swap, Swapped};
use mpass_tests::sim::{Fault, GatewayMode};

use super::super::interleaving::answer;
use super::{NUMBER, Scene, Three, Two, Version, expect_code, verification_id};

fn with_credits(credits: u64) -> Scene {
    Scene::with(|settings| settings.test_credits = credits)
}

/// Drives an exchange until `is_it` returns true for a step, without performing
/// that step.
fn up_to(scene: &Scene, exchange: &mut Exchange, is_it: impl Fn(&Step) -> bool) -> Step {
    let mut last = Answer::Begin;
    loop {
        let step = exchange.next(last, scene.world.now());
        if is_it(&step) {
            return step;
        }
        last = answer(&scene.world, step).expect("a step before the reply");
    }
}

fn is_swap_of(key: StoreKey) -> impl Fn(&Step) -> bool {
    move |step| matches!(step, Step::Swap(swap) if swap.key == key)
}

fn begin_send(scene: &Scene) -> Exchange {
    let query = scene.send_query(Two, NUMBER);
    scene.begin("POST", Two.send_path(), &query)
}

#[test]
fn code_805_insufficient_credits() {
    let scene = with_credits(2);
    for number in ["8846735390", "8846735391"] {
        assert_eq!(scene.send_to(Two, number, "").reason, Reason::Sent);
    }
    for version in Version::BOTH {
        expect_code(
            version,
            &scene.send(version),
            805,
            "INSUFFICIENT_CREDITS",
            Reason::NoCredits,
        );
    }
    assert_eq!((scene.world.outbox().len(), scene.balance()), (2, 0));
    // The refusal created no challenge, and adding credits helps.
    add(&scene, 1);
    assert_eq!(scene.send(Three).reason, Reason::Sent);
    assert_eq!(scene.balance(), 0);
    // The id of a live challenge is returned without credits.
    assert_eq!(scene.send(Two).reason, Reason::StillLive);
}

fn add(scene: &Scene, paid: u64) {
    let keyring = scene.world.engine.keyring();
    let (customer, _) = scene.customer();
    let credits = customer.credits(keyring);
    let current = scene.world.load(Kind::State, &credits.key()).unwrap();
    let entropy = scene.world.entropy();
    let pending = credits
        .add(current.as_deref(), paid, scene.world.now(), &entropy)
        .unwrap();
    scene.world.store(&Swap {
        kind: Kind::State,
        key: pending.key(),
        expected: current,
        value: pending.next().to_vec(),
        expires_at_ms: pending.expires_at_ms(),
    });
}

#[test]
fn a_customer_without_test_credits_pays_first() {
    let scene = with_credits(0);
    assert_eq!(scene.send(Two).reason, Reason::NoCredits);
    add(&scene, 1);
    assert_eq!(scene.send(Two).reason, Reason::Sent);
}

#[test]
fn only_a_message_costs_a_credit() {
    let scene = with_credits(5);
    let (id, code) = scene.sent(Two);
    scene.send(Two);
    scene.send_to(Two, "x", "");
    scene.validate(Two, &id, "0000");
    scene.validate(Two, &id, &code);
    assert_eq!(scene.balance(), 4);
}

#[test]
fn a_definite_refusal_gives_back_once() {
    let scene = with_credits(5);
    scene.world.set_gateway(GatewayMode::Refuse);
    for _ in 0..3 {
        assert_eq!(scene.send(Two).reason, Reason::GatewayRefused);
        assert_eq!(scene.balance(), 5);
    }
    // The challenge is void, so a new send is possible.
    scene.world.set_gateway(GatewayMode::Take);
    assert_eq!(scene.send(Two).reason, Reason::Sent);
    assert_eq!(scene.balance(), 4);
}

#[test]
fn what_nobody_knows_gives_nothing_back() {
    let scene = with_credits(5);
    scene.world.set_gateway(GatewayMode::Hang);
    assert_eq!(scene.send(Two).reason, Reason::GatewayUnknown);
    assert_eq!(scene.balance(), 4);
}

#[test]
fn whatever_the_store_does_a_refusal_gives_back_once_at_most() {
    for fault in [
        Fault::Fail,
        Fault::Conflict,
        Fault::StoredUnknown,
        Fault::LostUnknown,
        Fault::Flip,
    ] {
        // Customer, number, credits, reservation, number, alias; number,
        // refund, credits, return.
        for at in 0..12 {
            let scene = with_credits(5);
            scene.world.set_gateway(GatewayMode::Refuse);
            scene
                .world
                .plan_faults((0..=at).map(|one| (one == at).then_some(fault)));
            let reason = scene.send(Two).reason;
            scene.world.plan_faults([]);
            let balance = scene.balance();
            match reason {
                Reason::GatewayRefused => assert_eq!(balance, 5, "{fault:?} at {at}"),
                _ => assert!((4..=5).contains(&balance), "{fault:?} at {at}: {balance}"),
            }
            assert!(scene.world.outbox().is_empty());
        }
    }
}

#[test]
fn whatever_the_store_does_no_message_is_free() {
    for fault in [
        Fault::Fail,
        Fault::Conflict,
        Fault::StoredUnknown,
        Fault::LostUnknown,
        Fault::Flip,
    ] {
        for at in 0..8 {
            let scene = with_credits(5);
            scene
                .world
                .plan_faults((0..=at).map(|one| (one == at).then_some(fault)));
            let reason = scene.send(Two).reason;
            scene.world.plan_faults([]);
            let (sent, balance) = (scene.world.outbox().len(), scene.balance());
            assert_eq!(sent == 1, reason == Reason::Sent, "{fault:?} at {at}");
            assert!(sent == 0 || balance == 4, "{fault:?} at {at}: {balance}");
            assert!(balance >= 4, "{fault:?} at {at}: {balance}");
        }
    }
}

#[test]
fn a_crash_before_the_numbers_swap_costs_a_credit_and_gives_nothing_free() {
    let scene = with_credits(5);
    let (customer, _) = scene.customer();
    let keyring = scene.world.engine.keyring();
    let reservation = customer.credits(keyring).key();
    let mut exchange = begin_send(&scene);
    let Step::Swap(swap) = up_to(&scene, &mut exchange, is_swap_of(reservation)) else {
        panic!("a reservation");
    };
    assert_eq!(
        scene.world.swap(&swap, scene.world.now()),
        Ok(Swapped::Stored)
    );
    let next = exchange.next(Answer::Stored, scene.world.now());
    assert!(matches!(next, Step::Swap(_)), "{next:?}");
    drop(exchange);
    assert_eq!((scene.world.outbox().len(), scene.balance()), (0, 4));
    // No challenge is live that cannot be validated.
    assert_eq!(scene.send(Two).reason, Reason::Sent);
    assert_eq!(scene.balance(), 3);
}

#[test]
fn a_crash_before_the_delivery_is_waited_out() {
    // Before the alias is written, and after it.
    for (crash, reason) in [(3, Reason::UnknownId), (4, Reason::WrongCode)] {
        let scene = with_credits(5);
        let mut exchange = begin_send(&scene);
        let swaps = Cell::new(0);
        up_to(&scene, &mut exchange, |step| {
            swaps.set(swaps.get() + u8::from(matches!(step, Step::Swap(_))));
            swaps.get() == crash || matches!(step, Step::Deliver(_))
        });
        drop(exchange);
        let reply = scene.send(Two);
        assert_eq!(reply.reason, Reason::StillLive);
        let id = verification_id(&reply);
        assert_eq!(scene.validate(Two, &id, "0123456789").reason, reason);
        scene.world.pass(60_000);
        assert_eq!(scene.send(Two).reason, Reason::Sent);
        assert_eq!((scene.world.outbox().len(), scene.balance()), (1, 3));
    }
}
