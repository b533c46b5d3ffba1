//! What clients see of a server that stops: what they have sent is answered.

use std::io::{Read, Write};

use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::tls::connector;
use crate::support::{DEST, Manner, PATIENCE, Running, SEND, StandIn, connect, start, until};
use crate::transport::{connect_tls_to, start_tls};

const REQUEST: &[u8] = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// Reads one answer without a body of its own length.
async fn answer(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"ok\n") {
        let read = stream.read_buf(&mut bytes).await.unwrap();
        assert!(read > 0, "{}", String::from_utf8_lossy(&bytes));
    }
    String::from_utf8(bytes).unwrap()
}

/// Whether as many connections are open.
fn has_connections(server: &Running, count: usize) -> bool {
    let metrics = server.state.metrics.encode().unwrap();
    metrics.contains(&format!("mpass_connections {count}\n"))
}

/// The rest, up to the end of the connection.
async fn rest(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let read = stream.read_to_string(&mut text);
    tokio::time::timeout(PATIENCE, read).await.unwrap().unwrap();
    text
}

/// Waits until the server accepts nothing any more.
async fn refused(port: u16) {
    let refused = async { while TcpStream::connect(("127.0.0.1", port)).await.is_ok() {} };
    tokio::time::timeout(PATIENCE, refused).await.unwrap();
}

/// RFC 9112 section 9.6: the last answer has `Connection: close`.
#[tokio::test]
async fn an_idle_connection_has_its_next_request_answered() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let mut server = start(&gateway, "limits.idle_grace = \"10s\"").await;
    let (mut used, mut new) = (connect(server.addr).await, connect(server.addr).await);
    used.write_all(REQUEST).await.unwrap();
    let before = answer(&mut used).await;
    assert!(!before.contains("connection: close"), "{before}");
    let open = || has_connections(&server, 2);
    until("both connections", open).await;
    server.stop();
    refused(server.addr.port()).await;
    for stream in [&mut used, &mut new] {
        let (head, tail) = REQUEST.split_at(20);
        stream.write_all(head).await.unwrap();
        tokio::task::yield_now().await;
        stream.write_all(tail).await.unwrap();
        let text = rest(stream).await;
        assert!(text.starts_with("HTTP/1.1 200"), "{text}");
        assert!(text.contains("connection: close"), "{text}");
    }
    (&mut server.task).await.unwrap().unwrap();
}

/// Silent peers end the grace, whether they have sent nothing, a part of a
/// request, or requests before.
#[tokio::test]
async fn silent_connections_are_closed() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let more = "limits.idle_grace = \"100ms\"\nlimits.shutdown_timeout = \"300s\"\n\
                limits.header_timeout = \"60s\"\nlimits.body_timeout = \"60s\"";
    let mut server = start(&gateway, more).await;
    let body = b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab";
    let mut streams = Vec::new();
    for sent in [b"", &REQUEST[..20], &body[..], REQUEST] {
        let mut stream = connect(server.addr).await;
        stream.write_all(sent).await.unwrap();
        streams.push(stream);
    }
    answer(&mut streams[3]).await;
    let open = || has_connections(&server, 4);
    until("all connections", open).await;
    server.stop();
    let ended = tokio::time::timeout(PATIENCE, &mut server.task).await;
    ended.unwrap().unwrap().unwrap();
    assert_eq!(rest(&mut streams[3]).await, "");
}

/// Connections that were made before the end wait in the socket until they are
/// accepted: they are served, too.
#[tokio::test]
async fn connections_made_before_the_end_are_served() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let mut server = start(&gateway, "limits.idle_grace = \"100ms\"").await;
    // More than the runtime accepts in one turn, in which it stops.
    let streams: Vec<_> = (0..600)
        .map(|_| {
            let mut stream = std::net::TcpStream::connect(server.addr).unwrap();
            stream.write_all(REQUEST).unwrap();
            stream
        })
        .collect();
    server.stop();
    let reading = tokio::task::spawn_blocking(move || {
        for mut stream in streams {
            let mut text = String::new();
            stream.read_to_string(&mut text).unwrap();
            assert!(text.starts_with("HTTP/1.1 200"), "{text}");
        }
    });
    reading.await.unwrap();
    (&mut server.task).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_tls_handshake_that_has_begun_is_completed() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let (mut server, certificate) = start_tls(&gateway, "limits.idle_grace = \"10s\"").await;
    let port = server.addr.port();
    let stream = connect(([127, 0, 0, 1], port).into()).await;
    let open = || has_connections(&server, 1);
    until("the connection", open).await;
    server.stop();
    refused(port).await;
    let name = "localhost".try_into().unwrap();
    let handshake = connector(certificate, &["http/1.1"]).connect(name, stream);
    let mut stream = handshake.await.unwrap();
    stream.write_all(REQUEST).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    (&mut server.task).await.unwrap().unwrap();
}

/// RFC 9113 section 6.8: requests that the server has begun are answered, and so
/// is the first one of a connection that was made before the end.
#[tokio::test]
async fn http2_ends_with_its_requests() {
    let gateway = StandIn::start(Manner::Held).await;
    let (mut server, certificate) = start_tls(&gateway, "limits.idle_grace = \"10s\"").await;
    let connect = async || {
        let stream = connect_tls_to(server.addr.port(), certificate.clone(), "h2").await;
        let (client, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
                .await
                .unwrap();
        (client, tokio::spawn(connection))
    };
    let get = |path: &str| {
        http::Request::get(format!("https://localhost{path}"))
            .body(Empty::<&[u8]>::new())
            .unwrap()
    };
    let (mut client, connection) = connect().await;
    let (mut new, new_connection) = connect().await;
    let sending = client.send_request(get(&format!("{SEND}?apikey={}&dest={DEST}", server.key)));
    let sending = tokio::spawn(sending);
    gateway.has_received(1).await;
    server.stop();
    refused(server.addr.port()).await;
    let answered = new.send_request(get("/livez")).await.unwrap();
    assert_eq!(answered.status(), 200);
    gateway.release(1);
    let answered = sending.await.unwrap().unwrap();
    let body = answered.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(&body[..], br#"{"description":"Accept","status":"0"}"#);
    connection.await.unwrap().unwrap();
    new_connection.await.unwrap().unwrap();
    (&mut server.task).await.unwrap().unwrap();
}

/// A load balancer turns away before the server closes anything.
#[tokio::test]
async fn a_server_that_is_leaving_serves_and_is_not_ready() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let mut server = start(&gateway, "limits.drain_delay = \"300s\"").await;
    for path in ["/readyz", "/healthz", "/livez"] {
        assert_eq!(server.get(path).await, (200, "ok\n".into()), "{path}");
    }
    server.stop();
    let unready = async { while server.get("/readyz").await.0 == 200 {} };
    tokio::time::timeout(PATIENCE, unready).await.unwrap();
    let stopping = (503, "the server is stopping\n".to_owned());
    assert_eq!(server.get("/readyz").await, stopping);
    assert_eq!(server.get("/healthz").await, stopping);
    assert_eq!(server.get("/livez").await, (200, "ok\n".into()));
    assert_eq!(server.send(&server.key).await, (200, "0".into()));
    server.task.abort();
}
