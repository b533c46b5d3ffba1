//! Origins of tokens: a client that may be revoked, another keyring, or the
//! host.

use mpass_core::challenge::Keyring;
use mpass_core::number::PhoneNumber;
use mpass_core::service::settings::Group;
use mpass_core::service::{
    Answer, ClientSettings, EngineSettings, Grant, Introspection, Scope, TokenUse,
};
use mpass_tests::number_verification::{
    Body, NUMBER, Operation, Outcome, Subject, client_settings, grant, request,
};
use mpass_tests::sim::{Fault, World};
use mpass_tests::wire::Wire;

use super::{Scene, is_unauthenticated};

const DENIED: Outcome = Outcome::Error(403, "PERMISSION_DENIED");

#[test]
fn a_client_that_is_revoked_has_no_tokens() {
    let scene = Scene::default();
    let token = scene.subject().token(&grant());
    scene.world.revoke(Group::Client, "app");
    is_unauthenticated(&scene.share(&token));
}

#[test]
fn a_new_credential_ends_the_tokens_of_the_old() {
    let scene = Scene::default();
    let (world, keyring) = (&scene.world, scene.world.engine.keyring());
    let token = scene.subject().token(&grant());
    world.rotate(Group::Client, "app");
    is_unauthenticated(&scene.share(&token));
    let client = world.stored_client("app");
    let token = Subject::new(world, keyring, &client).token(&grant());
    Outcome::Shared.check(&scene.share(&token));
}

/// A new client with the same name is a different client.
#[test]
fn tokens_of_a_client_that_was_revoked_are_none_of_its_successors() {
    let scene = Scene::default();
    let token = scene.subject().token(&grant());
    scene.world.revoke(Group::Client, "app");
    scene.world.client(client_settings("app"));
    is_unauthenticated(&scene.share(&token));
}

/// Clients with fewer permissions than their token: the store decides.
#[test]
fn a_client_that_may_less_than_its_token() {
    let token = Scene::default().subject().token(&grant());
    let without_scope = ClientSettings {
        scopes: vec![Scope::Verify],
        ..client_settings("app")
    };
    let from_elsewhere = ClientSettings {
        addresses: vec!["10.0.0.0/8".parse().unwrap()],
        ..client_settings("app")
    };
    for settings in [without_scope, from_elsewhere] {
        let scene = Scene::new(World::default(), settings);
        DENIED.check(&scene.share(&token));
    }
    Outcome::Shared.check(&Scene::default().share(&token));
}

#[test]
fn a_client_that_may_not_know_numbers_gets_no_token_for_it() {
    let scene = Scene::new(World::default(), ClientSettings::new("app"));
    let token = scene.subject().token(&grant());
    DENIED.check(&scene.share(&token));
    let call = request(
        "v2",
        Operation::Verify,
        Some(&token),
        None,
        Body::Number(NUMBER),
    );
    Outcome::Verified(true).check(&scene.world.send(&call));
}

#[test]
fn a_token_of_another_keyring_or_of_a_client_that_is_not_there() {
    let scene = Scene::default();
    let other = Scene::new(
        World::new(Keyring::generate(&[43; 32])),
        client_settings("app"),
    );
    is_unauthenticated(&scene.share(&other.subject().token(&grant())));
    let bare = World::default();
    let subject = Subject::new(&bare, bare.engine.keyring(), &scene.client);
    let call = request(
        "v2",
        Operation::Share,
        Some(&subject.token(&grant())),
        None,
        Body::Absent,
    );
    is_unauthenticated(&bare.send(&call));
}

#[test]
fn a_token_lives_to_its_end() {
    let scene = Scene::default();
    let (first, last) = (
        scene.subject().token(&grant()),
        scene.subject().token(&grant()),
    );
    scene.world.pass(299_999);
    Outcome::Shared.check(&scene.share(&first));
    scene.world.pass(1);
    is_unauthenticated(&scene.share(&last));
}

/// A token that was valid when loaded may be expired when its use is stored.
#[test]
fn a_token_that_ends_while_its_client_is_looked_up() {
    for token_use in [TokenUse::Once, TokenUse::WithinLife] {
        let settings = EngineSettings {
            token_use,
            ..EngineSettings::default()
        };
        let world = World::with_settings(Keyring::generate(&[42; 32]), settings);
        let scene = Scene::new(world, client_settings("app"));
        let token = scene.subject().token(&grant());
        scene.world.pass(299_000);
        scene.world.plan_faults([Some(Fault::Delay(1000))]);
        is_unauthenticated(&scene.share(&token));
    }
}

#[test]
fn headers_that_are_no_bearer_token() {
    let scene = Scene::default();
    let token = scene.subject().token(&grant());
    let send = |value: &str| {
        let mut call = request("v2", Operation::Share, None, None, Body::Absent);
        call.headers.push(("authorization", value.into()));
        scene.world.send(&call)
    };
    // The host is not asked about these.
    scene.world.set_introspection(valid());
    for value in [
        "",
        "Bearer",
        "Bearer ",
        &format!("Basic {token}"),
        &token,
        "Bearer a b",
        "Bearer \u{e9}",
        &format!("Bearer {}", "a".repeat(8193)),
    ] {
        is_unauthenticated(&send(value));
    }
    Outcome::Shared.check(&send(&format!("bearer  {token}")));
}

fn introspection() -> Introspection {
    Introspection {
        id: None,
        client: "elsewhere".into(),
        scopes: vec![
            "openid".into(),
            "number-verification:verify".into(),
            "number-verification:device-phone-number:read".into(),
        ],
        number: Some(PhoneNumber::parse(NUMBER, None).unwrap()),
        is_by_network: true,
        issued_at_ms: None,
        expires_at_ms: None,
    }
}

fn valid() -> Answer {
    Answer::Introspected(Some(introspection()))
}

#[test]
fn tokens_of_the_host() {
    let scene = Scene::default();
    let share = |introspection: Introspection, token: &str| {
        let answer = Answer::Introspected(Some(introspection));
        scene.world.set_introspection(answer);
        scene.share(token)
    };
    Outcome::Shared.check(&share(introspection(), "opaque-1"));
    is_unauthenticated(&scene.share("opaque-1"));
    Outcome::Shared.check(&scene.share("opaque-2"));
    let answer = share(
        Introspection {
            scopes: vec!["number-verification:verify".into()],
            ..introspection()
        },
        "opaque-3",
    );
    DENIED.check(&answer);
    let answer = share(
        Introspection {
            is_by_network: false,
            ..introspection()
        },
        "opaque-3",
    );
    assert_eq!(
        answer.json()["code"],
        "NUMBER_VERIFICATION.USER_NOT_AUTHENTICATED_BY_MOBILE_NETWORK"
    );
    let answer = share(
        Introspection {
            number: None,
            ..introspection()
        },
        "opaque-3",
    );
    DENIED.check(&answer);
    let answer = share(
        Introspection {
            expires_at_ms: Some(scene.world.now()),
            // The grant no longer matters.
            scopes: Vec::new(),
            ..introspection()
        },
        "opaque-3",
    );
    is_unauthenticated(&answer);
    // None of those has used the token.
    Outcome::Shared.check(&share(introspection(), "opaque-3"));
}

/// If the host supplies an id for a token, two texts with the same id share one
/// use, and the id is independent of the text.
#[test]
fn the_hosts_name_of_a_token_is_what_is_used() {
    let scene = Scene::default();
    let named = Introspection {
        id: Some("opaque-1".into()),
        ..introspection()
    };
    scene
        .world
        .set_introspection(Answer::Introspected(Some(named)));
    Outcome::Shared.check(&scene.share("one-text"));
    is_unauthenticated(&scene.share("another-text"));
    scene.world.set_introspection(valid());
    Outcome::Shared.check(&scene.share("one-text"));
}

#[test]
fn a_host_that_cannot_say() {
    let scene = Scene::default();
    for (answer, status, code) in [
        (Answer::Introspected(None), 401, "UNAUTHENTICATED"),
        (Answer::Unsupported, 401, "UNAUTHENTICATED"),
        (Answer::Failed, 503, "UNAVAILABLE"),
        (Answer::Unknown, 503, "UNAVAILABLE"),
        (Answer::Stored, 500, "INTERNAL"),
    ] {
        scene.world.set_introspection(answer);
        Outcome::Error(status, code).check(&scene.share("opaque"));
    }
}

/// A stored client keeps its limits with tokens of the host.
#[test]
fn a_token_of_the_host_for_a_client_in_the_store() {
    let ours = Introspection {
        client: "app".into(),
        ..introspection()
    };
    let narrow = Scene::new(World::default(), ClientSettings::new("app"));
    let wide = Scene::default();
    for scene in [&narrow, &wide] {
        let answer = Answer::Introspected(Some(ours.clone()));
        scene.world.set_introspection(answer);
    }
    DENIED.check(&narrow.share("opaque"));
    Outcome::Shared.check(&wide.share("opaque"));
    wide.world
        .revoke(Group::Client, &wide.client.settings().name);
    is_unauthenticated(&wide.share("opaque-2"));
}

#[test]
fn grants_with_a_number_live_five_minutes_at_most() {
    let scene = Scene::default();
    let mint = |grant: Grant| {
        grant
            .token(scene.world.engine.keyring(), &scene.client, 1, &[1; 32])
            .map(drop)
    };
    let long = Grant {
        life_s: 301,
        ..grant()
    };
    let invalid = Err(mpass_core::Error::InvalidLifetime);
    assert_eq!(mint(grant()), Ok(()));
    assert_eq!(mint(long.clone()), invalid);
    assert_eq!(
        mint(Grant {
            number: None,
            ..long
        }),
        Ok(())
    );
    assert_eq!(
        mint(Grant {
            life_s: 0,
            ..grant()
        }),
        invalid
    );
}
