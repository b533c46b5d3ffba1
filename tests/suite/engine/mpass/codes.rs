//! Codes that are wrong, used, superseded or expired.

use mpass_core::service::Reason;
use mpass_tests::coverage::RUST;
use mpass_tests::sim::World;

use super::{ACCEPT, EXPIRED, REJECT, VERIFY, expect, send, verify, wrong};

#[test]
fn reject() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.generous_channel("web");
    expect(
        &verify(&world, &key, "123456", ""),
        REJECT,
        Reason::NoChallenge,
    );
    send(&world, &key, "");
    let code = world.last_code();
    for otp in [
        wrong(&code),
        format!("%2B{code}"),
        format!("{code}0"),
        code[..5].to_string(),
    ] {
        expect(&verify(&world, &key, &otp, ""), REJECT, Reason::WrongCode);
    }
    let last = format!("{}x", &code[..5]);
    expect(&verify(&world, &key, &last, ""), REJECT, Reason::Exhausted);
    expect(&verify(&world, &key, &code, ""), REJECT, Reason::Exhausted);
    world.pass(400_000);
    expect(&verify(&world, &key, &code, ""), REJECT, Reason::Exhausted);
}

#[test]
fn a_code_is_used_once_and_superseded_by_the_next() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.generous_channel("web");
    send(&world, &key, "");
    let first = world.last_code();
    send(&world, &key, "");
    let second = world.last_code();
    assert_ne!(first, second);
    expect(&verify(&world, &key, &first, ""), REJECT, Reason::WrongCode);
    expect(&verify(&world, &key, &second, ""), ACCEPT, Reason::Accepted);
    expect(&verify(&world, &key, &second, ""), REJECT, Reason::Used);
}

#[test]
fn a_code_is_good_for_its_channel_and_number_alone() {
    let _counted = RUST.scenario();
    let world = World::default();
    let web = world.generous_channel("web");
    let app = world.generous_channel("app");
    send(&world, &web, "");
    let code = world.last_code();
    expect(
        &verify(&world, &app, &code, ""),
        REJECT,
        Reason::NoChallenge,
    );
    let other = world.get(&format!(
        "{VERIFY}?apikey={web}&dest=%2B966500000001&otp={code}"
    ));
    expect(&other, REJECT, Reason::NoChallenge);
    expect(&verify(&world, &web, &code, ""), ACCEPT, Reason::Accepted);
}

#[test]
fn expired_at_the_end_of_its_life() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.generous_channel("web");
    send(&world, &key, "");
    let code = world.last_code();
    world.pass(299_999);
    expect(
        &verify(&world, &key, &wrong(&code), ""),
        REJECT,
        Reason::WrongCode,
    );
    world.pass(1);
    expect(&verify(&world, &key, &code, ""), EXPIRED, Reason::Expired);
    expect(
        &verify(&world, &key, &wrong(&code), ""),
        EXPIRED,
        Reason::Expired,
    );
}
