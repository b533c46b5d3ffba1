//! `mpass serve` with a channel, and a gateway that accepts every message.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use super::address::{free_address, wait_for};
use super::cores::SERVER_CORE;
use super::process::Pinned;
use super::store::{Engine, initialize};

/// A running server with one channel with default settings.
pub struct MpassServer {
    /// The process.
    pub process: Pinned,
    /// The address of the server.
    pub address: String,
    /// The key of the channel.
    pub key: String,
}

impl MpassServer {
    /// Starts `binary`, with its data in `dir`.
    ///
    /// # Panics
    /// If it does not start or cannot create the channel.
    #[must_use]
    pub fn start(binary: &Path, dir: &Path, engine: &Engine, gateway: &str) -> Self {
        let address = free_address();
        let data = dir.join("data");
        let config = dir.join("mpass.toml");
        let text = format!(
            "listen = '{address}'\nkeyring.file = '{}'\n{}[gateway]\n\
             url = 'http://{gateway}/send'\nbody = '{{\"to\":\"{{{{to}}}}\",\"text\":\"{{{{text}}}}\"}}'\n",
            dir.join("keyring").display(),
            engine.configured(),
        );
        std::fs::write(&config, text).expect("a directory to write to");
        if engine.is_remote() {
            initialize(binary, &config);
        }
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

    /// The number of requests that ended with `reason`, from `/metrics`.
    ///
    /// # Panics
    /// If `/metrics` has no such value.
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

fn channel(binary: &Path, data: &Path) -> String {
    let mut create = Command::new(binary);
    create.args(["channel", "create", "--name", "bench", "--data-dir"]);
    let output = create.arg(data).output().expect("the command line");
    let output = String::from_utf8_lossy(&output.stdout);
    let key = output.lines().find_map(|line| line.strip_prefix("key"));
    key.expect("a channel's key").trim().to_owned()
}
