//! kill -9 between packets of RADIUS accounting: what was answered is not lost.

use core::net::IpAddr;
use core::time::Duration;
use std::net::UdpSocket;
use std::path::Path;
use std::thread;
use std::time::{Instant, SystemTime};

use md5::{Digest, Md5};
use mpass_core::number::PhoneNumber;
use mpass_server::config::Config;
use mpass_server::network::Resolved;
use mpass_server::serve::{ServeOptions, Server};

use crate::process::{Gateway, Process, data_dir, printed, wait_for_log};

const SECRET: &str = "a secret of the network";
const START: u8 = 1;
const STOP: u8 = 2;
const INTERIM: u8 = 3;
const ON: u8 = 7;

/// A NAS on loopback.
struct Nas {
    socket: UdpSocket,
    /// The time at the beginning, in seconds of Unix time.
    began: u32,
}

impl Nas {
    fn new() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let timeout = Some(Duration::from_secs(60));
        socket.set_read_timeout(timeout).unwrap();
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let began = u32::try_from(since.unwrap().as_secs()).unwrap();
        Self { socket, began }
    }

    /// Sends an event of `ago` seconds before the beginning about session `last`
    /// at 10.200.100.`last`, and waits for the response.
    fn tell(&self, server: &str, status: u8, last: u8, ago: u32) {
        let at = (self.began - ago).to_be_bytes();
        let attributes: [(u8, &[u8]); 6] = [
            (40, &[0, 0, 0, status]),
            (44, &[b's', last]),
            (55, &at),
            (8, &[10, 200, 100, last]),
            (31, &[&b"96650000000"[..], &[b'0' + last]].concat()),
            (32, b"gateway of the test"),
        ];
        let mut packet = vec![4, last, 0, 0];
        packet.extend_from_slice(&[0; 16]);
        for (kind, value) in attributes {
            packet.extend_from_slice(&[kind, u8::try_from(value.len() + 2).unwrap()]);
            packet.extend_from_slice(value);
        }
        let length = u16::try_from(packet.len()).unwrap().to_be_bytes();
        packet[2..4].copy_from_slice(&length);
        let digest = Md5::new().chain_update(&packet).chain_update(SECRET);
        packet[4..20].copy_from_slice(&digest.finalize());
        self.socket.send_to(&packet, server).unwrap();
        let mut response = [0; 4096];
        let (length, _) = self.socket.recv_from(&mut response).unwrap();
        assert_eq!((length, &response[..2]), (20, &[5, last][..]));
    }
}

/// A server that receives accounting, in a directory in which it is started again
/// and again.
struct Restarted<'a> {
    dir: &'a Path,
    config: String,
    starts: usize,
}

impl Restarted<'_> {
    /// Starts the server, and returns its address for accounting.
    fn start(&mut self) -> (Process, String) {
        let process = Process::configured(self.dir, &self.config);
        self.starts += 1;
        let line = "receiving RADIUS accounting on ";
        wait_for_log(self.dir, line, self.starts);
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let (_, log) = printed(self.dir);
            let last = log.rsplit(line).next().unwrap();
            if let Some((addr, _)) = last.split_once(char::is_whitespace) {
                return (process, addr.to_owned());
            }
            assert!(Instant::now() < deadline);
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// What the addresses of sessions resolve to after another start.
    fn resolved<const N: usize>(&self, sessions: [u8; N]) -> [Resolved; N] {
        let config = Config::load(&self.dir.join("mpass.toml")).unwrap();
        let listen = Some("127.0.0.1:0".parse().unwrap());
        let data = Some(data_dir(self.dir).into());
        let options = ServeOptions::new(config, listen, data, false).unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let server = runtime.block_on(Server::bind(options)).unwrap();
        let table = &server.state().network;
        let now_ms = mpass_server::clock::now_ms();
        sessions.map(|last| table.resolve("", IpAddr::from([10, 200, 100, last]), now_ms))
    }
}

fn number(last: u8) -> Resolved {
    let text = format!("+96650000000{last}");
    Resolved::Number(PhoneNumber::parse(&text, None).unwrap())
}

/// Whether some file of the data directory contains these bytes.
fn is_in_files(dir: &Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(data_dir(dir)).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        // The socket cannot be read.
        let content = std::fs::read(path).unwrap_or_default();
        content.windows(bytes.len()).any(|some| some == bytes)
    })
}

#[test]
fn what_was_answered_is_known_after_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let secret = dir.join("radius-secret");
    std::fs::write(&secret, SECRET).unwrap();
    let gateway = Gateway::start();
    let config = format!(
        "{}[network]\nlisten = '127.0.0.1:0'\n[[network.nas]]\naddress = '127.0.0.1'\n\
         secret = {{ file = '{}' }}\nmessage_authenticator = 'once-sent'\n",
        gateway.config(dir),
        secret.display()
    );
    let mut restarted = Restarted {
        dir,
        config,
        starts: 0,
    };
    let nas = Nas::new();
    let (mut process, mut addr) = restarted.start();
    // Sessions 1 to 3 begin, 2 stops, and 4 stops before its Start arrives.
    for (status, last, ago) in [
        (START, 1, 30),
        (START, 2, 30),
        (START, 3, 30),
        (STOP, 2, 20),
        (STOP, 4, 20),
    ] {
        nas.tell(&addr, status, last, ago);
        process.kill();
        (process, addr) = restarted.start();
    }
    process.kill();
    let files = |bytes: &[u8]| is_in_files(dir, bytes);
    assert!(!files(b"9665000000") && !files(&[10, 200, 100]) && !files(b"gateway of"));
    let (process, addr) = restarted.start();
    // Late packets, and copies, do not undo a stop.
    nas.tell(&addr, START, 4, 25);
    nas.tell(&addr, START, 2, 30);
    nas.tell(&addr, INTERIM, 2, 10);
    process.kill();
    let unknown = Resolved::Unknown;
    let resolved = restarted.resolved([1, 2, 3, 4]);
    assert_eq!(resolved, [number(1), unknown, number(3), unknown]);
    // A restart of the NAS.
    let (process, addr) = restarted.start();
    nas.tell(&addr, START, 5, 3);
    nas.tell(&addr, ON, 9, 5);
    process.kill();
    let resolved = restarted.resolved([1, 3, 5]);
    assert_eq!(resolved, [unknown, unknown, number(5)]);
}
