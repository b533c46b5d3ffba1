//! The portal's listener: names, HTTP/2, and sizes.

use bytes::Bytes;
use http::{Request, StatusCode};
use tokio::net::TcpStream;
use tokio_rustls::rustls::pki_types::ServerName;

use super::{PASSWORD, administrator};
use crate::support::tls::{certificate, connector};
use crate::support::{Manner, StandIn, client, start};

const FORM: &str = "application/x-www-form-urlencoded";

/// DNS rebinding: the name of another site that resolves to this server.
#[tokio::test]
async fn only_its_own_names() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let more = "portal = { listen = '127.0.0.1:0', hosts = ['portal.example'] }";
    let server = start(&gateway, more).await;
    let addr = server.addrs[1];
    for (host, status) in [
        (addr.to_string(), 200),
        (format!("localhost:{}", addr.port()), 200),
        ("portal.example".to_owned(), 200),
        ("evil.example".to_owned(), 421),
        (format!("evil.example:{}", addr.port()), 421),
        ("portal.example.evil.example".to_owned(), 421),
        ("portal.example@evil.example".to_owned(), 400),
    ] {
        let request = client().get(format!("http://{addr}/signin"));
        let response = request.header("host", &host).send().await.unwrap();
        assert_eq!(response.status(), status, "{host}");
        // A page of that name has that origin, too.
        let request = client()
            .post(format!("http://{addr}/signin"))
            .header("host", &host);
        let request = request.header("origin", format!("http://{host}"));
        let request = request.header("content-type", FORM).body("name=a");
        let posted = request.send().await.unwrap().status().as_u16();
        // Plain http is for this machine.
        let expected = match status {
            200 => 403,
            status => status,
        };
        assert_eq!(posted, expected, "{host}");
    }
    // The contracts are not served here, nor the portal there.
    let there = client().get(server.url("/signin")).send().await.unwrap();
    assert_eq!(there.status(), 404);
    server.end().await;
}

#[tokio::test]
async fn forms_and_cookies_that_are_too_large() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let server = start(&gateway, "portal.listen = '127.0.0.1:0'").await;
    let addr = server.addrs[1];
    let post = |body: String| {
        let request = client().post(format!("http://{addr}/signin"));
        let request = request.header("origin", format!("http://{addr}"));
        request.header("content-type", FORM).body(body).send()
    };
    assert_eq!(post("a".repeat(20_000)).await.unwrap().status(), 413);
    // It may have stopped reading.
    if let Ok(response) = post("a".repeat(10_000_000)).await {
        assert_eq!(response.status(), 413);
    }
    let request = client().get(format!("http://{addr}/session"));
    let request = request.header("cookie", format!("__Host-mpass={}", "A".repeat(20_000)));
    assert_eq!(request.send().await.unwrap().status(), 431);
    let alive = client()
        .get(format!("http://{addr}/signin"))
        .send()
        .await
        .unwrap();
    assert_eq!(alive.status(), 200);
    server.end().await;
}

/// HTTP/2 splits cookies into several fields (RFC 9113 section 8.2.3).
#[tokio::test]
async fn a_session_over_http2() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let certificates = tempfile::tempdir().unwrap();
    let (root, tls) = certificate(certificates.path());
    let server = start(&gateway, &format!("{tls}\nportal.listen = '127.0.0.1:0'")).await;
    let enrolment = administrator(&server.state, "anna").await;
    let addr = server.addrs[1];
    let stream = TcpStream::connect(addr).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let stream = connector(root, &["h2"])
        .connect(name, stream)
        .await
        .unwrap();
    let (requests, connection) = h2::client::handshake(stream).await.unwrap();
    let driver = tokio::spawn(async move {
        let _ = connection.await;
    });
    let base = format!("https://localhost:{}", addr.port());
    let send = async |request: Request<()>, body: String| {
        let mut requests = requests.clone().ready().await.unwrap();
        let (response, mut sending) = requests.send_request(request, false).unwrap();
        sending.send_data(Bytes::from(body), true).unwrap();
        let response = response.await.unwrap();
        let (head, mut body) = response.into_parts();
        let mut text = Vec::new();
        while let Some(chunk) = body.data().await {
            text.extend_from_slice(&chunk.unwrap());
        }
        (head, String::from_utf8(text).unwrap())
    };
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("name", "anna")
        .append_pair("password", PASSWORD)
        .append_pair("code", &enrolment.recovery_codes[0])
        .finish();
    let sign_in = |origin: &str| {
        let request = Request::post(format!("{base}/signin")).header("origin", origin);
        request.header("content-type", FORM).body(()).unwrap()
    };
    // Somebody on the way can make a page of http with this name.
    let plain = base.replace("https:", "http:");
    let (refused, _) = send(sign_in(&plain), form.clone()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let (done, _) = send(sign_in(&base), form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let set = done.headers["set-cookie"].to_str().unwrap();
    let own = set.split(';').next().unwrap();
    let mut request = Request::get(format!("{base}/session"));
    for part in ["a=b", own, "c=d"] {
        request = request.header("cookie", part);
    }
    let (page, body) = send(request.body(()).unwrap(), String::new()).await;
    assert!(
        page.status == StatusCode::OK && body.contains("<h1>anna</h1>"),
        "{body}"
    );
    drop(requests);
    driver.abort();
    server.end().await;
}
