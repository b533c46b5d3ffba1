//! Every link and every form of every page, by every role: nothing fails, nothing that
//! is stored runs, and what no page of a role leads to is refused.

use std::collections::{BTreeMap, BTreeSet};

use mpass_server::administrators::Role;
use reqwest::Method;

use crate::browser::{Browser, Form, forms, links, with};
use crate::scene::{Answered, Scene, answered};

/// Markup that a page would run, and templates that an engine would evaluate. Fields
/// have different lengths.
pub(crate) const MARKS: [&str; 2] = [
    "\"><script>alert(1)</script>'q{{7*7}}q${7*7}<img src=x onerror=alert(2)>",
    "<i>{{7*7}}q",
];
/// What MARKS are in a page.
const ESCAPED: [&str; 2] = ["&lt;script&gt;alert(1)", "&lt;i&gt;{{7*7}}q"];

/// What ends the session of who sends it, or waits after a few wrong passwords.
const NOT_SENT: [&str; 5] = [
    "/signout",
    "/session/password",
    "/session/prove",
    "/settings/credentials",
    "/administrators/anna",
];

fn is_sent(action: &str) -> bool {
    !NOT_SENT.iter().any(|it| action.starts_with(it))
}

/// What each answer must be, whoever asks for what.
pub(crate) fn is_sound(answer: &Answered, what: &str) {
    assert!(answer.status.as_u16() < 500, "{what}: {}", answer.status);
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), value, "{what}: {name}");
    }
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src 'none'"), "{what}: {policy}");
    assert!(
        policy.contains("frame-ancestors 'none'"),
        "{what}: {policy}"
    );
    assert!(!policy.contains("unsafe"), "{what}: {policy}");
    let location = answer.header("location");
    let is_own = location.starts_with('/') && !location[1..].starts_with(['/', '\\', '\t']);
    assert!(location.is_empty() || is_own, "{what}: to {location}");
    if !answer.header("content-type").starts_with("text/html") {
        return;
    }
    for raw in ["<script>alert", "<img src=x", "<i>", "q49q", "$49", ">49q"] {
        assert!(!answer.text.contains(raw), "{what}: {raw}");
    }
    for inline in [
        " onerror=\"",
        " onclick=",
        "javascript:",
        "<style",
        " style=\"",
    ] {
        assert!(!answer.text.contains(inline), "{what}: {inline}");
    }
}

/// The pages that a role reaches, and their forms by where they lead to.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) pages: BTreeMap<String, Answered>,
    pub(crate) forms: BTreeMap<String, Form>,
}

pub(crate) fn without_query(path: &str) -> &str {
    path.split('?').next().unwrap_or_default()
}

pub(crate) async fn crawl(browser: &Browser<'_>) -> Found {
    let mut found = Found::default();
    let mut left = vec![
        "/".to_owned(),
        "/session".to_owned(),
        "/session/prove".to_owned(),
    ];
    while let Some(path) = left.pop() {
        // Documents of the API are no pages.
        let is_page = !path.starts_with("/assets/") && !path.ends_with(".json");
        if !is_page || found.pages.contains_key(&path) {
            continue;
        }
        let page = browser.get(&path).await;
        is_sound(&page, &path);
        // No page leads to where its reader may not go, or where nothing is.
        assert_eq!(page.status, 200, "{path}");
        left.extend(links(&page.text).into_iter().map(|link| {
            let (link, _) = link.split_once('#').unwrap_or((&link, ""));
            link.to_owned()
        }));
        for form in forms(&page.text) {
            found.forms.entry(form.action.clone()).or_insert(form);
        }
        found.pages.insert(path, page);
    }
    found
}

/// Sends a form of creation with a mark in each field that takes a text, one after the
/// other: whatever the server takes is stored. Returns how often it did.
async fn store(browser: &Browser<'_>, page: &str, given: &[(&str, &str)]) -> usize {
    let shown = browser.get(page).await;
    let form = forms(&shown.text)
        .into_iter()
        .find(|it| it.action == page)
        .unwrap();
    let mut stored = 0;
    for (at, field) in form.texts.iter().enumerate() {
        for mark in MARKS {
            let mut fields = form.fields.clone();
            for (name, value) in given {
                fields.insert((*name).to_owned(), value.replace('#', &at.to_string()));
            }
            fields.insert(field.clone(), mark.to_owned());
            let answer = browser.post(page, &fields).await;
            is_sound(&answer, &format!("{page} {field}"));
            if answer.status.as_u16() < 400 {
                stored += 1;
                break;
            }
        }
    }
    stored
}

/// Everything that administrators make, with marks wherever the server takes them.
async fn furnish(browser: &Browser<'_>) {
    let template = ("texts.en", "<script>alert(1)</script> {{code}}");
    let mut stored = 0;
    for (page, given) in [
        ("/new/channel", &[("name", "shop-#"), template][..]),
        ("/new/customer", &[template][..]),
        (
            "/new/client",
            &[
                ("name", "app-#"),
                ("scopes.one-time-password-sms:send-validate", "true"),
            ][..],
        ),
        (
            "/new/gateway",
            &[
                ("name", "sms-#"),
                ("url", "https://sms.example/"),
                ("body", "{{to}}{{text}}"),
            ][..],
        ),
        (
            "/new/token",
            &[("name", "t-#"), ("life", "1d"), ("may.read", "true")][..],
        ),
        (
            "/new/stop",
            &[
                ("what", "prefix"),
                ("name", "+99#"),
                ("life", "1h"),
                ("sure", "true"),
            ][..],
        ),
        ("/new/administrator", &[("name", "other-#")][..]),
    ] {
        stored += store(browser, page, given).await;
    }
    assert!(stored >= 3, "{stored}");
    let person = browser.get("/administrators/vera/identity").await;
    let mut form = forms(&person.text)
        .into_iter()
        .find(|it| it.action.ends_with("identity"))
        .unwrap();
    for field in ["issuer", "subject"] {
        form.fields.insert(field.to_owned(), MARKS[0].to_owned());
    }
    let bound = browser.post(&form.action, &form.fields).await;
    assert_eq!(bound.status, 303, "{}", bound.text);
}

#[tokio::test]
async fn every_link_and_form_of_every_role() {
    let scene = Scene::start("memory").await;
    let vera = scene.administrator("vera", Role::Viewer).await;
    let anna = Browser::signed_in(&scene, "anna", Role::Administrator).await;
    furnish(&anna).await;
    // Whoever is bound has no session from before.
    let vera = Browser::sign_in(&scene, &vera).await;
    let omar = Browser::signed_in(&scene, "omar", Role::Operator).await;

    let of_all = crawl(&anna).await;
    assert!(of_all.pages.len() > 50, "{:?}", of_all.pages.keys());
    for escaped in ESCAPED {
        let shown = of_all
            .pages
            .values()
            .filter(|it| it.text.contains(escaped))
            .count();
        assert!(shown >= 2, "{escaped} on {shown} pages");
    }
    for (browser, role) in [(&vera, "viewer"), (&omar, "operator")] {
        let own = crawl(browser).await;
        assert!(own.pages.len() < of_all.pages.len(), "{role}");
        let own_paths: BTreeSet<&str> = own.pages.keys().map(|it| without_query(it)).collect();
        let others = of_all.pages.keys();
        let others = others.filter(|it| !own_paths.contains(without_query(it)));
        // That form has nothing of the token: it asks for its id.
        for path in others.filter(|it| !it.starts_with("/tokens/")) {
            let answer = browser.get(path).await;
            is_sound(&answer, path);
            assert_eq!(answer.status, 403, "{role} {path}");
        }
        for (action, form) in &of_all.forms {
            if own.forms.contains_key(action) {
                continue;
            }
            let answer = browser.post(action, &form.fields).await;
            is_sound(&answer, action);
            let asks_for_id = action.starts_with("/tokens/") && answer.status == 422;
            assert!(
                answer.status == 403 || asks_for_id,
                "{role} {action}: {}",
                answer.text
            );
        }
        revoke_another_ones(browser, &anna, &of_all).await;
        submit(browser, &own.forms).await;
    }
    submit(&anna, &of_all.forms).await;
    // What forms of settings have stored is text as well.
    let furnished = crawl(&anna).await;
    assert!(furnished.pages.len() >= of_all.pages.len());
    strangers(&scene, &anna, &of_all).await;
}

/// An id that one knows from elsewhere: the token of another administrator stays.
async fn revoke_another_ones(browser: &Browser<'_>, owner: &Browser<'_>, found: &Found) {
    let actions = found.forms.keys().filter(|it| it.starts_with("/tokens/"));
    let actions: Vec<&String> = actions.collect();
    assert!(!actions.is_empty());
    for action in actions {
        let id = action.split('/').nth(2).unwrap();
        let confirmed = BTreeMap::from([("confirm".to_owned(), id.to_owned())]);
        let answer = browser.post(action, &confirmed).await;
        is_sound(&answer, action);
        assert!(answer.status.is_client_error(), "{}", answer.text);
        assert!(owner.get("/tokens").await.text.contains(id), "{action}");
    }
}

/// Sends each form as it stands, and with marks in all fields.
async fn submit(browser: &Browser<'_>, all: &BTreeMap<String, Form>) {
    for (action, form) in all {
        if !is_sent(action) {
            continue;
        }
        for mark in MARKS {
            let mut fields = form.fields.clone();
            for name in &form.texts {
                fields.insert(name.clone(), mark.to_owned());
            }
            let answer = browser.post(action, &fields).await;
            is_sound(&answer, action);
        }
        let everything = form
            .fields
            .keys()
            .map(|name| (name.clone(), MARKS[0].to_owned()));
        let answer = browser.post(action, &everything.collect()).await;
        is_sound(&answer, action);
        let answer = browser.post(action, &form.fields).await;
        is_sound(&answer, action);
        let answer = browser.post(action, &BTreeMap::new()).await;
        is_sound(&answer, action);
    }
}

/// Without a session, from another page, and under another name.
async fn strangers(scene: &Scene, anna: &Browser<'_>, found: &Found) {
    let actions: BTreeSet<&str> = found.forms.keys().map(String::as_str).collect();
    assert!(actions.len() > 30, "{actions:?}");
    let nobody = |method: Method, path: &str| {
        let url = format!("http://{}{path}", scene.portal);
        scene.client().request(method, url)
    };
    for path in found.pages.keys() {
        let answer = answered(nobody(Method::GET, path)).await;
        is_sound(&answer, path);
        // The document of the API is for everybody.
        if without_query(path) == "/openapi" {
            assert_eq!(answer.status, 200, "{path}");
        } else {
            assert_eq!(answer.status, 303, "{path}");
            assert!(answer.header("location").starts_with("/signin"), "{path}");
        }
        let misdirected = anna
            .request(Method::GET, path)
            .header("host", "evil.example");
        let answer = answered(misdirected).await;
        assert_eq!(answer.status, 421, "{path}");
        assert!(answer.text.len() < 200, "{path}: {}", answer.text);
    }
    for action in actions {
        let fields = &found.forms[action].fields;
        for (origin, site) in [
            ("https://evil.example", "cross-site"),
            ("null", "cross-site"),
            ("http://127.0.0.1:1", "same-site"),
        ] {
            let request = anna
                .request(Method::POST, action)
                .header("origin", origin)
                .header("sec-fetch-site", site);
            let answer = answered(with(request, fields)).await;
            is_sound(&answer, action);
            assert_eq!(
                (answer.status.as_u16(), &*answer.text),
                (403, ""),
                "{action} {origin}"
            );
        }
    }
}
