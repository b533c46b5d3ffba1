//! A cluster of three masters with a replica each.

use core::net::Ipv4Addr;
use std::net::TcpListener;
use std::process::Command;

use super::redis::Redis;
use super::{free_port, wait_until};

/// What each server is started with.
const OPTIONS: [&str; 6] = [
    "--cluster-enabled",
    "yes",
    "--cluster-node-timeout",
    "1500",
    "--repl-timeout",
    "5",
];

pub struct Cluster {
    /// Three masters and their replicas, at the start.
    pub servers: Vec<Redis>,
    options: Vec<String>,
}

impl Cluster {
    pub fn start(options: &[&str]) -> Self {
        let options: Vec<_> = OPTIONS
            .iter()
            .chain(options)
            .map(|one| (*one).to_owned())
            .collect();
        let mut cluster = Self {
            servers: Vec::new(),
            options,
        };
        for _ in 0..6 {
            let server = cluster.server();
            cluster.servers.push(server);
        }
        let addresses = cluster
            .servers
            .iter()
            .map(|one| format!("127.0.0.1:{}", one.port));
        let mut create = Command::new("redis-cli");
        create.args(["--cluster", "create"]).args(addresses);
        create.args(["--cluster-replicas", "1", "--cluster-yes"]);
        let output = create.output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
        cluster.in_step();
        cluster
    }

    /// A server that is in no cluster.
    fn server(&self) -> Redis {
        let options: Vec<_> = self.options.iter().map(String::as_str).collect();
        // The port of the bus is 10,000 higher.
        let port = loop {
            let port = free_port();
            let bus = port.checked_add(10_000);
            let is_free = |bus| TcpListener::bind((Ipv4Addr::LOCALHOST, bus)).is_ok();
            if bus.is_some_and(is_free) {
                break port;
            }
        };
        Redis::start_at(port, &options)
    }

    pub fn url(&self) -> String {
        let hosts = self.servers.iter().take(3);
        let hosts: Vec<_> = hosts.map(|one| format!("127.0.0.1:{}", one.port)).collect();
        format!("redis-cluster://{}", hosts.join(","))
    }

    /// Waits until every server knows all slots, and every replica is in step.
    pub fn in_step(&self) {
        wait_until("the cluster is whole", || {
            self.servers.iter().all(|server| {
                let info = server.cli(&["CLUSTER", "INFO"]);
                let role = server.cli(&["INFO", "replication"]);
                info.contains("cluster_state:ok")
                    && info.contains("cluster_known_nodes:6")
                    && (role.contains("master_link_status:up") || role.contains("state=online"))
            })
        });
    }

    /// Which of the servers are masters.
    pub fn masters(&self) -> Vec<usize> {
        let is_master = |at: &usize| self.servers[*at].cli(&["ROLE"]).starts_with("master");
        (0..self.servers.len()).filter(is_master).collect()
    }

    /// The master that has a key.
    pub fn master_of(&self, key: &[u8]) -> usize {
        let servers = &self.servers;
        let masters = self.masters();
        let of = masters.into_iter().find(|at| {
            let slot = servers[*at].eval(key, "redis.call('EXISTS', KEYS[1]) return 'here'");
            slot.contains("here")
        });
        of.unwrap()
    }

    /// Moves slots from a master to another one.
    pub fn reshard(&self, from: usize, to: usize, slots: u32) {
        let id = |at: usize| self.servers[at].cli(&["CLUSTER", "MYID"]).trim().to_owned();
        // Otherwise it is refused.
        wait_until("the nodes agree on the slots", || {
            let mut check = Command::new("redis-cli");
            check.args(["--cluster", "check"]);
            check.arg(format!("127.0.0.1:{}", self.servers[from].port));
            check.output().unwrap().status.success()
        });
        let output = Command::new("redis-cli")
            .args(["--cluster", "reshard"])
            .arg(format!("127.0.0.1:{}", self.servers[from].port))
            .args(["--cluster-from", &id(from), "--cluster-to", &id(to)])
            .args(["--cluster-slots", &slots.to_string(), "--cluster-yes"])
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
    }
}
