//! What is logged about requests, and what never is.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail as tests do"
)]

#[path = "support/mod.rs"]
mod support;

use core::net::SocketAddr;
use core::time::Duration;
use std::io;
use std::sync::{Arc, Mutex};

use md5::{Digest, Md5};
use mpass_server::admin::{Client, Operation, TenantKind};
use mpass_server::config::{LogConfig, LogFormat, LogLevel};
use mpass_server::{clock, logging};
use serde_json::Value;
use support::{DEST, Manner, SEND, StandIn, VERIFY, client, start};
use tokio::net::UdpSocket;
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// The shared secret of the NAS and the server.
const RADIUS_SECRET: &str = "a RADIUS secret";

/// Sends an Accounting-Request for a number and an address, with the right
/// secret and with another; only the first is answered.
async fn account(server: SocketAddr) {
    let at = u32::try_from(clock::now_ms() / 1000).unwrap().to_be_bytes();
    let mut attributes = b"\x28\x06\0\0\0\x01\x2c\x03a\x1f\x0e966500000000\x37\x06".to_vec();
    attributes.extend_from_slice(&at);
    attributes.extend_from_slice(b"\x08\x06\x0a\0\0\x01");
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    for secret in ["another secret", RADIUS_SECRET] {
        let mut packet = vec![4, 1, 0, u8::try_from(20 + attributes.len()).unwrap()];
        packet.extend_from_slice(&[0; 16]);
        packet.extend_from_slice(&attributes);
        let digest = Md5::new().chain_update(&packet).chain_update(secret);
        packet[4..20].copy_from_slice(&digest.finalize());
        socket.send_to(&packet, server).await.unwrap();
    }
    let mut answer = [0; 64];
    let answered = tokio::time::timeout(Duration::from_secs(10), socket.recv(&mut answer));
    assert_eq!(answered.await.unwrap().unwrap(), 20);
}

/// Reads a channel that exists and one that does not, on the admin socket.
async fn administer(server: &support::Running) {
    let data_dir = support::data_dir(&server.dir);
    let mut client = Client::connect(&data_dir).await.unwrap().unwrap();
    for (name, exists) in [("test-0", true), ("966500000000", false)] {
        let read = Operation::Read(TenantKind::Channel, name.to_owned());
        assert_eq!(client.perform(read).await.unwrap().is_ok(), exists);
    }
}

/// Each access line has the id of its request and its tenant, the gateway's
/// refusal its cause and the id, and an administration line what and who.
fn check_audit(text: &str) {
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let access: Vec<&Value> = lines
        .iter()
        .filter(|line| line["target"] == "mpass::access")
        .collect();
    let mut ids: Vec<&str> = access
        .iter()
        .map(|line| line["request"].as_str().unwrap())
        .collect();
    let first = ids[0];
    assert!(ids.iter().all(|id| id.len() == 16), "{ids:?}");
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), access.len(), "ids are unique");
    for line in &access {
        let is_call = line["status"] == 200 && line["path"] != "/healthz";
        let tenant = is_call.then_some("test-0");
        assert_eq!(line["tenant"].as_str(), tenant, "{line}");
    }
    let refusal = lines.iter().find(|line| line["status"] == 400).unwrap();
    assert_eq!(refusal["cause"], "no credit for +##", "{refusal}");
    assert_eq!(refusal["request"], first, "{refusal}");
    let administration: Vec<_> = lines
        .iter()
        .filter(|line| line["message"] == "administration")
        .map(|line| (line["operation"].as_str(), line["tenant"].as_str()))
        .collect();
    let read = Some("read channel");
    assert_eq!(administration, [(read, Some("test-0")), (read, None)]);
    let process = std::process::id();
    let by = format!(", process {process}");
    let callers = lines.iter().filter_map(|line| line["by"].as_str());
    assert_eq!(callers.filter(|caller| caller.contains(&by)).count(), 2);
}

/// One test, because a process has one log, at the most verbose level, with the
/// events of every library.
#[tokio::test]
async fn a_line_for_each_request_without_its_values() {
    let lines = Lines::default();
    let config = LogConfig {
        level: LogLevel::Debug,
        format: LogFormat::Json,
    };
    let subscriber = logging::subscriber(&config, lines.clone(), false);
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let mut secret = tempfile::NamedTempFile::new().unwrap();
    io::Write::write_all(&mut secret, RADIUS_SECRET.as_bytes()).unwrap();
    let network = format!(
        "network.listen = '127.0.0.1:0'\n[[network.nas]]\naddress = '127.0.0.1'\n\
         message_authenticator = 'once-sent'\nsecret = {{ file = '{}' }}",
        secret.path().display()
    );
    let server = start(&gateway, &network).await;
    account(server.accounting.unwrap()).await;
    let key = server.key.clone();
    let mut codes = Vec::new();
    for manner in [
        Manner::Answer(400, "no credit for +96"),
        Manner::BreakOff,
        Manner::Hang,
        Manner::Answer(200, ""),
    ] {
        gateway.set(manner);
        server.send(&key).await;
        codes.push(gateway.last_code());
    }
    server.verify(&key, "87654321").await;
    server.verify(&key, codes.last().unwrap()).await;
    let form = format!("apikey={key}&dest={DEST}");
    let post = client()
        .post(server.url(SEND))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Referer", format!("https://x/?{form}"));
    post.body(form).send().await.unwrap();
    server.get("/mpass-web/rest/mv/msg/966500000000").await;
    server.get(&format!("/{key}?{DEST}")).await;
    let odd = http::Method::from_bytes(b"M966500000000").unwrap();
    client()
        .request(odd, server.url(SEND))
        .send()
        .await
        .unwrap();
    server.get("/healthz").await;
    administer(&server).await;
    let addr = server.addr;
    server.end().await;

    let text = lines.text();
    let keyring = ["locator", "record 1"];
    let number = ["966500000000", "500000000"];
    let secrets = [
        key.as_str(),
        "87654321",
        "apikey",
        "dest=",
        "otp=",
        RADIUS_SECRET,
    ];
    let secrets = secrets.into_iter().chain(number).chain(keyring);
    for secret in secrets.chain(codes.iter().map(String::as_str)) {
        assert!(!text.contains(secret), "{secret} is in\n{text}");
    }
    let seen: Vec<(String, String, u64, String)> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["target"] == "mpass::access")
        .map(|line| {
            assert_eq!(line["peer"], addr.ip().to_string());
            assert!(line["ms"].as_f64().unwrap() > 0.0);
            let word = |name: &str| line[name].as_str().unwrap().to_owned();
            let status = line["status"].as_u64().unwrap();
            (word("method"), word("path"), status, word("reason"))
        })
        .collect();
    let expected = [
        ("GET", SEND, 200, "gateway_refused"),
        ("GET", SEND, 200, "gateway_unknown"),
        ("GET", SEND, 200, "gateway_unknown"),
        ("GET", SEND, 200, "sent"),
        ("GET", VERIFY, 200, "wrong_code"),
        ("GET", VERIFY, 200, "accepted"),
        ("POST", SEND, 200, "sent"),
        ("GET", "-", 404, "not_found"),
        ("GET", "-", 404, "not_found"),
        ("OTHER", SEND, 405, "method_not_allowed"),
        ("GET", "/healthz", 200, "-"),
    ]
    .map(|(method, path, status, reason)| {
        (
            method.to_owned(),
            path.to_owned(),
            status,
            reason.to_owned(),
        )
    });
    assert_eq!(seen, expected, "\n{text}");
    check_audit(&text);
    assert!(text.contains("listening on http://127.0.0.1:"), "{text}");
    assert!(text.contains("created a new keyring"), "{text}");
    let accounting: Vec<_> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["message"] == "accounting")
        .map(|line| (line["peer"].clone(), line["outcome"].clone()))
        .collect();
    let expected = ["wrong_secret", "taken"].map(|outcome| ("127.0.0.1".into(), outcome.into()));
    assert_eq!(accounting, expected, "\n{text}");
    assert!(
        text.contains("the secret has fewer than 16 characters"),
        "{text}"
    );
}
