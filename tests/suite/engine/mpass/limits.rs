//! Limits of sends and guesses.

use mpass_core::challenge::{Limit, Policy, PolicySettings};
use mpass_core::service::{ChannelSettings, Reason};
use mpass_tests::coverage::RUST;
use mpass_tests::sim::{GatewayMode, World, generous_policy};

use super::{ACCEPT, INTERNAL, REJECT, SEND, expect, expect_throttled, send, verify, wrong};

#[test]
fn throttled_sends() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.channel(ChannelSettings {
        policy: Policy::new(PolicySettings {
            sends: Limit::new(3, 3_600_000, 2).unwrap(),
            ..PolicySettings::default()
        })
        .unwrap(),
        ..ChannelSettings::new("web")
    });
    expect(&send(&world, &key, ""), ACCEPT, Reason::Sent);
    world.pass(500);
    expect_throttled(&send(&world, &key, ""), Reason::ResendInterval, "30");
    world.pass(29_500);
    expect(&send(&world, &key, ""), ACCEPT, Reason::Sent);
    world.pass(30_000);
    expect_throttled(&send(&world, &key, ""), Reason::SendLimit, "1740");
    assert_eq!(world.outbox().len(), 2);
    world.pass(1_740_000);
    expect(&send(&world, &key, ""), ACCEPT, Reason::Sent);
}

#[test]
fn guesses_of_a_day_and_the_lock() {
    let _counted = RUST.scenario();
    let world = World::default();
    let policy = |guesses, failures_to_lock| {
        Policy::new(PolicySettings {
            guesses,
            failures_to_lock,
            ..generous_policy().settings().clone()
        })
        .unwrap()
    };
    let day = 86_400_000;
    let few = world.channel(ChannelSettings {
        policy: policy(Limit::new(3, day, 3).unwrap(), 100),
        ..ChannelSettings::new("few")
    });
    send(&world, &few, "");
    let code = world.last_code();
    for _ in 0..3 {
        expect(
            &verify(&world, &few, &wrong(&code), ""),
            REJECT,
            Reason::WrongCode,
        );
    }
    expect(&verify(&world, &few, &code, ""), REJECT, Reason::Limited);
    expect_throttled(&send(&world, &few, ""), Reason::GuessLimit, "86400");

    let strict = world.channel(ChannelSettings {
        policy: policy(Limit::new(1000, day, 1000).unwrap(), 7),
        ..ChannelSettings::new("strict")
    });
    for failure in 1..=7 {
        if failure % 5 == 1 {
            send(&world, &strict, "");
        }
        verify(&world, &strict, &wrong(&world.last_code()), "");
    }
    let code = world.last_code();
    expect(&verify(&world, &strict, &code, ""), REJECT, Reason::Locked);
    expect_throttled(&send(&world, &strict, ""), Reason::NumberLocked, "86400");
    world.pass(day);
    expect(&send(&world, &strict, ""), ACCEPT, Reason::Sent);
    let reply = verify(&world, &strict, &world.last_code(), "");
    expect(&reply, ACCEPT, Reason::Accepted);
}

#[test]
fn an_accept_forgets_the_failures_before_it() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.channel(ChannelSettings {
        policy: Policy::new(PolicySettings {
            failures_to_lock: 7,
            ..generous_policy().settings().clone()
        })
        .unwrap(),
        ..ChannelSettings::new("web")
    });
    for _ in 0..5 {
        send(&world, &key, "");
        let code = world.last_code();
        for _ in 0..4 {
            expect(
                &verify(&world, &key, &wrong(&code), ""),
                REJECT,
                Reason::WrongCode,
            );
        }
        expect(&verify(&world, &key, &code, ""), ACCEPT, Reason::Accepted);
    }
}

#[test]
fn spend_of_a_channel_is_returned_once() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.channel(ChannelSettings {
        policy: Policy::new(PolicySettings {
            spend: Some(Limit::new(2, 3_600_000, 2).unwrap()),
            ..PolicySettings::default()
        })
        .unwrap(),
        ..ChannelSettings::new("web")
    });
    let to = |dest: u32| world.get(&format!("{SEND}?apikey={key}&dest=%2B96650000{dest:04}"));
    world.set_gateway(GatewayMode::Refuse);
    for dest in 0..5 {
        expect(&to(dest), INTERNAL, Reason::GatewayRefused);
    }
    world.set_gateway(GatewayMode::Take);
    expect(&to(11), ACCEPT, Reason::Sent);
    // A refused number does not consume the channel's spend limit.
    expect_throttled(&to(11), Reason::ResendInterval, "30");
    expect(&to(12), ACCEPT, Reason::Sent);
    expect_throttled(&to(13), Reason::SpendLimit, "3600");
    assert_eq!(world.outbox().len(), 2);
}
