//! Requests: methods, encodings, sizes, and forms of numbers.

use mpass_core::number::CallingCode;
use mpass_core::service::{ChannelSettings, Reason, Request};
use mpass_tests::coverage::RUST;
use mpass_tests::sim::World;

use super::{ACCEPT, DENIED, DEST, INVALID, REJECT, SEND, VERIFY, expect, wrong};

#[test]
fn invalid_data() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.generous_channel("web");
    let long = "9".repeat(257);
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
            format!("apikey={key}&dest={DEST}&lang=ar"),
            Reason::InvalidParameter,
        ),
        (
            format!("apikey={key}&dest={DEST}&lang=&lang="),
            Reason::RepeatedParameter,
        ),
        (
            format!("apikey={key}&dest={DEST}&lang=en_US&lang=ar_SA"),
            Reason::RepeatedParameter,
        ),
        (
            format!("apikey={key}&dest={DEST}&app=a%E2%80%AEb"),
            Reason::InvalidParameter,
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
        (format!("&otp={}", "1".repeat(41)), Reason::MalformedCode),
        (format!("&otp={}", "1".repeat(257)), Reason::MalformedCode),
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

/// Forms send their empty fields.
#[test]
fn an_empty_optional_parameter_is_an_absent_one() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.generous_channel("web");
    for rest in ["&lang=&app=", "&lang&app", "&app=", "&lang="] {
        let reply = world.get(&format!("{SEND}?apikey={key}&dest={DEST}{rest}"));
        expect(&reply, ACCEPT, Reason::Sent);
        let text = world.outbox().pop().unwrap().text;
        assert!(text.contains("is your verification code"), "{}", *text);
        let code = world.last_code();
        let verify = format!("{VERIFY}?apikey={key}&dest={DEST}&otp={code}&app=");
        expect(&world.get(&verify), ACCEPT, Reason::Accepted);
    }
    // The code of an application is not one of none.
    let reply = world.get(&format!("{SEND}?apikey={key}&dest={DEST}&app=Shop"));
    expect(&reply, ACCEPT, Reason::Sent);
    let code = world.last_code();
    let verify = format!("{VERIFY}?apikey={key}&dest={DEST}&otp={code}&app=");
    expect(&world.get(&verify), REJECT, Reason::WrongCode);
}

#[test]
fn a_language_in_either_spelling() {
    let _counted = RUST.scenario();
    let world = World::default();
    let key = world.generous_channel("web");
    for (tag, word) in [
        ("ar-SA", "رمز"),
        ("ar_sa", "رمز"),
        ("AR-sa", "رمز"),
        ("en-us", "code"),
        ("EN_US", "code"),
    ] {
        let reply = world.get(&format!("{SEND}?apikey={key}&dest={DEST}&lang={tag}"));
        expect(&reply, ACCEPT, Reason::Sent);
        let text = world.outbox().pop().unwrap().text;
        assert!(text.contains(word), "{tag}: {}", *text);
    }
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
        // All forms of the number mean the same number: wrong codes count
        // against one challenge.
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
    // Argentina's 15 is a 9 in international form: one number, one count of tries.
    let key = world.channel(ChannelSettings {
        country: Some(CallingCode::new(54).unwrap()),
        ..ChannelSettings::new("ar")
    });
    let reply = world.get(&format!("{SEND}?apikey={key}&dest=011+15-2345-6789"));
    expect(&reply, ACCEPT, Reason::Sent);
    assert_eq!(world.outbox()[1].to.as_str(), "+5491123456789");
    let code = world.last_code();
    let dest = "%2B54+11+15+2345+6789";
    let reply = world.get(&format!("{VERIFY}?apikey={key}&dest={dest}&otp={code}"));
    expect(&reply, ACCEPT, Reason::Accepted);
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
    // A parameter in both query and body is repeated.
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
