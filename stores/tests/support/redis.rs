//! A Redis of a test.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use super::{Process, free_port, wait_until};

pub struct Redis {
    pub port: u16,
    pub process: Process,
    dir: TempDir,
    options: Vec<String>,
}

impl Redis {
    /// Starts a server with AOF always; later options win.
    pub fn start(options: &[&str]) -> Self {
        Self::start_at(free_port(), options)
    }

    pub fn start_at(port: u16, options: &[&str]) -> Self {
        let mut all = vec!["--appendonly", "yes", "--appendfsync", "always"];
        all.extend(["--repl-diskless-sync-delay", "0"]);
        all.extend(options);
        let options: Vec<String> = all.into_iter().map(str::to_owned).collect();
        let dir = tempfile::tempdir().unwrap();
        let process = spawn(port, &dir, &options);
        let redis = Self {
            port,
            process,
            dir,
            options,
        };
        redis.wait();
        redis
    }

    /// A server that replicates this one, and is in step.
    pub fn replica(&self) -> Self {
        self.replica_with(&[])
    }

    pub fn replica_with(&self, options: &[&str]) -> Self {
        Self::replica_of(self.port, options)
    }

    /// A server that replicates the one at a port, and is in step.
    pub fn replica_at(port: u16) -> Self {
        Self::replica_of(port, &[])
    }

    fn replica_of(port: u16, options: &[&str]) -> Self {
        let primary = format!("127.0.0.1 {port}");
        let mut all = vec!["--replicaof", &primary];
        all.extend(options);
        let replica = Self::start(&all);
        wait_until("the replica follows", || {
            replica
                .cli(&["INFO", "replication"])
                .contains("master_link_status:up")
        });
        wait_until("the replica acknowledges", || {
            // A second replica is counted, too.
            let replicas = cli(port, &["WAIT", "1", "100"]).trim().parse::<u32>();
            replicas.is_ok_and(|count| count >= 1)
        });
        replica
    }

    /// Makes a replica a primary, also after a restart.
    pub fn promote(&mut self) {
        assert!(self.cli(&["REPLICAOF", "NO", "ONE"]).contains("OK"));
        if let Some(at) = self.options.iter().position(|it| it == "--replicaof") {
            self.options.drain(at..at + 2);
        }
    }

    /// Gives it an option from its next start on.
    pub fn configure(&mut self, option: &str, value: &str) {
        self.options.extend([option, value].map(str::to_owned));
    }

    /// The file that commands are appended to.
    pub fn appended(&self) -> PathBuf {
        self.dir
            .path()
            .join("appendonlydir/appendonly.aof.1.incr.aof")
    }

    /// Starts it again with its data.
    pub fn restart(&mut self) {
        self.process = spawn(self.port, &self.dir, &self.options);
        self.wait();
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    pub fn cli(&self, arguments: &[&str]) -> String {
        cli(self.port, arguments)
    }

    /// The slot of a key of any bytes but zero.
    pub fn slot(&self, key: &[u8]) -> String {
        let mut cli = Command::new("redis-cli");
        cli.args(["-p", &self.port.to_string(), "CLUSTER", "KEYSLOT"]);
        let output = cli.arg(OsStr::from_bytes(key)).output().unwrap();
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Runs a script with a key of any bytes; an error as text.
    pub fn eval(&self, key: &[u8], script: &str) -> String {
        let mut cli = Command::new("redis-cli");
        cli.args(["-p", &self.port.to_string(), "EVAL", script, "1"]);
        let output = cli.arg(OsStr::from_bytes(key)).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn wait(&self) {
        wait_until("redis-server answers", || {
            self.cli(&["PING"]).contains("PONG")
        });
    }
}

fn cli(port: u16, arguments: &[&str]) -> String {
    let mut cli = Command::new("redis-cli");
    let output = cli.args(["-p", &port.to_string()]).args(arguments).output();
    String::from_utf8_lossy(&output.unwrap().stdout).into_owned()
}

fn spawn(port: u16, dir: &TempDir, options: &[String]) -> Process {
    let mut server = Command::new("redis-server");
    server.args([
        "--bind",
        "127.0.0.1",
        "--port",
        &port.to_string(),
        "--save",
        "",
    ]);
    server
        .args(["--dir", dir.path().to_str().unwrap()])
        .args(options);
    Process::start(&mut server)
}
