//! The token endpoint: codes and client credentials.

use mpass_core::service::settings::Group;
use mpass_core::service::{ClientSettings, Reason, Reply, Request, Scope};
use mpass_tests::verify_now::{Caller, USUAL, Version, provision};

use super::{
    BACK, Changes, SERVER, SMS, Scene, VERIFIER, VERIFY, basic, client_settings, form, header,
    json, request, with_another_end,
};

#[track_caller]
pub(super) fn is_error(reply: &Reply, status: u16, error: &str, reason: Reason) {
    assert_eq!((reply.status, reply.reason), (status, reason));
    assert_eq!(json(reply)["error"], error);
    assert_eq!(header(reply, "Cache-Control"), Some("no-store"));
    let challenge = header(reply, "WWW-Authenticate").is_some();
    assert_eq!(challenge, status == 401);
}

#[track_caller]
fn is_refused_grant(reply: &Reply) {
    is_error(reply, 400, "invalid_grant", Reason::GrantRefused);
}

#[test]
fn a_code_serves_once() {
    let scene = Scene::default();
    let code = scene.code(&[]);
    assert_eq!(scene.redeem(&code, &[]).status, 200);
    for _ in 0..2 {
        let again = scene.redeem(&code, &[]);
        is_error(&again, 400, "invalid_grant", Reason::GrantUsed);
    }
}

#[test]
fn a_code_lives_for_a_minute() {
    let scene = Scene::default();
    let (first, second) = (scene.code(&[]), scene.code(&[]));
    scene.world.pass(59_999);
    assert_eq!(scene.redeem(&first, &[]).status, 200);
    scene.world.pass(1);
    is_refused_grant(&scene.redeem(&second, &[]));
}

#[test]
fn a_code_serves_only_whoever_asked_for_it() {
    let scene = Scene::default();
    let (_, other_secret) = scene.world.client(client_settings("other"));
    let code = scene.code(&[]);
    let wrong = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK";
    let last = with_another_end(&code);
    let cases: &[(Changes<'_>, Reason)] = &[
        (&[("code_verifier", Some(wrong))], Reason::GrantRefused),
        (
            &[("code_verifier", Some(super::CHALLENGE))],
            Reason::GrantRefused,
        ),
        (
            &[("redirect_uri", Some("https://app.example/other?a=b"))],
            Reason::GrantRefused,
        ),
        (&[("code", Some("garbage"))], Reason::GrantRefused),
        (&[("code", Some(&last))], Reason::GrantRefused),
        (&[("code_verifier", None)], Reason::MissingParameter),
        (&[("code_verifier", Some(""))], Reason::MissingParameter),
        (&[("redirect_uri", None)], Reason::MissingParameter),
        (&[("code", None)], Reason::MissingParameter),
        (&[("grant_type", None)], Reason::MissingParameter),
        (
            &[("code", Some("a")), ("code", Some(&code))],
            Reason::RepeatedParameter,
        ),
        (
            &[("grant_type", Some("refresh_token"))],
            Reason::UnsupportedGrant,
        ),
        (
            &[("grant_type", Some("password"))],
            Reason::UnsupportedGrant,
        ),
    ];
    for (changes, reason) in cases {
        let error = match reason {
            Reason::GrantRefused => "invalid_grant",
            Reason::UnsupportedGrant => "unsupported_grant_type",
            _ => "invalid_request",
        };
        is_error(&scene.redeem(&code, changes), 400, error, *reason);
    }
    let stolen = scene.call(
        Some(&basic("other", &other_secret)),
        &[
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", BACK),
            ("code_verifier", VERIFIER),
        ],
    );
    is_refused_grant(&stolen);
    // None of those has used the code.
    assert_eq!(scene.redeem(&code, &[]).status, 200);
}

#[test]
fn a_code_does_not_outlive_the_credential_it_was_asked_under() {
    let mut scene = Scene::default();
    let code = scene.code(&[]);
    let secret = scene.world.rotate(Group::Client, "app");
    let old = scene.redeem(&code, &[]);
    is_error(&old, 401, "invalid_client", Reason::UnknownCredential);
    scene.secret = secret;
    is_refused_grant(&scene.redeem(&code, &[]));
    assert_eq!(scene.redeem(&scene.code(&[]), &[]).status, 200);
    let code = scene.code(&[]);
    scene.revoke();
    is_error(
        &scene.redeem(&code, &[]),
        401,
        "invalid_client",
        Reason::Revoked,
    );
}

#[test]
fn a_code_yields_only_scopes_that_its_client_still_has() {
    let scene = Scene::default();
    let code = scene.code(&[]);
    scene.set(&ClientSettings {
        scopes: vec![Scope::ReadNumber],
        ..client_settings("app")
    });
    let reply = scene.redeem(&code, &[]);
    let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!((reply.status, &body["scope"]), (200, &"openid".into()));
}

/// Every kind of token at every endpoint that accepts one.
#[test]
fn no_kind_of_token_passes_for_another() {
    let scene = Scene::default();
    let world = &scene.world;
    let keyring = world.engine.keyring();
    provision(world, keyring, world.now(), &world.entropy());
    let caller = Caller::new(world, USUAL);
    let tokens = json(&scene.redeem(&scene.code(&[]), &[]));
    let [access, id] = ["access_token", "id_token"].map(|name| tokens[name].as_str().unwrap());
    let code = scene.code(&[]);
    for (kind, token) in [
        ("code", code.as_str()),
        ("access token", access),
        ("ID token", id),
        ("authToken", caller.token()),
    ] {
        let redeemed = scene.redeem(token, &[]);
        if kind == "code" {
            assert_eq!(redeemed.status, 200);
        } else {
            is_refused_grant(&redeemed);
        }
        let status = scene.verify(token, super::NUMBER).status;
        assert_eq!(
            status,
            if kind == "access token" { 200 } else { 401 },
            "{kind}"
        );
        let sent = caller.with_token(token);
        let sent = sent.send(Version::Three, "9876535300", "").status;
        assert_eq!(sent, if kind == "authToken" { 200 } else { 401 }, "{kind}");
    }
}

#[test]
fn nothing_is_read_from_the_uri() {
    let scene = Scene::default();
    let code = scene.code(&[]);
    let query = form(
        &[
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", BACK),
            ("code_verifier", VERIFIER),
            ("client_id", "app"),
            ("client_secret", &scene.secret),
        ],
        &[],
    );
    let reply = scene.world.request(&Request {
        query: &query,
        headers: &[("Content-Type", "application/x-www-form-urlencoded")],
        ..request("POST", "/oauth2/token", SERVER.into())
    });
    is_error(&reply, 401, "invalid_client", Reason::UnknownCredential);
    let reply = scene.world.request(&Request {
        query: &query,
        headers: &[("Authorization", &scene.basic())],
        ..request("POST", "/oauth2/token", SERVER.into())
    });
    is_error(&reply, 400, "invalid_request", Reason::MissingParameter);
}

/// RFC 6749 section 4.1.3: the parameters are those of a form.
#[test]
fn a_body_that_is_not_a_form_is_named() {
    let scene = Scene::default();
    let basic = scene.basic();
    let body = br#"{"grant_type":"client_credentials"}"#;
    for media_type in [Some("application/json"), Some("text/plain"), None] {
        for authorization in [Some(&*basic), None] {
            let media_type = media_type.map(|value| ("Content-Type", value));
            let authorization = authorization.map(|value| ("Authorization", value));
            let headers: Vec<_> = media_type.into_iter().chain(authorization).collect();
            let reply = scene.world.request(&Request {
                headers: &headers,
                body,
                ..request("POST", "/oauth2/token", SERVER.into())
            });
            is_error(&reply, 400, "invalid_request", Reason::InvalidBody);
            assert_eq!(
                json(&reply)["error_description"],
                "The Content-Type must be application/x-www-form-urlencoded."
            );
        }
    }
}

#[test]
fn a_client_asks_for_itself() {
    let scene = Scene::default();
    let ask = |scene: &Scene, scope: Option<&str>| {
        let mut body = vec![("grant_type", "client_credentials")];
        body.extend(scope.map(|scope| ("scope", scope)));
        scene.call(Some(&scene.basic()), &body)
    };
    for scope in [None, Some(SMS)] {
        let tokens = json(&ask(&scene, scope));
        assert_eq!(
            (&tokens["scope"], &tokens["expires_in"]),
            (&SMS.into(), &3600.into())
        );
        assert_eq!(
            (tokens.get("id_token"), tokens.get("refresh_token")),
            (None, None)
        );
        // It has neither a number nor the scope.
        let token = tokens["access_token"].as_str().unwrap();
        assert_eq!(scene.verify(token, super::NUMBER).status, 403);
    }
    let both = format!("{SMS} {VERIFY}");
    for scope in [VERIFY, "openid", &both, "x"] {
        let reply = ask(&scene, Some(scope));
        is_error(&reply, 400, "invalid_scope", Reason::ScopeRefused);
    }
    let may_not = Scene::new(ClientSettings {
        scopes: vec![Scope::Verify],
        ..client_settings("app")
    });
    is_error(
        &ask(&may_not, None),
        400,
        "invalid_scope",
        Reason::ScopeRefused,
    );
}
