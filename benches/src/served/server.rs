//! `mpass serve` with a channel, and a gateway that takes every message.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::SERVER_CORE;
use super::process::Pinned;

/// Which store a server has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreUnderTest {
    /// In memory.
    Memory,
    /// On disk, each swap synced before its answer.
    Embedded,
}

/// A running server with one channel of default rules.
pub struct MpassServer {
    /// Its process.
    pub process: Pinned,
    /// Where it listens.
    pub address: String,
    /// The channel's key.
    pub key: String,
}

impl MpassServer {
    /// Starts `binary`, with everything it keeps in `dir`.
    ///
    /// # Panics
    /// When it does not start, or makes no channel.
    #[must_use]
    pub fn start(binary: &Path, dir: &Path, store: StoreUnderTest, gateway: &str) -> Self {
        let address = free_address();
        let store = match store {
            StoreUnderTest::Memory => "memory",
            StoreUnderTest::Embedded => "embedded",
        };
        let data = dir.join("data");
        let config = dir.join("mpass.toml");
        let text = format!(
            "listen = '{address}'\nstore = '{store}'\nkeyring.file = '{}'\n[gateway]\n\
             url = 'http://{gateway}/send'\nbody = '{{\"to\":\"{{{{to}}}}\",\"text\":\"{{{{text}}}}\"}}'\n",
            dir.join("keyring").display()
        );
        std::fs::write(&config, text).expect("a directory to write to");
        let mut serve = Command::new(binary);
        serve.arg("serve").arg("--config").arg(&config);
        serve.arg("--data-dir").arg(&data);
        let process = Pinned::start(SERVER_CORE, &serve);
        wait_for(&address);
        Self {
            key: channel(binary, &data),
            process,
            address,
        }
    }

    /// How many requests of the contract have ended with `reason`, as
    /// `/metrics` says.
    ///
    /// # Panics
    /// When it does not say.
    #[must_use]
    pub fn counted(&self, reason: &str) -> u64 {
        let mut stream = TcpStream::connect(&self.address).expect("a server");
        let request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).expect("a request");
        let mut metrics = String::new();
        stream.read_to_string(&mut metrics).expect("metrics");
        let mark = format!("mpass_requests_total{{contract=\"mpass\",reason=\"{reason}\"}} ");
        let count = metrics.lines().find_map(|line| line.strip_prefix(&mark));
        count.map_or(0, |count| count.trim().parse().expect("a count"))
    }
}

fn channel(binary: &Path, data: &PathBuf) -> String {
    let mut create = Command::new(binary);
    create.args(["channel", "create", "--name", "bench", "--data-dir"]);
    let output = create.arg(data).output().expect("the command line");
    let output = String::from_utf8_lossy(&output.stdout);
    let key = output.lines().find_map(|line| line.strip_prefix("key"));
    key.expect("a channel's key").trim().to_owned()
}

/// An address that was free a moment ago.
fn free_address() -> String {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    socket.local_addr().expect("an address").to_string()
}

fn wait_for(address: &str) {
    let begun = Instant::now();
    while TcpStream::connect(address).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(20), "no server came");
        sleep(Duration::from_millis(20));
    }
}
