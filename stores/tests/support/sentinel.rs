//! A primary with replicas, and the Sentinels that watch it.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use super::redis::Redis;
use super::{Process, free_port, wait_until};

/// The name of the primary.
pub const NAME: &str = "mpass-1";
/// The password of the Sentinels.
pub const PASSWORD: &str = "of-the-sentinels";

pub struct Watched {
    /// The first was the primary at the start.
    pub servers: Vec<Redis>,
    sentinels: Vec<Sentinel>,
}

struct Sentinel {
    port: u16,
    _process: Process,
    _dir: TempDir,
}

impl Watched {
    /// A primary and replicas with these options, and three Sentinels.
    pub fn start(replicas: usize, options: &[&str]) -> Self {
        let primary = Redis::start(options);
        let mut servers: Vec<_> = (0..replicas)
            .map(|_| primary.replica_with(options))
            .collect();
        servers.insert(0, primary);
        let sentinels = (0..3).map(|_| Sentinel::start(servers[0].port)).collect();
        let watched = Self { servers, sentinels };
        wait_until("the Sentinels know each other and the replicas", || {
            watched.sentinels.iter().all(|sentinel| {
                let info = sentinel.cli(&["INFO", "sentinel"]);
                let known = format!("status=ok,address=127.0.0.1:{}", watched.servers[0].port);
                info.contains(&known) && info.contains(&format!("slaves={replicas},sentinels=3"))
            })
        });
        watched
    }

    pub fn url(&self) -> String {
        let hosts = self.sentinels.iter();
        let hosts: Vec<_> = hosts.map(|one| format!("127.0.0.1:{}", one.port)).collect();
        format!("redis-sentinel://{}/{NAME}", hosts.join(","))
    }

    /// Which of the servers the Sentinels name.
    pub fn primary(&self) -> usize {
        let answer = self.sentinels[0].cli(&["SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME]);
        let port: u16 = answer.lines().nth(1).unwrap().trim().parse().unwrap();
        let at = self.servers.iter().position(|server| server.port == port);
        at.unwrap()
    }

    /// Waits until another server than this one is the primary; returns it.
    pub fn another_primary(&self, former: usize) -> usize {
        wait_until("a replica is promoted", || {
            let now = self.primary();
            now != former && self.servers[now].cli(&["ROLE"]).starts_with("master")
        });
        self.primary()
    }

    /// Has the Sentinels watch a server at another address by the same name.
    pub fn announce(&self, host: &str) {
        for sentinel in &self.sentinels {
            sentinel.cli(&["SENTINEL", "REMOVE", NAME]);
            sentinel.cli(&["SENTINEL", "MONITOR", NAME, host, "6379", "2"]);
        }
    }

    /// Waits until the primary has replicas in step.
    pub fn in_step(&self, replicas: usize) {
        wait_until("the replicas follow", || {
            let info = self.servers[self.primary()].cli(&["INFO", "replication"]);
            info.matches("state=online").count() == replicas
        });
    }
}

impl Sentinel {
    fn start(primary: u16) -> Self {
        let (port, dir) = (free_port(), tempfile::tempdir().unwrap());
        let file = dir.path().join("sentinel.conf");
        let text = format!(
            "port {port}\nbind 127.0.0.1\ndir {}\nrequirepass {PASSWORD}\n\
             sentinel sentinel-pass {PASSWORD}\n\
             sentinel monitor {NAME} 127.0.0.1 {primary} 2\n\
             sentinel down-after-milliseconds {NAME} 1000\n\
             sentinel failover-timeout {NAME} 4000\n\
             sentinel parallel-syncs {NAME} 2\n",
            dir.path().display(),
        );
        fs::write(&file, text).unwrap();
        let mut server = Command::new("redis-server");
        server.arg(&file).arg("--sentinel");
        let sentinel = Self {
            port,
            _process: Process::start(&mut server),
            _dir: dir,
        };
        wait_until("a Sentinel answers", || {
            sentinel.cli(&["PING"]).contains("PONG")
        });
        sentinel
    }

    fn cli(&self, arguments: &[&str]) -> String {
        let mut cli = Command::new("redis-cli");
        cli.args([
            "-p",
            &self.port.to_string(),
            "-a",
            PASSWORD,
            "--no-auth-warning",
        ]);
        let output = cli.args(arguments).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}
