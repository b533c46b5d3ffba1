//! What an attacker puts into addresses: markup, templates, and other places to go to.
//! And one's own credentials, in a session that somebody else may have got hold of.

use std::collections::{BTreeMap, BTreeSet};

use mpass_server::administrators::Role;

use crate::browser::{Browser, forms};
use crate::crawl::{MARKS, crawl, is_sound, without_query};
use crate::scene::{Answered, Scene, code, code_of};

/// Addresses outside the portal, as browsers read them (CWE-601).
const ELSEWHERE: [&str; 6] = [
    "//evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "/\t/evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
];

/// The names of everything that a page reads from its address.
const NAMES: [&str; 17] = [
    "after", "before", "by", "done", "length", "ms", "name", "next", "number", "on", "show",
    "since", "tested", "tenant", "until", "what", "window",
];

fn query<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    query.finish()
}

/// What stands in an address is text in the page, and leads nowhere else.
#[tokio::test]
async fn what_an_address_says_stays_text() {
    let scene = Scene::start("memory").await;
    let anna = Browser::signed_in(&scene, "anna", Role::Administrator).await;
    let found = crawl(&anna).await;
    let paths: BTreeSet<&str> = found.pages.keys().map(|it| without_query(it)).collect();
    assert!(paths.len() > 20, "{paths:?}");
    let mut shown = 0;
    for path in paths {
        for mark in MARKS {
            let query = query(NAMES.iter().map(|name| (*name, mark)));
            let answer = anna.get(&format!("{path}?{query}")).await;
            is_sound(&answer, path);
            shown += usize::from(answer.text.contains("&lt;"));
        }
        for target in ELSEWHERE {
            let query = query([("next", target), ("after", target)].into_iter());
            is_sound(&anna.get(&format!("{path}?{query}")).await, path);
        }
    }
    // Some show what was asked for, as the search of the audit log does.
    assert!(shown >= 2, "{shown}");
    let mut led = 0;
    for (action, form) in &found.forms {
        if !form.fields.contains_key("next") {
            continue;
        }
        for target in ELSEWHERE {
            let mut fields = form.fields.clone();
            fields.insert("next".to_owned(), target.to_owned());
            let answer = anna.post(action, &fields).await;
            is_sound(&answer, action);
            led += usize::from(answer.status == 303);
        }
    }
    assert!(led >= ELSEWHERE.len(), "no form leads on");
}

/// Sends a form of a page with these fields.
async fn send(browser: &Browser<'_>, page: &Answered, given: &[(&str, &str)]) -> Answered {
    let all = forms(&page.text);
    let is_meant = |form: &&crate::browser::Form| form.fields.contains_key(given[0].0);
    let form = all.iter().find(is_meant).unwrap();
    let mut fields: BTreeMap<String, String> = form.fields.clone();
    for (name, value) in given {
        fields.insert((*name).to_owned(), (*value).to_owned());
    }
    browser.post(&form.action, &fields).await
}

/// Whoever has a session and not the password gets no other authenticator; the owner
/// gets one by a code of it, and is signed out.
#[tokio::test]
async fn another_authenticator_needs_password_and_code() {
    let scene = Scene::start("memory").await;
    let enrolment = scene.administrator("vera", Role::Viewer).await;
    let vera = Browser::sign_in(&scene, &enrolment).await;
    let password = enrolment.password.as_ref().unwrap().as_str();
    let page = vera.get("/settings/credentials").await;
    let second = ("what", "second_factor");
    let wrong = send(&vera, &page, &[("password", "not the password"), second]).await;
    assert_eq!(wrong.status, 422, "{}", wrong.text);
    assert!(!wrong.text.contains("otpauth:"));
    let begun = send(&vera, &page, &[("password", password), second]).await;
    assert_eq!(begun.status, 200, "{}", begun.text);
    assert!(begun.text.contains("otpauth:") && begun.text.contains("<svg"));
    let of_old = code(&enrolment);
    let refused = send(&vera, &begun, &[("new_code", &of_old)]).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    // The key is not shown again, and everything is as it was.
    assert!(!refused.text.contains("otpauth:"));
    assert_eq!(vera.get("/settings").await.status, 200);
    let again = send(&vera, &page, &[("password", password), second]).await;
    let uri = again.text.split("otpauth:").nth(1).unwrap();
    let uri = format!("otpauth:{}", uri.split('<').next().unwrap()).replace("&amp;", "&");
    let of_new = code_of(&uri);
    let done = send(&vera, &again, &[("new_code", &of_new)]).await;
    assert_eq!(done.status, 200, "{}", done.text);
    assert!(done.text.contains("class=\"recovery\"") && !done.text.contains("otpauth:"));
    let after = vera.get("/settings").await;
    assert!(
        after.header("location").starts_with("/signin"),
        "{}",
        after.text
    );
}
