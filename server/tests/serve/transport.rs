//! Connections: TLS, timeouts, the limit, and the shutdown of a server.

use core::time::Duration;
use std::io;
use std::time::Instant;

use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use crate::support::tls::connector;
pub(crate) use crate::support::tls::{Certificate, certificate};
use crate::support::{
    DEST, Manner, PATIENCE, Running, SEND, StandIn, connect, data_dir, options, start, start_with,
    until,
};

pub(crate) async fn start_tls(gateway: &StandIn, more: &str) -> (Running, Certificate) {
    let dir = tempfile::tempdir().unwrap();
    let (certificate, tls) = certificate(dir.path());
    let more = format!("store = \"memory\"\n{more}\n{tls}");
    let mut options = options(&dir, gateway.addr, &more);
    // With TLS, any address is allowed.
    options.listen = "0.0.0.0:0".parse().unwrap();
    (start_with(options, dir).await, certificate)
}

async fn connect_tls(server: &Running, root: Certificate, alpn: &str) -> TlsStream<TcpStream> {
    connect_tls_to(server.addr.port(), root, alpn).await
}

pub(crate) async fn connect_tls_to(
    port: u16,
    root: Certificate,
    alpn: &str,
) -> TlsStream<TcpStream> {
    try_connect_tls_to(port, root, alpn).await.unwrap()
}

/// As [`connect_tls_to`]; fails if the server has another certificate.
pub(crate) async fn try_connect_tls_to(
    port: u16,
    root: Certificate,
    alpn: &str,
) -> io::Result<TlsStream<TcpStream>> {
    let stream = connect(([127, 0, 0, 1], port).into()).await;
    let name = "localhost".try_into().unwrap();
    connector(root, &[alpn]).connect(name, stream).await
}

#[tokio::test]
async fn https_by_either_version() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let (server, certificate) = start_tls(&gateway, "").await;
    let path = format!("{SEND}?apikey={}&dest={DEST}", server.key);

    let mut stream = connect_tls(&server, certificate.clone(), "http/1.1").await;
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    assert!(
        text.ends_with(r#"{"description":"Accept","status":"0"}"#),
        "{text}"
    );

    let stream = connect_tls(&server, certificate, "h2").await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (mut client, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
    tokio::spawn(connection);
    let request = http::Request::get(format!("https://localhost{path}"))
        .body(Empty::<&[u8]>::new())
        .unwrap();
    let response = client.send_request(request).await.unwrap();
    assert_eq!(response.version(), http::Version::HTTP_2);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(&body[..], br#"{"description":"Accept","status":"0"}"#);
    drop(client);
    server.end().await;
}

#[tokio::test]
async fn an_http2_connection_is_closed_when_idle_and_not_before() {
    let gateway = StandIn::start(Manner::Slowly(Duration::from_millis(700))).await;
    let (server, certificate) = start_tls(&gateway, "limits.header_timeout = \"300ms\"").await;
    let stream = connect_tls(&server, certificate, "h2").await;
    let (mut client, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
    let connection = tokio::spawn(connection);
    let path = format!("{SEND}?apikey={}&dest={DEST}", server.key);
    let request = http::Request::get(format!("https://localhost{path}"))
        .body(Empty::<&[u8]>::new())
        .unwrap();
    let begun = Instant::now();
    let response = client.send_request(request).await.unwrap();
    assert_eq!(response.status(), 200);
    let ended = tokio::time::timeout(PATIENCE, connection).await;
    assert!(ended.is_ok(), "the server closes it");
    // The time of the answer and the idle time.
    assert!(begun.elapsed() >= Duration::from_millis(950));
    drop(client);
    server.end().await;
}

#[tokio::test]
async fn plain_http_to_a_tls_port_is_not_answered() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let (server, _) = start_tls(&gateway, "").await;
    let mut stream = connect(([127, 0, 0, 1], server.addr.port()).into()).await;
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes).await;
    assert!(!bytes.starts_with(b"HTTP"), "{bytes:?}");
    server.end().await;
}

#[tokio::test]
async fn a_request_in_flight_is_answered_before_the_shutdown() {
    let gateway = StandIn::start(Manner::Held).await;
    let mut server = start(&gateway, "").await;
    let _idle = connect(server.addr).await;
    let path = format!("{SEND}?apikey={}&dest={DEST}", server.key);
    let url = server.url(&path);
    let request = tokio::spawn(async move {
        let response = crate::support::client().get(url).send().await.unwrap();
        response.text().await.unwrap()
    });
    gateway.has_received(1).await;
    server.stop();
    let refused = async { while TcpStream::connect(server.addr).await.is_ok() {} };
    let refused = tokio::time::timeout(PATIENCE, refused).await;
    assert!(refused.is_ok(), "nothing new is accepted");
    gateway.release(1);
    let body = request.await.unwrap();
    assert_eq!(body, r#"{"description":"Accept","status":"0"}"#);
    // An error, if the idle connection had to be cut off at the end.
    (&mut server.task).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_hanging_request_does_not_delay_the_shutdown() {
    let gateway = StandIn::start(Manner::Hang).await;
    let mut server = start(&gateway, "limits.shutdown_timeout = \"200ms\"").await;
    let url = server.url(&format!("{SEND}?apikey={}&dest={DEST}", server.key));
    tokio::spawn(crate::support::client().get(url).send());
    gateway.has_received(1).await;
    server.stop();
    // The gateway never answers: without an end of its own the server would
    // wait for the send's, and stop in order.
    assert!((&mut server.task).await.unwrap().is_err());
}

/// The client disconnects while the gateway has the message; the later refusal
/// is still refunded.
#[tokio::test]
async fn a_disconnecting_client_does_not_interrupt_an_exchange() {
    let gateway = StandIn::start(Manner::Held).await;
    let server = start(&gateway, "").await;
    let mut stream = connect(server.addr).await;
    let request = format!(
        "GET {SEND}?apikey={}&dest={DEST} HTTP/1.1\r\nHost: x\r\n\r\n",
        server.key
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    gateway.has_received(1).await;
    drop(stream);
    let metrics = || server.state.metrics.encode().unwrap();
    let gone = || metrics().contains("mpass_connections 0\n");
    until("the end of the connection", gone).await;
    gateway.release(1);
    let sent = "mpass_requests_total{contract=\"mpass\",reason=\"sent\"} 1";
    until("the sent message", || metrics().contains(sent)).await;
    assert_eq!(server.verify(&server.key, &gateway.last_code()).await, "0");
    server.end().await;
}

#[tokio::test]
async fn silent_and_slow_clients_are_closed() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let more = "limits.header_timeout = \"300ms\"\nlimits.body_timeout = \"300ms\"";
    let server = start(&gateway, more).await;
    for (start, expected) in [
        ("", ""),
        ("GET / HTTP/1.1\r\nHost:", ""),
        (
            "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab",
            "HTTP/1.1 408",
        ),
    ] {
        let begun = Instant::now();
        let mut stream = connect(server.addr).await;
        stream.write_all(start.as_bytes()).await.unwrap();
        let mut text = String::new();
        let read = stream.read_to_string(&mut text);
        tokio::time::timeout(PATIENCE, read).await.unwrap().unwrap();
        assert!(begun.elapsed() >= Duration::from_millis(250), "{start:?}");
        assert!(text.starts_with(expected), "{start:?}: {text}");
        assert_eq!(text.is_empty(), expected.is_empty(), "{start:?}: {text}");
    }
    server.end().await;
}

#[tokio::test]
async fn a_port_is_available_again_immediately() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let server = start(&gateway, "").await;
    let addr = server.addr;
    server.get("/healthz").await;
    server.end().await;
    let dir = tempfile::tempdir().unwrap();
    let mut options = options(&dir, gateway.addr, "");
    options.listen = addr;
    assert!(mpass_server::serve::Server::bind(options).await.is_ok());
    assert!(data_dir(&dir).exists());
}
