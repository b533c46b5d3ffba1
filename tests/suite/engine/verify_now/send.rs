//! Sends: every code that a send may end in.

use mpass_core::challenge::Limit;
use mpass_core::number::PhoneNumber;
use mpass_core::oath::Digits;
use mpass_core::service::{Assessment, Reason, Template};
use mpass_tests::sim::{Fault, GatewayMode};

use super::{
    COUNTRY, ID, NUMBER, OTHER_ID, Scene, Three, Two, Version, expect, expect_bad, expect_code,
    json, policy, verification_id, wrong,
};

fn is_verification_id(text: &str) -> bool {
    let id: u64 = text.parse().unwrap();
    ((1 << 52)..(1 << 53)).contains(&id)
}

#[test]
fn code_200_success_v2() {
    let scene = Scene::new();
    let reply = scene.send(Two);
    let id = verification_id(&reply);
    assert!(is_verification_id(&id), "{id}");
    let body = format!(
        r#"{{"responseCode":200,"message":"SUCCESS","data":{{"verificationId":"{id}","mobileNumber":"8846735392","responseCode":"200","errorMessage":null,"timeout":"60","smsCLI":null,"transactionId":null}}}}"#
    );
    expect(&reply, 200, &body, Reason::Sent);
    let sms = scene.world.outbox().pop().unwrap();
    assert_eq!(sms.to.as_str(), "+918846735392");
    let code = scene.world.last_code();
    assert_eq!(code.len(), 4);
    assert_eq!(
        sms.text,
        format!("{code} is your verification code. It expires in 1 min. Do not share it.")
    );
}

#[test]
fn code_200_success_v3_has_a_transaction() {
    let scene = Scene::new();
    let reply = scene.send_to(Three, NUMBER, "&type=OTP");
    let id = verification_id(&reply);
    let transaction = json(&reply)["data"]["transactionId"]
        .as_str()
        .unwrap()
        .to_string();
    let body = format!(
        r#"{{"responseCode":200,"message":"SUCCESS","data":{{"verificationId":"{id}","mobileNumber":"8846735392","responseCode":"200","errorMessage":null,"timeout":"60","smsCLI":null,"transactionId":"{transaction}"}}}}"#
    );
    expect(&reply, 200, &body, Reason::Sent);
    let groups: Vec<usize> = transaction.split('-').map(str::len).collect();
    assert_eq!(groups, [8, 4, 4, 4, 12]);
    // The same in every answer about this verification.
    let again = json(&scene.send(Three))["data"]["transactionId"].clone();
    assert_eq!(again, transaction.as_str());
}

#[test]
fn otp_length_is_4_to_8() {
    let scene = Scene::generous();
    for version in Version::BOTH {
        for length in 4..=8 {
            let reply = scene.send_to(version, NUMBER, &format!("&otpLength={length}"));
            assert_eq!(reply.reason, Reason::Sent);
            let code = scene.world.last_code();
            assert_eq!(code.len(), length);
            let id = verification_id(&reply);
            if length == 8 {
                let short = scene.validate(version, &id, &code[..4]);
                assert_eq!(short.reason, Reason::WrongCode);
            }
            let right = scene.validate(version, &id, &code);
            assert_eq!(right.reason, Reason::Accepted);
        }
        for length in ["3", "9", "0", "", "six", "4.0", "04", "-4"] {
            let reply = scene.send_to(version, NUMBER, &format!("&otpLength={length}"));
            let (words, reason) = match length {
                "" => ("otpLength is missing", Reason::MissingParameter),
                _ => ("otpLength is from 4 to 8", Reason::InvalidParameter),
            };
            expect_bad(version, &reply, words, reason);
        }
    }
}

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
fn code_400_bad_request() {
    let scene = Scene::new();
    let long = "9".repeat(60);
    let full = |country: &str, number: &str, rest: &str| {
        format!("customerId={ID}&countryCode={country}&mobileNumber={number}{rest}")
    };
    for version in Version::BOTH {
        for (query, words, reason) in [
            (
                full(COUNTRY, NUMBER, ""),
                "flowType is missing",
                Reason::MissingParameter,
            ),
            (
                full(COUNTRY, NUMBER, "&flowType=SMS&flowType=SMS"),
                "flowType is given twice",
                Reason::RepeatedParameter,
            ),
            (
                format!("customerId={ID}&mobileNumber={NUMBER}&flowType=SMS"),
                "countryCode is missing",
                Reason::MissingParameter,
            ),
            (
                full("91&countryCode=91", NUMBER, "&flowType=SMS"),
                "countryCode is given twice",
                Reason::RepeatedParameter,
            ),
            (
                format!("customerId={ID}&countryCode=91&flowType=SMS"),
                "mobileNumber is missing",
                Reason::MissingParameter,
            ),
            (
                full(COUNTRY, &long, "&flowType=SMS"),
                "mobileNumber is not valid",
                Reason::InvalidParameter,
            ),
            (
                full(COUNTRY, "hello", "&flowType=SMS"),
                "mobileNumber is not a number of the country",
                Reason::InvalidNumber,
            ),
            (
                full(COUNTRY, "12345678901234", "&flowType=SMS"),
                "mobileNumber is not a number of the country",
                Reason::InvalidNumber,
            ),
            // With the country code after all, as `+` and as it arrives.
            (
                full(COUNTRY, "%2B918846735392", "&flowType=SMS"),
                "mobileNumber is not a number of the country",
                Reason::InvalidNumber,
            ),
            (
                full(COUNTRY, "+918846735392", "&flowType=SMS"),
                "mobileNumber is not a number of the country",
                Reason::InvalidNumber,
            ),
        ] {
            let reply = scene.call("POST", version.send_path(), &query);
            expect_bad(version, &reply, words, reason);
        }
    }
    let reply = scene.call("POST", Two.send_path(), "flowType=SMS");
    expect_bad(
        Two,
        &reply,
        "customerId is missing",
        Reason::MissingParameter,
    );
    assert!(scene.world.outbox().is_empty());
    assert_eq!(scene.balance(), 100);
}

#[test]
fn other_flows_and_products_are_answered_clearly() {
    let scene = Scene::new();
    for version in Version::BOTH {
        for flow in ["WHATSAPP", "RCS", "SAUTH", "sms", "CALL"] {
            let query =
                format!("customerId={ID}&countryCode=91&mobileNumber={NUMBER}&flowType={flow}");
            let reply = scene.call("POST", version.send_path(), &query);
            let words = "flowType: only SMS is offered";
            expect_bad(version, &reply, words, Reason::InvalidParameter);
        }
        // MessageNow, a product of the vendor's on the same path.
        let rest = "&type=SMS&senderId=ACME&message=hello&messageType=TEXT";
        let reply = scene.send_to(version, NUMBER, rest);
        let words = "type: only OTP is offered";
        expect_bad(version, &reply, words, Reason::InvalidParameter);
    }
    assert!(scene.world.outbox().is_empty());
}

#[test]
fn what_the_host_says_of_a_number() {
    let scene = Scene::new();
    let number = PhoneNumber::parse("+918846735392", None).unwrap();
    for (assessment, words, reason) in [
        (
            Assessment::Invalid,
            "mobileNumber is not a number of the country",
            Reason::InvalidNumber,
        ),
        (
            Assessment::Valid {
                number,
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
    // The host's canonical form is the one that counts.
    let number = PhoneNumber::parse("+918846735393", None).unwrap();
    let mobile = Some(true);
    let canonical = Assessment::Valid { number, mobile };
    scene.world.set_assessment("+918846735392", canonical);
    let reply = scene.send(Two);
    assert_eq!(json(&reply)["data"]["mobileNumber"], "8846735393");
    assert_eq!(scene.world.outbox()[0].to, number);
}

#[test]
fn code_409_duplicate_resource() {
    // Load the customer and the number, reserve a credit; then the number's
    // record changes at every try.
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
fn code_501_invalid_customer_id() {
    let scene = Scene::new().and_customer(OTHER_ID);
    for version in Version::BOTH {
        for id in [ID, "C-1", "x", &"A".repeat(40)] {
            let query =
                format!("customerId={id}&countryCode=91&mobileNumber={NUMBER}&flowType=SMS");
            let reply = scene.call("POST", version.send_path(), &query);
            let reason = Reason::UnknownCredential;
            expect_code(version, &reply, 501, "INVALID_CUSTOMER_ID", reason);
            let query = format!("customerId={id}&verificationId=4503599627370497&code=1234");
            let reply = scene.call("GET", version.validate_path(), &query);
            expect_code(version, &reply, 501, "INVALID_CUSTOMER_ID", reason);
        }
    }
    assert!(scene.world.outbox().is_empty());
    // Version 3 does not need it and takes it.
    let rest = format!("&customerId={OTHER_ID}");
    assert_eq!(scene.send_to(Three, NUMBER, &rest).reason, Reason::Sent);
}

#[test]
fn code_506_request_already_exists_with_the_live_id() {
    let scene = Scene::new();
    let (id, code) = scene.sent(Two);
    // The lock is the number's, whatever else the request says, and costs
    // nothing.
    for rest in ["", "&otpLength=8", "&email=a%40b.example", "&type=OTP"] {
        let reply = scene.send_to(Two, NUMBER, rest);
        let body = format!(
            r#"{{"responseCode":506,"message":"REQUEST_ALREADY_EXISTS","data":{{"verificationId":"{id}","mobileNumber":"8846735392","responseCode":"506","errorMessage":"REQUEST_ALREADY_EXISTS","timeout":"60","smsCLI":null,"transactionId":null}}}}"#
        );
        expect(&reply, 200, &body, Reason::StillLive);
    }
    let reply = scene.send(Three);
    let transaction = json(&reply)["data"]["transactionId"]
        .as_str()
        .unwrap()
        .to_string();
    let body = format!(
        r#"{{"responseCode":506,"message":"REQUEST_ALREADY_EXISTS","data":{{"verificationId":"{id}","mobileNumber":"8846735392","responseCode":"506","errorMessage":"REQUEST_ALREADY_EXISTS","timeout":"60","smsCLI":null,"transactionId":"{transaction}"}}}}"#
    );
    expect(&reply, 400, &body, Reason::StillLive);
    assert_eq!((scene.world.outbox().len(), scene.balance()), (1, 99));
    // The code is the first one still.
    assert_eq!(scene.validate(Two, &id, &code).reason, Reason::Accepted);
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
        // No parameter changes it.
        let reply = scene.send_to(Three, NUMBER, "&otpTimeout=120&timeout=120");
        assert_eq!(json(&reply)["data"]["timeout"], seconds.to_string());
        scene.world.pass(seconds * 1000 - 1);
        assert_eq!(scene.send(Three).reason, Reason::StillLive);
        scene.world.pass(1);
        assert_eq!(scene.send(Three).reason, Reason::Sent);
    }
}

#[test]
fn code_511_invalid_country_code() {
    let scene = Scene::with(|settings| {
        settings.policy = policy(|policy| policy.calling_codes.insert("91".parse().unwrap()));
    });
    let long = "9".repeat(40);
    for version in Version::BOTH {
        for country in ["%2B91", "+91", "0091", "091", "999", "IN", "9x", "0", &long] {
            let query =
                format!("customerId={ID}&countryCode={country}&mobileNumber={NUMBER}&flowType=SMS");
            let reply = scene.call("POST", version.send_path(), &query);
            let reason = Reason::UnknownCountry;
            expect_code(version, &reply, 511, "INVALID_COUNTRY_CODE", reason);
        }
        // A country, but none that this customer sends to.
        let query = format!("customerId={ID}&countryCode=966&mobileNumber=500000000&flowType=SMS");
        let reply = scene.call("POST", version.send_path(), &query);
        let reason = Reason::NumberNotAllowed;
        expect_code(version, &reply, 511, "INVALID_COUNTRY_CODE", reason);
    }
    assert!(scene.world.outbox().is_empty());
    assert_eq!(scene.send(Two).reason, Reason::Sent);
}

#[test]
fn code_800_maximum_limit_reached() {
    let scene = Scene::with(|settings| {
        settings.policy = policy(|policy| policy.sends = Limit::new(1, 3_600_000, 1).unwrap());
    });
    scene.sent(Two);
    scene.world.pass(60_000);
    for version in Version::BOTH {
        expect_code(
            version,
            &scene.send(version),
            800,
            "MAXIMUM_LIMIT_REACHED",
            Reason::SendLimit,
        );
    }
    // Another number has its own.
    assert_eq!(scene.send_to(Two, "8846735393", "").reason, Reason::Sent);
}

#[test]
fn own_text_sender_and_host() {
    let scene = Scene::with(|settings| {
        settings.english = Some(Template::new("{{app}}: {{code}} ({{minutes}})").unwrap());
        settings.sender = Some("ACME".into());
        settings.host = Some("acme.example".into());
    });
    let (_, code) = scene.sent(Two);
    let sms = scene.world.outbox().pop().unwrap();
    assert_eq!(sms.text, format!("ACME: {code} (1)\n@acme.example #{code}"));
    assert_eq!(sms.sender.as_deref(), Some("ACME"));
}
