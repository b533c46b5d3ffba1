//! Reloading the configuration of a running process.

mod process;
mod renewal;
mod signals;

use core::net::SocketAddr;
use std::fs;
use std::path::Path;

use md5::{Digest, Md5};
use mpass_core::challenge::Keyring;
use mpass_server::admin::{Operation, Outcome};
use mpass_server::keyring_file;
use mpass_tests::signing::test_keys;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};

use self::process::{Process, config};
use crate::support::{Manner, PATIENCE, StandIn, connect, until};

fn url(gateway: &StandIn) -> String {
    format!("http://{}/send", gateway.addr)
}

/// A server with this in its configuration, and its gateway.
async fn start(more: &str, gateway_more: &str) -> (Process, StandIn) {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let dir = tempfile::tempdir().unwrap();
    let config = config(dir.path(), &url(&gateway), more, gateway_more);
    (Process::start(dir, &config).await, gateway)
}

/// The names of what has changed.
fn changed<const N: usize>(names: [&str; N]) -> Result<Vec<String>, String> {
    Ok(names.map(str::to_owned).to_vec())
}

#[tokio::test]
async fn a_gateway_its_secrets_and_the_rules_for_numbers() {
    let (server, first) = start("", "").await;
    let key = server.channel().await;
    assert_eq!(server.send(&key, 0).await, "0");
    assert_eq!(server.reload().await, changed([]));

    let second = StandIn::start(Manner::Answer(200, "")).await;
    server.write(&config(&server.path(), &url(&second), "", ""));
    assert_eq!(server.reload().await, changed(["gateway.url"]));
    assert_eq!(server.send(&key, 0).await, "0");
    assert_eq!((first.requests().len(), second.requests().len()), (1, 1));

    let secret = server.path().join("secret");
    fs::write(&secret, "the first").unwrap();
    let header = format!(
        "headers.X-Token = \"{{{{secret.token}}}}\"\nsecrets.token.file = '{}'",
        secret.display()
    );
    server.write(&config(&server.path(), &url(&second), "", &header));
    let names = changed(["gateway.headers", "gateway.secrets"]);
    assert_eq!(server.reload().await, names);
    server.send(&key, 0).await;
    fs::write(&secret, "the second").unwrap();
    assert_eq!(server.reload().await, changed(["gateway.secrets"]));
    server.send(&key, 0).await;
    let requests = second.requests();
    assert!(requests[1].contains("x-token: the first"), "{requests:?}");
    assert!(requests[2].contains("x-token: the second"), "{requests:?}");

    let barred = "numbers.barred = [\"+966500000001\"]";
    server.write(&config(&server.path(), &url(&second), barred, &header));
    assert_eq!(server.send(&key, 1).await, "0", "before the reload");
    assert_eq!(server.reload().await, changed(["numbers.barred"]));
    assert_ne!(server.send(&key, 1).await, "0");
    assert_eq!(server.send(&key, 2).await, "0");
    let log = server.log();
    for secret in ["the first", "the second", "96650000000"] {
        assert!(!log.contains(secret), "{log}");
    }
}

/// Whether the server closes a connection.
async fn is_closed(mut stream: TcpStream) -> bool {
    let request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let mut answer = [0; 12];
    let asked = stream.write_all(request).await;
    let answered = tokio::time::timeout(PATIENCE, stream.read(&mut answer));
    asked.is_err() || !matches!(answered.await.unwrap(), Ok(1..))
}

#[tokio::test]
async fn limits_metrics_and_the_level_of_the_log() {
    let (server, gateway) = start("", "").await;
    let write = |more: &str| server.write(&config(&server.path(), &url(&gateway), more, ""));
    let one = connect(server.addr).await;
    let other = connect(server.addr).await;
    assert!(!is_closed(one).await && !is_closed(other).await);
    write("limits.connections_per_peer = 1");
    assert_eq!(
        server.reload().await,
        changed(["limits.connections_per_peer"])
    );
    let mut one = connect(server.addr).await;
    let other = connect(server.addr).await;
    let mut end = Vec::new();
    let read = tokio::time::timeout(PATIENCE, one.read_to_end(&mut end));
    assert!(
        matches!(read.await.unwrap(), Ok(0) | Err(_)),
        "closed for the other one"
    );
    assert!(!is_closed(other).await);

    assert_eq!(server.get("/metrics", "metrics.example").await.0, 403);
    write("metrics.hosts = [\"metrics.example\"]");
    let names = changed(["limits.connections_per_peer", "metrics.hosts"]);
    assert_eq!(server.reload().await, names);
    assert_eq!(server.get("/metrics", "metrics.example").await.0, 200);
    write("metrics.addresses = []");
    let names = changed(["metrics.addresses", "metrics.hosts"]);
    assert_eq!(server.reload().await, names);
    assert_eq!(server.get("/metrics", "localhost").await.0, 404);

    let lines = |path: &str| server.log().matches(path).count();
    server.get("/healthz", "localhost").await;
    assert_eq!(lines("/healthz"), 0);
    write("log.level = \"debug\"");
    assert!(server.hang_up().await.contains("log.level"));
    server.get("/healthz", "localhost").await;
    until("a line at the level debug", || lines("/healthz") == 1).await;
    write("log.level = \"error\"");
    let line = server.hang_up().await;
    assert!(line.contains("changed=\"log.level\""), "{line}");
    server.get("/healthz", "localhost").await;
    write("log.level = \"debug\"");
    server.hang_up().await;
    assert_eq!(lines("/healthz"), 1);
}

#[tokio::test]
async fn keys_of_the_login_and_the_keyring() {
    let issuer = "login.issuer = \"http://127.0.0.1\"\n";
    let (server, gateway) = start(issuer, "").await;
    let key = server.channel().await;
    let write = |more: &str| {
        let more = format!("{issuer}{more}");
        server.write(&config(&server.path(), &url(&gateway), &more, ""));
    };
    let rsa = async || {
        let (status, keys) = server.get("/oauth2/jwks", "localhost").await;
        assert_eq!(status, 200);
        keys.matches("RSA").count()
    };
    assert_eq!(rsa().await, 0);
    let file = server.path().join("rsa.pem");
    let [first, second] = [0, 1].map(|index| test_keys().keys[index].pem());
    fs::write(&file, &first).unwrap();
    let setting = format!("login.signing_keys = ['{}']", file.display());
    write(&setting);
    assert_eq!(server.reload().await, changed(["login.signing_keys"]));
    assert_eq!(rsa().await, 1);
    let jwks = server.get("/oauth2/jwks", "localhost").await.1;
    fs::write(&file, &second).unwrap();
    assert_eq!(server.reload().await, changed(["login.signing_keys"]));
    assert_ne!(server.get("/oauth2/jwks", "localhost").await.1, jwks);
    write(&format!("{setting}\nlogin.tokens = \"within-life\""));
    assert_eq!(server.reload().await, changed(["login.tokens"]));
    write("");
    assert_eq!(
        server.reload().await,
        changed(["login.tokens", "login.signing_keys"])
    );

    // As on another machine, where the keyring was copied to this one.
    let path = server.path().join("keyring");
    let mut keyring: Keyring = keyring_file::load(&path).unwrap();
    let id = keyring.add(&[9; 32]).unwrap();
    keyring.activate(id).unwrap();
    keyring_file::save(&path, &keyring).unwrap();
    assert_eq!(server.reload().await, changed(["keyring"]));
    let Ok(Outcome::Checked(report)) = server.perform(Operation::CheckStore).await else {
        panic!("no report");
    };
    assert_eq!(report.header.map(|header| header.active_key), Some(id));
    assert_eq!(server.send(&key, 0).await, "0");
    // The channel was sealed with the new key.
    keyring.remove(1).unwrap();
    keyring_file::save(&path, &keyring).unwrap();
    assert_eq!(server.reload().await, changed(["keyring"]));
    assert_eq!(server.send(&key, 1).await, "0");
    let other = Keyring::generate(&[8; 32]);
    keyring_file::save(&path, &other).unwrap();
    write("numbers.barred = [\"+9665\"]");
    let error = server.reload().await.unwrap_err();
    assert!(error.contains("--keyring"), "{error}");
    assert_eq!(server.send(&key, 2).await, "0");
}

/// Whether an Accounting-Request without attributes is answered, as whoever knows
/// the secret is (RFC 2866 section 3).
async fn is_answered(server: SocketAddr, secret: &str) -> bool {
    let mut packet = vec![4, 1, 0, 20];
    packet.extend_from_slice(&[0; 16]);
    let digest = Md5::new().chain_update(&packet).chain_update(secret);
    packet[4..20].copy_from_slice(&digest.finalize());
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    socket.send_to(&packet, server).await.unwrap();
    let mut answer = [0; 64];
    let wait = core::time::Duration::from_millis(300);
    let answered = tokio::time::timeout(wait, socket.recv(&mut answer));
    answered.await.is_ok()
}

#[tokio::test]
async fn a_secret_of_a_nas() {
    let dir = tempfile::tempdir().unwrap();
    let secret = dir.path().join("secret");
    fs::write(&secret, "the first secret").unwrap();
    let more = format!(
        "[network]\nlisten = \"127.0.0.1:0\"\n[[network.nas]]\naddress = \"127.0.0.1\"\n\
         message_authenticator = \"once-sent\"\nsecret.file = '{}'",
        secret.display()
    );
    let config = config(dir.path(), "http://127.0.0.1:9", &more, "");
    let server = Process::start(dir, &config).await;
    let log = server.log();
    let (_, address) = log.split_once("accounting on ").unwrap();
    let address = address.split_whitespace().next().unwrap().parse().unwrap();
    // UDP may lose a packet.
    let mut tries = 0..100;
    while !is_answered(address, "the first secret").await {
        assert!(tries.next().is_some());
    }
    fs::write(&secret, "the second secret").unwrap();
    assert_eq!(server.reload().await, changed(["network.nas"]));
    while !is_answered(address, "the second secret").await {
        assert!(tries.next().is_some());
    }
    assert!(!is_answered(address, "the first secret").await);
}

/// What makes a reload fail, and words of the error.
fn failures(dir: &Path) -> Vec<(String, String, &'static str)> {
    let file = dir.join("file.pem");
    fs::write(&file, "SECRET").unwrap();
    let file = file.display();
    let roots = [
        (
            "listen = \"127.0.0.1:1\"",
            "line 1: listen: needs a restart",
        ),
        ("store = \"embedded\"", "line 2: store: needs a restart"),
        ("data_dir = '/SECRET'", "line 3: data_dir: needs a restart"),
        ("keyring.file = '/SECRET'", "line 4: keyring.file: needs"),
        (
            "log.format = \"json\"",
            "line 7: log.format: needs a restart",
        ),
        ("network.entries = 7", "line 7: network.entries: needs"),
        ("login.realm = \"other\"", "line 7: login.realm: needs"),
        (
            "log.level = \"SECRET\"",
            "line 7: log.level: expected one of",
        ),
        (
            "numbers.own = [\"SECRET\"]",
            "line 7: numbers.own has a malformed",
        ),
        ("login.issuer = \"SECRET\"", "line 7: login.issuer: "),
        ("limits = SECRET", "line 7: "),
        ("SECRET", "line 7: "),
    ];
    let roots = roots.map(|(root, words)| (root.to_owned(), String::new(), words));
    let files = [
        (
            format!("tls = {{ certificates = '{file}', key = '{file}' }}"),
            String::new(),
            "line 7: tls: needs a restart",
        ),
        (
            format!("login.signing_keys = ['{file}']"),
            String::new(),
            "line 7: login.signing_keys ",
        ),
        (
            String::new(),
            format!("ca_certificates = '{file}'"),
            "gateway.ca_certificates ",
        ),
        (
            String::new(),
            "secrets.token.env = \"MPASS_NOTHING\"".to_owned(),
            "gateway.secrets.token: MPASS_NOTHING is not set",
        ),
    ];
    roots.into_iter().chain(files).collect()
}

/// A good setting beside a bad one is not taken either.
#[tokio::test]
async fn what_is_refused_changes_nothing() {
    const GOOD: &str = "limits.connections = 100\nnumbers.barred = [\"+9665\"]";
    let (server, gateway) = start("", "").await;
    let key = server.channel().await;
    let mut last = 0;
    for (root, in_gateway, words) in failures(&server.path()) {
        let mut text = config(&server.path(), &url(&gateway), GOOD, &in_gateway);
        let name = root.split(' ').next().unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let is_there = |line: &&&str| !name.is_empty() && line.starts_with(&format!("{name} ="));
        text = match lines.iter().find(is_there) {
            Some(line) => text.replace(line, &root),
            None => text.replace(GOOD, &format!("{GOOD}\n{root}")),
        };
        server.write(&text);
        let error = server.reload().await.unwrap_err();
        let file = server.path().join("mpass.toml");
        assert!(error.contains(&file.display().to_string()), "{error}");
        assert!(error.contains(words), "{error}");
        assert!(
            !error.contains("SECRET") && !error.contains('\n'),
            "{error}"
        );
        let line = server.hang_up().await;
        assert!(line.contains("ERROR") && line.contains(words), "{line}");
        assert!(!line.contains("SECRET"), "{line}");
        assert_eq!(server.send(&key, last).await, "0", "{root} {in_gateway}");
        let failed = server.metric("mpass_reload_failed").await;
        assert_eq!(failed.as_deref(), Some("1"));
        last += 2;
        let count = server
            .metric("mpass_reloads_total{outcome=\"failed\"}")
            .await;
        assert_eq!(count, Some(last.to_string()));
    }
    let file = server.path().join("mpass.toml");
    fs::remove_file(&file).unwrap();
    assert!(server.reload().await.unwrap_err().contains("cannot read"));
    server.write(&config(&server.path(), &url(&gateway), GOOD, ""));
    let keyring = fs::read(server.path().join("keyring")).unwrap();
    fs::write(server.path().join("keyring"), "SECRET").unwrap();
    let error = server.reload().await.unwrap_err();
    assert!(
        error.contains("keyring") && !error.contains("SECRET"),
        "{error}"
    );
    fs::write(server.path().join("keyring"), keyring).unwrap();
    let names = changed(["limits.connections", "numbers.barred"]);
    assert_eq!(server.reload().await, names);
    assert_ne!(server.send(&key, 1).await, "0");
    let failed = server.metric("mpass_reload_failed").await;
    assert_eq!(failed.as_deref(), Some("0"));
}

#[tokio::test]
async fn the_command_prints_what_has_changed() {
    let (server, gateway) = start("", "").await;
    let run = || {
        let output = server.reload_command();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    let done = |text: &str| (Some(0), text.to_owned(), String::new());
    assert_eq!(run(), done("nothing has changed\n"));
    let write = |more: &str| server.write(&config(&server.path(), &url(&gateway), more, ""));
    write("log.level = \"warn\"\nlimits.connections = 99");
    assert_eq!(
        run(),
        done("changed limits.connections\nchanged log.level\n")
    );
    write("log.format = \"json\"");
    let (code, printed, error) = run();
    assert_eq!((code, printed.as_str()), (Some(2), ""));
    assert!(
        error.ends_with("line 5: log.format: needs a restart\n"),
        "{error}"
    );
    drop(server);
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("mpass.toml"), "").unwrap();
    let output = process::mpass(dir.path(), &["reload"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.starts_with("error: no server is running on "),
        "{error}"
    );
}
