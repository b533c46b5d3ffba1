//! What attacks cost a server in a process of its own, and a normal client
//! meanwhile. Takes two minutes and prints a table:
//!
//! ```sh
//! cargo test -p mpass-server --test serve -- --ignored --nocapture figures
//! ```

use core::net::SocketAddr;
use core::time::Duration;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinSet;

use crate::attacks::{
    HALF_BODY, HALF_HANDSHAKE, HALF_HEADER, HEALTH, attackers, connect_from, header_flood,
    never_read,
};
use crate::support::connect;
use crate::transport::{Certificate, certificate, connect_tls_to};

/// How long each attack lasts.
const LASTS: Duration = Duration::from_secs(10);
/// Clients of the attacks that aim at all 4096 connections.
const MANY: u16 = 4200;

/// `mpass serve`, killed when dropped.
struct Server {
    child: Child,
    addr: SocketAddr,
    certificate: Option<Certificate>,
    _dir: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(with_tls: bool) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (certificate, tls) = certificate(dir.path());
        let tls = if with_tls { tls } else { String::new() };
        let config = format!(
            "store = \"memory\"\n{tls}\n[gateway]\n\
             url = \"http://127.0.0.1:9/?{{{{to}}}}{{{{text}}}}\"\n"
        );
        let file = dir.path().join("mpass.toml");
        std::fs::write(&file, config).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_mpass"))
            .env_clear()
            .env("HOME", dir.path())
            .args(["serve", "--listen", "127.0.0.1:0", "--config"])
            .arg(file)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let line = log.find_map(|line| {
            let line = line.unwrap();
            let (_, url) = line.split_once("listening on ")?;
            url.split_once("://")
                .map(|(_, addr)| addr.trim().to_owned())
        });
        let addr = line.unwrap().parse().unwrap();
        std::thread::spawn(move || log.for_each(drop));
        Self {
            child,
            addr,
            certificate: with_tls.then_some(certificate),
            _dir: dir,
        }
    }

    /// Resident memory in MB, and open file descriptors.
    fn costs(&self) -> (u64, usize) {
        let process = format!("/proc/{}", self.child.id());
        let status = std::fs::read_to_string(format!("{process}/status")).unwrap();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = resident.unwrap().trim().trim_end_matches(" kB");
        let descriptors = std::fs::read_dir(format!("{process}/fd")).unwrap().count();
        (kib.parse::<u64>().unwrap() / 1024, descriptors)
    }

    /// Whether a normal client is answered, on a connection of its own.
    async fn answers(&self) -> bool {
        let exchange = async {
            let mut text = String::new();
            match &self.certificate {
                Some(certificate) => {
                    let port = self.addr.port();
                    let mut stream = connect_tls_to(port, certificate.clone(), "http/1.1").await;
                    stream.write_all(HEALTH).await?;
                    stream.read_to_string(&mut text).await?;
                }
                None => {
                    let mut stream = connect(self.addr).await;
                    stream.write_all(HEALTH).await?;
                    stream.read_to_string(&mut text).await?;
                }
            }
            std::io::Result::Ok(text.starts_with("HTTP/1.1 200"))
        };
        matches!(tokio::time::timeout(LASTS, exchange).await, Ok(Ok(true)))
    }
}

/// Clients that never read, or that flood with header fields, again and again.
fn repeated(server: &Server, count: u16, addresses: u16, flood: Option<bool>) -> JoinSet<()> {
    let mut clients = JoinSet::new();
    for one in 0..count {
        let (addr, certificate) = (server.addr, server.certificate.clone());
        clients.spawn(async move {
            loop {
                match (flood, &certificate) {
                    (Some(indexed), Some(certificate)) => {
                        let port = addr.port();
                        let mut stream = connect_tls_to(port, certificate.clone(), "h2").await;
                        let write = stream.write_all(&header_flood(indexed)).await;
                        if write.is_ok() {
                            let _ = stream.read_to_end(&mut Vec::new()).await;
                        }
                    }
                    _ => {
                        if let Some(mut stream) = connect_from(one % addresses, addr).await {
                            never_read(&mut stream).await;
                            tokio::time::sleep(LASTS).await;
                        }
                    }
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
    }
    clients
}

/// Asks as a normal client until the attack ends. Returns the most memory and
/// file descriptors, how many requests were answered, and how long each took.
async fn measure(server: Server) -> (u64, usize, usize, Vec<Duration>) {
    let begun = Instant::now();
    let (mut resident, mut descriptors) = (0, 0);
    let (mut answered, mut times) = (0, Vec::new());
    while begun.elapsed() < LASTS {
        let asked = Instant::now();
        answered += usize::from(server.answers().await);
        times.push(asked.elapsed());
        let costs = server.costs();
        resident = resident.max(costs.0);
        descriptors = descriptors.max(costs.1);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    (resident, descriptors, answered, times)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes two minutes and prints figures"]
async fn figures() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, raised).unwrap();
    println!("attack                          RSS MB  descriptors  answered    p50 ms    p99 ms");
    for (name, with_tls) in [
        ("none", false),
        ("none, TLS", true),
        ("40 never read", false),
        ("4200 never read", false),
        ("4200 idle, 1 address", false),
        ("4200 idle, 256 addresses", false),
        ("4200 half headers", false),
        ("4200 half bodies", false),
        ("1000 half handshakes", true),
        ("40 header floods, indexed", true),
        ("40 header floods, literal", true),
    ] {
        let server = Server::start(with_tls);
        let addr = server.addr;
        let clients = match name {
            "40 never read" => repeated(&server, 40, 1, None),
            "4200 never read" => repeated(&server, MANY, 256, None),
            "4200 idle, 1 address" => attackers(addr, MANY, 1, b""),
            "4200 idle, 256 addresses" => attackers(addr, MANY, 256, b""),
            "4200 half headers" => attackers(addr, MANY, 256, HALF_HEADER),
            "4200 half bodies" => attackers(addr, MANY, 256, HALF_BODY),
            "1000 half handshakes" => attackers(addr, 1000, 256, HALF_HANDSHAKE),
            "40 header floods, indexed" => repeated(&server, 40, 1, Some(true)),
            "40 header floods, literal" => repeated(&server, 40, 1, Some(false)),
            _ => JoinSet::new(),
        };
        // In a thread of its own, so that it does not wait for the attackers.
        let measuring = tokio::task::spawn_blocking(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(measure(server))
        });
        let (resident, descriptors, answered, mut times) = measuring.await.unwrap();
        drop(clients);
        times.sort_unstable();
        let at = |part: usize| times[(times.len() - 1) * part / 100].as_secs_f64() * 1000.0;
        let answered = format!("{answered}/{}", times.len());
        println!(
            "{name:<30} {resident:>7} {descriptors:>12} {answered:>9} {:>9.1} {:>9.1}",
            at(50),
            at(99)
        );
    }
}
