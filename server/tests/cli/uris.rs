use mpass_core::oath::Secret;
use mpass_tests::coverage::COMMAND_LINE;
use mpass_tests::vectors::{self, KeyUriRead};
use serde_json::{Map, Value, json};

use crate::numbers::text_of;
use crate::support::run_anywhere;

/// The object that `uri parse --json --show-secret` prints.
fn object(vector: &KeyUriRead) -> Value {
    let secret = Secret::from_hex(&vector.secret_hex).unwrap();
    let mut fields = Map::new();
    fields.insert("type".into(), json!(vector.kind));
    fields.insert("account".into(), json!(vector.account));
    fields.insert("secret".into(), json!(secret.expose_base32().to_string()));
    fields.insert("algorithm".into(), json!(vector.algorithm));
    fields.insert("digits".into(), json!(vector.digits));
    for (name, value) in [("counter", vector.counter), ("period", vector.period)] {
        fields.extend(value.map(|value| (name.into(), json!(value))));
    }
    let issuer = vector.issuer.as_ref();
    fields.extend(issuer.map(|issuer| ("issuer".into(), json!(issuer))));
    for (name, value) in &vector.parameters {
        fields.insert(name.clone(), json!(value));
    }
    Value::Object(fields)
}

fn check_read(vector: &KeyUriRead) {
    // Building it again gives the same URI.
    for uri in [&vector.uri, &vector.written] {
        let printed = run_anywhere(&["uri", "parse", "--json", "--show-secret", uri]).done();
        let printed: Value = serde_json::from_str(&printed).unwrap();
        assert_eq!(printed, object(vector), "{uri}");
    }
}

#[test]
fn reading_vectors() {
    let vectors = vectors::key_uri().vectors;
    COMMAND_LINE.vectors("key-uri.json", &vectors, |vector| match vector {
        vectors::KeyUri::Read(vector) => check_read(vector),
        vectors::KeyUri::Refused { uri, error } => {
            let said = run_anywhere(&["uri", "parse", uri]).misuse();
            assert!(said.contains(&text_of(error)), "{uri}: {said}");
        }
    });
}
