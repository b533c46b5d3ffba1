//! Servers behind HAProxy and nginx, which the tests start, and what pretends to be them.

#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod support;

use core::net::{IpAddr, Ipv4Addr, SocketAddr};
use core::time::Duration;
use std::fs;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use mpass_core::service::ChannelSettings;
use mpass_server::config::Config;
use mpass_server::serve::ServeOptions;
use support::{Manner, Running, SEND, StandIn, contract_status, start_again, tenant, until};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;

/// The caller that the channel is bound to.
const BOUND: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
/// Another one.
const OTHER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 3);

/// A process that ends with the test, and its directory.
struct Proxy {
    process: Child,
    _dir: TempDir,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}

async fn proxy(program: &str, config: &str, arguments: &[&str], port: u16) -> Proxy {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("config");
    fs::write(&file, config.replace("DIR", dir.path().to_str().unwrap())).unwrap();
    let mut command = Command::new(program);
    command.args(arguments).arg(&file);
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    let process = quiet.spawn().unwrap();
    let proxy = Proxy { process, _dir: dir };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    until(program, || std::net::TcpStream::connect(address).is_ok()).await;
    proxy
}

/// HAProxy on a new port; `server` is the end of its line for the server.
async fn haproxy(to: SocketAddr, backend: &str, server: &str) -> (SocketAddr, Proxy) {
    let port = free_port();
    let config = format!(
        "defaults\n  mode http\n  timeout connect 5s\n  timeout client 20s\n  timeout server 20s\n\
         frontend front\n  bind 127.0.0.1:{port}\n  default_backend back\n\
         backend back\n  {backend}\n  server one {to} {server}\n"
    );
    let process = proxy("haproxy", &config, &["-db", "-f"], port).await;
    (SocketAddr::from((Ipv4Addr::LOCALHOST, port)), process)
}

/// nginx on a new port, which sets these headers.
async fn nginx(to: SocketAddr, headers: &str) -> (SocketAddr, Proxy) {
    let port = free_port();
    let config = format!(
        "daemon off;\nmaster_process off;\npid DIR/pid;\nerror_log DIR/log;\nevents {{}}\nhttp {{\n\
         access_log off;\nclient_body_temp_path DIR/a;\nproxy_temp_path DIR/b;\n\
         fastcgi_temp_path DIR/c;\nuwsgi_temp_path DIR/d;\nscgi_temp_path DIR/e;\n\
         server {{\n listen 127.0.0.1:{port};\n location / {{\n proxy_pass http://{to};\n\
         {headers}\n }} }} }}\n"
    );
    let process = proxy("nginx", &config, &["-c"], port).await;
    (SocketAddr::from((Ipv4Addr::LOCALHOST, port)), process)
}

/// A server, its gateway, and a channel that only [`BOUND`] may use.
struct Bound {
    server: Running,
    _gateway: StandIn,
}

async fn bound(callers: &str) -> Bound {
    let (gateway, dir) = (
        StandIn::start(Manner::Answer(200, "")).await,
        tempfile::tempdir().unwrap(),
    );
    let text = format!(
        "listen = \"127.0.0.1:0\"\nstore = \"memory\"\nkeyring.file = '{}'\n\
         limits.handshake_timeout = \"300ms\"\n[callers]\n{callers}\n\
         [gateway]\nurl = \"http://{}/send\"\n\
         body = '{{\"to\":\"{{{{to}}}}\",\"text\":\"{{{{text}}}}\"}}'\ntimeout = \"1s\"\n",
        dir.path().join("keyring").display(),
        gateway.addr,
    );
    let config = Config::parse(&text).unwrap();
    let options = ServeOptions::new(config, None, Some(dir.path().join("data")), false).unwrap();
    let mut server = start_again(options, dir, String::new()).await;
    let settings = ChannelSettings {
        addresses: vec![BOUND.to_string().parse().unwrap()],
        ..ChannelSettings::new("bound")
    };
    server.key = tenant(&server.state, &settings).await;
    Bound {
        server,
        _gateway: gateway,
    }
}

/// Whether a caller with these headers may use the channel of a server, through a proxy.
async fn may(from: Ipv4Addr, at: SocketAddr, key: &str, headers: &[(&str, &str)]) -> bool {
    let client = reqwest::Client::builder()
        .local_address(IpAddr::V4(from))
        .no_proxy()
        .build()
        .unwrap();
    let number = format!("%2B9665{:08}", rand_number());
    let mut request = client.get(format!("http://{at}{SEND}?apikey={key}&dest={number}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    contract_status(&response.text().await.unwrap()) == "0"
}

/// Numbers that nothing was sent to, for one test after the other.
fn rand_number() -> u32 {
    use core::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// The channel works for its caller through the proxy and for nobody else, whatever the
/// others send.
async fn only_for_the_bound(at: SocketAddr, key: &str) {
    assert!(may(BOUND, at, key, &[]).await);
    assert!(!may(OTHER, at, key, &[]).await);
    for forged in [
        ("X-Forwarded-For", "127.0.0.2"),
        ("X-Real-IP", "127.0.0.2"),
        ("Forwarded", "for=127.0.0.2"),
        ("X-Forwarded-For", "127.0.0.2, 127.0.0.2"),
        ("X-Envoy-External-Address", "127.0.0.2"),
    ] {
        assert!(!may(OTHER, at, key, &[forged]).await, "{forged:?}");
        assert!(
            may(BOUND, at, key, &[(forged.0, "127.0.0.3")]).await,
            "{forged:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn haproxy_with_a_header() {
    let bound = bound("source = \"header\"\nproxies = [\"127.0.0.1\"]").await;
    let (addr, key) = (bound.server.addr, &bound.server.key);
    let (at, _haproxy) = haproxy(addr, "option forwardfor", "").await;
    only_for_the_bound(at, key).await;
    // Whoever connects by itself has no address, not even its own.
    let forged = [("X-Forwarded-For", "127.0.0.2")];
    assert!(!may(OTHER, addr, key, &forged).await);
    assert!(!may(BOUND, addr, key, &[]).await);
    bound.server.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nginx_and_chains() {
    let proxies = "proxies = [\"127.0.0.1\"]";
    let list = bound(&format!("source = \"header\"\n{proxies}")).await;
    let add = "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;";
    let (at, _nginx) = nginx(list.server.addr, add).await;
    only_for_the_bound(at, &list.server.key).await;
    list.server.end().await;

    let own = bound(&format!(
        "source = \"header\"\nheader = \"X-Real-IP\"\n{proxies}"
    ))
    .await;
    let set = "proxy_set_header X-Real-IP $remote_addr;";
    let (at, _nginx) = nginx(own.server.addr, set).await;
    only_for_the_bound(at, &own.server.key).await;
    own.server.end().await;

    let forwarded = bound(&format!(
        "source = \"header\"\nheader = \"Forwarded\"\n{proxies}"
    ))
    .await;
    let set = "proxy_set_header Forwarded \"$http_forwarded, for=$remote_addr;host=\\\"$http_x_name\\\"\";";
    let (at, _nginx) = nginx(forwarded.server.addr, set).await;
    let key = &forwarded.server.key;
    // The front is empty without a header of the caller, which is malformed.
    let harmless = ("Forwarded", "for=192.0.2.1");
    assert!(may(BOUND, at, key, &[harmless]).await);
    assert!(!may(OTHER, at, key, &[("Forwarded", "for=127.0.0.2")]).await);
    let within = ("X-Name", "a, for=127.0.0.2");
    assert!(!may(OTHER, at, key, &[harmless, within]).await);
    assert!(!may(OTHER, at, key, &[("Forwarded", "for=\"x")]).await);
    forwarded.server.end().await;

    // nginx before HAProxy.
    let chain = bound(&format!("source = \"header\"\nhops = 2\n{proxies}")).await;
    let (inner, _haproxy) = haproxy(chain.server.addr, "option forwardfor", "").await;
    let (at, _nginx) = nginx(inner, add).await;
    only_for_the_bound(at, &chain.server.key).await;
    chain.server.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn haproxy_with_the_proxy_protocol() {
    for version in ["send-proxy", "send-proxy-v2", "send-proxy-v2-ssl-cn"] {
        let bound = bound("source = \"proxy-protocol\"\nproxies = [\"127.0.0.1\"]").await;
        let checked = format!("{version} check inter 100ms");
        let (at, _haproxy) = haproxy(
            bound.server.addr,
            "option httpchk GET /readyz\n  http-check expect status 200",
            &checked,
        )
        .await;
        only_for_the_bound(at, &bound.server.key).await;
        bound.server.end().await;
    }
}

/// What a server answers to bytes from an address; empty if it closes.
async fn answer(server: &Running, from: Ipv4Addr, bytes: &[u8]) -> String {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((from, 0).into()).unwrap();
    let mut stream = socket.connect(server.addr).await.unwrap();
    // It may be closed before all is written.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let read = tokio::time::timeout(support::PATIENCE, async {
        let mut part = [0; 4096];
        loop {
            match stream.read(&mut part).await {
                Ok(0) | Err(_) => break,
                Ok(len) => answer.extend_from_slice(&part[..len]),
            }
            if answer.ends_with(b"\n") || answer.ends_with(b"}") {
                break;
            }
        }
    });
    read.await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// A header of version 2.
fn version_2(command: u8, family: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len()).unwrap().to_be_bytes();
    let fixed = [0x20 | command, family, length[0], length[1]];
    [b"\r\n\r\n\0\r\nQUIT\n", &fixed[..], payload].concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_pretend() {
    let bound = bound("source = \"proxy-protocol\"\nproxies = [\"127.0.0.1\"]").await;
    let (server, key) = (&bound.server, &bound.server.key);
    let send = format!("GET {SEND}?apikey={key}&dest=%2B966500000000 HTTP/1.1\r\nHost: a\r\n\r\n");
    let ready = "GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n";
    let of = |header: &[u8], request: &str| [header, request.as_bytes()].concat();
    let announced = b"PROXY TCP4 127.0.0.2 127.0.0.1 1 2\r\n";
    let proxy = Ipv4Addr::LOCALHOST;
    let accepted = answer(server, proxy, &of(announced, &send)).await;
    assert!(accepted.contains("\"0\""), "{accepted}");
    // Not a proxy; no header; a header of another kind, cut, oversize.
    assert_eq!(answer(server, OTHER, &of(announced, &send)).await, "");
    let oversize = version_2(1, 0x11, &[0; 4096]);
    let long = [&b"PROXY TCP4 "[..], &[b'1'; 200]].concat();
    for header in [
        &b""[..],
        b"PROXY TCP4 127.0.0.2 127.0.0.1 1\r\n",
        b"PROXY TCP4 ::1 ::1 1 2\r\n",
        &announced[..20],
        &version_2(7, 0x11, &[0; 12]),
        &version_2(1, 0x11, &[0; 4]),
        &oversize,
        &long,
    ] {
        assert_eq!(
            answer(server, proxy, &of(header, &send)).await,
            "",
            "{header:?}"
        );
    }
    // A caller that the proxy does not know is not the bound one.
    for header in [&b"PROXY UNKNOWN\r\n"[..], &version_2(1, 0, &[])] {
        let refused = answer(server, proxy, &of(header, &send)).await;
        assert!(
            refused.starts_with("HTTP/1.1 200") && !refused.contains("\"0\""),
            "{refused}"
        );
    }
    // A proxy's own connection is for the health of the server.
    let local = version_2(0, 0, &[]);
    assert!(
        answer(server, proxy, &of(&local, ready))
            .await
            .starts_with("HTTP/1.1 200")
    );
    assert!(
        answer(server, proxy, &of(&local, &send))
            .await
            .starts_with("HTTP/1.1 403")
    );
    // Half a header and nothing more: closed by the time-out for handshakes.
    let begun = std::time::Instant::now();
    assert_eq!(answer(server, proxy, &announced[..9]).await, "");
    assert!(begun.elapsed() >= Duration::from_millis(300));
    bound.server.end().await;
}
