//! Methods, prefetch and sizes.

use mpass_core::service::{Reason, Reply, Request};

use super::{ID, NUMBER, Scene, TOKEN, Three, Two, Version, expect};

/// All paths with their methods.
fn paths() -> [(&'static str, &'static str); 5] {
    [
        ("GET", TOKEN),
        ("POST", Two.send_path()),
        ("POST", Three.send_path()),
        ("GET", Two.validate_path()),
        ("GET", Three.validate_path()),
    ]
}

fn failure(path: &str, words: &str) -> String {
    match path {
        TOKEN => format!(r#"{{"status":400,"error":"{words}"}}"#),
        _ => format!(
            r#"{{"responseCode":400,"message":"BAD_REQUEST","data":{{"responseCode":"400","errorMessage":"{words}"}}}}"#
        ),
    }
}

fn allow(reply: &Reply) -> Option<&str> {
    let held = reply.headers.iter().find(|(name, _)| *name == "Allow");
    held.map(|(_, value)| value.as_str())
}

#[test]
fn other_methods_are_405_and_name_the_right_one() {
    let scene = Scene::new();
    let query = scene.send_query(Two, NUMBER);
    for (right, path) in paths() {
        for method in ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS"] {
            if method == right {
                continue;
            }
            let reply = scene.call(method, path, &query);
            let body = match method {
                "HEAD" => String::new(),
                _ => failure(path, "the method is not allowed"),
            };
            expect(&reply, 405, &body, Reason::MethodNotAllowed);
            assert_eq!(allow(&reply), Some(right));
        }
    }
    assert!(scene.world.outbox().is_empty());
}

#[test]
fn a_prefetch_sends_and_spends_nothing() {
    let scene = Scene::new();
    let (id, code) = scene.sent(Two);
    let validate = scene.validate_query(Two, &id, &code);
    let send = scene.send_query(Two, "8846735393");
    for (method, path) in paths() {
        for purpose in ["Sec-Purpose", "Purpose"] {
            let reply = scene.world.request(&Request {
                method,
                path,
                query: if method == "POST" { &send } else { &validate },
                headers: &[("authToken", &scene.token), (purpose, "prefetch")],
                body: &[],
                peer: [127, 0, 0, 1].into(),
            });
            let body = failure(path, "a prefetch is not answered");
            expect(&reply, 405, &body, Reason::Prefetch);
        }
    }
    assert_eq!((scene.world.outbox().len(), scene.balance()), (1, 99));
    assert_eq!(scene.validate(Two, &id, &code).reason, Reason::Accepted);
}

#[test]
fn too_large() {
    let scene = Scene::new();
    let long = "x".repeat(64 * 1024);
    for (method, path) in paths() {
        let reply = scene.call(method, path, &format!("customerId={ID}&x={long}"));
        let body = failure(path, "the request is too large");
        expect(&reply, 413, &body, Reason::TooLarge);
    }
}

#[test]
fn paths_of_no_version() {
    let scene = Scene::new();
    for path in [
        "/verification/v3/verification/send",
        "/verification/v2/send",
        "/verification/v4/send",
        "/verification/v3/send/",
        "/messageCentral/v1.0/sendOtp",
        "/auth/v2/authentication/token",
    ] {
        let reply = scene.call("POST", path, &scene.send_query(Two, NUMBER));
        assert_eq!((reply.status, reply.reason), (404, Reason::NotFound));
    }
}

#[test]
fn nothing_secret_in_what_is_stored() {
    let scene = Scene::new();
    for version in Version::BOTH {
        let (id, code) = scene.sent(version);
        for value in scene.world.stored() {
            for secret in [id.as_bytes(), NUMBER.as_bytes(), scene.secret.as_bytes()] {
                assert!(!value.windows(secret.len()).any(|part| part == secret));
            }
        }
        scene.validate(version, &id, &code);
    }
}
