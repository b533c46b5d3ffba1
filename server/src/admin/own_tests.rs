//! What is one's own depends on who asks, and not on the request.

use serde_json::{Value as Json, json};

use super::protocol::Operation;
use super::tokens::TokenOperation as T;
use crate::audit::{Actor, Via};

/// Whose tokens are meant does not depend on what the request says, where somebody
/// known asks for their own.
#[test]
fn own_tokens_are_of_who_asks() {
    let parse = |with: Json| -> Operation {
        serde_json::from_value(json!({ "name": "token", "with": with })).unwrap()
    };
    let anna = Actor {
        name: Some("anna".to_owned()),
        token: Some("1234".to_owned()),
        ..Actor::of(Via::Api)
    };
    let create = || json!({ "token": "create", "name": "a", "permissions": [], "life_ms": 1 });
    let mut own = parse(create());
    own.asked_by(&anna).unwrap();
    let Operation::Token(T::Create {
        maker, made_with, ..
    }) = own
    else {
        panic!("a token");
    };
    assert_eq!(maker.as_deref(), Some("anna"));
    assert_eq!(made_with.as_deref(), Some("1234"));
    let mut others = create();
    others["maker"] = json!("bert");
    assert!(parse(others.clone()).asked_by(&anna).is_err());
    // The socket has no name: it must say whose.
    let socket = Actor::of(Via::Socket);
    assert!(parse(create()).asked_by(&socket).is_err());
    assert!(parse(others).asked_by(&socket).is_ok());
    for request in [
        json!({ "token": "list" }),
        json!({ "token": "revoke", "id": "0" }),
    ] {
        let mut own = parse(request.clone());
        assert!(parse(request).asked_by(&socket).is_err());
        own.asked_by(&anna).unwrap();
        let Operation::Token(T::List { of, .. } | T::Revoke { of, .. }) = own else {
            panic!("tokens");
        };
        assert_eq!(
            of,
            super::tokens::TokensOf::Administrator("anna".to_owned())
        );
    }
    // A request cannot say which token makes it.
    let mut forged = create();
    forged["made_with"] = json!("5678");
    let Operation::Token(T::Create { made_with, .. }) = parse(forged) else {
        panic!("a token");
    };
    assert_eq!(made_with, None);
}

/// One's own credentials are those of who asks, in a session: whatever the request
/// says, and whatever a token may.
#[test]
fn own_credentials_are_of_who_asks() {
    let parse = || -> Operation {
        let with = json!({
            "administrator": "own", "step": "begin_authenticator", "name": "bert",
        });
        serde_json::from_value(json!({ "name": "administrator", "with": with })).unwrap()
    };
    let anna = Actor {
        name: Some("anna".to_owned()),
        ..Actor::of(Via::Portal)
    };
    let mut own = parse();
    assert_eq!(own.tenant(), None);
    own.asked_by(&anna).unwrap();
    assert_eq!(own.tenant(), Some("anna"));
    let with_token = Actor {
        token: Some("1234".to_owned()),
        ..anna
    };
    assert!(parse().asked_by(&with_token).is_err());
    assert!(parse().asked_by(&Actor::of(Via::Socket)).is_err());
}
