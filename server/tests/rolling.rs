//! Two servers on one Redis behind HAProxy, restarted one after the other under load, as
//! an upgrade does.

#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

#[path = "../../stores/tests/support/mod.rs"]
mod stores;
mod support;

use core::net::{Ipv4Addr, SocketAddr};
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use core::time::Duration;
use std::fs;
use std::process::{Command, Stdio};
use std::sync::Arc;

use mpass_server::config::Config;
use mpass_server::serve::ServeOptions;
use tempfile::TempDir;

use stores::redis::Redis;
use stores::{Process, free_port};
use support::{Manner, Running, SEND, StandIn, VERIFY, contract_status, start_again, until};

const CLIENTS: usize = 8;

/// One of the servers: its port, and its directory with the keyring of both.
struct Place {
    addr: SocketAddr,
    dir: TempDir,
    config: String,
}

impl Place {
    fn new(store: &str, gateway: SocketAddr, keyring: &std::path::Path) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        let config = format!(
            "listen = \"{addr}\"\nkeyring.file = '{}'\nlimits.drain_delay = \"1s\"\n\
             [store]\n{store}\n[gateway]\nurl = \"http://{gateway}/send\"\n\
             body = '{{\"to\":\"{{{{to}}}}\",\"text\":\"{{{{text}}}}\"}}'\ntimeout = \"5s\"\n",
            keyring.display(),
        );
        Self { addr, dir, config }
    }

    async fn start(&self, key: &str) -> Running {
        let config = Config::parse(&self.config).unwrap();
        let data = self.dir.path().join("data");
        let options = ServeOptions::new(config, None, Some(data), false).unwrap();
        start_again(options, tempfile::tempdir().unwrap(), key.to_owned()).await
    }

    /// Runs `mpass store init` for both.
    fn init(&self) {
        let file = self.dir.path().join("mpass.toml");
        fs::write(&file, &self.config).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_mpass"));
        let init = command.args(["store", "init", "--config"]).arg(&file);
        let output = init.output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
}

/// HAProxy, which asks `/readyz` ten times a second.
async fn haproxy(servers: &[Place; 2], dir: &TempDir) -> (SocketAddr, Process) {
    let port = free_port();
    let [one, other] = servers.each_ref().map(|place| place.addr);
    let config = format!(
        "defaults\n  mode http\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n\
         frontend front\n  bind 127.0.0.1:{port}\n  default_backend back\n\
         backend back\n  option httpchk GET /readyz\n  http-check expect status 200\n\
         \x20 default-server check inter 100ms fall 1 rise 1\n\
         \x20 server one {one}\n  server other {other}\n"
    );
    let file = dir.path().join("haproxy.cfg");
    fs::write(&file, config).unwrap();
    let mut command = Command::new("haproxy");
    command.arg("-db").arg("-f").arg(&file);
    let process = Process::start(command.stdout(Stdio::null()));
    let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    until("haproxy", || std::net::TcpStream::connect(addr).is_ok()).await;
    (addr, process)
}

/// What the clients have seen.
#[derive(Default)]
struct Seen {
    requests: AtomicU64,
    failed: AtomicU64,
    is_over: AtomicBool,
}

/// Sends a code and tries a wrong one until it is over: every answer has to be the
/// contract's.
async fn client(number: usize, base: String, key: String, seen: Arc<Seen>) {
    let client = support::client();
    let mut round = 0;
    while !seen.is_over.load(Ordering::Relaxed) {
        let to = format!("%2B9665{:08}", number * 1_000_000 + round);
        round += 1;
        let send = format!("{base}{SEND}?apikey={key}&dest={to}");
        let verify = format!("{base}{VERIFY}?apikey={key}&dest={to}&otp=00000000");
        for (url, expected) in [(&send, "0"), (&verify, "1"), (&verify, "1")] {
            let answer = client.get(url).send().await;
            let text = match answer {
                Ok(answer) if answer.status() == 200 => answer.text().await.unwrap_or_default(),
                Ok(answer) => format!("{}", answer.status()),
                Err(error) => format!("{error:?}"),
            };
            seen.requests.fetch_add(1, Ordering::Relaxed);
            let is_right = text.starts_with('{') && contract_status(&text) == expected;
            if !is_right {
                println!("failed: {text}");
                seen.failed.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// Restarts both servers `upgrades` times, with at least `requests` between the first
/// and the last; returns how many there were.
async fn upgrades(upgrades: usize, requests: u64) -> u64 {
    let redis = Redis::start(&[]);
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let home = tempfile::tempdir().unwrap();
    let store = format!("kind = \"redis\"\nurl = \"{}\"", redis.url());
    let keyring = home.path().join("keyring");
    let places = [(); 2].map(|()| Place::new(&store, gateway.addr, &keyring));
    places[0].init();
    let first = places[0].start("").await;
    let key = support::channel(&first.state, Duration::ZERO).await;
    let mut servers = vec![first, places[1].start(&key).await];
    let (at, _haproxy) = haproxy(&places, &home).await;
    let seen = Arc::new(Seen::default());
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let (base, key) = (format!("http://{at}"), key.clone());
            tokio::spawn(client(number, base, key, Arc::clone(&seen)))
        })
        .collect();
    let rounds = u64::try_from(2 * upgrades).unwrap();
    for round in 0..2 * upgrades {
        let enough = requests * (u64::try_from(round).unwrap() + 1) / rounds;
        while seen.requests.load(Ordering::Relaxed) < enough {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // The oldest; the other one serves meanwhile.
        servers.remove(0).end().await;
        let place = &places[round % 2];
        let server = place.start(&key).await;
        let ready = || async { server.get("/readyz").await.0 == 200 };
        while !ready().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // Until HAProxy has seen it, too.
        tokio::time::sleep(Duration::from_millis(500)).await;
        servers.push(server);
    }
    seen.is_over.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.unwrap();
    }
    assert_eq!(seen.failed.load(Ordering::Relaxed), 0);
    for server in servers {
        server.end().await;
    }
    seen.requests.load(Ordering::Relaxed)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_fails_during_an_upgrade() {
    let requests = upgrades(1, 500).await;
    assert!(requests >= 500);
}

/// The long form, with the figures of docs/OPERATING.md.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes"]
async fn ten_upgrades() {
    let requests = upgrades(10, 100_000).await;
    println!("10 upgrades of two servers, {requests} requests, 0 failed");
}
