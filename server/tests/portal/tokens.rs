//! The life of tokens.

use mpass_core::store::Stamp;
use mpass_server::administrators::{Administrators, Permission, Role};
use reqwest::header;
use serde_json::json;

use crate::scene::{STORES, Scene, answered};

/// Every way not to have a token.
#[tokio::test]
async fn requests_without_a_token_are_unauthorized() {
    let scene = Scene::start("memory").await;
    let bearer = scene.bearer("anna", Role::Administrator).await;
    let get = || scene.client().get(scene.url("/channels"));
    let cookie = format!("__Host-mpass={bearer}");
    for request in [
        get(),
        get().header(header::COOKIE, cookie),
        get().bearer_auth("mpat_unknown"),
        get().header(header::AUTHORIZATION, format!("Basic {bearer}")),
        get().header(header::AUTHORIZATION, bearer.clone()),
        get().bearer_auth(&bearer).bearer_auth(&bearer),
        scene
            .client()
            .get(scene.url(&format!("/channels?access_token={bearer}"))),
    ] {
        let answered = answered(request).await;
        assert_eq!(answered.status, 401, "{}", answered.text);
        assert_eq!(answered.problem(), "unauthorized");
        assert!(answered.header("www-authenticate").starts_with("Bearer "));
    }
    assert_eq!(scene.get(&bearer, "/channels").await.status, 200);
}

#[tokio::test]
async fn a_token_ends_when_it_is_revoked() {
    for store in STORES {
        let scene = Scene::start(store).await;
        let bearer = scene.bearer("anna", Role::Viewer).await;
        let body = json!({"name": "short", "permissions": ["read"], "life_ms": 60_000});
        let made = scene
            .call(&bearer, "POST", "/own/tokens", Some(body), &[])
            .await;
        assert_eq!(made.status, 201, "{}", made.text);
        let (secret, id) = (made.json()["secret"].clone(), made.json()["id"].clone());
        let secret = secret.as_str().unwrap();
        assert_eq!(scene.get(secret, "/channels").await.status, 200);
        let listed = scene.get(&bearer, "/own/tokens").await;
        assert!(!listed.text.contains(secret), "a secret is shown once");
        let path = format!("/own/tokens/{}", id.as_str().unwrap());
        let ended = scene.call(&bearer, "DELETE", &path, None, &[]).await;
        assert_eq!(ended.status, 204);
        assert_eq!(scene.get(secret, "/channels").await.status, 401);
        let again = scene.call(&bearer, "DELETE", &path, None, &[]).await;
        assert_eq!(again.status, 404);
    }
}

/// Somebody else's token is not found, so its id cannot be tried out.
#[tokio::test]
async fn nobody_ends_the_token_of_another() {
    let scene = Scene::start("memory").await;
    let anna = scene.bearer("anna", Role::Operator).await;
    let otto = scene.bearer("otto", Role::Operator).await;
    let listed = scene.get(&anna, "/own/tokens").await.json();
    let id = listed["tokens"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/own/tokens/{id}");
    assert_eq!(
        scene.call(&otto, "DELETE", &path, None, &[]).await.status,
        404
    );
    assert_eq!(scene.get(&anna, "/channels").await.status, 200);
}

/// A token never exceeds the present role of its maker, and dies with them.
#[tokio::test]
async fn a_token_after_its_makers_demotion_and_removal() {
    for store in STORES {
        let scene = Scene::start(store).await;
        let root = scene.bearer("root", Role::Administrator).await;
        let bearer = scene.bearer("anna", Role::Administrator).await;
        assert_eq!(scene.get(&bearer, "/administrators").await.status, 200);
        let path = "/administrators/anna";
        scene.change("anna", Some(Role::Viewer), None).await;
        assert_eq!(scene.get(&bearer, "/administrators").await.status, 403);
        assert_eq!(scene.get(&bearer, "/channels").await.status, 200);
        scene.change("anna", None, Some(true)).await;
        assert_eq!(scene.get(&bearer, "/channels").await.status, 401);
        scene.change("anna", None, Some(false)).await;
        assert_eq!(scene.get(&bearer, "/channels").await.status, 200);
        let removed = scene.call(&root, "DELETE", path, None, &[]).await;
        assert_eq!(removed.status, 204, "{}", removed.text);
        assert_eq!(scene.get(&bearer, "/channels").await.status, 401);
        // Another one of the same name is somebody else.
        scene.administrator("anna", Role::Administrator).await;
        assert_eq!(scene.get(&bearer, "/channels").await.status, 401);
    }
}

/// What a token does is recorded with its maker, its id and the address.
#[tokio::test]
async fn the_audit_log_names_the_token() {
    for store in STORES {
        let scene = Scene::start(store).await;
        let bearer = scene.bearer("anna", Role::Administrator).await;
        let body = json!({"name": "shop"});
        let made = scene
            .call(&bearer, "POST", "/channels", Some(body), &[])
            .await;
        assert_eq!(made.status, 201, "{}", made.text);
        assert_eq!(made.header("location"), "/admin/v1/channels/shop");
        let log = scene.get(&bearer, "/audit/export?what=channel.").await;
        assert_eq!(log.header("content-type"), "text/plain; charset=utf-8");
        let lines: Vec<serde_json::Value> = log
            .text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert!(!lines.is_empty());
        for line in &lines {
            let text = line.to_string();
            for part in ["\"api\"", "\"anna\"", "127.0.0.1", "\"token\""] {
                assert!(text.contains(part), "{part}: {text}");
            }
            assert!(!text.contains(made.json()["key"].as_str().unwrap()));
        }
        let state = &scene.running.state;
        let keyring = state.engine.load().shared_keyring();
        let administrators = Administrators::new(&state.store, &keyring, &state.hasher);
        let account = administrators.read("anna").await.unwrap().unwrap();
        assert!(account.role.may(Permission::Server));
        let _: Option<Stamp> = account.stamp();
    }
}
