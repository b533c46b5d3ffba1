//! The documents of CAMARA's contracts compared with the documents that CAMARA
//! publishes. `data/camara` has those without their prose, and the list of the
//! differences that are meant.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::scene::Scene;

const DIRECTORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/camara");
const DESIGN: &str = include_str!("../../../../docs/DESIGN.md");

/// The documents that have an original.
pub(super) const STANDARD: &[&str] = &[
    "number-verification-v0.json",
    "number-verification-v2.json",
    "otp-validation-v1.json",
];

/// A difference that is meant.
#[derive(Deserialize)]
struct Meant {
    /// A JSON pointer into a normalized document; `*` is any one token.
    at: String,
    /// The value in our document, where it is fixed.
    ours: Option<Value>,
    /// A sentence that is in DESIGN.md too.
    reason: String,
}

impl Meant {
    fn is(&self, at: &str, ours: Option<&Value>) -> bool {
        let (pattern, tokens) = (self.at.split('/'), at.split('/'));
        pattern.clone().count() == tokens.clone().count()
            && pattern
                .zip(tokens)
                .all(|(one, other)| one == "*" || one == other)
            && self.ours.as_ref().is_none_or(|value| Some(value) == ours)
    }
}

fn read(name: &str) -> Value {
    let text = std::fs::read(Path::new(DIRECTORY).join(name)).unwrap();
    serde_json::from_slice(&text).unwrap()
}

/// The differences that are meant, with their values normalized.
fn meant() -> Vec<Meant> {
    let mut list: Vec<Meant> = serde_json::from_value(read("differences.json")).unwrap();
    for ours in list.iter_mut().filter_map(|meant| meant.ours.as_mut()) {
        *ours = inlined(&Value::Null, ours, false);
    }
    list
}

/// The members that describe and show, and constrain nothing.
const PROSE: &[&str] = &["description", "summary", "example", "examples"];

/// The members whose own members have names that a document chooses.
const NAMED: &[&str] = &[
    "content",
    "headers",
    "parameters",
    "paths",
    "properties",
    "responses",
    "schemas",
    "securitySchemes",
];

/// A document without prose, with every reference but those to schemas resolved,
/// full paths, and nothing that depends on order.
fn normalized(document: &Value) -> Value {
    let mut found = inlined(document, document, false);
    let components = found["components"].as_object_mut().unwrap();
    // They are where they are used.
    components.retain(|name, _| matches!(name.as_str(), "schemas" | "securitySchemes"));
    let base = document["servers"][0]["url"].as_str().unwrap();
    let base = base.trim_start_matches("{apiRoot}").trim_end_matches('/');
    let paths = found["paths"].take();
    let full = |(path, item): (&String, &Value)| (format!("{base}{path}"), item.clone());
    found["paths"] = paths.as_object().unwrap().iter().map(full).collect();
    found
}

fn inlined(document: &Value, value: &Value, is_named: bool) -> Value {
    match value {
        Value::Object(members) => match members.get("$ref").and_then(Value::as_str) {
            Some(target) if !target.starts_with("#/components/schemas/") => {
                inlined(document, document.pointer(&target[1..]).unwrap(), false)
            }
            _ => members
                .iter()
                .filter(|(name, _)| is_named || !PROSE.contains(&name.as_str()))
                .filter(|(name, value)| (name.as_str(), *value) != ("required", &json!(false)))
                .map(|(name, value)| {
                    let is_named = !is_named && NAMED.contains(&name.as_str());
                    (name.clone(), inlined(document, value, is_named))
                })
                .collect::<Map<_, _>>()
                .into(),
        },
        Value::Array(elements) => unordered(
            elements
                .iter()
                .map(|element| inlined(document, element, false))
                .collect(),
        ),
        other => other.clone(),
    }
}

/// Parameters by their place and name; any other array sorted.
fn unordered(mut elements: Vec<Value>) -> Value {
    let name = |element: &Value| {
        let text = |member: &str| element[member].as_str().map(str::to_owned);
        Some(format!("{} {}", text("in")?, text("name")?))
    };
    if let Some(names) = elements.iter().map(name).collect::<Option<Vec<_>>>()
        && !names.is_empty()
    {
        return names
            .into_iter()
            .zip(elements)
            .collect::<Map<_, _>>()
            .into();
    }
    elements.sort_by_key(Value::to_string);
    elements.into()
}

/// Every place at which two documents differ, with the value of ours.
fn differences<'a>(
    at: String,
    theirs: Option<&Value>,
    ours: Option<&'a Value>,
    found: &mut BTreeMap<String, Option<&'a Value>>,
) {
    let (Some(Value::Object(left)), Some(Value::Object(right))) = (theirs, ours) else {
        if theirs != ours {
            found.insert(at, ours);
        }
        return;
    };
    for name in left.keys().chain(right.keys()).collect::<BTreeSet<_>>() {
        let token = name.replace('~', "~0").replace('/', "~1");
        let inner = format!("{at}/{token}");
        differences(inner, left.get(name), right.get(name), found);
    }
}

#[test]
fn the_documents_differ_from_camaras_in_what_is_meant_only() {
    let scene = Scene::start();
    let list = meant();
    let mut needed = BTreeSet::new();
    for name in STANDARD {
        let theirs = normalized(&read(name));
        let ours = normalized(&scene.get(&format!("/openapi/{name}")));
        let mut found = BTreeMap::new();
        differences(String::new(), Some(&theirs), Some(&ours), &mut found);
        for (at, value) in found {
            let meant = list.iter().position(|meant| meant.is(&at, value));
            let theirs = theirs.pointer(&at);
            let meant = meant.unwrap_or_else(|| panic!("{name}: {at}: {theirs:?}, not {value:?}"));
            needed.insert(meant);
        }
    }
    // An entry that no document needs would permit a drift.
    let all: BTreeSet<_> = (0..list.len()).collect();
    let unneeded: Vec<_> = all.difference(&needed).map(|at| &list[*at].at).collect();
    assert!(unneeded.is_empty(), "no difference: {unneeded:?}");
}

#[test]
fn design_lists_the_differences_that_are_meant() {
    let design = DESIGN.split_whitespace().collect::<Vec<_>>().join(" ");
    for Meant { at, reason, .. } in meant() {
        assert!(design.contains(&reason), "{at}: {reason}");
    }
}
