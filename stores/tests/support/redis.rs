//! A Redis of a test.

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
        let mut all = vec!["--appendonly", "yes", "--appendfsync", "always"];
        all.extend(options);
        let options: Vec<String> = all.into_iter().map(str::to_owned).collect();
        let (port, dir) = (free_port(), tempfile::tempdir().unwrap());
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
        Self::replica_at(self.port)
    }

    /// A server that replicates the one at a port, and is in step.
    pub fn replica_at(port: u16) -> Self {
        let replica = Self::start(&[
            "--replicaof",
            &format!("127.0.0.1 {port}"),
            "--repl-diskless-sync-delay",
            "0",
        ]);
        wait_until("the replica follows", || {
            replica
                .cli(&["INFO", "replication"])
                .contains("master_link_status:up")
        });
        wait_until("the replica acknowledges", || {
            cli(port, &["WAIT", "1", "100"]).trim() == "1"
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
