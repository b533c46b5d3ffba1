//! TLS to Redis, to Sentinels, to a cluster and to PostgreSQL, with certificates that
//! the tests make: who is not certified is refused, and so is clear text to others.

#![cfg(all(feature = "redis", feature = "postgres"))]
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use mpass_core::store::{Kind, Store, StoreKey, Swap, Swapped};
use mpass_stores::postgres::{PostgresSettings, PostgresStore, SettingsError, migrate};
use mpass_stores::redis::{RedisSettings, RedisStore};
use mpass_stores::remote::Admission;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tempfile::TempDir;

use support::postgres::Postgres;
use support::redis::Redis;
use support::{free_port, wait_until};

/// A certificate authority, and a certificate for a name that it has signed.
struct Authority {
    dir: TempDir,
    pem: Vec<u8>,
}

impl Authority {
    fn new(names: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let key = KeyPair::generate().unwrap();
        let mut own = CertificateParams::new(Vec::new()).unwrap();
        own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = own.self_signed(&key).unwrap();
        let issuer = Issuer::new(own, key);
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let of_server = KeyPair::generate().unwrap();
        let signed = CertificateParams::new(names).unwrap();
        let signed = signed.signed_by(&of_server, &issuer).unwrap();
        let pem = certificate.pem();
        fs::write(dir.path().join("ca.pem"), &pem).unwrap();
        fs::write(dir.path().join("server.pem"), signed.pem()).unwrap();
        fs::write(dir.path().join("server.key"), of_server.serialize_pem()).unwrap();
        let pem = pem.into_bytes();
        Self { dir, pem }
    }

    fn file(&self, name: &str) -> String {
        self.dir.path().join(name).to_str().unwrap().to_owned()
    }

    /// For the user of PostgreSQL, which demands its key for itself.
    fn give(&self, data: &Path) {
        let key = self.file("server.key");
        let owner = Command::new("chown")
            .arg("--reference")
            .arg(data)
            .arg(&key)
            .status();
        assert!(owner.unwrap().success());
        fs::set_permissions(key, fs::Permissions::from_mode(0o600)).unwrap();
    }
}

fn swapped(store: &impl Store) -> Result<Swapped, mpass_core::Error> {
    let swap = Swap {
        kind: Kind::State,
        key: StoreKey([7; 16]),
        expected: None,
        value: b"x".to_vec(),
        expires_at_ms: None,
    };
    store.swap(&swap, 1_800_000_000_000)
}

fn redis(url: String, ca: &Authority) -> RedisStore {
    RedisStore::open(RedisSettings {
        tls_ca: Some(ca.pem.clone()),
        admission: Admission::Any,
        ..RedisSettings::new(url)
    })
    .unwrap()
}

/// A Redis with a port for TLS, beside the one that the tests use.
fn redis_with_tls(ca: &Authority, more: &[&str]) -> (Redis, u16) {
    let port = free_port();
    let files = ["server.pem", "server.key", "ca.pem"].map(|name| ca.file(name));
    let tls_port = port.to_string();
    let mut options = vec!["--tls-port", &tls_port, "--tls-auth-clients", "no"];
    for (option, file) in ["--tls-cert-file", "--tls-key-file", "--tls-ca-cert-file"]
        .iter()
        .zip(&files)
    {
        options.extend([*option, file]);
    }
    options.extend(more);
    (Redis::start(&options), port)
}

#[test]
fn redis_with_certificates() {
    let (ca, other) = (
        Authority::new(&["localhost"]),
        Authority::new(&["localhost"]),
    );
    let (server, port) = redis_with_tls(&ca, &[]);
    server.cli(&[
        "ACL",
        "SETUSER",
        "mpass",
        "on",
        ">secret-7",
        "~mpass:*",
        "+@all",
    ]);
    let url = format!("rediss://mpass:secret-7@localhost:{port}/");
    let store = redis(url.clone(), &ca);
    assert_eq!(swapped(&store), Ok(Swapped::Stored));
    // Another authority, and a name that is not in the certificate.
    let by_address = format!("rediss://mpass:secret-7@127.0.0.1:{port}/");
    for (url, ca) in [(url, &other), (by_address, &ca)] {
        let refused = redis(url, ca);
        swapped(&refused).unwrap_err();
        let why = refused.failure().unwrap();
        assert!(
            why.contains("cannot connect") && !why.contains("secret"),
            "{why}"
        );
    }
    assert_eq!(server.cli(&["DBSIZE"]).trim(), "1");
    // Clear text at the port of TLS.
    let clear = redis(format!("redis://localhost:{port}/"), &ca);
    swapped(&clear).unwrap_err();
}

/// The servers that Sentinels and masters name are verified as those of the URL.
#[test]
fn servers_that_others_name() {
    let ca = Authority::new(&["localhost", "127.0.0.1"]);
    let other = Authority::new(&["localhost", "127.0.0.1"]);
    let (server, port) = redis_with_tls(
        &ca,
        &["--cluster-enabled", "yes", "--min-replicas-to-write", "0"],
    );
    server.cli(&["CLUSTER", "ADDSLOTSRANGE", "0", "16383"]);
    wait_until("it has all slots", || {
        server
            .cli(&["CLUSTER", "INFO"])
            .contains("cluster_state:ok")
    });
    let settings = |ca: &Authority| RedisSettings {
        tls_ca: Some(ca.pem.clone()),
        admission: Admission::Any,
        acknowledge: 1,
        ..RedisSettings::new(format!("rediss-cluster://127.0.0.1:{port}"))
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let node = |ca: &Authority| {
        let store = RedisStore::open(settings(ca)).unwrap();
        runtime.block_on(store.node())
    };
    let node_of = node(&ca).unwrap();
    assert_eq!(node_of.identity.parts().len(), 1);
    node(&other).unwrap_err();
}

#[test]
fn postgres_with_certificates() {
    let (ca, other) = (
        Authority::new(&["localhost"]),
        Authority::new(&["localhost"]),
    );
    let server = Postgres::start_prepared(&[], |data| ca.give(data));
    for (setting, file) in [
        ("ssl_cert_file", "server.pem"),
        ("ssl_key_file", "server.key"),
    ] {
        server.psql(&format!("ALTER SYSTEM SET {setting} = '{}'", ca.file(file)));
    }
    server.psql("ALTER SYSTEM SET ssl = on");
    server.psql("SELECT pg_reload_conf()");
    wait_until("TLS is on", || server.psql("SHOW ssl") == "on");
    let settings = |host: &str, ca: &Authority| PostgresSettings {
        tls_ca: Some(ca.pem.clone()),
        admission: Admission::Any,
        ..PostgresSettings::new(format!(
            "postgresql://mpass@{host}:{}/postgres?sslmode=verify-full",
            server.port
        ))
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime
        .block_on(migrate(settings("localhost", &ca)))
        .unwrap();
    let store = PostgresStore::open(settings("localhost", &ca)).unwrap();
    assert_eq!(swapped(&store), Ok(Swapped::Stored));
    let encrypted = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                     WHERE ssl AND application_name = 'mpass'";
    assert_eq!(server.psql(encrypted), "4");
    // Another authority, and a name that is not in the certificate.
    for (host, ca) in [("localhost", &other), ("127.0.0.1", &ca)] {
        let refused = PostgresStore::open(settings(host, ca)).unwrap();
        swapped(&refused).unwrap_err();
        let why = runtime.block_on(refused.node()).unwrap_err();
        assert!(!why.is_empty());
    }
    assert_eq!(server.psql("SELECT count(*) FROM mpass_state"), "1");
}

/// Without TLS, a store is of this machine.
#[test]
fn clear_text_to_another_machine_is_refused() {
    for url in [
        "redis://192.0.2.1/",
        "redis-sentinel://192.0.2.1/name",
        "redis-cluster://127.0.0.1,192.0.2.1/",
        "rediss://192.0.2.1/#insecure",
    ] {
        let opened = RedisStore::open(RedisSettings::new(url));
        assert!(matches!(opened, Err(SettingsError::Plain)), "{url}");
    }
    for query in ["", "?sslmode=disable", "?sslmode=prefer"] {
        let url = format!("postgresql://192.0.2.1/x{query}");
        let opened = PostgresStore::open(PostgresSettings::new(&url));
        assert!(matches!(opened, Err(SettingsError::Plain)), "{url}");
    }
    // A Sentinel of this machine that names a server of another one.
    let watched = support::sentinel::Watched::start(0, &[]);
    watched.announce("192.0.2.1");
    let settings = RedisSettings {
        acknowledge: 1,
        sentinel_password: Some(support::sentinel::PASSWORD.to_owned()),
        ..RedisSettings::new(watched.url())
    };
    let store = RedisStore::open(settings).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let why = runtime.block_on(store.node()).unwrap_err();
    assert!(why.contains("192.0.2.1") && why.contains("TLS"), "{why}");
}
