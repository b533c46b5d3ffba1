//! Sessions from the sign-in to their end.

use super::*;
use crate::administrators::ResetOf;
use crate::audit::AuditLog;

#[tokio::test]
async fn from_the_sign_in_to_the_sign_out() {
    let world = World::new();
    let enrolment = world.create("anna", Role::Operator).await;
    let mut browser = Browser::default();
    let led = browser.get(&world, "/").await;
    assert_eq!(
        (led.status.as_u16(), led.location()),
        (303, "/signin?next=%2F")
    );
    let page = browser.get(&world, "/signin?next=/%3Fa=%2522").await;
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("name=\"next\" value=\"/?a=%22\""),
        "{}",
        page.body
    );
    let form = [
        ("name", "anna"),
        ("password", PASSWORD),
        ("code", &code(&enrolment, 0)),
        ("next", "/fresh"),
    ];
    let done = browser.post(&world, "/signin", &form).await;
    assert_eq!(
        (done.status.as_u16(), done.location()),
        (303, "/signin/kept?next=%2Ffresh")
    );
    let [cookie] = *done.cookies() else {
        panic!("{:?}", done.cookies())
    };
    assert!(
        cookie.ends_with("; Path=/; Secure; HttpOnly; SameSite=Strict"),
        "{cookie}"
    );
    let kept = browser.get(&world, done.location()).await;
    assert_eq!(kept.location(), "/fresh");
    assert_eq!(browser.get(&world, "/").await.body, "anna");
    assert_eq!(browser.get(&world, "/fresh").await.body, "fresh");
    // The sign-in leads on for whoever is signed in.
    assert_eq!(
        browser.get(&world, "/signin?next=/fresh").await.location(),
        "/fresh"
    );
    let before = browser.session().unwrap().clone();
    let out = browser.post(&world, "/signout", &[]).await;
    assert_eq!((out.location(), browser.session()), ("/signin", None));
    browser.cookies.insert("__Host-mpass".into(), before);
    assert_eq!(browser.get(&world, "/").await.status, 303);
    let engine = world.state().engine.load_full();
    let log = AuditLog::new(&world.state().store, engine.keyring());
    let lines = log.lines_after(0).await.unwrap().concat();
    for text in [
        "\"session.begin\"",
        "\"session.end\"",
        "\"portal\"",
        "\"anna\"",
        "192.0.2.1",
    ] {
        assert!(lines.contains(text), "{text}: {lines}");
    }
}

#[tokio::test]
async fn a_browser_that_keeps_no_cookie_is_told() {
    let world = World::new();
    let kept = Browser::default().get(&world, "/signin/kept?next=/").await;
    assert_eq!(kept.status, 403);
    assert!(kept.body.contains("has not kept the cookie"));
}

#[tokio::test]
async fn a_recovery_code_in_the_same_field() {
    let world = World::new();
    let enrolment = world.create("anna", Role::Viewer).await;
    let shown = enrolment.recovery_codes[0].to_lowercase();
    let mut browser = Browser::default();
    assert_eq!(browser.sign_in(&world, "anna", &shown).await.status, 303);
    assert_eq!(browser.get(&world, "/").await.body, "anna");
    let again = Browser::default().sign_in(&world, "anna", &shown).await;
    assert_eq!(again.status, 403);
}

/// Rule: new id at login, and the session before it ends.
#[tokio::test]
async fn a_second_sign_in_replaces_the_session() {
    let world = World::new();
    let enrolment = world.create("anna", Role::Viewer).await;
    let mut browser = Browser::default();
    browser
        .sign_in(&world, "anna", &enrolment.recovery_codes[0])
        .await;
    let first = browser.session().unwrap().clone();
    browser
        .sign_in(&world, "anna", &enrolment.recovery_codes[1])
        .await;
    assert_ne!(browser.session(), Some(&first));
    assert_eq!(browser.get(&world, "/").await.body, "anna");
    browser.cookies.insert("__Host-mpass".into(), first);
    assert_eq!(browser.get(&world, "/").await.status, 303);
}

#[tokio::test]
async fn a_fresh_code_is_asked_for() {
    let world = World::new();
    let enrolment = world.create("anna", Role::Viewer).await;
    let mut browser = world.identified(&enrolment).await;
    let led = browser.get(&world, "/fresh").await;
    assert_eq!(led.location(), "/session/prove?next=%2Ffresh");
    let page = browser.get(&world, led.location()).await;
    assert!(page.body.contains("value=\"/fresh\""), "{}", page.body);
    let wrong = browser
        .post(&world, "/session/prove", &[("code", "12x")])
        .await;
    assert_eq!(wrong.status, 403);
    let form = [("code", &*code(&enrolment, 0)), ("next", "/fresh")];
    let done = browser.post(&world, "/session/prove", &form).await;
    assert_eq!(done.location(), "/fresh");
    assert_eq!(browser.get(&world, "/fresh").await.body, "fresh");
}

/// Whatever changes the account, or ends it, ends its sessions.
#[tokio::test]
async fn sessions_end_with_what_they_stand_on() {
    for what in [
        "role", "disabled", "password", "factor", "removed", "restored",
    ] {
        let world = World::new();
        let enrolment = world.create("anna", Role::Administrator).await;
        world.create("other", Role::Administrator).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, "anna", &code(&enrolment, 0)).await;
        let changed = browser.post(&world, "/tenants", &[]).await;
        assert_eq!(changed.status, 200);
        assert!(changed.body.contains("Portal"), "{}", changed.body);
        let engine = world.state().engine.load_full();
        let State { store, hasher, .. } = world.state();
        let all = Administrators::new(store, engine.keyring(), hasher);
        match what {
            "role" => drop(
                all.update("anna", Some(Role::Viewer), None, None)
                    .await
                    .unwrap(),
            ),
            "disabled" => drop(all.update("anna", None, Some(true), None).await.unwrap()),
            "password" => drop(all.set_password("anna", "another password").await.unwrap()),
            "factor" => drop(
                all.reset("anna", ResetOf::SecondFactor, None)
                    .await
                    .unwrap(),
            ),
            "removed" => drop(all.remove("anna", None).await.unwrap()),
            _ => {
                let restored = engine.with_restored_at(Some(clock::now_ms()));
                world.state().engine.store(restored.into());
            }
        }
        let after = browser.post(&world, "/tenants", &[]).await;
        assert_eq!(
            (after.status.as_u16(), after.location()),
            (303, "/signin?next=%2F"),
            "{what}"
        );
    }
}

#[tokio::test]
async fn roles_are_refused_what_they_may_not() {
    let world = World::new();
    for (role, status) in [
        (Role::Viewer, 403),
        (Role::Operator, 403),
        (Role::Administrator, 200),
    ] {
        let enrolment = world.create(role.name(), role).await;
        let mut browser = Browser::default();
        browser
            .sign_in(&world, role.name(), &code(&enrolment, 0))
            .await;
        assert_eq!(
            browser.post(&world, "/tenants", &[]).await.status,
            status,
            "{role:?}"
        );
    }
}

#[tokio::test]
async fn signing_out_everywhere() {
    let world = World::new();
    let enrolment = world.create("anna", Role::Viewer).await;
    let [mut one, mut other] = [Browser::default(), Browser::default()];
    one.sign_in(&world, "anna", &enrolment.recovery_codes[0])
        .await;
    other
        .sign_in(&world, "anna", &enrolment.recovery_codes[1])
        .await;
    let listed = one.get(&world, "/session").await.body;
    assert_eq!(
        listed.matches("<li>From <bdi>192.0.2.1</bdi>").count(),
        2,
        "{listed}"
    );
    let done = one.post(&world, "/signout/everywhere", &[]).await;
    assert_eq!((done.location(), one.session()), ("/signin", None));
    assert_eq!(other.get(&world, "/").await.status, 303);
}

#[tokio::test]
async fn administrators_change_their_own_password() {
    let world = World::new();
    let enrolment = world.create("anna", Role::Viewer).await;
    let mut browser = Browser::default();
    browser
        .sign_in(&world, "anna", &enrolment.recovery_codes[0])
        .await;
    assert_eq!(browser.get(&world, "/session/password").await.status, 200);
    for (password, new, status) in [
        ("wrong password", "another password", 403),
        (PASSWORD, "short", 422),
        (PASSWORD, "another password", 303),
    ] {
        let form = [("password", password), ("new", new)];
        let answer = browser.post(&world, "/session/password", &form).await;
        assert_eq!(answer.status, status, "{new}");
    }
    assert_eq!(browser.session(), None);
    let form = [
        ("name", "anna"),
        ("password", "another password"),
        ("code", &enrolment.recovery_codes[1]),
    ];
    assert_eq!(browser.post(&world, "/signin", &form).await.status, 303);
}
