//! Verifications while a NAS sends more accounting than the store can take.
//! Prints how long they take, and how many packets are answered:
//!
//! ```sh
//! cargo test -p mpass-server --test serve -- --ignored --nocapture flood
//! ```

use core::net::SocketAddr;
use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;
use std::sync::Arc;
use std::time::Instant;

use md5::{Digest, Md5};
use mpass_server::clock;
use tokio::net::UdpSocket;
use tokio::task::JoinSet;

use super::SECRET;
use crate::support::{Manner, SEND, StandIn, VERIFY, client, contract_status, options, start_with};

/// Verifications of each sort.
const ROUNDS: u32 = 300;

/// A Start of a session of its own, with an address.
fn start(session: u32) -> Vec<u8> {
    let attribute = |kind: u8, value: &[u8]| {
        let length = u8::try_from(value.len() + 2).unwrap();
        [&[kind, length][..], value].concat()
    };
    let now = u32::try_from(clock::now_ms() / 1000).unwrap();
    let attributes = [
        attribute(40, &1_u32.to_be_bytes()),
        attribute(44, format!("session-{session}").as_bytes()),
        attribute(55, &now.to_be_bytes()),
        attribute(31, format!("+9665{session:08}").as_bytes()),
        attribute(8, &(0x0a00_0000 + session).to_be_bytes()),
    ]
    .concat();
    let length = u16::try_from(20 + attributes.len()).unwrap().to_be_bytes();
    let id = session.to_be_bytes()[3];
    let head = [4, id, length[0], length[1]];
    let signed = [&head[..], &[0; 16], &attributes, SECRET.as_bytes()].concat();
    [&head[..], &Md5::digest(signed)[..], &attributes].concat()
}

/// Clients that wait for each response before the next packet.
fn flood(to: SocketAddr, in_flight: u32, answered: &Arc<AtomicU32>) -> JoinSet<()> {
    let sessions = Arc::new(AtomicU32::new(in_flight * 100_000));
    let mut clients = JoinSet::new();
    for _ in 0..in_flight {
        let (sessions, answered) = (Arc::clone(&sessions), Arc::clone(answered));
        clients.spawn(async move {
            let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
            socket.connect(to).await.unwrap();
            loop {
                let packet = start(sessions.fetch_add(1, Ordering::Relaxed));
                socket.send(&packet).await.unwrap();
                socket.recv(&mut [0; 4096]).await.unwrap();
                answered.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    clients
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "prints figures"]
async fn verifications_during_a_flood_of_accounting() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let dir = tempfile::tempdir().unwrap();
    let secret = dir.path().join("secret");
    std::fs::write(&secret, format!("{SECRET}\n")).unwrap();
    let more = format!(
        "store = 'embedded'\nnetwork.listen = '127.0.0.1:0'\n[[network.nas]]\n\
         address = '127.0.0.1'\nsecret = {{ file = '{}' }}\n\
         message_authenticator = 'once-sent'\n",
        secret.display()
    );
    let options = options(&dir, gateway.addr, &more);
    let server = start_with(options, dir).await;
    let (http, key) = (client(), &server.key);
    let ask = async |path: String| {
        let begun = Instant::now();
        let response = http.get(server.url(&path)).send().await.unwrap();
        let body = response.text().await.unwrap();
        (begun.elapsed(), contract_status(&body))
    };
    for in_flight in [0, 1, 64] {
        let answered = Arc::new(AtomicU32::new(0));
        let clients = flood(server.accounting.unwrap(), in_flight, &answered);
        tokio::time::sleep(Duration::from_millis(500)).await;
        answered.store(0, Ordering::Relaxed);
        let begun = Instant::now();
        let mut times = Vec::new();
        for round in 0..ROUNDS {
            let dest = format!("%2B9665{in_flight:02}{round:06}");
            let (_, status) = ask(format!("{SEND}?apikey={key}&dest={dest}")).await;
            assert_eq!(status, "0");
            let wrong = match &*gateway.last_code() {
                "12345678" => "87654321",
                _ => "12345678",
            };
            let (took, status) =
                ask(format!("{VERIFY}?apikey={key}&dest={dest}&otp={wrong}")).await;
            assert_eq!(status, "3");
            times.push(took);
        }
        let rate = f64::from(answered.load(Ordering::Relaxed)) / begun.elapsed().as_secs_f64();
        drop(clients);
        times.sort();
        let [middle, late] = [50, 99].map(|percent| times[times.len() * percent / 100]);
        println!(
            "{in_flight:2} packets in flight: p50 {middle:?} p99 {late:?}, {rate:.0} answered/s"
        );
    }
    server.end().await;
}
