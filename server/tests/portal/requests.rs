//! Requests: stamps, bodies, hosts, secrets.

use mpass_server::administrators::Role;
use reqwest::header;
use serde_json::json;

use crate::scene::{STORES, Scene, answered, code};
use crate::support;

/// Two administrators change the same channel: the second one has not seen the first
/// change, and is refused.
#[tokio::test]
async fn a_stamp_that_is_not_the_present_one_is_refused() {
    for store in STORES {
        let scene = Scene::start(store).await;
        let anna = scene.bearer("anna", Role::Administrator).await;
        let otto = scene.bearer("otto", Role::Administrator).await;
        scene
            .call(
                &anna,
                "POST",
                "/channels",
                Some(json!({"name": "shop"})),
                &[],
            )
            .await;
        let read = scene.get(&anna, "/channels/shop").await;
        let tag = read.header("etag").to_owned();
        let stamp = read.json()["stamp"].as_str().unwrap().to_owned();
        assert_eq!(tag, format!("\"{stamp}\""));
        let path = "/channels/shop";
        let patch = |digits: u8| Some(json!({ "digits": digits }));
        let tagged = [("if-match", tag.as_str())];
        let both = tokio::join!(
            scene.call(&anna, "PATCH", path, patch(7), &tagged),
            scene.call(&otto, "PATCH", path, patch(8), &tagged),
        );
        let mut statuses = [both.0.status.as_u16(), both.1.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
        let (won, lost) = if both.0.status == 200 {
            both
        } else {
            (both.1, both.0)
        };
        assert_eq!(lost.problem(), "changed");
        assert_eq!(lost.json()["number"], 410);
        let now = scene.get(&otto, path).await;
        assert_eq!(now.json()["digits"], won.json()["digits"]);
        assert_eq!(now.header("etag"), won.header("etag"));
        for (tag, status) in [
            ("*", 200),
            ("\"x\"", 412),
            ("W/\"x\"", 412),
            ("\"a\", \"b\"", 412),
        ] {
            let answered = scene
                .call(&anna, "PATCH", path, patch(6), &[("if-match", tag)])
                .await;
            assert_eq!(answered.status, status, "{tag}: {}", answered.text);
        }
        // Nothing would compare it here.
        let deleted = scene
            .call(&anna, "DELETE", path, None, &[("if-match", &tag)])
            .await;
        assert_eq!(deleted.status, 400);
    }
}

#[tokio::test]
async fn malformed_requests_are_refused() {
    let scene = Scene::start("memory").await;
    let bearer = scene.bearer("anna", Role::Administrator).await;
    let post = |path: &str, media: &str, body: String| {
        let request = scene.client().post(scene.url(path)).bearer_auth(&bearer);
        answered(request.header(header::CONTENT_TYPE, media).body(body))
    };
    let json = "application/json";
    let long = format!("{{\"name\":\"{}\"}}", "x".repeat(300_000));
    for (path, media, body, status, problem) in [
        (
            "/channels",
            json,
            r#"{"name":"a","name":"b"}"#.to_owned(),
            400,
            "repeated-member",
        ),
        (
            "/channels",
            json,
            r#"{"name":"a","nane":"b"}"#.to_owned(),
            400,
            "unknown-member",
        ),
        (
            "/channels",
            json,
            r#"{"name":"a","nane":null}"#.to_owned(),
            400,
            "unknown-member",
        ),
        (
            "/numbers/explain",
            json,
            r#"{"number":"1","x":1}"#.to_owned(),
            400,
            "unknown-member",
        ),
        (
            "/cut-offs",
            json,
            r#"{"target":{"target":"sends","x":1},"life_ms":1000}"#.to_owned(),
            400,
            "unknown-member",
        ),
        (
            "/numbers/explain",
            json,
            "{}".to_owned(),
            400,
            "missing-member",
        ),
        ("/channels", json, "[]".to_owned(), 400, "malformed-body"),
        ("/channels", json, "{".to_owned(), 400, "malformed-body"),
        (
            "/channels",
            "text/plain",
            "{}".to_owned(),
            415,
            "media-type",
        ),
        ("/channels", json, long, 413, "too-large"),
        (
            "/channels?x=1",
            json,
            "{}".to_owned(),
            400,
            "malformed-query",
        ),
        ("/status", json, String::new(), 405, "method-not-allowed"),
        ("/nothing", json, String::new(), 404, "not-found"),
    ] {
        let answered = post(path, media, body).await;
        assert_eq!(answered.problem(), problem, "{path}: {}", answered.text);
        assert_eq!(answered.status, status, "{path}");
        assert_eq!(answered.header("content-type"), "application/problem+json");
        assert_eq!(answered.header("cache-control"), "no-store");
        assert_eq!(answered.header("x-content-type-options"), "nosniff");
        assert_eq!(answered.header("x-request-id").len(), 16);
        assert_eq!(answered.json()["status"], status);
    }
    let refused = post("/status", json, String::new()).await;
    assert_eq!(refused.header("allow"), "GET, HEAD");
}

/// The value of a request is in no problem and in no log's path.
#[tokio::test]
async fn problems_do_not_repeat_the_request() {
    let scene = Scene::start("memory").await;
    let bearer = scene.bearer("anna", Role::Administrator).await;
    let secret = "5d1f0c8d9a3b";
    for (method, path, body) in [
        ("GET", format!("/channels/{secret}"), None),
        ("GET", format!("/gateways/{secret}"), None),
        ("GET", format!("/administrators/{secret}"), None),
        ("GET", format!("/audit?limit={secret}"), None),
        (
            "POST",
            "/channels".to_owned(),
            Some(json!({ "name": "a", secret: 1 })),
        ),
        (
            "POST",
            "/channels".to_owned(),
            Some(json!({ "name": "a", "digits": secret })),
        ),
        (
            "POST",
            "/numbers/explain".to_owned(),
            Some(json!({ "number": "1", "channel": secret })),
        ),
    ] {
        let answered = scene.call(&bearer, method, &path, body, &[]).await;
        assert!(!answered.status.is_success(), "{path}: {}", answered.text);
        assert!(!answered.text.contains(secret), "{path}: {}", answered.text);
    }
}

/// DNS rebinding: a name that is not the operator's, whatever it resolves to.
#[tokio::test]
async fn another_host_is_misdirected() {
    let scene = Scene::start("memory").await;
    let bearer = scene.bearer("anna", Role::Administrator).await;
    for (host, status) in [
        ("ops.example", 200),
        ("localhost", 200),
        ("evil.example", 421),
        ("ops.example.evil", 421),
    ] {
        let request = scene
            .client()
            .get(scene.url("/channels"))
            .bearer_auth(&bearer);
        let answered = answered(request.header(header::HOST, host)).await;
        assert_eq!(answered.status, status, "{host}");
    }
}

/// HTTP/2, where the authority is part of the target.
#[tokio::test]
async fn another_host_is_misdirected_over_http2() {
    let dir = tempfile::tempdir().unwrap();
    let (certificate, tls) = support::tls::certificate(dir.path());
    let scene = Scene::start_with("memory", dir, &tls).await;
    let bearer = scene.bearer("anna", Role::Administrator).await;
    let stream = support::connect(scene.portal).await;
    let connector = support::tls::connector(certificate, &["h2"]);
    let name = "localhost".try_into().unwrap();
    let stream = connector.connect(name, stream).await.unwrap();
    let (requests, connection) = h2::client::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    let mut requests = requests.ready().await.unwrap();
    for (host, status) in [("ops.example", 200), ("evil.example", 421)] {
        let request = http::Request::get(format!("https://{host}/admin/v1/channels"))
            .header("authorization", format!("Bearer {bearer}"));
        let (response, _) = requests
            .send_request(request.body(()).unwrap(), true)
            .unwrap();
        assert_eq!(response.await.unwrap().status(), status, "{host}");
        requests = requests.ready().await.unwrap();
    }
}

/// A stolen token does not turn messages to another place, and secrets of a gateway
/// never come back.
#[tokio::test]
async fn a_gateways_target_needs_a_fresh_code() {
    for store in STORES {
        let scene = Scene::start(store).await;
        let anna = scene.administrator("anna", Role::Administrator).await;
        let bearer = scene
            .token(&anna.account, mpass_server::administrators::Permission::ALL)
            .await;
        let body = json!({
            "name": "second",
            "settings": {
                "url": "https://gateway.example/send",
                "headers": { "X-Key": "{{secret.key}}" },
                "body": "{\"to\":\"{{to}}\",\"text\":\"{{text}}\"}",
            },
            "secrets": { "key": "hush-hush-hush" },
        });
        let create = async |code: &str| {
            let headers = [("mpass-totp", code)];
            scene
                .call(&bearer, "POST", "/gateways", Some(body.clone()), &headers)
                .await
        };
        let without = scene
            .call(&bearer, "POST", "/gateways", Some(body.clone()), &[])
            .await;
        assert_eq!(without.problem(), "fresh-totp-required");
        let wrong = create("000000").await;
        assert_eq!(wrong.problem(), "fresh-totp-required", "{}", wrong.text);
        let right = code(&anna);
        tokio::time::sleep(core::time::Duration::from_millis(1100)).await;
        let created = create(&right).await;
        assert_eq!(created.status, 201, "{}", created.text);
        // A code works once.
        let again = create(&right).await;
        assert_eq!(again.status, 403, "{}", again.text);
        for path in ["/gateways", "/gateways/second", "/audit/export", "/status"] {
            let read = scene.get(&bearer, path).await;
            assert_eq!(read.status, 200, "{}", read.text);
            assert!(!read.text.contains("hush"), "{path}");
        }
        let read = scene.get(&bearer, "/gateways/second").await.json();
        assert_eq!(read["secrets"]["key"], "set");
        let retarget = json!({"settings": {"url": "https://evil.example/"}});
        let refused = scene
            .call(&bearer, "PATCH", "/gateways/second", Some(retarget), &[])
            .await;
        assert_eq!(refused.problem(), "fresh-totp-required");
        // What is not of the target needs none.
        let timeout = json!({"settings": {"timeout": "2s"}});
        let changed = scene
            .call(&bearer, "PATCH", "/gateways/second", Some(timeout), &[])
            .await;
        assert_eq!(changed.status, 200, "{}", changed.text);
    }
}
