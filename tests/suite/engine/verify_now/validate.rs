//! Validations: every code that one may end in.

use mpass_core::service::Reason;
use mpass_tests::sim::Fault;

use super::{
    ID, OTHER_ID, Scene, Three, Two, Version, expect, expect_bad, expect_code, json, wrong,
};

#[test]
fn code_200_success_v2() {
    let scene = Scene::new();
    let (id, code) = scene.sent(Two);
    // As vendor samples have it.
    let query = scene.validate_query(Two, &id, &code) + "&countryCode=91&mobileNumber=8846735392";
    let reply = scene.call("GET", Two.validate_path(), &query);
    let body = format!(
        r#"{{"responseCode":200,"message":"SUCCESS","data":{{"verificationId":{id},"mobileNumber":"8846735392","verificationStatus":"VERIFICATION_COMPLETED","responseCode":"200","errorMessage":null,"transactionId":null,"authToken":null}}}}"#
    );
    expect(&reply, 200, &body, Reason::Accepted);
}

#[test]
fn code_200_success_v3_has_the_transaction_of_its_send() {
    let scene = Scene::new();
    let sent = scene.send(Three);
    let transaction = json(&sent)["data"]["transactionId"].clone();
    let id = super::verification_id(&sent);
    let query = scene.validate_query(Three, &id, &scene.world.last_code());
    let reply = scene.call(
        "GET",
        Three.validate_path(),
        &(query + "&flowType=SMS&langid=en"),
    );
    let body = format!(
        r#"{{"responseCode":200,"message":"SUCCESS","data":{{"verificationId":{id},"mobileNumber":"8846735392","verificationStatus":"VERIFICATION_COMPLETED","responseCode":"200","errorMessage":null,"transactionId":{transaction},"authToken":null}}}}"#
    );
    expect(&reply, 200, &body, Reason::Accepted);
}

#[test]
fn the_versions_share_their_verifications() {
    let scene = Scene::new();
    let (id, code) = scene.sent(Two);
    assert_eq!(scene.validate(Three, &id, &code).reason, Reason::Accepted);
    let (id, code) = scene.sent(Three);
    assert_eq!(scene.validate(Two, &id, &code).reason, Reason::Accepted);
}

#[test]
fn code_400_bad_request() {
    let scene = Scene::new();
    let (id, code) = scene.sent(Two);
    let long = "1".repeat(41);
    for version in Version::BOTH {
        for (query, words, reason) in [
            (
                format!("customerId={ID}&code={code}"),
                "verificationId is missing",
                Reason::MissingParameter,
            ),
            (
                format!("customerId={ID}&verificationId={id}"),
                "code is missing",
                Reason::MissingParameter,
            ),
            (
                format!("customerId={ID}&verificationId={id}&code="),
                "code is missing",
                Reason::MissingParameter,
            ),
            (
                format!("customerId={ID}&verificationId={id}&code=1&code=2"),
                "code is given twice",
                Reason::RepeatedParameter,
            ),
            (
                format!("customerId={ID}&verificationId={id}&verificationId={id}&code=1"),
                "verificationId is given twice",
                Reason::RepeatedParameter,
            ),
            (
                format!("customerId={ID}&verificationId={id}&code={long}"),
                "code is not valid",
                Reason::InvalidParameter,
            ),
        ] {
            let reply = scene.call("GET", version.validate_path(), &query);
            expect_bad(version, &reply, words, reason);
        }
    }
    let query = format!("verificationId={id}&code={code}");
    let reply = scene.call("GET", Two.validate_path(), &query);
    expect_bad(
        Two,
        &reply,
        "customerId is missing",
        Reason::MissingParameter,
    );
    // None of them has cost a try.
    assert_eq!(scene.validate(Two, &id, &code).reason, Reason::Accepted);
}

#[test]
fn code_409_duplicate_resource() {
    let scene = Scene::new();
    let (id, code) = scene.sent(Two);
    for version in Version::BOTH {
        // The customer, the id, the number; then every swap meets another.
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
        // The customer, the id, the number, the swap.
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
    // Stored, and nobody was told: the code is spent and no verdict is out.
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
fn code_505_invalid_verification_id() {
    let scene = Scene::new();
    let (id, code) = scene.sent(Two);
    let next = (id.parse::<u64>().unwrap() ^ 1).to_string();
    let long = "9".repeat(40);
    for unknown in [
        next.as_str(),
        "20",
        "x",
        "-1",
        "4503599627370495",
        "9007199254740992",
        &format!("%2B{}", &id[1..]),
        &format!("0{id}"),
        &format!("{id}.0"),
        &long,
    ] {
        expect_unknown(&scene, unknown, &code);
    }
    assert_eq!(scene.validate(Two, &id, &code).reason, Reason::Accepted);
}

#[test]
fn code_505_the_id_of_another_customer_is_unknown() {
    let scene = Scene::new();
    let (id, code) = scene.sent(Two);
    let other = scene.and_customer(OTHER_ID);
    expect_unknown(&other, &id, &code);
    // Nor does its live code keep another customer from sending.
    assert_eq!(other.send(Two).reason, Reason::Sent);
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
fn code_700_verification_failed() {
    for version in Version::BOTH {
        let scene = Scene::new();
        let (id, code) = scene.sent(version);
        for _ in 0..2 {
            let reply = scene.validate(version, &id, &wrong(&code));
            assert_eq!(reply.reason, Reason::WrongCode);
        }
        // The third wrong code, and the right one after it.
        for otp in [wrong(&code), code] {
            expect_code(
                version,
                &scene.validate(version, &id, &otp),
                700,
                "VERIFICATION_FAILED",
                Reason::Exhausted,
            );
        }
    }
}

#[test]
fn code_702_wrong_otp_provided() {
    for version in Version::BOTH {
        for change in [
            |code: &str| wrong(code),
            |code: &str| format!("{code}0"),
            |code: &str| format!("%2B{code}"),
            |_: &str| "word".to_string(),
        ] {
            let scene = Scene::new();
            let (id, code) = scene.sent(version);
            expect_code(
                version,
                &scene.validate(version, &id, &change(&code)),
                702,
                "WRONG_OTP_PROVIDED",
                Reason::WrongCode,
            );
            let reply = scene.validate(version, &id, &code);
            assert_eq!(reply.reason, Reason::Accepted);
        }
    }
}

#[test]
fn code_703_already_verified() {
    for version in Version::BOTH {
        let scene = Scene::new();
        let (id, code) = scene.sent(version);
        scene.validate(version, &id, &code);
        for otp in [code.clone(), wrong(&code)] {
            expect_code(
                version,
                &scene.validate(version, &id, &otp),
                703,
                "ALREADY_VERIFIED",
                Reason::Used,
            );
        }
    }
}

#[test]
fn code_705_verification_expired() {
    for version in Version::BOTH {
        let scene = Scene::new();
        let (id, code) = scene.sent(version);
        scene.world.pass(60_000);
        let expect_expired = |id: &str, code: &str| {
            expect_code(
                version,
                &scene.validate(version, id, code),
                705,
                "VERIFICATION_EXPIRED",
                Reason::Expired,
            );
        };
        expect_expired(&id, &code);
        // Superseded: not even the new code serves under the old id.
        let (next, new_code) = scene.sent(version);
        expect_expired(&id, &code);
        expect_expired(&id, &new_code);
        let reply = scene.validate(version, &next, &new_code);
        assert_eq!(reply.reason, Reason::Accepted);
    }
}

#[test]
fn code_800_nine_guesses_a_number_and_day() {
    let scene = Scene::generous();
    // Five at once.
    for guess in 0..5 {
        let (id, code) = match guess {
            0 | 3 => scene.sent(Two),
            _ => (
                super::verification_id(&scene.send(Two)),
                scene.world.last_code(),
            ),
        };
        let reply = scene.validate(Two, &id, &wrong(&code));
        assert!(matches!(
            reply.reason,
            Reason::WrongCode | Reason::Exhausted
        ));
    }
    let id = super::verification_id(&scene.send(Two));
    let code = scene.world.last_code();
    for version in Version::BOTH {
        expect_code(
            version,
            &scene.validate(version, &id, &code),
            800,
            "MAXIMUM_LIMIT_REACHED",
            Reason::Limited,
        );
    }
    scene.world.pass(60_000);
    for version in Version::BOTH {
        expect_code(
            version,
            &scene.send(version),
            800,
            "MAXIMUM_LIMIT_REACHED",
            Reason::GuessLimit,
        );
    }
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
