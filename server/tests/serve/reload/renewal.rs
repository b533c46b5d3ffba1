//! Renewed PEM files are taken without a restart and without a signal.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::process::{Process, config, value};
use crate::support::{Manner, PATIENCE, StandIn};
use crate::transport::{Certificate, try_connect_tls_to};

/// A new certificate for localhost, and its key, in PEM.
struct Pair {
    der: Certificate,
    chain: String,
    key: String,
}

impl Pair {
    fn new() -> Self {
        let signed = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        Self {
            der: signed.cert.der().clone(),
            chain: signed.cert.pem(),
            key: signed.signing_key.serialize_pem(),
        }
    }
}

/// The directory of a certificate as Kubernetes mounts a secret: the files are links
/// into a directory behind a link.
struct Mount(PathBuf);

impl Mount {
    fn new(dir: &Path, pair: &Pair) -> Self {
        let mount = Self(dir.join("tls"));
        fs::create_dir(&mount.0).unwrap();
        mount.update("1", pair);
        for name in ["chain.pem", "key.pem"] {
            symlink(Path::new("..data").join(name), mount.0.join(name)).unwrap();
        }
        mount
    }

    /// Replaces the link to the directory.
    fn update(&self, version: &str, pair: &Pair) {
        let version = self.0.join(version);
        fs::create_dir(&version).unwrap();
        fs::write(version.join("chain.pem"), &pair.chain).unwrap();
        fs::write(version.join("key.pem"), &pair.key).unwrap();
        symlink(&version, self.0.join("..tmp")).unwrap();
        fs::rename(self.0.join("..tmp"), self.0.join("..data")).unwrap();
    }

    fn settings(&self) -> String {
        let [chain, key] = ["chain.pem", "key.pem"].map(|name| self.0.join(name));
        let (chain, key) = (chain.display(), key.display());
        format!("tls = {{ certificates = '{chain}', key = '{key}' }}\n")
    }

    /// Writes a file in place.
    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).unwrap();
    }

    /// Writes another file, and renames it.
    fn replace(&self, name: &str, text: &str) {
        let new = self.0.join("new");
        fs::write(&new, text).unwrap();
        let name = fs::canonicalize(self.0.join(name)).unwrap();
        fs::rename(new, name).unwrap();
    }
}

async fn connect(server: &Process, root: &Certificate) -> Option<TlsStream<TcpStream>> {
    let port = server.addr.port();
    try_connect_tls_to(port, root.clone(), "http/1.1")
        .await
        .ok()
}

/// Waits until new clients see this certificate.
async fn serves(server: &Process, pair: &Pair) -> TlsStream<TcpStream> {
    let wait = async {
        loop {
            if let Some(stream) = connect(server, &pair.der).await {
                return stream;
            }
            tokio::time::sleep(core::time::Duration::from_millis(50)).await;
        }
    };
    let served = tokio::time::timeout(PATIENCE, wait).await;
    served.unwrap_or_else(|_| panic!("it is not served: {}", server.log()))
}

/// The metrics, on a connection that stays open.
async fn metrics(stream: &mut TlsStream<TcpStream>) -> String {
    let request = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut text = String::new();
    while !text.ends_with("# EOF\n") {
        let mut part = [0; 4096];
        let read = stream.read(&mut part).await.unwrap();
        assert!(read > 0, "{text}");
        text.push_str(core::str::from_utf8(&part[..read]).unwrap());
    }
    text
}

/// Waits until the last renewal has failed, or has not.
async fn has_failed(stream: &mut TlsStream<TcpStream>, has_failed: bool) {
    let expected = if has_failed { "1" } else { "0" };
    let wait = async {
        while value(&metrics(stream).await, "mpass_reload_failed").as_deref() != Some(expected) {
            tokio::time::sleep(core::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.unwrap();
}

#[tokio::test]
async fn certificates_in_whatever_way_they_are_written() {
    let dir = tempfile::tempdir().unwrap();
    let first = Pair::new();
    let mount = Mount::new(dir.path(), &first);
    let limits = "limits.header_timeout = \"60s\"";
    let url = "http://127.0.0.1:9";
    let text = config(
        dir.path(),
        url,
        &format!("{limits}\n{}", mount.settings()),
        "",
    );
    let server = Process::start(dir, &text).await;
    let mut old = serves(&server, &first).await;
    metrics(&mut old).await;

    // In place, the certificate first: not before the key.
    let second = Pair::new();
    mount.write("chain.pem", &second.chain);
    has_failed(&mut old, true).await;
    let log = server.log();
    assert!(
        log.contains("do not match") && log.contains("chain.pem"),
        "{log}"
    );
    assert!(connect(&server, &second.der).await.is_none());
    assert!(connect(&server, &first.der).await.is_some());
    // Nor does a reload take anything.
    let more = format!("{limits}\nmetrics.addresses = []\n{}", mount.settings());
    server.write(&config(&server.path(), url, &more, ""));
    let error = server.reload().await.unwrap_err();
    assert!(
        error.contains("line 7: tls.certificates") && error.contains("do not match"),
        "{error}"
    );
    server.write(&text);
    mount.write("key.pem", &second.key);
    serves(&server, &second).await;
    assert!(server.reload().await.unwrap().is_empty());
    has_failed(&mut old, false).await;

    // By rename, the key first.
    let third = Pair::new();
    mount.replace("key.pem", &third.key);
    mount.replace("chain.pem", &third.chain);
    serves(&server, &third).await;

    // Half of a file, as of a process that is killed.
    let fourth = Pair::new();
    let (half, _) = fourth.chain.split_at(fourth.chain.len() / 2);
    mount.write("key.pem", &fourth.key);
    mount.write("chain.pem", half);
    has_failed(&mut old, true).await;
    assert!(connect(&server, &third.der).await.is_some());
    mount.write("chain.pem", &fourth.chain);
    serves(&server, &fourth).await;
    has_failed(&mut old, false).await;

    // By a link.
    let fifth = Pair::new();
    mount.update("2", &fifth);
    serves(&server, &fifth).await;

    // By a signal, without waiting.
    let sixth = Pair::new();
    mount.update("3", &sixth);
    assert_eq!(server.reload().await.unwrap(), ["tls.certificates"]);
    assert!(connect(&server, &sixth.der).await.is_some());
    assert!(connect(&server, &fifth.der).await.is_none());
    // The connection from the beginning is still the same.
    metrics(&mut old).await;
    let log = server.log();
    assert!(
        !log.contains("PRIVATE KEY") && !log.contains("BEGIN"),
        "{log}"
    );
    assert_eq!(log.matches("took renewed PEM files").count(), 4, "{log}");
}

#[tokio::test]
async fn authorities_of_the_gateway() {
    let pair = Pair::new();
    let key = rcgen::KeyPair::from_pem(&pair.key).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![pair.der.clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let shared = gateway.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(stream) = acceptor.accept(stream).await {
                tokio::spawn(shared.clone().serve_one(stream));
            }
        }
    });
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("authorities.pem");
    fs::write(&file, Pair::new().chain).unwrap();
    let authorities = format!("ca_certificates = '{}'", file.display());
    let url = format!("https://localhost:{port}/");
    let text = config(dir.path(), &url, "", &authorities);
    let server = Process::start(dir, &text).await;
    let channel = server.channel().await;
    assert_eq!(
        server.send(&channel, 0).await,
        "100",
        "an unknown authority"
    );
    fs::write(&file, &pair.chain).unwrap();
    let taken = "took renewed PEM files changed=\"gateway.ca_certificates\"";
    crate::support::until("the file", || server.log().contains(taken)).await;
    assert_eq!(server.send(&channel, 1).await, "0");
    fs::write(&file, "nothing").unwrap();
    let kept = "renewed PEM files were not taken";
    crate::support::until("the failure", || server.log().contains(kept)).await;
    assert_eq!(server.send(&channel, 2).await, "0");
    let failed = server.metric("mpass_reload_failed").await;
    assert_eq!(failed.as_deref(), Some("1"));
}
