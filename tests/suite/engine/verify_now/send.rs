//! Sends: every response code.

use mpass_core::oath::Digits;
use mpass_core::service::{Assessment, Reason, Texts};
use mpass_tests::sim::{Fault, GatewayMode};

use super::{NUMBER, Scene, Three, Two, Version, expect_bad, expect_code, json, policy, wrong};

#[test]
fn a_customer_may_ask_for_longer_codes() {
    let scene = Scene::with(|settings| {
        settings.policy = policy(|policy| policy.digits = Digits::SIX);
    });
    let reply = scene.send_to(Two, NUMBER, "&otpLength=5");
    expect_bad(
        Two,
        &reply,
        "otpLength is from 6 to 8",
        Reason::InvalidParameter,
    );
    assert_eq!(scene.send(Two).reason, Reason::Sent);
    assert_eq!(scene.world.last_code().len(), 6);
}

#[test]
fn what_the_host_says_of_a_number() {
    let scene = Scene::new();
    for (assessment, words, reason) in [
        (
            Assessment::Invalid,
            "mobileNumber is not a number of the country",
            Reason::InvalidNumber,
        ),
        (
            Assessment::Valid {
                mobile: Some(false),
            },
            "mobileNumber cannot receive messages",
            Reason::NotMobile,
        ),
        (
            Assessment::Blocked,
            "mobileNumber is barred from receiving messages",
            Reason::NumberBlocked,
        ),
        (
            Assessment::Foreign,
            "mobileNumber is not of this network",
            Reason::ForeignNumber,
        ),
    ] {
        scene.world.set_assessment("+918846735392", assessment);
        for version in Version::BOTH {
            expect_bad(version, &scene.send(version), words, reason);
        }
    }
    let mobile = Some(true);
    let valid = Assessment::Valid { mobile };
    scene.world.set_assessment("+918846735392", valid);
    let reply = scene.send(Two);
    assert_eq!(json(&reply)["data"]["mobileNumber"], "8846735392");
    assert_eq!(scene.world.outbox()[0].to.as_str(), "+918846735392");
}

#[test]
fn code_409_duplicate_resource() {
    // Load customer and number, reserve a credit; then the number's record
    // changes every time.
    let scene = Scene::new();
    for version in Version::BOTH {
        let faults = [None; 4].into_iter().chain([Some(Fault::Conflict); 257]);
        scene.world.plan_faults(faults);
        expect_code(
            version,
            &scene.send(version),
            409,
            "DUPLICATE_RESOURCE",
            Reason::TooManyConflicts,
        );
        scene.world.plan_faults([]);
    }
    assert!(scene.world.outbox().is_empty());
}

#[test]
fn code_500_server_error() {
    let scene = Scene::generous();
    let expect_failed = |version, reason| {
        expect_code(version, &scene.send(version), 500, "SERVER_ERROR", reason);
    };
    for version in Version::BOTH {
        // Customer, number, credits, reservation, number's swap.
        for at in 0..5 {
            scene
                .world
                .plan_faults((0..=at).map(|one| (one == at).then_some(Fault::Fail)));
            expect_failed(version, Reason::StoreFailed);
        }
        scene.world.plan_faults([Some(Fault::Flip)]);
        expect_failed(version, Reason::RecordRefused);
        scene.world.plan_faults([Some(Fault::Delay(10_001))]);
        expect_failed(version, Reason::TooOld);
        scene.world.plan_faults([]);
        scene.world.set_gateway(GatewayMode::Refuse);
        expect_failed(version, Reason::GatewayRefused);
        assert!(scene.world.outbox().is_empty());
    }
    scene.world.set_gateway(GatewayMode::Hang);
    expect_failed(Two, Reason::GatewayUnknown);
    scene.world.pass(60_000);
    expect_failed(Three, Reason::GatewayUnknown);
}

#[test]
fn a_new_code_when_the_timer_ends_or_the_code_is_done_with() {
    let scene = Scene::new();
    let (first, _) = scene.sent(Two);
    scene.world.pass(59_999);
    assert_eq!(scene.send(Two).reason, Reason::StillLive);
    scene.world.pass(1);
    let (second, code) = scene.sent(Two);
    assert_ne!(first, second);
    assert_eq!(scene.validate(Two, &second, &code).reason, Reason::Accepted);
    let (third, code) = scene.sent(Two);
    for _ in 0..3 {
        scene.validate(Two, &third, &wrong(&code));
    }
    scene.sent(Two);
}

#[test]
fn timeouts_of_20_to_300_seconds() {
    for seconds in [20, 90, 300] {
        let scene = Scene::with(|settings| {
            settings.policy = policy(|policy| policy.lifetime_ms = seconds * 1000);
        });
        // Parameters do not change it.
        let reply = scene.send_to(Three, NUMBER, "&otpTimeout=120&timeout=120");
        assert_eq!(json(&reply)["data"]["timeout"], seconds.to_string());
        scene.world.pass(seconds * 1000 - 1);
        assert_eq!(scene.send(Three).reason, Reason::StillLive);
        scene.world.pass(1);
        assert_eq!(scene.send(Three).reason, Reason::Sent);
    }
}

#[test]
fn own_text_sender_and_host() {
    let scene = Scene::with(|settings| {
        settings.texts = Texts::from_pairs([("en", "{{app}}: {{code}} ({{minutes}})")]).unwrap();
        settings.sender = Some("ACME".into());
        settings.host = Some("acme.example".into());
    });
    let (_, code) = scene.sent(Two);
    let sms = scene.world.outbox().pop().unwrap();
    assert_eq!(
        *sms.text,
        format!("ACME: {code} (1)\n@acme.example #{code}")
    );
    assert_eq!(sms.sender.as_deref(), Some("ACME"));
}
