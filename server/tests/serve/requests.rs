//! The contract over HTTP, `/healthz` and `/metrics`.

use core::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{DEST, Manner, SEND, StandIn, VERIFY, channel, client, start};

#[tokio::test]
async fn from_send_to_accept() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let server = start(&gateway, "").await;
    assert_eq!(server.send(&server.key).await, (200, "0".into()));
    let request = gateway.requests().pop().unwrap();
    assert!(request.contains("\"to\":\"+966500000000\""), "{request}");
    let code = gateway.last_code();
    let wrong = if code == "00000000" {
        "00000001"
    } else {
        "00000000"
    };
    assert_eq!(server.verify(&server.key, wrong).await, "3");
    assert_eq!(server.verify(&server.key, &code).await, "0");
    assert_eq!(server.verify(&server.key, &code).await, "3");
    assert_eq!(server.verify("nobody", &code).await, "2");
    let (status, contract) = server.send("nobody").await;
    assert_eq!((status, contract.as_str()), (200, "2"));
    server.end().await;
}

#[tokio::test]
async fn a_reply_is_sent_unchanged() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let server = start(&gateway, "").await;
    let url = server.url(&format!("{SEND}?apikey={}&dest={DEST}", server.key));
    let response = client().get(&url).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.headers()["cache-control"], "no-store");
    let body = response.text().await.unwrap();
    assert_eq!(body, r#"{"description":"Accept","status":"0"}"#);
    let response = client().head(&url).send().await.unwrap();
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers()["allow"], "GET, POST");
    let response = client()
        .get(&url)
        .header("Sec-Purpose", "prefetch")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 405);
    assert_eq!(gateway.requests().len(), 1);
    assert_eq!(server.get("/nothing").await.0, 404);
    server.end().await;
}

#[tokio::test]
async fn a_form_is_accepted_and_a_large_one_refused() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let server = start(&gateway, "").await;
    let post = |body: String| {
        client()
            .post(server.url(SEND))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body)
            .send()
    };
    let form = format!("apikey={}&dest={DEST}", server.key);
    let response = post(form.clone()).await.unwrap();
    assert_eq!(
        response.text().await.unwrap(),
        r#"{"description":"Accept","status":"0"}"#
    );
    for padding in [70_000, 500_000] {
        let response = post(format!("{form}&x={}", "y".repeat(padding)))
            .await
            .unwrap();
        assert_eq!(response.status(), 413);
        let body = response.text().await.unwrap();
        assert_eq!(body, r#"{"description":"Invalid Data","status":"1"}"#);
    }
    // A header of more than 16 KiB does not reach the contract.
    let url = server.url(&format!("{SEND}?{form}&x={}", "y".repeat(16_000)));
    let request = client().get(url).header("x-padding", "y".repeat(1000));
    assert_eq!(request.send().await.unwrap().status(), 431);
    assert_eq!(gateway.requests().len(), 1);
    server.end().await;
}

#[tokio::test]
async fn numbers_are_assessed() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let server = start(&gateway, "").await;
    for dest in [
        "%2B966112345678",
        "%2B96650000000",
        "%2B966925011112",
        "0500000000",
    ] {
        let path = format!("{SEND}?apikey={}&dest={dest}", server.key);
        let (_, body) = server.get(&path).await;
        assert_eq!(
            body, r#"{"description":"Invalid Data","status":"1"}"#,
            "{dest}"
        );
    }
    assert!(gateway.requests().is_empty());
    server.end().await;
}

#[tokio::test]
async fn an_early_send_has_retry_after() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let server = start(&gateway, "").await;
    let key = channel(&server.state, Duration::from_secs(30)).await;
    assert_eq!(server.send(&key).await, (200, "0".into()));
    let url = server.url(&format!("{SEND}?apikey={key}&dest={DEST}"));
    let response = client().get(url).send().await.unwrap();
    assert_eq!(response.status(), 429);
    let wait: u64 = response.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    assert_eq!(gateway.requests().len(), 1);
    server.end().await;
}

#[tokio::test]
async fn health_and_metrics() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let server = start(&gateway, "").await;
    assert_eq!(server.get("/healthz").await, (200, "ok\n".into()));
    server.send(&server.key).await;
    for code in ["0123456789", "x"] {
        server.verify(&server.key, code).await;
    }
    let (status, text) = server.get("/metrics").await;
    assert_eq!(status, 200);
    for line in [
        "mpass_requests_total{contract=\"mpass\",reason=\"sent\"} 1",
        "mpass_requests_total{contract=\"mpass\",reason=\"wrong_code\"} 1",
        "mpass_requests_total{contract=\"mpass\",reason=\"malformed_code\"} 1",
        "mpass_deliveries_total{outcome=\"delivered\"} 1",
        "mpass_store_conflicts_total 0",
    ] {
        assert!(
            text.lines().any(|found| found == line),
            "{line} is not in\n{text}"
        );
    }
    for secret in ["966500000000", server.key.as_str(), &gateway.last_code()] {
        assert!(!text.contains(secret));
    }
    server.end().await;
}

#[tokio::test]
async fn metrics_are_an_unknown_path_for_others() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let server = start(&gateway, "metrics.addresses = [\"10.0.0.0/8\"]").await;
    let nothing = server.get("/nothing").await;
    assert_eq!(server.get("/metrics").await, nothing);
    assert_eq!(nothing.0, 404);
    server.end().await;
}

#[tokio::test]
async fn forwarding_headers_are_ignored() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let server = start(&gateway, "metrics.addresses = [\"10.0.0.0/8\"]").await;
    for header in ["X-Forwarded-For", "Forwarded", "X-Real-IP"] {
        let request = client()
            .get(server.url("/metrics"))
            .header(header, "10.0.0.1");
        assert_eq!(request.send().await.unwrap().status(), 404);
    }
    let (status, _) = server.get(VERIFY).await;
    assert_eq!(status, 200);
    server.end().await;
}

/// The status of a raw request, with these header lines.
async fn raw(server: &crate::support::Running, line: &str, headers: &str) -> String {
    let mut stream = crate::support::connect(server.addr).await;
    let request = format!("{line}\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

/// RFC 9112 section 3.2.
#[tokio::test]
async fn a_host_missing_or_twice() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let server = start(&gateway, "").await;
    let sending = format!("{SEND}?apikey={}&dest={DEST}", server.key);
    for path in [sending.as_str(), "/healthz", "/metrics", "/openapi", "/x"] {
        for hosts in [
            "",
            "Host: a\r\nHost: a\r\n",
            "Host: a\r\nHost: b\r\n",
            "Host: a b\r\n",
            "Host: [::1\r\n",
            "Host: a:65536\r\n",
            "Host: a:80:80\r\n",
        ] {
            let line = format!("GET {path} HTTP/1.1");
            let text = raw(&server, &line, hosts).await;
            assert!(
                text.starts_with("HTTP/1.1 400 "),
                "{path} {hosts:?}: {text}"
            );
        }
    }
    let line = format!("GET http://user@a{sending} HTTP/1.1");
    let text = raw(&server, &line, "Host: a\r\n").await;
    assert!(text.starts_with("HTTP/1.1 400 "), "{text}");
    assert!(gateway.requests().is_empty(), "nothing was sent");
    let text = raw(&server, "GET /healthz HTTP/1.0", "").await;
    assert!(text.starts_with("HTTP/1.0 200 "), "{text}");
    server.end().await;
}

/// RFC 9112 section 6.1. What follows such a body is not read as a request.
#[tokio::test]
async fn a_transfer_coding_that_is_not_decoded() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let server = start(&gateway, "").await;
    let line = format!("POST {SEND}?apikey={}&dest={DEST} HTTP/1.1", server.key);
    for (coding, status) in [
        ("Transfer-Encoding: gzip, chunked\r\n", 501),
        ("Transfer-Encoding: chunked, chunked\r\n", 400),
        (
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            400,
        ),
    ] {
        let headers = format!("Host: a\r\n{coding}\r\n0\r\n\r\nGET /livez HTTP/1.1\r\nHost: a\r\n");
        let text = raw(&server, &line, &headers).await;
        assert!(
            text.starts_with(&format!("HTTP/1.1 {status} ")),
            "{coding}: {text}"
        );
        assert_eq!(text.matches("HTTP/1.1").count(), 1, "{coding}: {text}");
    }
    assert!(gateway.requests().is_empty(), "nothing was sent");
    server.end().await;
}

#[tokio::test]
async fn metrics_under_the_names_of_the_operator() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let server = start(&gateway, "metrics.hosts = [\"m.example\"]").await;
    for (host, status) in [
        ("127.0.0.1:9091", 200),
        ("localhost", 200),
        ("m.example:9091", 200),
        ("evil.example", 403),
        ("evil.example:9091", 403),
        ("127.0.0.1@evil.example", 400),
    ] {
        let headers = format!("Host: {host}\r\nConnection: close\r\n");
        let text = raw(&server, "GET /metrics HTTP/1.1", &headers).await;
        assert!(
            text.starts_with(&format!("HTTP/1.1 {status} ")),
            "{host}: {text}"
        );
        assert_eq!(text.contains("mpass_connections"), status == 200, "{host}");
    }
    server.end().await;
}

/// No contract has CORS, so that no page of another origin can read a response.
#[tokio::test]
async fn no_response_allows_another_origin() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let server = start(&gateway, "").await;
    let paths = [SEND, VERIFY, "/metrics", "/healthz", "/openapi", "/x"];
    for (method, path) in ["GET", "OPTIONS"]
        .into_iter()
        .flat_map(|m| paths.map(|p| (m, p)))
    {
        let headers = "Host: localhost\r\nOrigin: https://evil.example\r\n\
                       Access-Control-Request-Method: POST\r\nConnection: close\r\n";
        let text = raw(&server, &format!("{method} {path} HTTP/1.1"), headers).await;
        let text = text.to_lowercase();
        assert!(
            text.starts_with("http/1.1 ") && !text.contains("access-control-"),
            "{text}"
        );
    }
    server.end().await;
}
