//! The authorization endpoint.

use mpass_core::number::PhoneNumber;
use mpass_core::service::{Answer, ClientSettings, Reason, Reply, Request, Scope};

use super::{
    BACK, CHALLENGE, Changes, DEVICE, ISSUER, NUMBER, READ, SERVER, SMS, Scene, VERIFY,
    client_settings, form, header, json, location, request,
};

const OTHER_BACK: &str = "https://app.example/other?a=b";

#[track_caller]
fn is_closed(reply: &Reply) {
    assert_eq!(header(reply, "Cache-Control"), Some("no-store"));
    assert_eq!(header(reply, "X-Frame-Options"), Some("DENY"));
    assert_eq!(header(reply, "Referrer-Policy"), Some("no-referrer"));
    let policy = header(reply, "Content-Security-Policy").unwrap();
    assert!(policy.contains("frame-ancestors 'none'"));
}

/// Refused without a redirect.
#[track_caller]
fn is_page(reply: &Reply, status: u16, reason: Reason) {
    assert_eq!((reply.status, reply.reason), (status, reason));
    assert_eq!(header(reply, "Location"), None);
    // No `WWW-Authenticate`, which would open a password dialog.
    assert_eq!(header(reply, "WWW-Authenticate"), None);
    is_closed(reply);
    assert!(!reply.body.is_empty());
}

/// Refused by a redirect to the client.
#[track_caller]
pub(super) fn is_refusal(reply: &Reply, error: &str, reason: Reason) {
    let (uri, answer) = location(reply);
    assert_eq!(reply.reason, reason);
    assert_eq!(uri, BACK);
    assert_eq!(answer["error"], error);
    assert_eq!(answer["iss"], ISSUER);
    assert!(!answer.contains_key("code"));
    is_closed(reply);
}

#[test]
fn a_device_comes_back_with_a_code() {
    let scene = Scene::default();
    for changes in [
        &[][..],
        &[("prompt", Some("none"))],
        &[("prompt", Some(""))],
        &[("response_mode", Some("query"))],
        // RFC 6749 section 3.1: without a value, they are omitted.
        &[
            ("response_mode", Some("")),
            ("nonce", Some("")),
            ("id_token_hint", Some("")),
        ],
        &[
            ("request", Some("")),
            ("request_uri", Some("")),
            ("registration", Some("")),
        ],
        // Ignored, as OpenID Connect requires.
        &[(
            "scope",
            Some("openid number-verification:verify offline_access x"),
        )],
        &[
            ("login_hint", Some("+966500000009")),
            ("unknown", Some("x")),
        ],
    ] {
        let reply = scene.visit(DEVICE, changes);
        let (uri, answer) = location(&reply);
        assert_eq!((uri.as_str(), reply.reason), (BACK, Reason::LoggedIn));
        let names: Vec<_> = answer.keys().collect();
        assert_eq!(names, ["code", "iss", "state"]);
        assert_eq!((&*answer["state"], &*answer["iss"]), ("xyz", ISSUER));
        is_closed(&reply);
    }
}

#[test]
fn a_code_says_nothing_of_the_number() {
    let scene = Scene::default();
    let reply = scene.visit(DEVICE, &[]);
    assert!(!header(&reply, "Location").unwrap().contains("966500"));
    assert_ne!(scene.code(&[]), scene.code(&[]));
}

#[test]
fn by_post_as_well() {
    let scene = Scene::default();
    let body = form(
        &[
            ("response_type", "code"),
            ("client_id", "app"),
            ("redirect_uri", BACK),
            ("scope", &format!("openid {VERIFY}")),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ],
        &[],
    );
    let reply = scene.world.request(&Request {
        headers: &[("Content-Type", "application/x-www-form-urlencoded")],
        body: body.as_bytes(),
        ..request("POST", "/oauth2/authorize", DEVICE.into())
    });
    let (_, answer) = location(&reply);
    assert!(answer.contains_key("code") && !answer.contains_key("state"));
}

#[test]
fn state_comes_back_as_it_was_and_a_query_stays() {
    let scene = Scene::default();
    let state = "a b&code=c#d\"<>%2B+/=";
    let changes = [("state", Some(state)), ("redirect_uri", Some(OTHER_BACK))];
    let reply = scene.visit(DEVICE, &changes);
    let text = header(&reply, "Location").unwrap();
    assert!(
        text.starts_with("https://app.example/other?a=b&code="),
        "{text}"
    );
    let (_, answer) = location(&reply);
    assert_eq!(answer["state"], state);
}

#[test]
fn nobody_is_sent_to_a_place_that_is_not_the_clients() {
    let scene = Scene::default();
    for (changes, reason) in [
        (("client_id", Some("nobody")), Reason::UnknownCredential),
        (("client_id", None), Reason::MissingParameter),
        (("client_id", Some("")), Reason::MissingParameter),
        (("redirect_uri", None), Reason::MissingParameter),
        (
            ("redirect_uri", Some("https://app.example/")),
            Reason::RedirectRefused,
        ),
        (
            ("redirect_uri", Some("https://app.example/back/")),
            Reason::RedirectRefused,
        ),
        (
            ("redirect_uri", Some("https://app.example/back?x")),
            Reason::RedirectRefused,
        ),
        (
            ("redirect_uri", Some("https://app.example/Back")),
            Reason::RedirectRefused,
        ),
        (
            ("redirect_uri", Some("https://app.example.evil/back")),
            Reason::RedirectRefused,
        ),
        (
            ("redirect_uri", Some("https://app.example@evil/back")),
            Reason::RedirectRefused,
        ),
        (
            ("redirect_uri", Some("http://app.example/back")),
            Reason::RedirectRefused,
        ),
        (
            ("redirect_uri", Some("https://app.example/back#x")),
            Reason::RedirectRefused,
        ),
        (
            ("redirect_uri", Some("javascript:alert(1)")),
            Reason::RedirectRefused,
        ),
    ] {
        is_page(&scene.visit(DEVICE, &[changes]), 400, reason);
    }
    for name in ["client_id", "redirect_uri"] {
        let twice = [(name, Some("app")), (name, Some(BACK))];
        is_page(&scene.visit(DEVICE, &twice), 400, Reason::RepeatedParameter);
    }
    // A redirect URI of another client.
    let other = ClientSettings {
        redirect_uris: vec!["https://other.example/back".into()],
        ..client_settings("other")
    };
    scene.world.client(other);
    let stolen = [("redirect_uri", Some("https://other.example/back"))];
    is_page(&scene.visit(DEVICE, &stolen), 400, Reason::RedirectRefused);
    scene.revoke();
    is_page(&scene.visit(DEVICE, &[]), 400, Reason::Revoked);
}

#[test]
fn what_a_client_asks_wrongly_it_is_told() {
    let scene = Scene::default();
    let plain = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk=";
    let both = format!("openid {VERIFY} {SMS}");
    let cases: &[(Changes<'_>, &str, Reason)] = &[
        (
            &[("response_type", None)],
            "invalid_request",
            Reason::MissingParameter,
        ),
        (
            &[("response_type", Some("token"))],
            "unsupported_response_type",
            Reason::UnsupportedResponse,
        ),
        (
            &[("response_type", Some("code id_token"))],
            "unsupported_response_type",
            Reason::UnsupportedResponse,
        ),
        (
            &[("response_mode", Some("fragment"))],
            "invalid_request",
            Reason::InvalidParameter,
        ),
        (
            &[("response_mode", Some("form_post"))],
            "invalid_request",
            Reason::InvalidParameter,
        ),
        (
            &[("scope", None)],
            "invalid_request",
            Reason::MissingParameter,
        ),
        (
            &[("scope", Some("openid"))],
            "invalid_scope",
            Reason::ScopeRefused,
        ),
        (
            &[("scope", Some(VERIFY))],
            "invalid_scope",
            Reason::ScopeRefused,
        ),
        (
            &[("scope", Some(&both))],
            "invalid_scope",
            Reason::ScopeRefused,
        ),
        (
            &[("code_challenge", None)],
            "invalid_request",
            Reason::MissingParameter,
        ),
        (
            &[("code_challenge", Some(plain))],
            "invalid_request",
            Reason::InvalidParameter,
        ),
        (
            &[("code_challenge", Some("short"))],
            "invalid_request",
            Reason::InvalidParameter,
        ),
        (
            &[("code_challenge_method", None)],
            "invalid_request",
            Reason::MissingParameter,
        ),
        (
            &[("code_challenge_method", Some("plain"))],
            "invalid_request",
            Reason::InvalidParameter,
        ),
        (
            &[("prompt", Some("login"))],
            "login_required",
            Reason::LoginAsked,
        ),
        (
            &[("prompt", Some("consent"))],
            "consent_required",
            Reason::ConsentAsked,
        ),
        (
            &[("prompt", Some("select_account"))],
            "account_selection_required",
            Reason::AccountChoiceAsked,
        ),
        (
            &[("prompt", Some("login consent"))],
            "login_required",
            Reason::LoginAsked,
        ),
        (
            &[("prompt", Some("none login"))],
            "invalid_request",
            Reason::InvalidParameter,
        ),
        (
            &[("prompt", Some("maybe"))],
            "invalid_request",
            Reason::InvalidParameter,
        ),
        (
            &[("request", Some("a.b.c"))],
            "request_not_supported",
            Reason::RequestObject,
        ),
        (
            &[("request_uri", Some("https://app.example/r"))],
            "request_uri_not_supported",
            Reason::RequestUri,
        ),
        (
            &[("registration", Some("{}"))],
            "registration_not_supported",
            Reason::Registration,
        ),
        (
            &[("nonce", Some("\u{e9}"))],
            "invalid_request",
            Reason::InvalidParameter,
        ),
        (
            &[("nonce", Some("a")), ("nonce", Some("b"))],
            "invalid_request",
            Reason::RepeatedParameter,
        ),
        (
            &[("scope", Some("a")), ("scope", Some("b"))],
            "invalid_request",
            Reason::RepeatedParameter,
        ),
    ];
    for (changes, error, reason) in cases {
        let reply = scene.visit(DEVICE, changes);
        is_refusal(&reply, error, *reason);
        assert_eq!(location(&reply).1["state"], "xyz", "{changes:?}");
    }
    for changes in [
        &[("state", Some("\n"))][..],
        &[("state", Some("a")), ("state", Some("b"))],
    ] {
        let reply = scene.visit(DEVICE, changes);
        let reason = reply.reason;
        assert!(matches!(
            reason,
            Reason::InvalidParameter | Reason::RepeatedParameter
        ));
        is_refusal(&reply, "invalid_request", reason);
        assert!(!location(&reply).1.contains_key("state"));
    }
}

#[test]
fn a_number_is_told_only_to_clients_that_may_know_it() {
    let changes = [(
        "scope",
        Some("openid number-verification:device-phone-number:read"),
    )];
    let may = Scene::default();
    let tokens = json(&may.redeem(&may.code(&changes), &[]));
    assert_eq!(tokens["scope"], format!("openid {READ}"));
    // The default scopes of a client.
    let settings = ClientSettings {
        scopes: ClientSettings::new("app").scopes,
        ..client_settings("app")
    };
    assert!(!settings.scopes.contains(&Scope::ReadNumber));
    let may_not = Scene::new(settings);
    is_refusal(
        &may_not.visit(DEVICE, &changes),
        "invalid_scope",
        Reason::ScopeRefused,
    );
    let both = format!("openid {VERIFY} {READ}");
    let both = may_not.visit(DEVICE, &[("scope", Some(&both))]);
    is_refusal(&both, "invalid_scope", Reason::ScopeRefused);
}

#[test]
fn what_the_network_says() {
    let scene = Scene::default();
    for (answer, error, reason) in [
        (
            Answer::Resolved(None),
            "login_required",
            Reason::UnknownDevice,
        ),
        (Answer::Unsupported, "login_required", Reason::UnknownDevice),
        (
            Answer::Failed,
            "temporarily_unavailable",
            Reason::HostFailed,
        ),
        (
            Answer::Unknown,
            "temporarily_unavailable",
            Reason::HostFailed,
        ),
        (Answer::Stored, "server_error", Reason::WrongAnswer),
    ] {
        scene.world.set_resolution(SERVER.into(), answer);
        is_refusal(&scene.visit(SERVER, &[]), error, reason);
    }
}

/// The address is that of the connection; headers do not change it.
#[test]
fn no_header_is_an_address() {
    let scene = Scene::default();
    let query = form(
        &[
            ("response_type", "code"),
            ("client_id", "app"),
            ("redirect_uri", BACK),
            ("scope", "openid number-verification:verify"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ],
        &[],
    );
    let reply = scene.world.request(&Request {
        query: &query,
        headers: &[
            ("X-Forwarded-For", "10.20.0.7"),
            ("Forwarded", "for=10.20.0.7"),
            ("X-Real-IP", "10.20.0.7"),
        ],
        ..request("GET", "/oauth2/authorize", SERVER.into())
    });
    is_refusal(&reply, "login_required", Reason::UnknownDevice);
}

#[test]
fn nothing_is_given_to_a_prefetch_or_to_head() {
    let scene = Scene::default();
    let before = scene.world.stored().len();
    for (method, headers) in [
        ("GET", &[("Sec-Purpose", "prefetch;prerender")][..]),
        ("GET", &[("Purpose", "prefetch")]),
        ("HEAD", &[]),
    ] {
        let query = format!("client_id=app&redirect_uri={BACK}");
        let reply = scene.world.request(&Request {
            query: &query,
            headers,
            ..request(method, "/oauth2/authorize", DEVICE.into())
        });
        assert_eq!((reply.status, header(&reply, "Location")), (405, None));
    }
    assert_eq!(scene.world.stored().len(), before);
}

#[test]
fn a_client_calls_from_its_addresses_and_devices_from_theirs() {
    let scene = Scene::new(ClientSettings {
        addresses: vec!["192.0.2.0/24".parse().unwrap()],
        ..client_settings("app")
    });
    assert_eq!(scene.redeem(&scene.code(&[]), &[]).status, 200);
    scene.set(&ClientSettings {
        addresses: vec!["198.51.100.0/24".parse().unwrap()],
        ..client_settings("app")
    });
    let reply = scene.redeem(&scene.code(&[]), &[]);
    assert_eq!(
        (reply.status, reply.reason),
        (401, Reason::AddressNotAllowed)
    );
}

#[test]
fn a_number_of_any_length_has_a_code() {
    let scene = Scene::default();
    for number in [NUMBER, "+12025550123", "+491511234567890"] {
        let number = PhoneNumber::parse(number, None).unwrap();
        scene
            .world
            .set_resolution(SERVER.into(), Answer::Resolved(Some(number)));
        let (_, answer) = location(&scene.visit(SERVER, &[]));
        let tokens = json(&scene.redeem(&answer["code"], &[]));
        let token = tokens["access_token"].as_str().unwrap();
        let reply = scene.verify(token, number.as_str());
        assert_eq!(reply.body, br#"{"devicePhoneNumberVerified":true}"#);
    }
}
