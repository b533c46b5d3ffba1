//! Errors that name the parameter at fault.

use super::{
    Changes, DEVICE, NUMBER, READ, SERVER, Scene, VERIFY, header, json, location, request,
};

/// What follows `error_description` in the redirect of a user agent.
fn redirected(changes: Changes<'_>) -> String {
    let (_, answer) = location(&Scene::default().visit(DEVICE, changes));
    assert_eq!(answer["error"], "invalid_request");
    answer["error_description"].clone()
}

/// The page for a user agent that cannot be redirected.
fn page(changes: Changes<'_>) -> String {
    let reply = Scene::default().visit(DEVICE, changes);
    assert_eq!(reply.status, 400);
    String::from_utf8(reply.body).unwrap()
}

/// What follows `error_description` in the reply to a client's server.
fn answered(changes: Changes<'_>) -> String {
    let reply = Scene::default().redeem("x", changes);
    let body = json(&reply);
    assert_eq!(
        (reply.status, &body["error"]),
        (400, &"invalid_request".into())
    );
    body["error_description"].as_str().unwrap().to_string()
}

#[test]
fn of_the_authorization_endpoint() {
    let without_pkce = [("code_challenge", None), ("code_challenge_method", None)];
    let shown = redirected(&without_pkce);
    assert_eq!(shown, "The parameter code_challenge is missing.");
    for name in [
        "response_type",
        "scope",
        "code_challenge",
        "code_challenge_method",
    ] {
        let expected = format!("The parameter {name} is missing.");
        assert_eq!(redirected(&[(name, None)]), expected);
        assert_eq!(redirected(&[(name, Some(""))]), expected);
        let twice = [(name, Some("code")), (name, Some("code"))];
        let expected = format!("The parameter {name} is repeated.");
        assert_eq!(redirected(&twice), expected);
    }
    let long = "a".repeat(5000);
    for (name, value) in [
        ("code_challenge", "short"),
        ("code_challenge_method", "plain"),
        ("response_mode", "fragment"),
        ("prompt", "maybe"),
        ("prompt", "none login"),
        ("nonce", "\u{e9}"),
        ("nonce", &long),
        ("state", "\u{e9}"),
        ("id_token_hint", &long),
    ] {
        let expected = format!("The parameter {name} is not valid.");
        assert_eq!(redirected(&[(name, Some(value))]), expected);
    }
    for name in ["client_id", "redirect_uri"] {
        let expected = format!("The parameter {name} is missing. (invalid_request)\n");
        assert_eq!(page(&[(name, None)]), expected);
        let expected = format!("The parameter {name} is not valid. (invalid_request)\n");
        assert_eq!(page(&[(name, Some(&long))]), expected);
    }
}

#[test]
fn of_the_token_endpoint() {
    let long = "a".repeat(5000);
    for name in ["grant_type", "code", "redirect_uri", "code_verifier"] {
        let expected = format!("The parameter {name} is missing.");
        assert_eq!(answered(&[(name, None)]), expected);
        let twice = [(name, Some("authorization_code")), (name, Some("b"))];
        let expected = format!("The parameter {name} is repeated.");
        assert_eq!(answered(&twice), expected);
        let expected = format!("The parameter {name} is not valid.");
        assert_eq!(answered(&[(name, Some(&long))]), expected);
    }
    // RFC 7636 section 4.1: 43 to 128 unreserved characters.
    let verifiers = [
        "a".repeat(42),
        "a".repeat(129),
        "+".repeat(43),
        "a b".repeat(15),
    ];
    for verifier in &verifiers {
        let expected = "The parameter code_verifier is not valid.";
        assert_eq!(answered(&[("code_verifier", Some(verifier))]), expected);
    }
    let twice = [("client_id", Some("app")), ("client_id", Some("app"))];
    assert_eq!(answered(&twice), "The parameter client_id is repeated.");
    let both = [("client_id", Some("app")), ("client_secret", Some("x"))];
    assert_eq!(answered(&both), "Two authentication methods are used.");
    let scene = Scene::default();
    let nameless = scene.call(None, &[("client_secret", "x")]);
    let shown = &json(&nameless)["error_description"];
    assert_eq!(shown, "The parameter client_id is missing.");
}

/// RFC 6750 section 3: `Bearer` alone to a request without a token, an error code
/// to one with a token that is not valid or lacks the scope.
#[test]
fn of_bearer_tokens() {
    let scene = Scene::default();
    let challenge = |reply: &mpass_core::service::Reply| {
        header(reply, "WWW-Authenticate").map(ToString::to_string)
    };
    let path = "/number-verification/v2/verify";
    let bare = scene.world.request(&request("POST", path, SERVER.into()));
    assert_eq!(
        (bare.status, challenge(&bare).as_deref()),
        (401, Some("Bearer"))
    );

    let invalid = scene.verify("nonsense", NUMBER);
    let expected = r#"Bearer error="invalid_token""#;
    assert_eq!(
        (invalid.status, challenge(&invalid).as_deref()),
        (401, Some(expected))
    );

    let token = |scope| {
        let asked = format!("openid {scope}");
        let code = scene.code(&[("scope", Some(&asked))]);
        let tokens = json(&scene.redeem(&code, &[]));
        tokens["access_token"].as_str().unwrap().to_string()
    };
    let other = scene.verify(&token(READ), NUMBER);
    let expected = format!(r#"Bearer error="insufficient_scope", scope="{VERIFY}""#);
    assert_eq!((other.status, challenge(&other)), (403, Some(expected)));

    let verify = token(VERIFY);
    assert_eq!(challenge(&scene.verify(&verify, NUMBER)), None);
    // Used before.
    let again = scene.verify(&verify, NUMBER);
    let expected = r#"Bearer error="invalid_token""#;
    assert_eq!(
        (again.status, challenge(&again).as_deref()),
        (401, Some(expected))
    );
}
