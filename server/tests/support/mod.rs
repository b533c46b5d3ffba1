//! A server on a free port with a channel, and a gateway with configurable
//! behaviour.
#![allow(dead_code, unreachable_pub)]

pub mod tls;

use core::net::SocketAddr;
use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use mpass_core::challenge::{Policy, PolicySettings};
use mpass_core::oath::Digits;
use mpass_core::service::settings::Settings;
use mpass_core::service::{ChannelSettings, TenantAdmin};
use mpass_core::store::run_async;
use mpass_server::config::Config;
use mpass_server::serve::{ServeOptions, Server};
use mpass_server::{State, clock, entropy};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;

pub const SEND: &str = "/mpass-web/rest/mv/msg";
pub const VERIFY: &str = "/mpass-web/rest/mv/verify";
pub const DEST: &str = "%2B966500000000";

/// How a [`StandIn`] responds.
#[derive(Clone, Copy, Debug)]
pub enum Manner {
    /// With a status and a body.
    Answer(u16, &'static str),
    /// With status 200, after a while.
    Slowly(Duration),
    /// With status 200, once the test releases the answer.
    Held,
    /// Not at all.
    Hang,
    /// By closing the connection once it has the request.
    BreakOff,
    /// With status 200 and half a body.
    BreakInBody,
    /// With status 200 and half a body, the rest of which never comes.
    HangInBody,
    /// With status 200, and by closing the connection a little later.
    AnswerAndClose,
}

/// A gateway on loopback.
#[derive(Clone)]
pub struct StandIn {
    pub addr: SocketAddr,
    manner: Arc<Mutex<Manner>>,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
    released: Arc<Semaphore>,
}

impl StandIn {
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stand_in = Self {
            addr: listener.local_addr().unwrap(),
            manner: Arc::new(Mutex::new(manner)),
            requests: Arc::default(),
            connections: Arc::default(),
            released: Arc::new(Semaphore::new(0)),
        };
        let shared = stand_in.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.connections.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(shared.clone().serve(stream));
            }
        });
        stand_in
    }

    pub fn set(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    /// The requests so far, header and body.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// Waits until the gateway has received this many requests.
    pub async fn has_received(&self, count: usize) {
        let has = || self.requests.lock().unwrap().len() >= count;
        until("a request at the gateway", has).await;
    }

    /// Sends this many answers that are [`Manner::Held`].
    pub fn release(&self, answers: usize) {
        self.released.add_permits(answers);
    }

    /// The number of connections so far.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    /// The code in the last message.
    pub fn last_code(&self) -> String {
        let requests = self.requests();
        let body = requests
            .last()
            .unwrap()
            .rsplit("\"text\":\"")
            .next()
            .unwrap();
        body.chars().take_while(char::is_ascii_digit).collect()
    }

    async fn serve(self, mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin) {
        while let Some(request) = read_request(&mut stream).await {
            self.requests.lock().unwrap().push(request);
            let manner = *self.manner.lock().unwrap();
            let (status, body, length) = match manner {
                Manner::Answer(status, body) => (status, body, body.len()),
                Manner::Slowly(wait) => {
                    tokio::time::sleep(wait).await;
                    (200, "", 0)
                }
                Manner::Held => {
                    self.released.acquire().await.unwrap().forget();
                    (200, "", 0)
                }
                Manner::Hang => core::future::pending().await,
                Manner::BreakOff => return,
                Manner::BreakInBody | Manner::HangInBody => (200, "half", 8),
                Manner::AnswerAndClose => (200, "", 0),
            };
            let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n\r\n{body}");
            if stream.write_all(head.as_bytes()).await.is_err() {
                return;
            }
            match manner {
                Manner::HangInBody => core::future::pending().await,
                Manner::BreakInBody => return,
                // Late enough for the client to keep the connection first.
                Manner::AnswerAndClose => {
                    return tokio::time::sleep(Duration::from_millis(5)).await;
                }
                _ => {}
            }
        }
    }

    pub async fn serve_one(self, stream: impl AsyncReadExt + AsyncWriteExt + Unpin) {
        self.serve(stream).await;
    }
}

async fn read_request(stream: &mut (impl AsyncReadExt + Unpin)) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(n) => bytes.extend_from_slice(&chunk[..n]),
        }
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .map_or(0, |(_, value)| value.trim().parse().unwrap());
            if body.len() >= length {
                return Some(text.into_owned());
            }
        }
    }
}

/// A server, its directory and a channel in it.
pub struct Running {
    pub addr: SocketAddr,
    /// Its address, and those of further listeners.
    pub addrs: Vec<SocketAddr>,
    /// The address for accounting, if there is one.
    pub accounting: Option<SocketAddr>,
    pub state: Arc<State>,
    pub key: String,
    pub dir: TempDir,
    stop: Option<oneshot::Sender<()>>,
    pub task: JoinHandle<anyhow::Result<()>>,
}

/// Options with everything in `dir`, a gateway at `gateway`, and `more` in the
/// configuration.
pub fn options(dir: &TempDir, gateway: SocketAddr, more: &str) -> ServeOptions {
    let text = format!(
        "keyring.file = '{}'\n{more}\n[gateway]\nurl = \"http://{gateway}/send\"\n\
         body = '{{\"to\":\"{{{{to}}}}\",\"text\":\"{{{{text}}}}\"}}'\ntimeout = \"1s\"\n",
        dir.path().join("keyring").display()
    );
    let mut config = Config::parse(&text).unwrap();
    config.listen = "127.0.0.1:0".parse().unwrap();
    ServeOptions::new(config, None, Some(data_dir(dir)), false).unwrap()
}

pub fn data_dir(dir: &TempDir) -> PathBuf {
    dir.path().join("data")
}

pub async fn start(gateway: &StandIn, more: &str) -> Running {
    let dir = tempfile::tempdir().unwrap();
    let options = options(&dir, gateway.addr, &format!("store = \"memory\"\n{more}"));
    start_with(options, dir).await
}

pub async fn start_with(options: ServeOptions, dir: TempDir) -> Running {
    let mut running = start_again(options, dir, String::new()).await;
    running.key = channel(&running.state, Duration::ZERO).await;
    running
}

/// As [`start_with`], on data that has a channel with this key.
pub async fn start_again(options: ServeOptions, dir: TempDir, key: String) -> Running {
    let server = Server::bind(options).await.unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let addrs = server.addrs().to_vec();
    let accounting = server.accounting_addr();
    let state = Arc::clone(server.state());
    let task = tokio::spawn(server.run(async {
        let _ = stopped.await;
    }));
    Running {
        addr: addrs[0],
        addrs,
        accounting,
        state,
        key,
        dir,
        stop: Some(stop),
        task,
    }
}

/// Creates a channel; returns its key.
pub async fn channel(state: &State, resend_interval: Duration) -> String {
    let policy = PolicySettings {
        // Long enough not to appear in a text by chance.
        digits: Digits::new(8).unwrap(),
        resend_interval_ms: u64::try_from(resend_interval.as_millis()).unwrap(),
        ..PolicySettings::default()
    };
    let name = format!("test-{}", resend_interval.as_millis());
    let settings = ChannelSettings {
        policy: Policy::new(policy).unwrap(),
        ..ChannelSettings::new(name)
    };
    tenant(state, &settings).await
}

/// Creates a tenant; returns its credential.
pub async fn tenant(state: &State, settings: &impl Settings) -> String {
    let admin = TenantAdmin::new(state.engine.load().shared_keyring());
    let entropy = entropy::fresh().unwrap();
    let create = admin.create(&settings.to_values(), &entropy).unwrap();
    let host = (clock::now_ms, || Ok(*entropy));
    let created = run_async(&state.store, &host, create).await.unwrap();
    created.credential.to_string()
}

impl Running {
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    pub async fn get(&self, path: &str) -> (u16, String) {
        let response = client().get(self.url(path)).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// Sends with the channel's key; returns the HTTP status and the
    /// contract's.
    pub async fn send(&self, key: &str) -> (u16, String) {
        let (status, body) = self.get(&format!("{SEND}?apikey={key}&dest={DEST}")).await;
        (status, contract_status(&body))
    }

    pub async fn verify(&self, key: &str, code: &str) -> String {
        let path = format!("{VERIFY}?apikey={key}&dest={DEST}&otp={code}");
        let (status, body) = self.get(&path).await;
        assert_eq!(status, 200);
        contract_status(&body)
    }

    /// Stops the server.
    pub fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// Stops the server and returns its directory.
    pub async fn end(mut self) -> TempDir {
        self.stop();
        self.task.await.unwrap().unwrap();
        self.dir
    }
}

/// How long a test waits for what has to come: only a broken server takes so
/// long.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until something is so.
pub async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let wait = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, wait).await;
    assert!(waited.is_ok(), "{what} does not come");
}

pub fn client() -> reqwest::Client {
    reqwest::Client::builder()
        // Redirects are for the tests to check.
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

/// A raw connection to a server.
pub async fn connect(addr: SocketAddr) -> TcpStream {
    TcpStream::connect(addr).await.unwrap()
}

pub fn contract_status(body: &str) -> String {
    let json: serde_json::Value = serde_json::from_str(body).unwrap();
    json["status"].as_str().unwrap().to_owned()
}
