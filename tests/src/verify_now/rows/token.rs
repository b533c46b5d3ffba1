//! Requests for a token.

use super::super::{BRIEF, Caller, Desk, ELSEWHERE, NOBODY, TOKEN, USUAL, ask_token, expect, key};

/// A valid credential.
pub fn token_status_200(desk: &dyn Desk) {
    let key = key(desk.keyring(), USUAL);
    // `country` in both common forms, and only the required parameters; base64
    // with and without padding.
    let bare = key.trim_end_matches('=');
    for (key, rest) in [
        (key.as_str(), "&scope=NEW&country=IN&email=me%40example.com"),
        (&key, "&country=91"),
        (bare, ""),
    ] {
        let answer = ask_token(desk, USUAL, key, rest);
        let token = answer.json()["token"].as_str().expect("a token").to_owned();
        let body = format!(r#"{{"status":200,"token":"{token}"}}"#);
        expect(&answer, 200, &body);
        assert_eq!(token.split('.').count(), 3);
    }
}

/// All wrong credentials get the same response.
pub fn token_status_400_customer_id_is_invalid(desk: &dyn Desk) {
    let key = |id| key(desk.keyring(), id);
    for (id, key) in [
        (NOBODY, key(NOBODY)),
        (USUAL, key(BRIEF)),
        (USUAL, "%21".into()),
        (USUAL, key(USUAL)[4..].into()),
        ("C-1", key(USUAL)),
        ("c-0000000000000a1", key(USUAL)),
        // Valid, but not from this address.
        (ELSEWHERE, key(ELSEWHERE)),
    ] {
        let answer = ask_token(desk, id, &key, "");
        let body = r#"{"status":400,"error":"customerId is invalid"}"#;
        expect(&answer, 200, body);
    }
}

/// Invalid parameters of the token request.
pub fn token_status_400_parameters(desk: &dyn Desk) {
    let caller = Caller::new(desk, USUAL);
    let key = key(desk.keyring(), USUAL);
    let long = "A".repeat(129);
    for (query, words) in [
        (format!("key={key}"), "customerId is missing"),
        (format!("customerId=&key={key}"), "customerId is missing"),
        (format!("customerId={USUAL}"), "key is missing"),
        (
            format!("customerId={USUAL}&key={key}&key={key}"),
            "key is given twice",
        ),
        (format!("customerId={USUAL}&key={long}"), "key is not valid"),
    ] {
        let body = format!(r#"{{"status":400,"error":"{words}"}}"#);
        expect(&caller.call("GET", TOKEN, &query), 200, &body);
    }
}
