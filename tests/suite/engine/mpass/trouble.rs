//! Failing stores, and gateways that refuse or hang.

use mpass_core::challenge::{Limit, Policy, PolicySettings};
use mpass_core::service::{ChannelSettings, Reason};
use mpass_tests::coverage::RUST;
use mpass_tests::sim::{Fault, GatewayMode, World};

use super::{ACCEPT, INTERNAL, REJECT, expect, expect_throttled, send, verify};

#[test]
fn internal_error_when_the_store_fails() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.generous_channel("web");
    for step in 0..3 {
        let mut plan = vec![None; step];
        plan.push(Some(Fault::Fail));
        world.plan_faults(plan);
        expect(&send(&world, &key, ""), INTERNAL, Reason::StoreFailed);
    }
    assert!(world.outbox().is_empty());
    send(&world, &key, "");
    let code = world.last_code();
    for step in 0..3 {
        let mut plan = vec![None; step];
        plan.push(Some(Fault::Fail));
        world.plan_faults(plan);
        expect(
            &verify(&world, &key, &code, ""),
            INTERNAL,
            Reason::StoreFailed,
        );
    }
    expect(&verify(&world, &key, &code, ""), ACCEPT, Reason::Accepted);
}

#[test]
fn internal_error_when_a_record_was_changed() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.generous_channel("web");
    send(&world, &key, "");
    world.plan_faults([Some(Fault::Flip)]);
    let reply = send(&world, &key, "");
    expect(&reply, INTERNAL, Reason::RecordRefused);
    world.plan_faults([None, Some(Fault::Flip)]);
    let reply = verify(&world, &key, &world.last_code(), "");
    expect(&reply, INTERNAL, Reason::RecordRefused);
}

#[test]
fn a_gateways_refusal_gives_the_send_back() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.channel(ChannelSettings {
        policy: Policy::new(PolicySettings {
            sends: Limit::new(1, 3_600_000, 1).unwrap(),
            ..PolicySettings::default()
        })
        .unwrap(),
        ..ChannelSettings::new("web")
    });
    world.set_gateway(GatewayMode::Refuse);
    expect(&send(&world, &key, ""), INTERNAL, Reason::GatewayRefused);
    // The resend interval remains; the send is refunded.
    expect_throttled(&send(&world, &key, ""), Reason::ResendInterval, "30");
    world.pass(30_000);
    world.set_gateway(GatewayMode::Take);
    expect(&send(&world, &key, ""), ACCEPT, Reason::Sent);
    world.pass(30_000);
    expect_throttled(&send(&world, &key, ""), Reason::SendLimit, "3570");
}

#[test]
fn a_hanging_gateway_gives_nothing_back() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.channel(ChannelSettings {
        policy: Policy::new(PolicySettings {
            sends: Limit::new(1, 3_600_000, 1).unwrap(),
            ..PolicySettings::default()
        })
        .unwrap(),
        ..ChannelSettings::new("web")
    });
    world.set_gateway(GatewayMode::Hang);
    expect(&send(&world, &key, ""), INTERNAL, Reason::GatewayUnknown);
    world.pass(30_000);
    expect_throttled(&send(&world, &key, ""), Reason::SendLimit, "3570");
    // The message did arrive, and its code is valid.
    let code = world.last_code();
    expect(&verify(&world, &key, &code, ""), ACCEPT, Reason::Accepted);
}

#[test]
fn a_refused_message_kills_what_it_superseded() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.generous_channel("web");
    send(&world, &key, "");
    let code = world.last_code();
    world.set_gateway(GatewayMode::Refuse);
    expect(&send(&world, &key, ""), INTERNAL, Reason::GatewayRefused);
    expect(
        &verify(&world, &key, &code, ""),
        REJECT,
        Reason::NoChallenge,
    );
}
