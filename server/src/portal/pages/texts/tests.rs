//! No text is missing in a language, and none is there that no page shows.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use mpass_core::Error;
use mpass_core::service::Reason;
use mpass_core::service::settings::Field;

use super::*;
use crate::administrators::Permission;

/// The sources of the pages, of the sign-in's screens and of the demo's page.
fn sources() -> String {
    let server = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    let mut paths = vec![server.join("portal/signin/screen.rs")];
    let mut directories = ["portal/pages", "demo/page", "openapi"]
        .map(|directory| server.join(directory))
        .to_vec();
    while let Some(directory) = directories.pop() {
        for file in fs::read_dir(directory).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs") {
                paths.push(path);
            }
        }
    }
    let code = paths.iter().map(|path| {
        let text = fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        code.to_owned()
    });
    code.collect()
}

/// The texts in quotes of the sources that may be names.
fn quoted(sources: &str) -> BTreeSet<&str> {
    let text = regex::Regex::new(r#""([a-z0-9_.-]+)""#).unwrap();
    let found = text.captures_iter(sources);
    found.map(|found| found.get(1).unwrap().as_str()).collect()
}

fn names(language: Language) -> BTreeSet<&'static str> {
    catalogue(language).keys().map(String::as_str).collect()
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    let parts = text.split('{').skip(1);
    parts.filter_map(|part| part.split('}').next()).collect()
}

#[test]
fn every_language_has_every_text_with_its_values() {
    let english = names(Language::English);
    assert!(english.len() > 300, "{}", english.len());
    for language in Language::ALL.iter().copied() {
        let own = names(language);
        let differ: Vec<_> = own.symmetric_difference(&english).collect();
        assert!(differ.is_empty(), "{language:?}: {differ:?}");
        for name in &own {
            let text = find(language, name).unwrap();
            let model = find(Language::English, name).unwrap();
            assert_eq!(placeholders(text), placeholders(model), "{name}");
            assert!(!text.is_empty(), "{name}");
        }
    }
}

#[test]
fn arabic_texts_are_in_arabic() {
    // Names and examples that are the same in every language.
    let same = ["digits.latin"];
    for name in names(Language::Arabic) {
        let text = find(Language::Arabic, name).unwrap();
        let has_arabic = text.chars().any(|it| ('\u{600}'..='\u{6ff}').contains(&it));
        assert!(has_arabic || same.contains(&name), "{name}: {text}");
    }
}

/// Whether a name is made up by a page from something else.
fn is_made(name: &str, quoted: &BTreeSet<&str>) -> bool {
    let Some((family, rest)) = name.split_once('.') else {
        return false;
    };
    let first = rest.split('.').next().unwrap_or_default();
    match family {
        "error" => rest
            .parse()
            .is_ok_and(|it| Error::from_number(it).is_some()),
        "field" | "hint" => Field::from_name(first).is_some(),
        "permission" => Permission::from_name(rest).is_some(),
        "reason" => Reason::ENTRIES.iter().any(|it| it.name == rest),
        "language" => Language::of_tag(rest).is_some(),
        "channel" | "customer" | "client" => quoted.contains(rest),
        "kind" => ["channel", "customer", "client"].contains(&rest),
        "done" => quoted.contains(rest),
        "gateway" | "audit" | "gateways" => {
            let setting = rest.trim_end_matches(".hint");
            quoted.contains(setting)
        }
        "assessment" => rest
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
        "step" => ["intent", "done", "failed", "event"].contains(&rest),
        "via" => ["command", "socket", "api", "portal", "server"].contains(&rest),
        _ => false,
    }
}

#[test]
fn every_text_is_shown_and_every_shown_text_is_there() {
    let sources = sources();
    let quoted = quoted(&sources);
    let names = names(Language::English);
    let unused: Vec<_> = names
        .iter()
        .filter(|name| !quoted.contains(*name) && !is_made(name, &quoted))
        .collect();
    assert!(unused.is_empty(), "no page shows {unused:?}");
    let families: BTreeSet<&str> = names.iter().filter_map(|it| it.split('.').next()).collect();
    let is_name = |text: &&&str| {
        let is_word =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._".contains(&byte);
        let family = text.split_once('.').map(|(family, _)| family);
        text.bytes().all(is_word)
            && !text.ends_with('.')
            && family.is_some_and(|it| families.contains(it))
    };
    // Members of other families: `Texts::t` puts the kind in front of them.
    let missing: Vec<_> = quoted
        .iter()
        .filter(is_name)
        .filter(|name| !names.contains(*name) && !names.contains(&*format!("channel.{name}")))
        .collect();
    assert!(missing.is_empty(), "missing: {missing:?}");
}
