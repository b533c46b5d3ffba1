//! Every status of the mPass contract with each of its causes.

use mpass_core::challenge::{Keyring, Limit, Policy, PolicySettings};
use mpass_core::number::CallingCode;
use mpass_core::oath::Digits;
use mpass_core::service::{
    App, Channel, ChannelKey, ChannelSettings, Reason, Reply, Request, Template, reseal_tenant,
};
use mpass_core::store::{Kind, Store, Swap, Swapped};
use mpass_tests::coverage::RUST;
use mpass_tests::sim::{Fault, GatewayMode, NOON, World, generous_policy};

const SEND: &str = "/mpass-web/rest/mv/msg";
const VERIFY: &str = "/mpass-web/rest/mv/verify";
const DEST: &str = "%2B966500000000";

const ACCEPT: &str = r#"{"description":"Accept","status":"0"}"#;
const INVALID: &str = r#"{"description":"Invalid Data","status":"1"}"#;
const DENIED: &str = r#"{"description":"Access Denied","status":"2"}"#;
const REJECT: &str = r#"{"description":"Reject","status":"3"}"#;
const EXPIRED: &str = r#"{"description":"Expired","status":"4"}"#;
const INTERNAL: &str = r#"{"description":"Internal Error Occurred","status":"100"}"#;

#[track_caller]
fn expect(reply: &Reply, body: &str, reason: Reason) {
    let seen = String::from_utf8(reply.body.clone()).unwrap();
    assert_eq!((seen.as_str(), reply.reason), (body, reason));
    assert_eq!(reply.status, 200, "{seen}");
    let header = |name| {
        let held = reply.headers.iter().find(|(held, _)| *held == name);
        held.map(|(_, value)| value.as_str())
    };
    assert_eq!(header("Content-Type"), Some("application/json"));
    assert_eq!(header("Cache-Control"), Some("no-store"));
}

fn send(world: &World, key: &str, rest: &str) -> Reply {
    world.get(&format!("{SEND}?apikey={key}&dest={DEST}{rest}"))
}

fn verify(world: &World, key: &str, otp: &str, rest: &str) -> Reply {
    world.get(&format!(
        "{VERIFY}?apikey={key}&dest={DEST}&otp={otp}{rest}"
    ))
}

/// A code of the same length that is another one.
fn wrong(code: &str) -> String {
    let last = if code.ends_with('0') { '1' } else { '0' };
    format!("{}{last}", &code[..code.len() - 1])
}

#[test]
fn accept_send_and_verify() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.generous_channel("web");
    expect(&send(&world, &key, ""), ACCEPT, Reason::Sent);
    let sms = world.outbox().pop().unwrap();
    assert_eq!(sms.to.as_str(), "+966500000000");
    let code = world.last_code();
    assert_eq!(
        *sms.text,
        format!("{code} is your verification code. It expires in 5 min. Do not share it.")
    );
    expect(&verify(&world, &key, &code, ""), ACCEPT, Reason::Accepted);
}

#[test]
fn arabic_digits_fold() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.generous_channel("web");
    for zero in ['\u{660}', '\u{6f0}'] {
        send(&world, &key, "&lang=ar_SA");
        let typed: String = world
            .last_code()
            .chars()
            .filter_map(|digit| char::from_u32(u32::from(zero) + digit.to_digit(10)?))
            .flat_map(|letter| {
                let mut buffer = [0; 4];
                let bytes = letter.encode_utf8(&mut buffer).as_bytes().to_vec();
                bytes
                    .into_iter()
                    .map(|byte| format!("%{byte:02X}"))
                    .collect::<Vec<_>>()
            })
            .collect();
        expect(&verify(&world, &key, &typed, ""), ACCEPT, Reason::Accepted);
    }
}

#[test]
fn languages_and_the_application() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.channel(ChannelSettings {
        policy: generous_policy(),
        host: Some("login.example.com".into()),
        ..ChannelSettings::new("web")
    });
    send(&world, &key, "&lang=ar_SA&app=Cool+App");
    let code = world.last_code();
    let text = world.outbox().pop().unwrap().text;
    assert_eq!(
        *text,
        format!("{code} رمز التحقق من Cool App. لا تشاركه.\n@login.example.com #{code}")
    );
    let reply = verify(&world, &key, &code, "&app=Cool+App");
    expect(&reply, ACCEPT, Reason::Accepted);
    send(&world, &key, "&lang=en_US&app=Cool+App");
    let sms = world.outbox().pop().unwrap();
    assert!(sms.text.contains("is your Cool App verification code"));
    assert_eq!(sms.segments, 1);
}

#[test]
fn own_texts_and_sender() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.channel(ChannelSettings {
        policy: generous_policy(),
        english: Some(Template::new("{{app}}: {{code}}, {{minutes}} minutes").unwrap()),
        sender: Some("ACME".into()),
        ..ChannelSettings::new("web")
    });
    send(&world, &key, "&app=Shop");
    let sms = world.outbox().pop().unwrap();
    assert_eq!(*sms.text, format!("Shop: {}, 5 minutes", world.last_code()));
    assert_eq!(sms.sender.as_deref(), Some("ACME"));
    send(&world, &key, "");
    assert!(world.outbox().pop().unwrap().text.starts_with("web: "));
}

#[test]
fn invalid_data() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.generous_channel("web");
    let long = "9".repeat(60);
    for (query, reason) in [
        (format!("apikey={key}"), Reason::MissingParameter),
        (format!("apikey={key}&dest="), Reason::MissingParameter),
        (
            format!("apikey={key}&dest={DEST}&dest={DEST}"),
            Reason::RepeatedParameter,
        ),
        (
            format!("apikey={key}&dest=%2B{long}"),
            Reason::InvalidParameter,
        ),
        (
            format!("apikey={key}&dest=%2B1234567890123456"),
            Reason::InvalidNumber,
        ),
        (
            format!("apikey={key}&dest=%2B999500000000"),
            Reason::InvalidNumber,
        ),
        (format!("apikey={key}&dest=hello"), Reason::InvalidNumber),
        (
            format!("apikey={key}&dest=%2B966500000000x"),
            Reason::InvalidNumber,
        ),
        (
            format!("apikey={key}&dest={DEST}&lang=fr_FR"),
            Reason::InvalidParameter,
        ),
        (
            format!("apikey={key}&dest={DEST}&lang="),
            Reason::MissingParameter,
        ),
        (
            format!("apikey={key}&dest={DEST}&lang=en_US&lang=ar_SA"),
            Reason::RepeatedParameter,
        ),
        (
            format!("apikey={key}&dest={DEST}&app="),
            Reason::MissingParameter,
        ),
        (
            format!("apikey={key}&dest={DEST}&app=a&app=a"),
            Reason::RepeatedParameter,
        ),
        (
            format!("apikey={key}&dest={DEST}&app=code+1234"),
            Reason::InvalidParameter,
        ),
        (
            format!("apikey={key}&dest={DEST}&app=%FF"),
            Reason::InvalidParameter,
        ),
        (
            format!("apikey={key}&dest={DEST}&app={}", "a".repeat(33)),
            Reason::InvalidParameter,
        ),
    ] {
        expect(&world.get(&format!("{SEND}?{query}")), INVALID, reason);
    }
    for (rest, reason) in [
        ("".to_string(), Reason::MissingParameter),
        ("&otp=".to_string(), Reason::MissingParameter),
        ("&otp=1&otp=1".to_string(), Reason::RepeatedParameter),
        (format!("&otp={}", "1".repeat(41)), Reason::InvalidParameter),
        (
            format!("&otp=123456&app={}", "a".repeat(129)),
            Reason::InvalidParameter,
        ),
    ] {
        let reply = world.get(&format!("{VERIFY}?apikey={key}&dest={DEST}{rest}"));
        expect(&reply, INVALID, reason);
    }
    assert!(world.outbox().is_empty());
}

#[test]
fn a_plus_that_arrives_as_a_space() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.generous_channel("web");
    let reply = world.get(&format!("{SEND}?apikey={key}&dest=+966500000000"));
    expect(&reply, ACCEPT, Reason::Sent);
    let code = world.last_code();
    for dest in ["00966500000000", "966500000000", "%2B966500000000"] {
        // Every way of writing the number is the same number: wrong codes
        // here are counted against the one challenge.
        let otp = wrong(&code);
        let reply = world.get(&format!("{VERIFY}?apikey={key}&dest={dest}&otp={otp}"));
        expect(&reply, REJECT, Reason::WrongCode);
    }
    let reply = world.get(&format!(
        "{VERIFY}?apikey={key}&dest=+966500000000&otp={code}"
    ));
    expect(&reply, ACCEPT, Reason::Accepted);
}

#[test]
fn national_form_where_the_channel_has_a_country() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.channel(ChannelSettings {
        country: Some(CallingCode::new(966).unwrap()),
        ..ChannelSettings::new("web")
    });
    let reply = world.get(&format!("{SEND}?apikey={key}&dest=0500000000"));
    expect(&reply, ACCEPT, Reason::Sent);
    assert_eq!(world.outbox()[0].to.as_str(), "+966500000000");
}

#[test]
fn access_denied_comes_first() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.channel(ChannelSettings {
        addresses: vec!["10.0.0.0/8".parse().unwrap()],
        ..ChannelSettings::new("inside")
    });
    let from = |peer: &str, query: &str| {
        world.request(&Request {
            method: "GET",
            path: SEND,
            query,
            headers: &[("X-Forwarded-For", "10.0.0.1")],
            body: &[],
            peer: peer.parse().unwrap(),
        })
    };
    let good = format!("apikey={key}&dest={DEST}");
    expect(&from("10.9.8.7", &good), ACCEPT, Reason::Sent);
    for peer in ["127.0.0.1", "::1", "11.0.0.1"] {
        expect(&from(peer, &good), DENIED, Reason::AddressNotAllowed);
    }
    // Even with data that is invalid.
    expect(
        &from("::1", &format!("apikey={key}")),
        DENIED,
        Reason::AddressNotAllowed,
    );
    let mapped = from("::ffff:10.1.1.1", &format!("apikey={key}"));
    expect(&mapped, INVALID, Reason::MissingParameter);
    let flipped = if key.ends_with('A') { "B" } else { "A" };
    let other = format!("{}{flipped}", &key[..63]);
    for query in [
        String::new(),
        "apikey=".into(),
        format!("dest={DEST}"),
        format!("apikey=x&dest={DEST}"),
        format!("apikey={key}&apikey={key}&dest={DEST}"),
        format!("apikey={other}&dest={DEST}"),
        format!("apikey={}&dest={DEST}", "A".repeat(64)),
        format!("apikey={}&dest={DEST}", "A".repeat(5000)),
    ] {
        expect(&from("10.9.8.7", &query), DENIED, Reason::UnknownCredential);
    }
}

#[test]
fn applications_of_a_channel() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.channel(ChannelSettings {
        apps: vec![App::new("shop").unwrap(), App::new("bank").unwrap()],
        policy: generous_policy(),
        ..ChannelSettings::new("web")
    });
    expect(
        &send(&world, &key, "&app=other"),
        DENIED,
        Reason::AppNotAllowed,
    );
    expect(&send(&world, &key, "&app=bank"), ACCEPT, Reason::Sent);
    let code = world.last_code();
    for rest in ["", "&app=shop", "&app=BANK", "&app=bank+", "&app=other"] {
        let reply = verify(&world, &key, &code, rest);
        let expected = if rest == "&app=other" {
            Reason::Exhausted
        } else {
            Reason::WrongCode
        };
        expect(&reply, REJECT, expected);
    }
    expect(&send(&world, &key, "&app=bank"), ACCEPT, Reason::Sent);
    let reply = verify(&world, &key, &world.last_code(), "&app=bank");
    expect(&reply, ACCEPT, Reason::Accepted);
}

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

#[track_caller]
fn expect_throttled(reply: &Reply, reason: Reason, seconds: &str) {
    assert_eq!(reply.status, 429);
    assert_eq!(reply.body, DENIED.as_bytes());
    assert_eq!(reply.reason, reason);
    assert!(
        reply
            .headers
            .contains(&("Retry-After", seconds.to_string())),
        "{:?}",
        reply.headers
    );
}

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
    // A refused number costs nothing of the channel's spend.
    expect_throttled(&to(11), Reason::ResendInterval, "30");
    expect(&to(12), ACCEPT, Reason::Sent);
    expect_throttled(&to(13), Reason::SpendLimit, "3600");
    assert_eq!(world.outbox().len(), 2);
}

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
    // The resend interval stays, the send is given back.
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
    // It did arrive, and its code is good.
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

#[test]
fn methods_paths_and_prefetch() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.generous_channel("web");
    let query = format!("apikey={key}&dest={DEST}");
    let request = |method: &str, path: &str, headers: &[(&str, &str)]| {
        world.request(&Request {
            method,
            path,
            query: &query,
            headers,
            body: &[],
            peer: [127, 0, 0, 1].into(),
        })
    };
    let head = request("HEAD", SEND, &[]);
    assert_eq!((head.status, head.body.as_slice()), (405, &b""[..]));
    assert!(head.headers.contains(&("Allow", "GET, POST".into())));
    for method in ["PUT", "DELETE", "OPTIONS", "get", "PATCH", ""] {
        let reply = request(method, SEND, &[]);
        assert_eq!(
            (reply.status, reply.reason),
            (405, Reason::MethodNotAllowed)
        );
    }
    for header in [
        ("Sec-Purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("Purpose", "prefetch"),
        ("X-Moz", "Prefetch"),
        ("X-Purpose", "preview"),
    ] {
        let reply = request("GET", SEND, &[header]);
        assert_eq!((reply.status, reply.reason), (405, Reason::Prefetch));
    }
    for path in [
        "/",
        "/mpass-web/rest/mv",
        "/mpass-web/rest/mv/msg/",
        "/mpass-web/rest/mv/MSG",
    ] {
        let reply = request("GET", path, &[]);
        assert_eq!((reply.status, reply.reason), (404, Reason::NotFound));
    }
    assert!(world.outbox().is_empty());
    assert_eq!(
        request("GET", SEND, &[("Purpose", "shopping")]).reason,
        Reason::Sent
    );
}

#[test]
fn a_form_body_serves_as_well() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.generous_channel("web");
    let post = |path, query: &str, kind: &str, body: &str| {
        world.request(&Request {
            method: "POST",
            path,
            query,
            headers: &[("content-type", kind)],
            body: body.as_bytes(),
            peer: [127, 0, 0, 1].into(),
        })
    };
    let form = "application/x-www-form-urlencoded; charset=UTF-8";
    let reply = post(SEND, "", form, &format!("apikey={key}&dest={DEST}"));
    expect(&reply, ACCEPT, Reason::Sent);
    let body = format!("apikey={key}&dest={DEST}&otp={}", world.last_code());
    expect(&post(VERIFY, "", form, &body), ACCEPT, Reason::Accepted);
    // A parameter in both places is given twice.
    let reply = post(
        SEND,
        &format!("dest={DEST}"),
        form,
        &format!("apikey={key}&dest={DEST}"),
    );
    expect(&reply, INVALID, Reason::RepeatedParameter);
    let reply = post(SEND, "", "text/plain", &format!("apikey={key}&dest={DEST}"));
    expect(&reply, DENIED, Reason::UnknownCredential);
}

#[test]
fn too_large() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.generous_channel("web");
    let mut query = format!("apikey={key}&dest={DEST}&x=");
    let room = 64 * 1024 - "GET".len() - SEND.len() - query.len();
    query.push_str(&"y".repeat(room));
    expect(&world.get(&format!("{SEND}?{query}")), ACCEPT, Reason::Sent);
    query.push('y');
    let reply = world.get(&format!("{SEND}?{query}"));
    assert_eq!((reply.status, reply.reason), (413, Reason::TooLarge));
}

#[test]
fn policy_of_a_channel() {
    let _counted = RUST.scenario();
    let world = World::default();
    let mut settings = PolicySettings {
        digits: Digits::EIGHT,
        tries: 1,
        lifetime_ms: 60_000,
        ..generous_policy().settings().clone()
    };
    settings
        .calling_codes
        .insert(CallingCode::new(966).unwrap());
    let key = world.channel(ChannelSettings {
        policy: Policy::new(settings).unwrap(),
        ..ChannelSettings::new("web")
    });
    let reply = world.get(&format!("{SEND}?apikey={key}&dest=%2B34600000000"));
    expect(&reply, INVALID, Reason::NumberNotAllowed);
    send(&world, &key, "");
    let code = world.last_code();
    assert_eq!(code.len(), 8);
    expect(
        &verify(&world, &key, &wrong(&code), ""),
        REJECT,
        Reason::Exhausted,
    );
    send(&world, &key, "");
    world.pass(60_000);
    let reply = verify(&world, &key, &world.last_code(), "");
    expect(&reply, EXPIRED, Reason::Expired);
}

#[test]
fn rotated_and_revoked_channels() {
    let _counted = RUST.scenario();
    let world = World::default();
    let old = world.generous_channel("web");
    send(&world, &old, "");
    let code = world.last_code();
    let keyring = world.engine.keyring();
    let place = Channel::place(keyring, "web");
    let current = || world.load(Kind::Tenant, &place).unwrap().unwrap();
    let channel = || Channel::open(keyring, &place, &current()).unwrap();
    let swap = |swap: &Swap| assert_eq!(world.swap(swap, world.now()), Ok(Swapped::Stored));

    let write = channel()
        .rotate(keyring, &current(), world.now(), &world.entropy())
        .unwrap();
    swap(write.swap());
    let new = write.stored().expose().to_string();
    expect(&send(&world, &old, ""), DENIED, Reason::UnknownCredential);
    // The channel is the same one: its challenges live on.
    expect(&verify(&world, &new, &code, ""), ACCEPT, Reason::Accepted);
    assert_eq!(channel().key_version(), 2);

    let again = Channel::create(
        keyring,
        Some(&current()),
        ChannelSettings::new("web"),
        world.now(),
        &world.entropy(),
    );
    assert_eq!(again.err(), Some(mpass_core::Error::NameTaken));
    let revoked = channel().revoke(keyring, &current(), world.now(), &world.entropy());
    swap(&revoked.unwrap());
    expect(&send(&world, &new, ""), DENIED, Reason::Revoked);

    // The name is free again, for another channel under another key.
    let write = Channel::create(
        keyring,
        Some(&current()),
        ChannelSettings::new("web"),
        world.now(),
        &world.entropy(),
    )
    .unwrap();
    swap(write.swap());
    expect(&send(&world, &new, ""), DENIED, Reason::UnknownCredential);
    let newest = write.stored().expose().to_string();
    expect(
        &verify(&world, &newest, &code, ""),
        REJECT,
        Reason::NoChallenge,
    );
}

#[test]
fn a_channel_outlives_its_record_key_when_sealed_anew() {
    let _counted = RUST.scenario();
    let mut keyring = Keyring::generate(&[8; 32]);
    let world = World::new(keyring.clone());
    let key = ChannelKey::parse(&world.generous_channel("web")).unwrap();
    let place = key.place();
    let current = world.load(Kind::Tenant, &place).unwrap().unwrap();
    let reseal = |keyring: &Keyring| reseal_tenant(keyring, &place, &current, NOON, &[1; 32]);
    assert_eq!(reseal(&keyring), Ok(None));
    keyring.add(&[9; 32]).unwrap();
    keyring.activate(2).unwrap();
    let swap = reseal(&keyring).unwrap().unwrap();
    assert_eq!(swap.expected.as_deref(), Some(&current[..]));
    keyring.remove(1).unwrap();
    assert_eq!(reseal(&keyring), Err(mpass_core::Error::UnknownRecordKey));
    let channel = Channel::open(&keyring, &place, &swap.value).unwrap();
    assert!(channel.has_key(&keyring, &key));
}
