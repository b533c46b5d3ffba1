//! What is seen of the secrets of gateways.

use mpass_server::admin::{GatewayOperation, Operation, Outcome, SecretState};
use mpass_server::store::documents;
use serde_json::json;
use tempfile::TempDir;

use super::{LOOPBACK, SECRET, Scene, url};
use crate::support::{Manner, StandIn, data_dir};

/// Rule by rule: who changes where a secret goes, or in which place, does not have it.
#[tokio::test]
async fn a_change_of_the_target_clears_the_secrets() {
    let mut scene = Scene::start(LOOPBACK).await;
    let stand_in = StandIn::start(Manner::Answer(200, "")).await;
    let base = url(&stand_in);
    let template = r#"{"to":"{{to}}","text":"{{text}}","x":"{{secret.token}}"}"#;
    let pem = rcgen::generate_simple_self_signed(vec!["a.example".to_owned()]).unwrap();
    for (settings, clears) in [
        (json!({ "timeout": "3s" }), false),
        (json!({ "sender": "Shop" }), false),
        (json!({ "method": "PUT" }), false),
        (
            json!({ "success": [{ "status": [200, "202-204"] }] }),
            false,
        ),
        (json!({ "url": format!("{base}/send") }), false),
        (json!({ "url": "https://other.example/send" }), true),
        (json!({ "url": "http://127.0.0.1:9/send" }), true),
        (json!({ "url": format!("{base}/other") }), true),
        (
            json!({ "url": format!("https://{}/send", stand_in.addr) }),
            true,
        ),
        (json!({ "body": template }), true),
        (json!({ "body_format": "text" }), true),
        (
            json!({ "headers": { "X-Api-Key": "{{secret.token}}" } }),
            true,
        ),
        (json!({ "headers": null }), true),
        (
            json!({ "basic_auth": { "user": "u", "password": "{{secret.token}}" } }),
            true,
        ),
        (json!({ "allow_plain_http": true }), true),
        (json!({ "ca_certificates": pem.cert.pem() }), true),
    ] {
        scene.create("one", &base).await.unwrap();
        let changed = scene.update("one", settings.clone(), &[]).await.unwrap();
        let expected: &[&str] = if clears { &["token"] } else { &[] };
        assert_eq!(changed.cleared, expected, "{settings}");
        let is_set = changed.secrets.get("token") == Some(&SecretState::Set);
        assert_eq!(is_set, !clears, "{settings}");
        let remove = GatewayOperation::Remove {
            name: "one".to_owned(),
            stamp: changed.stamp,
        };
        scene.perform(remove).await.unwrap();
    }
    // Without its secret it is not used; with it, it is again.
    scene.create("one", &base).await.unwrap();
    let changed = scene
        .update("one", json!({ "body": template }), &[])
        .await
        .unwrap();
    assert_eq!(changed.secrets["token"], SecretState::NotSet);
    assert_eq!(scene.send().await, "100");
    let failing = scene.server.state.defined.load_full();
    let reasons: Vec<_> = failing.unusable().collect();
    assert_eq!(reasons, [("one", "gateway.secrets.token is not set")]);
    let values = [("token", Some("another-secret"))];
    scene.update("one", json!({}), &values).await.unwrap();
    assert_eq!(scene.send().await, "0");
    let request = stand_in.requests().pop().unwrap();
    assert!(
        request.contains("another-secret") && !request.contains(SECRET),
        "{request}"
    );
    let removed = scene
        .update("one", json!({}), &[("token", None)])
        .await
        .unwrap();
    assert_eq!(removed.secrets["token"], SecretState::NotSet);
    scene.server.end().await;
}

#[tokio::test]
async fn secrets_do_not_come_back_out() {
    let mut scene = Scene::start(LOOPBACK).await;
    let stand_in = StandIn::start(Manner::Answer(402, SECRET)).await;
    let hides = |what: &str, text: &str| assert!(!text.contains(SECRET), "{what}: {text}");
    let created = scene.create("one", &url(&stand_in)).await.unwrap();
    hides("create", &serde_json::to_string(&created).unwrap());
    let changed = scene
        .update("one", json!({ "timeout": "3s" }), &[])
        .await
        .unwrap();
    hides("update", &serde_json::to_string(&changed).unwrap());
    hides("list", &serde_json::to_string(&scene.list().await).unwrap());
    assert_eq!(scene.send().await, "100");
    let status = scene
        .admin
        .perform(Operation::Status)
        .await
        .unwrap()
        .unwrap();
    let Outcome::Status(status) = status else {
        panic!()
    };
    hides("status", &serde_json::to_string(&status).unwrap());
    assert!(
        status
            .gateways
            .iter()
            .any(|one| one.name == "one" && one.is_stored)
    );
    hides("metrics", &scene.server.state.metrics.encode().unwrap());
    let audit = scene.audit().await;
    hides("audit", &audit);
    assert!(
        audit.contains("gateway.create") && audit.contains(r#""token":"set""#),
        "{audit}"
    );
    let state = &scene.server.state;
    hides("debug", &format!("{:?}", state.defined.load()));
    // Where a literal would be shown, a secret is demanded, and not repeated.
    for settings in [
        json!({ "headers": { "Authorization": SECRET } }),
        json!({ "headers": { "X-Api-Key": SECRET } }),
        json!({ "basic_auth": { "user": "u", "password": SECRET } }),
        json!({ "url": format!("https://a.example/?token={SECRET}") }),
        json!({ "timeout": SECRET }),
        json!({ "headers": SECRET }),
        json!({ "success": [{ "status": [SECRET] }] }),
        json!({ "ca_certificates": SECRET }),
        json!({ SECRET: "x" }),
        json!({ "secrets": { "token": { "env": "PATH" } } }),
        json!({ "name": "other" }),
    ] {
        let failure = scene
            .update("one", settings.clone(), &[])
            .await
            .unwrap_err();
        hides("failure", &failure.message);
    }
    let failure = scene
        .update("one", json!({}), &[(SECRET, Some(""))])
        .await
        .unwrap_err();
    hides("failure", &failure.message);
    hides("audit", &scene.audit().await);
    scene.server.end().await;
}

/// All bytes of the files below a directory.
fn dump(dir: &TempDir) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directories = vec![data_dir(dir)];
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => directories.push(path),
                false => bytes.extend(std::fs::read(path).unwrap_or_default()),
            }
        }
    }
    bytes
}

#[tokio::test]
async fn the_store_contains_nothing_readable_of_a_gateway() {
    let mut scene = Scene::start("").await;
    let route = "https://sms-of-the-operator.example";
    scene.create("name-of-the-gateway", route).await.unwrap();
    let settings = json!({ "sender": "SenderOfTheGateway" });
    scene
        .update("name-of-the-gateway", settings, &[])
        .await
        .unwrap();
    let count = documents(&scene.server.state.store).unwrap().len();
    assert!(count > 2, "{count}");
    let dir = scene.server.end().await;
    let bytes = dump(&dir);
    assert!(bytes.len() > 10_000);
    for text in [
        SECRET,
        "sms-of-the-operator",
        "name-of-the-gateway",
        "SenderOfTheGateway",
        "Bearer",
    ] {
        let is_there = bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes());
        assert!(!is_there, "{text}");
    }
}
