//! Options that a server refuses, and data that survives a restart.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use mpass_server::config::Config;
use mpass_server::serve::{ServeOptions, Server};

use crate::support::{Manner, StandIn, data_dir, options, start_with};

async fn refusal(options: ServeOptions) -> String {
    match Server::bind(options).await {
        Ok(_) => panic!("the server started"),
        Err(error) => format!("{error:#}"),
    }
}

#[tokio::test]
async fn without_a_gateway() {
    let dir = tempfile::tempdir().unwrap();
    let options = ServeOptions::new(Config::default(), None, Some(data_dir(&dir)), false).unwrap();
    let error = refusal(options).await;
    assert!(error.contains("no gateway is configured"), "{error}");
    assert!(
        !data_dir(&dir).exists(),
        "nothing is created before the refusal"
    );
}

#[tokio::test]
async fn plain_http_beyond_loopback() {
    let dir = tempfile::tempdir().unwrap();
    let gateway = "127.0.0.1:9".parse().unwrap();
    let mut options = options(&dir, gateway, "");
    for listen in ["0.0.0.0:0", "[::]:0", "10.0.0.1:0"] {
        options.listen = listen.parse().unwrap();
        let error = refusal(options.clone()).await;
        assert!(error.contains("is not loopback"), "{error}");
    }
    options.demo = true;
    let error = refusal(options.clone()).await;
    assert!(error.contains("demo"), "{error}");
    options.demo = false;
    options.listen = "0.0.0.0:0".parse().unwrap();
    options.config.allow_plain_http = true;
    assert!(Server::bind(options).await.is_ok());
}

#[tokio::test]
async fn a_keyring_that_others_can_read() {
    let dir = tempfile::tempdir().unwrap();
    let options = options(&dir, "127.0.0.1:9".parse().unwrap(), "");
    drop(Server::bind(options.clone()).await.unwrap());
    let keyring = dir.path().join("keyring");
    std::fs::set_permissions(&keyring, Permissions::from_mode(0o644)).unwrap();
    let error = refusal(options).await;
    assert!(error.contains("0644") && !error.contains('\n'), "{error}");
}

/// Also for a store in memory: the admin socket is in the directory.
#[tokio::test]
async fn a_data_directory_that_others_can_write() {
    let dir = tempfile::tempdir().unwrap();
    for store in ["embedded", "memory"] {
        let more = format!("store = '{store}'");
        let options = options(&dir, "127.0.0.1:9".parse().unwrap(), &more);
        for mode in [0o777, 0o1777, 0o775, 0o702] {
            std::fs::create_dir_all(data_dir(&dir)).unwrap();
            std::fs::set_permissions(data_dir(&dir), Permissions::from_mode(mode)).unwrap();
            let error = refusal(options.clone()).await;
            assert!(error.contains(&format!("mode {mode:04o}")), "{error}");
            assert!(!dir.path().join("keyring").exists(), "nothing is created");
            let files = std::fs::read_dir(data_dir(&dir)).unwrap();
            assert_eq!(files.count(), 0, "nothing is created");
        }
        std::fs::set_permissions(data_dir(&dir), Permissions::from_mode(0o755)).unwrap();
        drop(Server::bind(options).await.unwrap());
        std::fs::remove_dir_all(data_dir(&dir)).unwrap();
        std::fs::remove_file(dir.path().join("keyring")).unwrap();
    }
}

#[tokio::test]
async fn a_missing_keyring() {
    let dir = tempfile::tempdir().unwrap();
    let options = options(&dir, "127.0.0.1:9".parse().unwrap(), "");
    drop(Server::bind(options.clone()).await.unwrap());
    std::fs::remove_file(dir.path().join("keyring")).unwrap();
    let error = refusal(options).await;
    assert!(error.contains("no keyring"), "{error}");
}

#[tokio::test]
async fn a_data_directory_in_use() {
    let dir = tempfile::tempdir().unwrap();
    let options = options(&dir, "127.0.0.1:9".parse().unwrap(), "");
    let _first = Server::bind(options.clone()).await.unwrap();
    let error = refusal(options).await;
    assert!(error.contains("in use"), "{error}");
}

#[tokio::test]
async fn a_file_without_certificates() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("empty.pem");
    std::fs::write(&file, "").unwrap();
    let tls = format!(
        "tls = {{ certificates = '{0}', key = '{0}' }}",
        file.display()
    );
    let error = refusal(options(&dir, "127.0.0.1:9".parse().unwrap(), &tls)).await;
    assert!(error.contains("contains no certificate"), "{error}");
}

#[tokio::test]
async fn network_files_and_addresses_that_are_invalid() {
    let dir = tempfile::tempdir().unwrap();
    let gateway = "127.0.0.1:9".parse().unwrap();
    let file = dir.path().join("numbers.csv");
    std::fs::write(&file, "10.0.0.1,966500000001\n10.0.0.2,966500000002x\n").unwrap();
    let table = format!("network.table = '{}'", file.display());
    let error = refusal(options(&dir, gateway, &table)).await;
    assert!(error.contains("numbers.csv, line 2"), "{error}");
    assert!(!error.contains("966500000002"), "{error}");

    let taken = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let secret = dir.path().join("secret");
    let listen = format!(
        "network.listen = '{}'\n[[network.nas]]\naddress = '127.0.0.1'\n\
         secret = {{ file = '{}' }}",
        taken.local_addr().unwrap(),
        secret.display()
    );
    let options = options(&dir, gateway, &listen);
    let error = refusal(options.clone()).await;
    assert!(
        error.contains("network.nas 127.0.0.1/32: secret"),
        "{error}"
    );
    std::fs::write(&secret, "a secret of the network").unwrap();
    let error = refusal(options).await;
    assert!(error.contains("cannot listen for accounting on"), "{error}");
}

#[tokio::test]
async fn a_restart_keeps_channels_and_challenges() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let dir = tempfile::tempdir().unwrap();
    let options = options(&dir, gateway.addr, "");
    let server = start_with(options.clone(), dir).await;
    let key = server.key.clone();
    assert_eq!(server.send(&key).await, (200, "0".to_owned()));
    let dir = {
        let mut server = server;
        server.stop();
        (&mut server.task).await.unwrap().unwrap();
        drop(server.state);
        server.dir
    };
    let server = Server::bind(options).await.unwrap();
    let addr = server.addrs()[0];
    tokio::spawn(server.run(core::future::pending()));
    let code = gateway.last_code();
    let url = format!(
        "http://{addr}{}?apikey={key}&dest={}&otp={code}",
        crate::support::VERIFY,
        crate::support::DEST
    );
    let body = crate::support::client()
        .get(url)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(body, r#"{"description":"Accept","status":"0"}"#);
    drop(dir);
}
