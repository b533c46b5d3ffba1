//! The routes and replies of the contracts match the `OpenAPI` documents that
//! the server publishes.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use serde_json::{Map, Value};

use super::*;
use crate::challenge::Keyring;
use crate::service::host::{EngineSettings, Reply};

/// Where the `OpenAPI` documents are.
const DIRECTORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi");

/// The documents that do not describe a contract of this build.
const OTHERS: &[&str] = &[
    "server.json",
    #[cfg(not(feature = "login"))]
    "login.json",
];

/// Error replies that do not follow from a reason alone, by their status and a
/// part of their body: the exchange adds something to them.
const NOT_BY_REASON_ALONE: &[(u16, &str)] = &[
    // mPass, with the time to wait in a header.
    (429, "Access Denied"),
    // `VerifyNow`, with the live challenge.
    (400, "REQUEST_ALREADY_EXISTS"),
    // OTP Validation, for one field only.
    (400, "OUT_OF_RANGE"),
    // The paths of the login, on an engine without an issuer.
    (404, "Not found."),
    // The login, with the parameter at fault.
    (400, "The parameter "),
];

fn documents() -> Vec<Value> {
    let entries = std::fs::read_dir(DIRECTORY).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| !OTHERS.contains(&path.file_name().unwrap().to_str().unwrap()))
        .map(|path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
        .collect()
}

fn routes() -> impl Iterator<Item = &'static Route> {
    CONTRACTS.iter().flat_map(|(_, routes)| *routes)
}

/// The target of a reference; any other value itself.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document.pointer(&reference[1..]).unwrap(),
        None => value,
    }
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

/// Every method and path of a document.
fn operations(document: &Value) -> BTreeSet<(String, String)> {
    let of_path = |(path, item)| {
        object(item).map(move |(method, _): (&String, &Value)| {
            (String::clone(path), method.to_ascii_uppercase())
        })
    };
    object(&document["paths"]).flat_map(of_path).collect()
}

/// Every response of a document, with its status.
fn responses(document: &Value) -> Vec<(u16, &Value)> {
    object(&document["paths"])
        .flat_map(|(_, item)| object(item))
        .flat_map(|(_, operation)| object(&operation["responses"]))
        .map(|(status, response)| (status.parse().unwrap(), resolved(document, response)))
        .collect()
}

/// The example values of a part of a document.
fn examples<'a>(document: &'a Value, part: &'a Value) -> impl Iterator<Item = &'a Value> {
    object(&part["examples"])
        .map(|(_, example)| &resolved(document, example)["value"])
        .chain(part.get("example"))
}

/// The bodies that a schema enumerates.
fn listed<'a>(document: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let schema = resolved(document, schema);
    let elements = |value: &'a Value| value.as_array().into_iter().flatten();
    elements(&schema["oneOf"])
        .flat_map(|one| elements(&resolved(document, one)["enum"]))
        .chain(elements(&schema["enum"]))
        .collect()
}

/// Every response body in a document, with its status.
fn bodies(document: &Value) -> Vec<(u16, &Value)> {
    responses(document)
        .into_iter()
        .flat_map(|(status, response)| {
            object(&response["content"])
                .flat_map(move |(_, media)| {
                    examples(document, media).chain(listed(document, &media["schema"]))
                })
                .map(move |body| (status, body))
        })
        .collect()
}

/// The `Location` headers in a document, concatenated.
fn redirected(document: &Value) -> String {
    let mut locations = String::new();
    for (_, response) in responses(document) {
        let location = resolved(document, &response["headers"]["Location"]);
        for example in examples(document, location) {
            locations.push_str(example.as_str().unwrap());
        }
    }
    locations
}

/// The OAuth error code in a body: a member in JSON, or in parentheses at the end
/// of a text.
fn oauth_error(body: &Value) -> Option<&str> {
    match body {
        Value::String(text) => text.trim_end().trim_end_matches(')').rsplit('(').next(),
        body => body["error"].as_str(),
    }
}

fn body(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body)
        .unwrap_or_else(|_| Value::from(core::str::from_utf8(&reply.body).unwrap()))
}

/// The error replies of every route, for each reason that can occur there.
fn replies() -> Vec<(&'static str, Reply)> {
    let context = Context {
        keyring: Arc::new(Keyring::generate(&[7; 32])),
        settings: Arc::new(EngineSettings {
            issuer: Some("https://verify.example".to_owned()),
            ..EngineSettings::default()
        }),
        restored_at_ms: None,
        cut_offs: Arc::default(),
    };
    let of_route = |route: &'static Route| {
        let request = Request {
            method: route.methods[0],
            path: route.path,
            query: "",
            headers: &[],
            body: &[],
            peer: [127, 0, 0, 1].into(),
        };
        let contract = (route.begin)(&context, &request);
        let reasons = Reason::ALL.iter().copied().filter(|reason| {
            // An existing route is always found, and the reply to a live code
            // describes that code.
            reason.number() >= 10 && !matches!(reason, Reason::NotFound | Reason::StillLive)
        });
        // A token request contains no number.
        let is_of_number = |reason: &Reason| {
            matches!(
                reason,
                Reason::InvalidNumber
                    | Reason::NotMobile
                    | Reason::NumberBlocked
                    | Reason::ForeignNumber
            )
        };
        let has_number = !route.path.ends_with("/token");
        let reasons = reasons.filter(|reason| has_number || !is_of_number(reason));
        let replies: Vec<_> = reasons.map(|reason| contract.reply(reason)).collect();
        replies.into_iter().map(|reply| (route.path, reply))
    };
    routes().flat_map(of_route).collect()
}

#[test]
fn the_documents_have_every_path_and_method_and_no_other() {
    let documented: Vec<_> = documents().iter().flat_map(operations).collect();
    let routed: BTreeSet<_> = routes()
        .flat_map(|route| {
            let methods = route.methods.iter();
            methods.map(|method| (route.path.to_owned(), (*method).to_owned()))
        })
        .collect();
    let distinct: BTreeSet<_> = documented.iter().cloned().collect();
    assert_eq!(distinct, routed);
    assert_eq!(documented.len(), routed.len(), "a path is in two documents");
}

#[test]
fn every_reply_is_in_its_document() {
    let documents = documents();
    for (path, reply) in replies() {
        let document = documents
            .iter()
            .find(|document| document["paths"].get(path).is_some())
            .unwrap_or_else(|| panic!("no document in openapi/ has {path}"));
        let (status, body) = (reply.status, body(&reply));
        let is_shown = bodies(document).contains(&(status, &body));
        // The endpoints and redirects of the login share one table of errors; a
        // reason alone does not determine where an error occurs.
        let is_known = || {
            oauth_error(&body).is_some_and(|found| {
                let mut shown = bodies(document).into_iter();
                shown.any(|(_, other)| oauth_error(other) == Some(found))
                    || redirected(document).contains(&alloc::format!("?error={found}&"))
            })
        };
        assert!(
            is_shown || is_known(),
            "{path}, {:?}: {status} {body}",
            reply.reason
        );
    }
}

#[test]
fn every_error_in_the_documents_is_sent() {
    let answered: Vec<_> = replies()
        .iter()
        .map(|(_, reply)| (reply.status, body(reply)))
        .collect();
    for document in &documents() {
        for (status, body) in bodies(document) {
            let is_exempt = || {
                let text = body.to_string();
                NOT_BY_REASON_ALONE
                    .iter()
                    .any(|(of, part)| *of == status && text.contains(part))
            };
            assert!(
                status < 400 || answered.contains(&(status, body.clone())) || is_exempt(),
                "{}: {status} {body}",
                document["info"]["title"]
            );
        }
    }
}
