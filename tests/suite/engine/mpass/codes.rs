//! Codes that are wrong, used, superseded or expired.

use mpass_core::service::Reason;
use mpass_tests::coverage::RUST;
use mpass_tests::sim::World;

use super::{ACCEPT, EXPIRED, INVALID, REJECT, VERIFY, expect, send, verify, wrong};

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
        format!("0{code}"),
        format!("{code}0"),
        code[..5].to_string(),
    ] {
        expect(&verify(&world, &key, &otp, ""), REJECT, Reason::WrongCode);
    }
    let last = wrong(&code);
    expect(&verify(&world, &key, &last, ""), REJECT, Reason::Exhausted);
    expect(&verify(&world, &key, &code, ""), REJECT, Reason::Exhausted);
    world.pass(400_000);
    expect(&verify(&world, &key, &code, ""), REJECT, Reason::Exhausted);
}

#[test]
fn a_code_as_people_type_it() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.generous_channel("web");
    let (zeros, marks) = (['\u{660}', '\u{966}', '\u{ff10}'], "%E2%80%8E");
    for index in 0..6 {
        send(&world, &key, "");
        let code = world.last_code();
        let (begin, end) = code.split_at(3);
        let in_script = |zero: char| -> String {
            let digits = code
                .bytes()
                .map(|digit| u32::from(zero) + u32::from(digit - b'0'));
            digits.filter_map(char::from_u32).collect()
        };
        let otp = match index {
            0 => format!("{marks}{begin}+{end}%0D%0A"),
            1 => format!("{begin}%C2%A0{end}"),
            2 => format!("%E2%80%AA{begin}%E2%80%91{end}%E2%80%AC"),
            _ => in_script(zeros[index - 3]),
        };
        expect(&verify(&world, &key, &otp, ""), ACCEPT, Reason::Accepted);
        world.pass(60_000);
    }
}

/// A text that cannot be a code has its answer whatever the state is, and takes
/// no try.
#[test]
fn malformed() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.generous_channel("web");
    let texts = [
        "abc",
        "12",
        "123456x",
        "12345678901",
        "%2B123456",
        "12.3456",
        "%00123456",
    ];
    let all_are_malformed = || {
        for otp in texts {
            let reply = verify(&world, &key, otp, "");
            expect(&reply, INVALID, Reason::MalformedCode);
        }
    };
    all_are_malformed();
    send(&world, &key, "");
    all_are_malformed();
    let code = world.last_code();
    expect(&verify(&world, &key, &code, ""), ACCEPT, Reason::Accepted);
    all_are_malformed();
    // Only a known caller is told.
    let reply = verify(&world, "unknown", "abc", "");
    assert_eq!(reply.reason, Reason::UnknownCredential);
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
