//! Templates, tenants, tokens and the lifetime of an id.

use mpass_core::challenge::{Policy, PolicySettings};
use mpass_core::oath::Digits;
use mpass_core::service::settings::Group;
use mpass_core::service::{
    Answer, ClientSettings, Introspection, Language, Reason, Reply, Request, Scope,
};
use mpass_tests::otp_validation::Operation::{SendCode, ValidateCode};
use mpass_tests::otp_validation::rows::{
    EXPIRED, FAILED, INVALID_OTP, NOT_FOUND, SEND_DENIED, UNAUTHENTICATED,
};
use mpass_tests::otp_validation::{
    CORRELATOR, Caller, MAX_TRY, MESSAGE, Operation, expect_error, expect_sent, expect_validated,
    number, send_body, settings, validate_body, world, wrong,
};
use mpass_tests::sim::{World, generous_policy};

const HOUR_MS: u64 = 3_600_000;

fn generous(name: &str) -> ClientSettings {
    ClientSettings {
        policy: generous_policy(),
        ..ClientSettings::new(name)
    }
}

/// A call with these headers.
fn call(world: &World, operation: Operation, headers: &[(&str, &str)], body: &str) -> Reply {
    world.request(&Request {
        method: "POST",
        path: operation.path(),
        query: "",
        headers,
        body: body.as_bytes(),
        peer: [127, 0, 0, 1].into(),
    })
}

fn header<'a>(reply: &'a Reply, name: &str) -> Option<&'a str> {
    let mut headers = reply.headers.iter();
    let found = headers.find(|(held, _)| *held == name);
    found.map(|(_, value)| value.as_str())
}

#[test]
fn every_place_of_the_code_is_filled_and_no_other() {
    let world = world();
    let caller = Caller::new(&world, generous("app"));
    let body = send_body(
        &number(1),
        "{{code}}{{{code}}} {{app}} {{minutes}}\n{{code}}",
    );
    expect_sent(&caller.call(SendCode, &body), Some(CORRELATOR));
    let code = world.last_code();
    let sms = world.outbox().pop().unwrap();
    let text = format!("{code}{{{code}}} {{{{app}}}} {{{{minutes}}}}\n{code}");
    assert_eq!(*sms.text, text);
    assert_eq!((sms.language, sms.segments), (Language::English, 1));
    assert_eq!(sms.sender, None);
}

#[test]
fn the_last_line_and_the_sender_are_the_clients() {
    let world = world();
    let app = ClientSettings {
        host: Some("app.example".into()),
        sender: Some("App".into()),
        ..generous("app")
    };
    let caller = Caller::new(&world, app);
    let body = send_body(&number(1), "رمزك {{code}}");
    expect_sent(&caller.call(SendCode, &body), Some(CORRELATOR));
    let code = world.last_code();
    let sms = world.outbox().pop().unwrap();
    assert_eq!(*sms.text, format!("رمزك {code}\n@app.example #{code}"));
    assert_eq!(sms.sender.as_deref(), Some("App"));
    assert_eq!(sms.language, Language::Arabic);
}

#[test]
fn a_long_template_may_take_several_parts() {
    let world = world();
    let caller = Caller::new(&world, generous("app"));
    let template = format!("{{{{code}}}}{}", "ر".repeat(152));
    let body = send_body(&number(1), &template);
    expect_sent(&caller.call(SendCode, &body), Some(CORRELATOR));
    assert_eq!(world.outbox()[0].segments, 3);
}

#[test]
fn an_id_is_its_clients_alone() {
    let world = world();
    let one = Caller::new(&world, settings());
    let other = Caller::new(&world, generous("other"));
    let (id, code) = one.sent(&number(1));
    for _ in 0..=MAX_TRY {
        expect_error(&other.validate(&id, &wrong(&code)), &NOT_FOUND);
    }
    expect_error(&other.validate(&id, &code), &NOT_FOUND);
    // Another client's codes for the number are independent.
    let (other_id, other_code) = other.sent(&number(1));
    expect_validated(&one.validate(&id, &code), Some(CORRELATOR));
    let answer = other.validate(&other_id, &other_code);
    expect_validated(&answer, Some(CORRELATOR));
}

/// Codes of the contract may have letters, so every text of its schema that is
/// not the code is a wrong code.
#[test]
fn a_code_as_people_type_it() {
    let world = world();
    let caller = Caller::new(&world, generous("app"));
    let (id, code) = caller.sent(&number(1));
    for typed in ["no", "x\u{301}"] {
        expect_error(&caller.validate(&id, typed), &INVALID_OTP);
    }
    let (begin, end) = code.split_at(code.len() / 2);
    let typed = format!("\u{200e}{begin} {end}");
    expect_validated(&caller.validate(&id, &typed), Some(CORRELATOR));
    let (id, code) = caller.sent(&number(2));
    let digits = code.bytes().map(|digit| 0x966 + u32::from(digit - b'0'));
    let typed: String = digits.filter_map(char::from_u32).collect();
    expect_validated(&caller.validate(&id, &typed), Some(CORRELATOR));
}

#[test]
fn a_code_is_good_for_its_id_alone() {
    let world = world();
    let caller = Caller::new(&world, settings());
    let (id, code) = caller.sent(&number(1));
    let (_, other_code) = caller.sent(&number(2));
    if code != other_code {
        expect_error(&caller.validate(&id, &other_code), &INVALID_OTP);
    }
    expect_validated(&caller.validate(&id, &code), Some(CORRELATOR));
}

#[test]
fn what_became_of_an_id_is_told_for_24_hours() {
    let world = world();
    let caller = Caller::new(&world, generous("app"));
    let (used, used_code) = caller.sent(&number(1));
    expect_validated(&caller.validate(&used, &used_code), Some(CORRELATOR));
    let (failed, failed_code) = caller.sent(&number(2));
    for _ in 0..5 {
        let _ = caller.validate(&failed, &wrong(&failed_code));
    }
    let (expired, expired_code) = caller.sent(&number(3));
    world.pass(24 * HOUR_MS - 1);
    // One-hour tokens do not last that long.
    let validate = |id: &str, code: &str| {
        let token = caller.token(Scope::SendValidate, 0);
        caller.call_with(Some(&token), ValidateCode, &validate_body(id, code))
    };
    expect_error(&validate(&used, &used_code), &EXPIRED);
    expect_error(&validate(&failed, &failed_code), &FAILED);
    expect_error(&validate(&expired, &expired_code), &EXPIRED);
    world.pass(1);
    for (id, code) in [
        (&used, &used_code),
        (&failed, &failed_code),
        (&expired, &expired_code),
    ] {
        expect_error(&validate(id, code), &NOT_FOUND);
    }
}

#[test]
fn a_failed_id_that_was_superseded_is_expired() {
    let world = world();
    let caller = Caller::new(&world, generous("app"));
    let (first, code) = caller.sent(&number(1));
    for _ in 0..5 {
        let _ = caller.validate(&first, &wrong(&code));
    }
    expect_error(&caller.validate(&first, &code), &FAILED);
    let (second, second_code) = caller.sent(&number(1));
    expect_error(&caller.validate(&first, &code), &EXPIRED);
    expect_validated(&caller.validate(&second, &second_code), Some(CORRELATOR));
}

#[test]
fn arabic_digits_are_digits_and_ten_of_them_fit() {
    let world = world();
    let ten = Policy::new(PolicySettings {
        digits: Digits::new(10).unwrap(),
        ..generous_policy().settings().clone()
    });
    let app = ClientSettings {
        policy: ten.unwrap(),
        ..ClientSettings::new("app")
    };
    let caller = Caller::new(&world, app);
    let (id, code) = caller.sent(&number(1));
    assert_eq!(code.len(), 10);
    let typed: String = code
        .chars()
        .filter_map(|digit| char::from_u32(0x660 + digit.to_digit(10)?))
        .collect();
    expect_validated(&caller.validate(&id, &typed), Some(CORRELATOR));
}

#[test]
fn correlators() {
    let world = world();
    let caller = Caller::new(&world, generous("app"));
    let bearer = format!("Bearer {}", caller.token(Scope::SendValidate, 0));
    let body = send_body(&number(1), MESSAGE);
    let send = |correlator: &str| {
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json; charset=utf-8"),
            ("X-Correlator", correlator),
        ];
        call(&world, SendCode, &headers, &body)
    };
    let longest = "a".repeat(256);
    for good in ["-_:;./<>{}", &longest] {
        let reply = send(good);
        assert_eq!(
            (reply.status, header(&reply, "x-correlator")),
            (200, Some(good))
        );
    }
    let sent = world.outbox().len();
    for bad in ["a b", "a@b", "é", &"a".repeat(257)] {
        let reply = send(bad);
        assert_eq!(
            (reply.status, reply.reason),
            (400, Reason::InvalidCorrelator)
        );
        assert_eq!(header(&reply, "x-correlator"), None);
    }
    assert_eq!(world.outbox().len(), sent);
}

#[test]
fn bodies_of_another_type_are_refused_and_other_properties_passed_over() {
    let world = world();
    let caller = Caller::new(&world, generous("app"));
    let bearer = format!("Bearer {}", caller.token(Scope::SendValidate, 0));
    let body = send_body(&number(1), MESSAGE);
    for media_type in ["text/plain", "application/x-www-form-urlencoded", ""] {
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", media_type),
        ];
        let reply = call(&world, SendCode, &headers, &body);
        assert_eq!((reply.status, reply.reason), (400, Reason::InvalidBody));
    }
    let more = body.replacen('{', r#"{"x":[1],"#, 1);
    let answer = caller.call(SendCode, &format!(" \n{more} "));
    expect_sent(&answer, Some(CORRELATOR));
}

#[test]
fn methods_paths_prefetch_and_size() {
    let world = world();
    let caller = Caller::new(&world, generous("app"));
    let bearer = format!("Bearer {}", caller.token(Scope::SendValidate, 0));
    let body = send_body(&number(1), MESSAGE);
    let ask = |method: &'static str, path: &str, extra: (&str, &str), body: &[u8]| {
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
            ("x-correlator", CORRELATOR),
            extra,
        ];
        world.request(&Request {
            method,
            path,
            query: "",
            headers: &headers,
            body,
            peer: [127, 0, 0, 1].into(),
        })
    };
    for path in [SendCode.path(), ValidateCode.path()] {
        for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "post"] {
            let reply = ask(method, path, ("X", "x"), body.as_bytes());
            assert_eq!(
                (reply.status, reply.reason),
                (405, Reason::MethodNotAllowed)
            );
            assert_eq!(header(&reply, "Allow"), Some("POST"));
            assert_eq!(header(&reply, "x-correlator"), Some(CORRELATOR));
        }
        let reply = ask("POST", path, ("Sec-Purpose", "prefetch"), body.as_bytes());
        assert_eq!((reply.status, reply.reason), (405, Reason::Prefetch));
        let reply = ask("POST", path, ("X", "x"), &[b' '; 64 * 1024]);
        assert_eq!((reply.status, reply.reason), (400, Reason::TooLarge));
    }
    for path in [
        "/one-time-password-sms/v1/send-code/",
        "/one-time-password-sms/v2/send-code",
    ] {
        let reply = ask("POST", path, ("X", "x"), body.as_bytes());
        assert_eq!((reply.status, reply.reason), (404, Reason::NotFound));
    }
    assert!(world.outbox().is_empty());
}

/// The host's answer for a token of a client.
fn introspection(world: &World, client: &str, scopes: &[&str]) -> Introspection {
    Introspection {
        id: None,
        client: client.into(),
        scopes: scopes.iter().map(ToString::to_string).collect(),
        number: None,
        is_by_network: false,
        issued_at_ms: None,
        expires_at_ms: Some(world.now() + HOUR_MS),
    }
}

const SCOPE: &str = "one-time-password-sms:send-validate";

#[test]
fn a_client_that_only_the_host_knows_has_the_default_policy() {
    let world = world();
    // The token of the caller is not used.
    let caller = Caller::new(&world, generous("unused"));
    let known_as = |name: &str| {
        let word = introspection(&world, name, &["openid", SCOPE]);
        world.set_introspection(Answer::Introspected(Some(word)));
    };
    let as_host = |operation, body: &str| caller.call_with(Some("host-token"), operation, body);
    known_as("one of the host's");
    let answer = as_host(SendCode, &send_body(&number(1), MESSAGE));
    let id = expect_sent(&answer, Some(CORRELATOR));
    let code = world.last_code();
    let soon = as_host(SendCode, &send_body(&number(1), MESSAGE));
    assert_eq!(soon.status, 429, "the default policy has a resend interval");
    known_as("another");
    expect_error(
        &as_host(ValidateCode, &validate_body(&id, &code)),
        &NOT_FOUND,
    );
    known_as("one of the host's");
    let answer = as_host(ValidateCode, &validate_body(&id, &code));
    expect_validated(&answer, Some(CORRELATOR));
}

#[test]
fn a_client_in_the_store_brings_its_policy_to_the_hosts_tokens() {
    let world = world();
    let caller = Caller::new(&world, settings());
    let name = settings().name;
    let word = introspection(&world, &name, &[SCOPE]);
    world.set_introspection(Answer::Introspected(Some(word)));
    let (id, code) = caller.sent(&number(1));
    let by_host = |code: &str| {
        let body = validate_body(&id, code);
        caller.call_with(Some("host-token"), ValidateCode, &body)
    };
    for _ in 1..MAX_TRY {
        expect_error(&by_host(&wrong(&code)), &INVALID_OTP);
    }
    expect_error(&by_host(&wrong(&code)), &FAILED);
}

#[test]
fn tokens_that_the_host_refuses() {
    let world = world();
    let caller = Caller::new(&world, generous("app"));
    let ask = || {
        let body = send_body(&number(1), MESSAGE);
        caller.call_with(Some("host-token"), SendCode, &body)
    };
    for answer in [Answer::Unsupported, Answer::Introspected(None)] {
        world.set_introspection(answer);
        expect_error(&ask(), &UNAUTHENTICATED);
    }
    let mut past = introspection(&world, "host's", &[SCOPE]);
    past.expires_at_ms = Some(world.now());
    world.set_introspection(Answer::Introspected(Some(past)));
    expect_error(&ask(), &UNAUTHENTICATED);
    let narrow = introspection(&world, "host's", &["number-verification:verify"]);
    world.set_introspection(Answer::Introspected(Some(narrow)));
    expect_error(&ask(), &SEND_DENIED);
    for answer in [Answer::Failed, Answer::Unknown] {
        world.set_introspection(answer);
        let answer = ask();
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (503, &"UNAVAILABLE".into())
        );
    }
    assert!(world.outbox().is_empty());
}

#[test]
fn a_client_that_is_revoked_narrowed_or_elsewhere() {
    let world = world();
    let elsewhere = ClientSettings {
        addresses: vec!["10.0.0.0/8".parse().unwrap()],
        ..generous("elsewhere")
    };
    let narrow = ClientSettings {
        scopes: vec![Scope::Verify],
        ..generous("narrow")
    };
    let body = send_body(&number(1), MESSAGE);
    for settings in [elsewhere, narrow] {
        let answer = Caller::new(&world, settings).call(SendCode, &body);
        expect_error(&answer, &SEND_DENIED);
    }
    let caller = Caller::new(&world, generous("app"));
    world.rotate(Group::Client, "app");
    expect_error(&caller.call(SendCode, &body), &UNAUTHENTICATED);
    world.revoke(Group::Client, "app");
    expect_error(&caller.call(SendCode, &body), &UNAUTHENTICATED);
    assert!(world.outbox().is_empty());
}

#[test]
fn a_query_or_a_wrong_form_of_the_header_is_no_token() {
    let world = world();
    let caller = Caller::new(&world, generous("app"));
    let token = caller.token(Scope::SendValidate, 0);
    let body = send_body(&number(1), MESSAGE);
    for authorization in [
        token.clone(),
        format!("Basic {token}"),
        format!("Bearer{token}"),
        "Bearer ".into(),
        format!("Bearer {token} x"),
    ] {
        let headers = [
            ("Authorization", authorization.as_str()),
            ("Content-Type", "application/json"),
        ];
        let reply = call(&world, SendCode, &headers, &body);
        assert_eq!((reply.status, reply.reason), (401, Reason::InvalidToken));
    }
    let headers = [
        ("Authorization", &*format!("bearer {token}")),
        ("Content-Type", "application/json"),
    ];
    assert_eq!(call(&world, SendCode, &headers, &body).status, 200);
}
