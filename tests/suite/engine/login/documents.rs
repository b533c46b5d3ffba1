//! The public documents.

use mpass_core::challenge::Keyring;
use mpass_core::service::{Reason, Reply};
use mpass_tests::sim::World;

use super::{ISSUER, SERVER, Scene, header, json, request};

fn call(world: &World, method: &'static str, path: &'static str) -> Reply {
    world.request(&request(method, path, SERVER.into()))
}

const PATHS: [&str; 4] = [
    "/.well-known/openid-configuration",
    "/oauth2/jwks",
    "/oauth2/authorize",
    "/oauth2/token",
];

#[test]
fn nothing_is_there_without_an_issuer() {
    for path in PATHS {
        for method in ["GET", "POST", "HEAD", "PUT"] {
            assert_eq!(call(&World::default(), method, path).status, 404, "{path}");
        }
    }
}

#[test]
fn methods_of_each_path() {
    let world = Scene::default().world;
    for (path, allowed) in PATHS
        .into_iter()
        .zip(["GET, HEAD", "GET, HEAD", "GET, POST", "POST"])
    {
        for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "get"] {
            let reply = call(&world, method, path);
            let is_allowed = allowed.split(", ").any(|one| one == method);
            assert_eq!(reply.status != 405, is_allowed, "{method} {path}");
            let allow = (!is_allowed).then_some(allowed);
            assert_eq!(header(&reply, "Allow"), allow, "{method} {path}");
        }
    }
}

#[test]
fn discovery_says_where_everything_is() {
    let world = Scene::default().world;
    let reply = call(&world, "GET", PATHS[0]);
    assert_eq!((reply.status, reply.reason), (200, Reason::DocumentTold));
    assert_eq!(header(&reply, "Content-Type"), Some("application/json"));
    let document = json(&reply);
    assert_eq!(document["issuer"], ISSUER);
    for (name, path) in [
        ("jwks_uri", PATHS[1]),
        ("authorization_endpoint", PATHS[2]),
        ("token_endpoint", PATHS[3]),
    ] {
        assert_eq!(document[name], format!("{ISSUER}{path}"));
    }
    for (name, value) in [
        ("response_types_supported", "code"),
        ("subject_types_supported", "pairwise"),
        ("id_token_signing_alg_values_supported", "ES256"),
        ("code_challenge_methods_supported", "S256"),
        ("prompt_values_supported", "none"),
    ] {
        assert_eq!(document[name].as_array().unwrap(), &[value], "{name}");
    }
    let grants = document["grant_types_supported"].to_string();
    assert!(!grants.contains("refresh_token"), "{grants}");
    // True if absent in the metadata.
    assert_eq!(document["request_uri_parameter_supported"], false);
    assert_eq!(
        document["authorization_response_iss_parameter_supported"],
        true
    );
    assert!(call(&world, "HEAD", PATHS[0]).body.is_empty());
}

#[test]
fn public_keys_and_nothing_else() {
    let mut keyring = Keyring::generate(&[42; 32]);
    keyring.add(&[43; 32]).unwrap();
    let settings = Scene::default().world.engine.settings().clone();
    let world = World::with_settings(keyring, settings);
    let jwks = json(&call(&world, "GET", PATHS[1]));
    let keys = jwks["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 2);
    assert_ne!(
        (&keys[0]["kid"], &keys[0]["x"]),
        (&keys[1]["kid"], &keys[1]["x"])
    );
    for key in keys {
        let mut members: Vec<_> = key.as_object().unwrap().keys().collect();
        members.sort();
        assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    }
    // Cached copies remain valid after a restart.
    let again = World::with_settings(
        world.engine.keyring().clone(),
        world.engine.settings().clone(),
    );
    assert_eq!(json(&call(&again, "GET", PATHS[1])), jwks);
}
