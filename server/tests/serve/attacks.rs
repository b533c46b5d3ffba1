//! Clients that hold connections, memory and time: a normal client is answered
//! during each attack. `figures` has the long form.

use core::net::{IpAddr, Ipv4Addr, SocketAddr};
use core::time::Duration;

use http_body_util::{BodyExt, Empty, StreamBody};
use hyper::body::Frame;
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;

use crate::support::{Manner, PATIENCE, Running, StandIn, connect, start, until};
use crate::transport::{Certificate, connect_tls_to, start_tls};

pub(crate) const HEALTH: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
/// The beginning of a ClientHello.
pub(crate) const HALF_HANDSHAKE: &[u8] = b"\x16\x03\x01\x02\x00\x01";
pub(crate) const HALF_HEADER: &[u8] = b"GET /healthz HTTP/1.1\r\nHost:";
pub(crate) const HALF_BODY: &[u8] =
    b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\nab";

/// A client's connection from an address of loopback, with a small buffer for
/// what it receives.
pub(crate) async fn connect_from(from: u16, to: SocketAddr) -> Option<TcpStream> {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let [high, low] = from.to_be_bytes();
    let from = IpAddr::V4(Ipv4Addr::new(127, 1, high, low));
    socket.bind((from, 0).into()).unwrap();
    socket.connect(to).await.ok()
}

/// Asks for documents, until the server takes no more, and reads none.
pub(crate) async fn never_read(stream: &mut (impl AsyncWrite + Unpin)) {
    let request = b"GET /openapi/mpass.json HTTP/1.1\r\nHost: x\r\n\r\n";
    while let Ok(Ok(())) =
        tokio::time::timeout(Duration::from_millis(100), stream.write_all(request)).await
    {}
}

/// A request of a normal client on a connection of its own.
async fn is_answered(addr: SocketAddr) -> bool {
    let exchange = async {
        let mut stream = connect(addr).await;
        stream.write_all(HEALTH).await?;
        let mut text = String::new();
        stream.read_to_string(&mut text).await?;
        std::io::Result::Ok(text.starts_with("HTTP/1.1 200"))
    };
    matches!(tokio::time::timeout(PATIENCE, exchange).await, Ok(Ok(true)))
}

async fn all_are_answered(addr: SocketAddr, attack: &str) {
    for _ in 0..30 {
        assert!(is_answered(addr).await, "{attack}");
    }
}

/// Waits until the server has counted something that reached this limit.
async fn reaches(server: &Running, limit: &str) {
    let line = format!("mpass_limited_total{{limit=\"{limit}\"}} ");
    let metrics = || server.state.metrics.encode().unwrap();
    until(limit, || metrics().contains(&line)).await;
}

/// Attackers from a number of addresses that connect, send something and connect
/// again once they are closed.
pub(crate) fn attackers(
    addr: SocketAddr,
    count: u16,
    addresses: u16,
    bytes: &'static [u8],
) -> JoinSet<()> {
    let mut attackers = JoinSet::new();
    for one in 0..count {
        attackers.spawn(async move {
            loop {
                if let Some(mut stream) = connect_from(one % addresses, addr).await
                    && stream.write_all(bytes).await.is_ok()
                {
                    let mut rest = Vec::new();
                    let _ = stream.read_to_end(&mut rest).await;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
    }
    attackers
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_come_again_and_again() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let server = start(&gateway, "limits.connections = 16").await;
    for (attack, bytes) in [
        ("idle", &b""[..]),
        ("half-sent headers", HALF_HEADER),
        ("half-sent bodies", HALF_BODY),
    ] {
        for (addresses, limit) in [(1, "connections_per_peer"), (8, "connections")] {
            let attackers = attackers(server.addr, 64, addresses, bytes);
            reaches(&server, limit).await;
            all_are_answered(server.addr, attack).await;
            drop(attackers);
        }
    }
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_never_read() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let more = "limits.connections = 16\nlimits.write_timeout = \"300ms\"";
    let server = start(&gateway, more).await;
    for count in [4, 20] {
        let mut held = JoinSet::new();
        for one in 0..count {
            held.spawn(async move {
                let mut stream = connect_from(one % 8, server.addr).await?;
                never_read(&mut stream).await;
                Some(stream)
            });
        }
        all_are_answered(server.addr, "while they send").await;
        let held = held.join_all().await;
        all_are_answered(server.addr, "when they have sent").await;
        reaches(&server, "write_timeout").await;
        let metrics = || server.state.metrics.encode().unwrap();
        let gone = || metrics().contains("mpass_connections 0\n");
        until("the end of all connections", gone).await;
        drop(held);
    }
    server.end().await;
}

/// The same with HTTP/2: no window for the answers, so that they cannot be sent.
#[tokio::test(flavor = "multi_thread")]
async fn http2_clients_that_never_read() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let (server, certificate) = start_tls(&gateway, "limits.header_timeout = \"300ms\"").await;
    let stream = connect_tls_to(server.addr.port(), certificate, "h2").await;
    let (client, connection) = hyper::client::conn::http2::Builder::new(TokioExecutor::new())
        .initial_stream_window_size(0)
        .handshake(TokioIo::new(stream))
        .await
        .unwrap();
    let connection = tokio::spawn(connection);
    let mut requests = JoinSet::new();
    for _ in 0..64 {
        let request = http::Request::get("https://localhost/openapi/mpass.json")
            .body(Empty::<&[u8]>::new())
            .unwrap();
        let answer = client.clone().send_request(request);
        requests.spawn(async move {
            let response = answer.await.unwrap();
            response.into_body().collect().await.is_err()
        });
    }
    let ended = tokio::time::timeout(PATIENCE, connection).await;
    assert!(ended.is_ok(), "the server closes it");
    assert!(requests.join_all().await.into_iter().all(|failed| failed));
    reaches(&server, "header_timeout").await;
    drop(client);
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn handshakes_that_stall() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let more = "limits.connections = 16\nlimits.handshake_timeout = \"300ms\"";
    let (server, certificate) = start_tls(&gateway, more).await;
    let addr = SocketAddr::from(([127, 0, 0, 1], server.addr.port()));
    let attackers = attackers(addr, 64, 8, HALF_HANDSHAKE);
    reaches(&server, "connections").await;
    for _ in 0..10 {
        let port = server.addr.port();
        let mut stream = connect_tls_to(port, certificate.clone(), "http/1.1").await;
        stream.write_all(HEALTH).await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    }
    drop(attackers);
    let _stalled = connect(addr).await;
    reaches(&server, "handshake_timeout").await;
    server.end().await;
}

/// A client of HTTP/2.
async fn http2<B>(server: &Running, certificate: &Certificate) -> SendRequest<B>
where
    B: hyper::body::Body + Send + Unpin + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn core::error::Error + Send + Sync>>,
{
    let stream = connect_tls_to(server.addr.port(), certificate.clone(), "h2").await;
    let (client, connection) = handshake(TokioExecutor::new(), TokioIo::new(stream))
        .await
        .unwrap();
    tokio::spawn(connection);
    client
}

/// RFC 9113 section 10.5.1: both versions have the same limits.
#[tokio::test]
async fn headers_have_the_same_limits_in_either_version() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let (server, certificate) = start_tls(&gateway, "").await;
    // The rest of a header has fewer than 10 fields, and 1 KiB.
    for (fields, length, expected) in [(90, 1, 200), (101, 1, 431), (2, 7000, 200), (4, 7000, 431)]
    {
        let value = "x".repeat(length);
        let mut request = http::Request::get("https://localhost/healthz");
        let mut text = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n".to_owned();
        for field in 0..fields {
            request = request.header(format!("x-{field}"), &value);
            text.push_str(&format!("x-{field}: {value}\r\n"));
        }
        let mut client = http2(&server, &certificate).await;
        let request = request.body(Empty::<&[u8]>::new()).unwrap();
        let response = client.send_request(request).await.unwrap();
        assert_eq!(response.status(), expected, "HTTP/2, {fields} of {length}");

        let port = server.addr.port();
        let mut stream = connect_tls_to(port, certificate.clone(), "http/1.1").await;
        stream
            .write_all(format!("{text}\r\n").as_bytes())
            .await
            .unwrap();
        let mut start = [0; 12];
        stream.read_exact(&mut start).await.unwrap();
        let status = String::from_utf8_lossy(&start);
        assert!(
            status.ends_with(&expected.to_string()),
            "HTTP/1.1: {status}"
        );
    }
    server.end().await;
}

/// A header of many fields for each of 64 streams, in frames of HTTP/2 (RFC 9113
/// section 4.1, RFC 7541 section 6): `indexed` repeats one field by its index,
/// one byte each.
pub(crate) fn header_flood(indexed: bool) -> Vec<u8> {
    const FIELDS: usize = 1700;
    // :method POST, :scheme https, :path /, and :authority and a field that enter
    // the table.
    let mut block = b"\x83\x87\x84\x41\x01x\x40\x01a\x01b".to_vec();
    let field: &[u8] = if indexed { b"\xbe" } else { b"\x00\x01a\x01b" };
    block.extend(field.repeat(FIELDS));
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec();
    for stream in 0..64_u32 {
        let length = u32::try_from(block.len()).unwrap().to_be_bytes();
        bytes.extend_from_slice(&length[1..]);
        // HEADERS with END_HEADERS.
        bytes.extend_from_slice(&[1, 4]);
        bytes.extend_from_slice(&(2 * stream + 1).to_be_bytes());
        bytes.extend_from_slice(&block);
    }
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn floods_of_header_fields() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let (server, certificate) = start_tls(&gateway, "").await;
    let mut held = Vec::new();
    for one in 0..6 {
        let mut stream = connect_tls_to(server.addr.port(), certificate.clone(), "h2").await;
        let bytes = header_flood(one % 2 == 0);
        let write = stream.write_all(&bytes);
        // The server may have closed it.
        let _ = tokio::time::timeout(Duration::from_secs(2), write).await;
        held.push(stream);
        let mut client = http2(&server, &certificate).await;
        let request = http::Request::get("https://localhost/healthz")
            .body(Empty::<&[u8]>::new())
            .unwrap();
        assert_eq!(client.send_request(request).await.unwrap().status(), 200);
    }
    drop(held);
    server.end().await;
}

/// Streams with long headers whose bodies do not come hold at most the memory
/// that is configured.
#[tokio::test(flavor = "multi_thread")]
async fn requests_that_hold_memory() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let (server, certificate) = start_tls(&gateway, "limits.request_memory_mib = 1").await;
    let mut clients = Vec::new();
    let value = "x".repeat(150);
    for _ in 0..4 {
        let client = http2(&server, &certificate).await;
        for _ in 0..32 {
            let mut request = http::Request::post("https://localhost/x");
            for field in 0..80 {
                request = request.header(format!("x-{field}"), &value);
            }
            let never = futures_util::stream::pending::<Result<Frame<&[u8]>, std::io::Error>>();
            let request = request.body(StreamBody::new(never)).unwrap();
            tokio::spawn(client.clone().send_request(request));
        }
        clients.push(client);
    }
    reaches(&server, "memory").await;
    for _ in 0..10 {
        let mut client = http2(&server, &certificate).await;
        let request = http::Request::get("https://localhost/healthz")
            .body(Empty::<&[u8]>::new())
            .unwrap();
        assert_eq!(client.send_request(request).await.unwrap().status(), 200);
    }
    drop(clients);
    server.end().await;
}

/// Peers that do not read, or have not sent all of a request, do not make a
/// shutdown late or fail.
#[tokio::test(flavor = "multi_thread")]
async fn a_shutdown_does_not_depend_on_peers() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let mut server = start(&gateway, "limits.shutdown_timeout = \"500ms\"").await;
    let mut held = Vec::new();
    for bytes in [&b""[..], HALF_HEADER, HALF_BODY] {
        let mut stream = connect(server.addr).await;
        stream.write_all(bytes).await.unwrap();
        held.push(stream);
    }
    let mut stream = connect_from(0, server.addr).await.unwrap();
    never_read(&mut stream).await;
    let metrics = || server.state.metrics.encode().unwrap();
    let open = || metrics().contains("mpass_connections 4\n");
    until("all connections", open).await;
    server.stop();
    (&mut server.task).await.unwrap().unwrap();
    drop((held, stream));
}

/// A caller of the admin socket is answered, however many others are silent.
#[tokio::test(flavor = "multi_thread")]
async fn silent_callers_of_the_admin_socket() {
    use mpass_server::admin::{Client, Operation, TenantKind};
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let server = start(&gateway, "").await;
    let data = crate::support::data_dir(&server.dir);
    let mut silent = Vec::new();
    for _ in 0..40 {
        let socket = data.join("admin.sock");
        silent.push(tokio::net::UnixStream::connect(socket).await.unwrap());
    }
    for _ in 0..5 {
        let mut client = Client::connect(&data).await.unwrap().unwrap();
        let listed = client
            .perform(Operation::List {
                kind: TenantKind::Channel,
                after: None,
            })
            .await;
        assert!(listed.unwrap().is_ok());
    }
    reaches(&server, "admin_connections").await;
    drop(silent);
    server.end().await;
}
