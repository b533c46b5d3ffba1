//! Tokens and their invalidation.

use mpass_core::challenge::Keyring;
use mpass_core::service::settings::Group;
use mpass_core::service::{Customer, CustomerSettings, Overlap, Reason, Request};
use mpass_tests::sim::{Fault, World};

use super::{ID, OTHER_ID, Scene, TOKEN, Three, Two, Version, expect, expect_unauthorized};

const INVALID: &str = r#"{"status":400,"error":"customerId is invalid"}"#;

#[test]
fn a_store_that_fails_gives_no_token() {
    let scene = Scene::new();
    scene.world.plan_faults([Some(Fault::Fail)]);
    let body = r#"{"status":500,"error":"the server failed"}"#;
    expect(&scene.ask_token(), 200, body, Reason::StoreFailed);
}

#[test]
fn no_token_and_no_call_from_elsewhere() {
    let mut scene = Scene::new();
    let addresses = vec!["10.0.0.0/8".parse().unwrap()];
    scene.customer_id = OTHER_ID.into();
    scene.secret = scene.world.create(&CustomerSettings {
        addresses,
        ..CustomerSettings::new(OTHER_ID)
    });
    let reply = scene.ask_token();
    expect(&reply, 200, INVALID, Reason::AddressNotAllowed);
    let query = format!("customerId={OTHER_ID}&key={}", scene.key());
    let inside = |method, path, query: &str, token: &str| {
        scene.world.request(&Request {
            method,
            path,
            query,
            headers: &[("authToken", token)],
            body: &[],
            peer: [10, 0, 0, 1].into(),
        })
    };
    let reply = inside("GET", TOKEN, &query, "");
    assert_eq!(reply.reason, Reason::TokenIssued);
    let token = super::json(&reply)["token"].as_str().unwrap().to_string();
    let query = scene.send_query(Two, "8846735392");
    scene.token = token.clone();
    let reply = scene.call("POST", Two.send_path(), &query);
    expect_unauthorized(&reply, Reason::AddressNotAllowed);
    let reply = scene.world.request(&Request {
        method: "POST",
        path: Two.send_path(),
        query: &query,
        headers: &[("AUTHTOKEN", &token)],
        body: &[],
        peer: [10, 0, 0, 1].into(),
    });
    assert_eq!(reply.reason, Reason::Sent);
}

#[track_caller]
fn expect_dead(scene: &Scene) {
    for version in Version::BOTH {
        let sends = scene.send(version);
        expect_unauthorized(&sends, sends.reason);
        let validates = scene.validate(version, "4503599627370497", "1234");
        expect_unauthorized(&validates, sends.reason);
    }
    assert!(scene.world.outbox().is_empty());
}

#[test]
fn a_token_lives_for_a_day() {
    let scene = Scene::new();
    let began = scene.world.now() / 1000 * 1000;
    scene.world.set_clock(began + 24 * 3_600_000 - 1);
    assert_eq!(scene.send(Two).reason, Reason::Sent);
    scene.world.set_clock(began + 24 * 3_600_000);
    expect_unauthorized(&scene.send(Two), Reason::InvalidToken);
}

#[test]
fn a_token_of_another_keyring_is_none() {
    let mut scene = Scene::new();
    let other = Scene::within(World::new(Keyring::generate(&[43; 32])), ID, |_| ());
    scene.token = other.token.clone();
    expect_dead(&scene);
}

#[test]
fn a_rotated_credential_kills_its_tokens() {
    let mut scene = Scene::new();
    expect(
        &scene.ask_token(),
        200,
        &ok_body(&scene),
        Reason::TokenIssued,
    );
    scene.secret = scene.world.rotate(Group::Customer, ID);
    expect_dead(&scene);
    scene.token = scene.fresh_token();
    assert_eq!(scene.send(Two).reason, Reason::Sent);
}

#[test]
fn a_token_lives_no_longer_than_its_credential() {
    let mut scene = Scene::new();
    let began = scene.world.now() / 1000 * 1000;
    let hour = Overlap::from_ms(3_600_000).unwrap();
    let rotated = scene
        .world
        .administer(|admin, entropy| admin.rotate(Group::Customer, ID, hour, entropy));
    rotated.unwrap();
    // The one of before the rotation, and one that is issued for the old
    // credential.
    assert_eq!(scene.send(Two).reason, Reason::Sent);
    let old = scene.token.clone();
    scene.token = scene.fresh_token();
    assert_eq!(scene.send(Two).reason, Reason::StillLive);
    scene.world.set_clock(began + 3_599_999);
    assert_eq!(scene.send(Two).reason, Reason::Sent);
    scene.world.set_clock(began + 3_600_000);
    expect_unauthorized(&scene.send(Two), Reason::InvalidToken);
    scene.token = old;
    expect_unauthorized(&scene.send(Two), Reason::InvalidToken);
}

/// The body of the token response at the current time: tokens contain nothing
/// random.
fn ok_body(scene: &Scene) -> String {
    format!(r#"{{"status":200,"token":"{}"}}"#, scene.fresh_token())
}

fn revoke(scene: &Scene) {
    scene.world.revoke(Group::Customer, ID);
}

#[test]
fn a_revoked_customer_is_nobody() {
    let scene = Scene::new();
    revoke(&scene);
    expect_dead(&scene);
    expect(&scene.ask_token(), 200, INVALID, Reason::Revoked);
}

#[test]
fn a_token_of_a_revoked_customer_is_none_of_its_successor() {
    let mut scene = Scene::new();
    revoke(&scene);
    scene.secret = scene.world.create(&CustomerSettings::new(ID));
    expect_dead(&scene);
    scene.token = scene.fresh_token();
    assert_eq!(scene.send(Three).reason, Reason::Sent);
}

#[test]
fn a_customer_of_a_fresh_id() {
    let world = World::default();
    let id = Customer::fresh_id(world.now(), &world.entropy());
    let scene = Scene::within(world, &id, |_| ());
    assert_eq!(scene.send(Two).reason, Reason::Sent);
}
