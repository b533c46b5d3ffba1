//! Validations: every response code.

use mpass_core::service::Reason;
use mpass_tests::sim::Fault;

use super::{Scene, Three, Two, Version, expect_bad, expect_code, wrong};

#[test]
fn the_versions_share_their_verifications() {
    let scene = Scene::new();
    let (id, code) = scene.sent(Two);
    assert_eq!(scene.validate(Three, &id, &code).reason, Reason::Accepted);
    let (id, code) = scene.sent(Three);
    assert_eq!(scene.validate(Two, &id, &code).reason, Reason::Accepted);
}

#[test]
fn code_409_duplicate_resource() {
    let scene = Scene::new();
    let (id, code) = scene.sent(Two);
    for version in Version::BOTH {
        // Customer, id, number; then every swap conflicts.
        let faults = [None; 3].into_iter().chain([Some(Fault::Conflict); 257]);
        scene.world.plan_faults(faults);
        expect_code(
            version,
            &scene.validate(version, &id, &code),
            409,
            "DUPLICATE_RESOURCE",
            Reason::TooManyConflicts,
        );
        scene.world.plan_faults([]);
    }
    assert_eq!(scene.validate(Two, &id, &code).reason, Reason::Accepted);
}

#[test]
fn code_500_server_error() {
    let scene = Scene::new();
    let (id, code) = scene.sent(Two);
    for version in Version::BOTH {
        // Customer, id, number, swap.
        for at in 0..4 {
            scene
                .world
                .plan_faults((0..=at).map(|one| (one == at).then_some(Fault::Fail)));
            expect_code(
                version,
                &scene.validate(version, &id, &code),
                500,
                "SERVER_ERROR",
                Reason::StoreFailed,
            );
        }
        for at in 0..3 {
            scene
                .world
                .plan_faults((0..=at).map(|one| (one == at).then_some(Fault::Flip)));
            expect_code(
                version,
                &scene.validate(version, &id, &code),
                500,
                "SERVER_ERROR",
                Reason::RecordRefused,
            );
        }
    }
    // Stored, but the outcome is unknown: the code is spent, and no verdict was
    // released.
    let faults = [
        None,
        None,
        None,
        Some(Fault::StoredUnknown),
        Some(Fault::Fail),
    ];
    scene.world.plan_faults(faults);
    assert_eq!(scene.validate(Two, &id, &code).reason, Reason::StoreFailed);
    assert_eq!(scene.validate(Two, &id, &code).reason, Reason::Used);
}

#[test]
fn a_code_as_people_type_it() {
    let scene = Scene::new();
    for (before, after) in [("%20", "%0A"), ("%E2%80%8E", ""), ("%EF%BB%BF", "%20")] {
        let (id, code) = scene.sent(Two);
        let (begin, end) = code.split_at(2);
        let typed = format!("{before}{begin}-{end}{after}");
        assert_eq!(scene.validate(Three, &id, &typed).reason, Reason::Accepted);
        scene.world.pass(60_000);
    }
}

/// A text that cannot be a code has its answer whatever the state is, and takes
/// no try.
#[test]
fn code_400_a_malformed_code() {
    let scene = Scene::new();
    let (id, code) = scene.sent(Two);
    for id in [&id, "1"] {
        for typed in [
            "abc",
            "123",
            "12345678901",
            "1234x",
            "1".repeat(257).as_str(),
        ] {
            for version in Version::BOTH {
                let reply = scene.validate(version, id, typed);
                let words = "code is not valid";
                expect_bad(version, &reply, words, Reason::MalformedCode);
            }
        }
    }
    assert_eq!(scene.validate(Two, &id, &code).reason, Reason::Accepted);
}

#[track_caller]
fn expect_unknown(scene: &Scene, id: &str, code: &str) {
    for version in Version::BOTH {
        expect_code(
            version,
            &scene.validate(version, id, code),
            505,
            "INVALID_VERIFICATION_ID",
            Reason::UnknownId,
        );
    }
}

#[test]
fn code_505_an_id_is_forgotten_after_a_day() {
    let mut scene = Scene::new();
    let (id, code) = scene.sent(Two);
    scene.world.pass(24 * 3_600_000 - 1);
    scene.token = scene.fresh_token();
    assert_eq!(scene.validate(Two, &id, &code).reason, Reason::Expired);
    scene.world.pass(1);
    expect_unknown(&scene, &id, &code);
}

#[test]
fn at_most_nine_wrong_codes_are_looked_at_in_any_day() {
    const MINUTE: u64 = 60_000;
    let mut scene = Scene::generous();
    let mut looked_at = 0;
    for minute in 0..24 * 60 {
        scene.world.pass(MINUTE);
        if minute % (12 * 60) == 0 {
            scene.token = scene.fresh_token();
        }
        let sent = scene.send(Two);
        if sent.reason != Reason::Sent {
            continue;
        }
        let id = super::verification_id(&sent);
        let wrong = wrong(&scene.world.last_code());
        for _ in 0..4 {
            let reason = scene.validate(Two, &id, &wrong).reason;
            let is_first_exhausted = reason == Reason::Exhausted;
            looked_at += u32::from(reason == Reason::WrongCode || is_first_exhausted);
            if reason != Reason::WrongCode {
                break;
            }
        }
    }
    assert_eq!(looked_at, 9);
}
