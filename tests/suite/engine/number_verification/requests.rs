//! Contents of requests (numbers, hashes, bodies, correlators, methods), and
//! the order of the checks.

use mpass_core::challenge::Keyring;
use mpass_core::number::PhoneNumber;
use mpass_core::service::{EngineSettings, Grant, Reason, Request, TokenUse};
use mpass_tests::number_verification::{
    Body, NUMBER, Operation, Outcome, client_settings, grant, request,
};
use mpass_tests::sim::World;
use mpass_tests::vectors;
use mpass_tests::wire::{Call, Wire};

use super::Scene;

const INVALID: Outcome = Outcome::Error(400, "INVALID_ARGUMENT");
const DENIED: Outcome = Outcome::Error(403, "PERMISSION_DENIED");
const NOT_BY_NETWORK: Outcome = Outcome::Error(
    403,
    "NUMBER_VERIFICATION.USER_NOT_AUTHENTICATED_BY_MOBILE_NETWORK",
);
const UNAUTHENTICATED: Outcome = Outcome::Error(401, "UNAUTHENTICATED");

/// A scene with a token that is valid for many calls.
fn generous() -> Scene {
    let settings = EngineSettings {
        token_use: TokenUse::WithinLife,
        ..EngineSettings::default()
    };
    let world = World::with_settings(Keyring::generate(&[42; 32]), settings);
    Scene::new(world, client_settings("app"))
}

fn verify(scene: &Scene, version: &str, token: &str, body: &str) -> Call {
    let mut call = request(version, Operation::Verify, Some(token), None, Body::Absent);
    call.body = body.as_bytes().to_vec();
    assert_eq!(scene.world.now_ms(), scene.world.now());
    call
}

#[test]
fn what_a_number_is() {
    let scene = generous();
    let token = scene.subject().token(&grant());
    let answer = |version, number: &str| {
        let body = serde_json::json!({ "phoneNumber": number }).to_string();
        scene.world.send(&verify(&scene, version, &token, &body))
    };
    for number in [
        "",
        "+",
        "+1234",
        "+0966500000000",
        "+1234567890123456",
        "++966500000000",
        "966500000000+",
        "00966500000000",
        "0500000000",
        "+966 500000000",
        "+966500000000\n",
        " +966500000000",
        "+96650000000a",
        "\u{ff0b}966500000000",
        "+٩٦٦٥٠٠٠٠٠٠٠٠",
    ] {
        for version in ["v0", "v2"] {
            INVALID.check(&answer(version, number));
        }
    }
    for number in ["+12345", "+123456789012345", "+99999999", "+9665000000001"] {
        for version in ["v0", "v2"] {
            Outcome::Verified(false).check(&answer(version, number));
        }
        Outcome::Verified(false).check(&answer("v0", &number[1..]));
        INVALID.check(&answer("v2", &number[1..]));
    }
    for version in ["v0", "v2"] {
        Outcome::Verified(true).check(&answer(version, NUMBER));
        // The number of the device is in canonical form, and so is the claim.
        Outcome::Verified(true).check(&answer(version, "+9660500000000"));
        // One digit more or fewer, at either end.
        for near in ["+96650000000", "+66500000000", "+966500000001"] {
            Outcome::Verified(false).check(&answer(version, near));
        }
    }
}

#[test]
fn what_a_hash_is() {
    let scene = generous();
    for vector in vectors::number_hash().vectors {
        let token = scene.subject().token(&Grant {
            number: Some(PhoneNumber::parse(&vector.number, None).unwrap()),
            ..grant()
        });
        let answer = |version, hash: &str| {
            let body = serde_json::json!({ "hashedPhoneNumber": hash }).to_string();
            scene.world.send(&verify(&scene, version, &token, &body))
        };
        let hash = vector.sha256_hex;
        let (head, last) = hash.split_at(63);
        let other = format!("{head}{}", if last == "0" { '1' } else { '0' });
        for version in ["v0", "v2"] {
            for same in [hash.clone(), hash.to_uppercase()] {
                Outcome::Verified(true).check(&answer(version, &same));
            }
            Outcome::Verified(false).check(&answer(version, &other));
            for none in [
                "",
                head,
                &format!("{hash}0"),
                &format!("{head}g"),
                &format!("{hash}\n"),
                &format!("0x{}", &hash[2..]),
            ] {
                INVALID.check(&answer(version, none));
            }
        }
    }
    // Printed in the specification for +346661113334, but not its hash.
    let token = scene.subject().token(&Grant {
        number: Some(PhoneNumber::parse("+346661113334", None).unwrap()),
        ..grant()
    });
    let body = r#"{"hashedPhoneNumber":"32f67ab4e4312618b09cd23ed8ce41b13e095fe52b73b2e8da8ef49830e50dba"}"#;
    for version in ["v0", "v2"] {
        let answer = scene.world.send(&verify(&scene, version, &token, body));
        Outcome::Verified(false).check(&answer);
    }
}

#[test]
fn a_body_is_an_object_with_one_of_two_texts() {
    let scene = generous();
    let token = scene.subject().token(&grant());
    let answer = |version, body: &str| scene.world.send(&verify(&scene, version, &token, body));
    for body in [
        "null",
        "[]",
        "\"+966500000000\"",
        "\"phoneNumber\"",
        "{",
        "{}{}",
        "{\"phoneNumber\":\"+966500000000\"} x",
        "{\"phoneNumber\":null}",
        "{\"phoneNumber\":966500000000}",
        "{\"phoneNumber\":[\"+966500000000\"]}",
        "{\"phoneNumber\":{}}",
        "{\"phoneNumber\":\"+966500000000\",\"hashedPhoneNumber\":null}",
        "{\"hashedPhoneNumber\":null,\"phoneNumber\":\"+966500000000\"}",
        "{\"phoneNumber\":\"+966500000000\",\"phoneNumber\":\"+966500000000\"}",
        "{\"phoneNumber\":\"+966500000000\",\"more\":1}",
        "{\"more\":1,\"phoneNumber\":\"+966500000000\"}",
        "{\"PhoneNumber\":\"+966500000000\"}",
        "\u{feff}{\"phoneNumber\":\"+966500000000\"}",
        "phoneNumber=%2B966500000000",
    ] {
        for version in ["v0", "v2"] {
            INVALID.check(&answer(version, body));
        }
    }
    let escaped = r#" { "phone\u004eumber" : "\u002b966500000000" } "#;
    Outcome::Verified(true).check(&answer("v2", escaped));
    for (type_, is_json) in [
        ("application/json; charset=utf-8", true),
        ("Application/JSON", true),
        ("text/plain", false),
        ("application/x-www-form-urlencoded", false),
        ("", false),
    ] {
        let mut call = verify(&scene, "v2", &token, escaped);
        call.headers[0].1 = type_.into();
        let outcome = if is_json {
            Outcome::Verified(true)
        } else {
            INVALID
        };
        outcome.check(&scene.world.send(&call));
    }
    let mut call = verify(&scene, "v2", &token, escaped);
    call.headers.remove(0);
    INVALID.check(&scene.world.send(&call));
    call.headers
        .push(("Content-Type", "application/json".into()));
    call.body = vec![0xff, 0xfe];
    INVALID.check(&scene.world.send(&call));
}

/// A request with every error, corrected in the order of the checks.
#[test]
fn the_order_of_refusals() {
    let scene = Scene::default();
    let bad = |version, token: Option<&str>| {
        let body = Body::Text("{}");
        let call = request(
            version,
            Operation::Verify,
            token,
            Some("x".repeat(257).as_str()),
            body,
        );
        scene.world.send(&call)
    };
    let good = |version, token: &str| {
        let call = request(
            version,
            Operation::Verify,
            Some(token),
            None,
            Body::Number(NUMBER),
        );
        scene.world.send(&call)
    };
    for version in ["v0", "v2"] {
        let nothing = Grant {
            scopes: Vec::new(),
            number: None,
            is_by_network: false,
            ..grant()
        };
        let with_scope = Grant {
            scopes: grant().scopes,
            ..nothing.clone()
        };
        let by_network = Grant {
            is_by_network: true,
            ..with_scope.clone()
        };
        let subject = scene.subject();
        UNAUTHENTICATED.check(&bad(version, None));
        DENIED.check(&bad(version, Some(&subject.token(&nothing))));
        NOT_BY_NETWORK.check(&bad(version, Some(&subject.token(&with_scope))));
        let without_number = subject.token(&by_network);
        INVALID.check(&bad(version, Some(&without_number)));
        // Refused requests do not use the token.
        for _ in 0..2 {
            assert_eq!(good(version, &without_number).status, 403);
        }
        let token = subject.token(&grant());
        INVALID.check(&bad(version, Some(&token)));
        Outcome::Verified(true).check(&good(version, &token));
        UNAUTHENTICATED.check(&good(version, &token));
        INVALID.check(&bad(version, Some(&token)));
    }
}

#[test]
fn other_methods_paths_and_prefetches_use_no_token() {
    let scene = Scene::default();
    let token = scene.subject().token(&grant());
    for (operation, methods, allowed) in [
        (Operation::Verify, ["GET", "PUT", "HEAD"], "POST"),
        (Operation::Share, ["POST", "DELETE", "HEAD"], "GET"),
    ] {
        for method in methods {
            let mut call = request(
                "v2",
                operation,
                Some(&token),
                Some("a"),
                Body::Number(NUMBER),
            );
            call.method = method;
            let answer = scene.world.send(&call);
            assert_eq!(answer.status, 405);
            assert_eq!(answer.header("Allow"), Some(allowed));
            if method == "HEAD" {
                assert!(answer.body.is_empty());
            } else {
                assert_eq!(answer.header("x-correlator"), Some("a"));
                Outcome::Error(405, "METHOD_NOT_ALLOWED").check(&answer);
            }
        }
    }
    let mut call = request("v2", Operation::Share, Some(&token), None, Body::Absent);
    call.headers.push(("Sec-Purpose", "prefetch".into()));
    Outcome::Error(405, "METHOD_NOT_ALLOWED").check(&scene.world.send(&call));
    for path in [
        "/number-verification/v1/verify",
        "/number-verification/v2/verify/",
        "/number-verification/v2",
        "/number-verification/v2/",
        "/number-verification/verify",
    ] {
        let mut call = request(
            "v2",
            Operation::Verify,
            Some(&token),
            None,
            Body::Number(NUMBER),
        );
        call.path = path.into();
        assert_eq!(scene.world.send(&call).status, 404, "{path}");
    }
    Outcome::Shared.check(&scene.share(&token));
}

#[test]
fn a_request_that_is_too_large_is_an_invalid_argument() {
    let scene = Scene::default();
    let token = scene.subject().token(&grant());
    let reply = scene.world.request(&Request {
        method: "POST",
        path: "/number-verification/v2/verify",
        query: "",
        headers: &[("Authorization", &format!("Bearer {token}"))],
        body: &[b' '; 65_536],
        peer: [127, 0, 0, 1].into(),
    });
    assert_eq!((reply.status, reply.reason), (400, Reason::TooLarge));
    Outcome::Shared.check(&scene.share(&token));
}
