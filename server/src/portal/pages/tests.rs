//! Pages in a browser of a test: what roles see, and what is stored.

use std::sync::Arc;

use http::StatusCode;
use mpass_core::challenge::Keyring;
use mpass_core::store::MemoryStore;

use crate::administrators::Role;
use crate::portal::signin::tests::{Answer, Browser, World, code};
use crate::portal::{Portal, router};
use crate::state::State;
use crate::store::AnyStore;

fn world() -> World {
    let store = AnyStore::Memory(MemoryStore::new(100_000));
    let state = State::of_test(store, Keyring::generate(&[7; 32]));
    let portal = Portal::of_test(Arc::new(state));
    World {
        router: router(portal.clone()),
        portal,
    }
}

async fn signed_in(world: &World, name: &str, role: Role) -> Browser {
    let enrolment = world.create(name, role).await;
    let mut browser = Browser::default();
    let answer = browser.sign_in(world, name, &code(&enrolment, 0)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    browser
}

/// What each form of a page leads to, with its method.
fn forms(body: &str) -> Vec<String> {
    let all = body.split("<form").skip(1);
    all.filter_map(|form| {
        let tag = form.split('>').next()?;
        let action = tag.split("action=\"").nth(1)?.split('"').next()?;
        tag.contains("method=\"post\"").then(|| action.to_owned())
    })
    .collect()
}

/// What everybody may do: sign out and choose how pages look.
const OF_ALL: [&str; 2] = ["/signout", "/view"];

#[tokio::test]
async fn a_role_sees_what_it_may_and_the_server_refuses_the_rest() {
    let world = world();
    let mut anna = signed_in(&world, "anna", Role::Administrator).await;
    let made = anna.post(&world, "/new/channel", &[("name", "shop")]).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let mut viewer = signed_in(&world, "vera", Role::Viewer).await;
    for path in ["/", "/channels", "/channels/shop", "/gateways", "/keys"] {
        let page = viewer.get(&world, path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let others: Vec<_> = forms(&page.body)
            .into_iter()
            .filter(|form| !OF_ALL.contains(&form.as_str()))
            .collect();
        assert!(others.is_empty(), "{path}: {others:?}");
        for link in [
            "/new/channel\"",
            "/rotate\"",
            "/revoke\"",
            "/administrators\"",
            "/audit\"",
        ] {
            assert!(!page.body.contains(link), "{path} {link}");
        }
    }
    for path in [
        "/numbers",
        "/audit",
        "/administrators",
        "/administrators/anna",
        "/new/administrator",
        "/new/channel",
        "/new/gateway",
        "/channels/shop/rotate",
        "/channels/shop/revoke",
        "/keys/1/activate",
    ] {
        let page = viewer.get(&world, path).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
    }
    let stamp = ("stamp", "");
    for (path, fields) in [
        ("/new/channel", &[("name", "other")][..]),
        ("/channels/shop", &[("tries", "4"), stamp]),
        ("/channels/shop/rotate", &[("how", "leaked"), stamp]),
        ("/channels/shop/revoke", &[("confirm", "shop")]),
        (
            "/new/gateway",
            &[("name", "a"), ("url", "https://sms.example/{{to}}{{text}}")],
        ),
        ("/gateway-order", &[("names", "a b")]),
        ("/numbers", &[("number", "+966500000000")]),
        (
            "/numbers/unlock",
            &[("number", "+966500000000"), ("tenant", "shop")],
        ),
        (
            "/numbers/erase",
            &[
                ("number", "+966500000000"),
                ("tenant", "shop"),
                ("sure", "true"),
            ],
        ),
        (
            "/new/administrator",
            &[("name", "eve"), ("role", "administrator")],
        ),
        ("/administrators/vera", &[("role", "administrator")]),
        ("/audit/verify", &[]),
        ("/keys/1/activate", &[("confirm", "1")]),
    ] {
        let answer = viewer.post(&world, path, fields).await;
        assert_eq!(
            answer.status,
            StatusCode::FORBIDDEN,
            "{path}: {}",
            answer.body
        );
    }
    let page = anna.get(&world, "/channels/shop").await;
    assert!(page.body.contains("/channels/shop/revoke"));
}

#[tokio::test]
async fn a_form_asks_for_a_fresh_code_and_keeps_what_was_typed() {
    let world = world();
    let enrolment = world.create("anna", Role::Administrator).await;
    let mut browser = world.identified(&enrolment).await;
    for page in [
        "/new/channel",
        "/new/gateway",
        "/new/administrator",
        "/new/token",
    ] {
        let form = browser.get(&world, page).await;
        assert!(form.body.contains("name=\"code\""), "{page}");
    }
    for wrong in ["", "12x", "AAAA-AAAA-AAAA-AAAA"] {
        let fields = [("name", "shop"), ("code", wrong)];
        let answer = browser.post(&world, "/new/channel", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(answer.body.contains("id=\"f-code-fault\""), "{wrong}");
        assert!(answer.body.contains("value=\"shop\""), "{wrong}");
        let read = browser.get(&world, "/channels/shop").await;
        assert_eq!(read.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    let target = [("names", "a b"), ("move", "up b")];
    let order = browser.post(&world, "/gateway-order", &target).await;
    assert_eq!(order.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = code(&enrolment, 0);
    let fields = [("name", "shop"), ("code", &*right)];
    let made = browser.post(&world, "/new/channel", &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    assert!(made.body.contains("id=\"key\""));
    // It is fresh now, for a while.
    let form = browser.get(&world, "/new/gateway").await;
    assert!(!form.body.contains("name=\"code\""));
}

/// Markup that a page would run, and a template that an engine would evaluate.
const MARKUP: &str = "\"><script>alert(1)</script>'{{7*7}}${7*7}<img src=x onerror=alert(2)>";

fn is_harmless(answer: &Answer, what: &str) {
    let body = &answer.body;
    assert!(!body.contains("<script>alert"), "{what}");
    assert!(!body.contains("<img"), "{what}");
    // A field shows what was typed; nothing has multiplied it.
    assert!(!body.contains("'49") && !body.contains("$49"), "{what}");
}

#[tokio::test]
async fn markup_in_any_field_stays_text() {
    let world = world();
    let mut browser = signed_in(&world, "anna", Role::Administrator).await;
    browser
        .post(&world, "/new/channel", &[("name", "shop")])
        .await;
    for page in [
        "/new/channel",
        "/new/customer",
        "/new/client",
        "/new/gateway",
        "/new/administrator",
        "/new/token",
        "/channels/shop",
        "/channels/shop/rotate",
        "/channels/shop/revoke",
        "/numbers",
    ] {
        let shown = browser.get(&world, page).await;
        assert_eq!(shown.status, StatusCode::OK, "{page}");
        let names = shown.body.split(" name=\"").skip(1);
        let mut names: Vec<_> = names.filter_map(|rest| rest.split('"').next()).collect();
        names.sort_unstable();
        names.dedup();
        names.retain(|name| {
            ![
                "viewport",
                "color-scheme",
                "theme",
                "language",
                "digits",
                "next",
            ]
            .contains(name)
        });
        for name in &names {
            let answer = browser.post(&world, page, &[(name, MARKUP)]).await;
            is_harmless(&answer, &format!("{page} {name}"));
        }
        let all: Vec<_> = names.iter().map(|name| (*name, MARKUP)).collect();
        let answer = browser.post(&world, page, &all).await;
        is_harmless(&answer, page);
    }
    let encoded: String = form_urlencoded::byte_serialize(MARKUP.as_bytes()).collect();
    for path in [
        "/channels",
        "/audit",
        "/",
        "/gateways",
        "/tokens",
        "/administrators",
    ] {
        for name in [
            "after", "by", "what", "on", "done", "window", "tested", "before",
        ] {
            let answer = browser
                .get(&world, &format!("{path}?{name}={encoded}"))
                .await;
            is_harmless(&answer, &format!("{path}?{name}"));
        }
        let answer = browser.get(&world, &format!("/channels/{encoded}")).await;
        is_harmless(&answer, "a name in the path");
    }
}

#[tokio::test]
async fn what_may_contain_markup_is_stored_and_shown_as_text() {
    let world = world();
    let mut browser = signed_in(&world, "anna", Role::Administrator).await;
    let fields = [
        ("name", "shop"),
        ("sender", "<b>Shop</b>"),
        ("texts.en", "<script>alert(1)</script> {{code}}"),
    ];
    let made = browser.post(&world, "/new/channel", &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let made = browser
        .post(
            &world,
            "/new/token",
            &[
                ("name", MARKUP.get(..60).unwrap()),
                ("life", "1d"),
                ("may.read", "true"),
            ],
        )
        .await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    for path in ["/channels/shop", "/tokens", "/audit"] {
        let page = browser.get(&world, path).await;
        assert!(page.body.contains("&lt;"), "{path}");
        is_harmless(&page, path);
    }
}

#[tokio::test]
async fn a_choice_of_language_leads_back_to_a_page_of_the_portal() {
    let world = world();
    let mut browser = Browser::default();
    for (next, location) in [
        ("/channels", "/channels"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
    ] {
        let fields = [
            ("language", "ar"),
            ("theme", "dark"),
            ("digits", "own"),
            ("next", next),
        ];
        let answer = browser.post(&world, "/view", &fields).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, location)
        );
    }
    let page = browser.get(&world, "/signin").await;
    assert!(
        page.body
            .contains("<html lang=\"ar\" dir=\"rtl\" data-theme=\"dark\""),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn files_are_kept_by_browsers_until_they_change() {
    let world = world();
    let mut browser = Browser::default();
    let page = browser.get(&world, "/signin").await;
    let paths = page
        .body
        .split('"')
        .filter(|text| text.starts_with("/assets/"));
    for path in paths {
        let file = browser.get(&world, path).await;
        assert_eq!(file.status, StatusCode::OK, "{path}");
        assert!(file.header("cache-control").unwrap().contains("immutable"));
        let tag = file.header("etag").unwrap();
        assert!(path.contains(tag.trim_matches('"')), "{path} {tag}");
    }
    let gone = browser
        .get(&world, "/assets/portal.0000000000000000.css")
        .await;
    assert_ne!(gone.status, StatusCode::OK);
}
