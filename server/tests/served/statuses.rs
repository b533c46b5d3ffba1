//! Every status of the contract over real HTTP, each with its cause.

use mpass_tests::coverage::COMMAND_LINE;
use mpass_tests::served::{Inbox, Service, number, wrong};

use crate::clock::Clock;
use crate::process::{Gateway, Process, create_channel};

struct Scene {
    _dir: tempfile::TempDir,
    process: Process,
    clock: Clock,
    gateway: Gateway,
    key: String,
    service: Service,
}

/// A server with an HTTP gateway, and a channel created while it runs.
fn scene(channel: &[&str]) -> Scene {
    let dir = tempfile::tempdir().unwrap();
    let gateway = Gateway::start();
    let clock = Clock::new(dir.path());
    let config = gateway.config(dir.path());
    let process = Process::configured_at(&clock, dir.path(), &config);
    let mut arguments = vec!["--name", "test"];
    arguments.extend_from_slice(channel);
    let keyring = format!("{}", dir.path().join("keyring").display());
    arguments.extend_from_slice(&["--keyring", &keyring]);
    let key = create_channel(dir.path(), &arguments);
    Scene {
        service: Service::new(&process.base, &key),
        _dir: dir,
        process,
        clock,
        gateway,
        key,
    }
}

#[test]
fn status_0_accept() {
    let _counted = COMMAND_LINE.scenario();
    let scene = scene(&[]);
    let dest = number(5, 0);
    let sent = scene.service.send(&dest, "&lang=ar_SA&app=Shop");
    assert_eq!(sent.body, r#"{"description":"Accept","status":"0"}"#);
    let code = scene.gateway.code(&dest);
    let verified = scene.service.verify(&dest, &code, "&app=Shop");
    assert_eq!(verified.body, r#"{"description":"Accept","status":"0"}"#);
}

#[test]
fn status_1_invalid_data() {
    let _counted = COMMAND_LINE.scenario();
    let scene = scene(&[]);
    let key = &scene.key;
    for query in [
        format!("msg?apikey={key}"),
        format!("msg?apikey={key}&dest="),
        format!("msg?apikey={key}&dest=%2B999123456789"),
        format!("msg?apikey={key}&dest=%2B9665"),
        format!("msg?apikey={key}&dest=%2B966112345678"), // a land line
        format!("msg?apikey={key}&dest=%2B966500000000&lang=de_DE"),
        format!("msg?apikey={key}&dest=%2B966500000000&app=%00"),
        format!("msg?apikey={key}&dest=%2B966500000000&dest=%2B966500000000"),
        format!("verify?apikey={key}&dest=%2B966500000000"),
        format!("verify?apikey={key}&dest=%2B966500000000&otp="),
        format!("verify?apikey={key}&dest=%2B966500000000&otp=abc"),
        format!("verify?apikey={key}&dest=%2B966500000000&otp=12"),
    ] {
        let answer = scene.service.get(&format!("/mpass-web/rest/mv/{query}"));
        assert!(answer.is("1"), "{query}: {answer:?}");
        assert_eq!(
            answer.body,
            r#"{"description":"Invalid Data","status":"1"}"#
        );
    }
    assert!(scene.gateway.bodies().is_empty());
}

#[test]
fn status_2_access_denied() {
    let _counted = COMMAND_LINE.scenario();
    let scene = scene(&["--address", "10.0.0.0/8"]);
    let denied = r#"{"description":"Access Denied","status":"2"}"#;
    // The right key from another address, with data that is invalid as well.
    for answer in [
        scene.service.send(&number(5, 0), ""),
        scene.service.send("nonsense", ""),
        scene.service.verify(&number(5, 0), "123456", ""),
        Service::new(&scene.process.base, "").send(&number(5, 0), ""),
        Service::new(&scene.process.base, "wrong").send(&number(5, 0), ""),
        Service::new(&scene.process.base, &"A".repeat(64)).send(&number(5, 0), ""),
    ] {
        assert_eq!((answer.http, answer.body.as_str()), (200, denied));
    }
}

#[test]
fn status_3_reject() {
    let _counted = COMMAND_LINE.scenario();
    let scene = scene(&["--resend-interval", "0s"]);
    let service = &scene.service;
    let rejected = |dest: &str, otp: &str, rest: &str| {
        let answer = service.verify(dest, otp, rest);
        assert_eq!(answer.body, r#"{"description":"Reject","status":"3"}"#);
    };
    // An unknown number.
    rejected(&number(5, 0), "123456", "");
    // Another application than the code was sent for, or none.
    let dest = number(5, 1);
    assert!(service.send(&dest, "&app=Shop").is("0"));
    let code = scene.gateway.code(&dest);
    rejected(&dest, &code, "");
    rejected(&dest, &code, "&app=Bank");
    // A superseded code.
    assert!(service.send(&dest, "&app=Shop").is("0"));
    rejected(&dest, &code, "&app=Shop");
    // A used code.
    let code = scene.gateway.code(&dest);
    assert!(service.verify(&dest, &code, "&app=Shop").is("0"));
    rejected(&dest, &code, "&app=Shop");
    // Tries used up.
    let dest = number(5, 2);
    assert!(service.send(&dest, "").is("0"));
    let code = scene.gateway.code(&dest);
    for _ in 0..5 {
        rejected(&dest, &wrong(&code), "");
    }
    rejected(&dest, &code, "");
}

#[test]
fn status_4_expired() {
    let _counted = COMMAND_LINE.scenario();
    // The shortest lifetime that a policy allows.
    let scene = scene(&["--lifetime", "20s"]);
    let dest = number(5, 0);
    assert!(scene.service.send(&dest, "").is("0"));
    let code = scene.gateway.code(&dest);
    scene.clock.pass(19_999);
    let other = wrong(&code);
    let answer = scene.service.verify(&dest, &other, "");
    assert_eq!(answer.body, r#"{"description":"Reject","status":"3"}"#);
    scene.clock.pass(1);
    let answer = scene.service.verify(&dest, &code, "");
    assert_eq!(answer.body, r#"{"description":"Expired","status":"4"}"#);
}

#[test]
fn status_100_internal_error_of_the_gateway() {
    let _counted = COMMAND_LINE.scenario();
    let scene = scene(&["--resend-interval", "0s", "--sends", "1/1h"]);
    let internal = r#"{"description":"Internal Error Occurred","status":"100"}"#;
    let dest = number(5, 0);
    for (status, description) in [(400, "a definite refusal"), (403, "another")] {
        scene.gateway.answer(status);
        let answer = scene.service.send(&dest, "");
        assert_eq!(
            (answer.http, answer.body.as_str()),
            (200, internal),
            "{description}"
        );
    }
    // Both were refunded, so the one send of the hour is still available.
    scene.gateway.answer(200);
    assert!(scene.service.send(&dest, "").is("0"));
    // A send with an unknown outcome is not refunded.
    let other = number(5, 1);
    scene.gateway.answer(503);
    assert_eq!(scene.service.send(&other, "").body, internal);
    scene.gateway.answer(200);
    assert_eq!(scene.service.send(&other, "").http, 429);
}

/// A refused message is given back, and the interval to the next send stays.
#[test]
fn a_refused_send_waits_for_its_interval() {
    let scene = scene(&["--resend-interval", "1s"]);
    let dest = number(5, 0);
    scene.gateway.answer(400);
    assert!(scene.service.send(&dest, "").is("100"));
    scene.gateway.answer(200);
    assert_eq!(scene.service.send(&dest, "").http, 429);
    scene.clock.pass(1000);
    assert!(scene.service.send(&dest, "").is("0"));
}

#[test]
fn throttled_is_429_with_status_2() {
    let _counted = COMMAND_LINE.scenario();
    let scene = scene(&[]);
    let dest = number(5, 0);
    assert!(scene.service.send(&dest, "").is("0"));
    let answer = scene.service.send(&dest, "");
    assert_eq!((answer.http, answer.status.as_str()), (429, "2"));
    assert_eq!(answer.retry_after, Some(30));
    assert_eq!(scene.gateway.bodies().len(), 1);
    scene.clock.pass(29_999);
    let answer = scene.service.send(&dest, "");
    assert_eq!((answer.http, answer.retry_after), (429, Some(1)));
    scene.clock.pass(1);
    assert!(scene.service.send(&dest, "").is("0"));
}
