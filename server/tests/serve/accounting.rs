//! The network table of a running server, filled by FreeRADIUS's radclient.

use core::net::SocketAddr;
use std::io::Write;
use std::process::{Command, Stdio};

use mpass_core::number::PhoneNumber;
use mpass_server::clock;
use mpass_server::network::Resolved;
use mpass_tests::peers;

use crate::support::{Manner, Running, StandIn, options, start_with};

const SECRET: &str = "a secret of the network";

/// A server with two NASes on loopback, each with a realm of its own.
struct Network {
    server: Running,
    addr: SocketAddr,
    /// When the test began, in seconds of Unix time.
    began: i64,
}

/// The result of a packet in radclient.
#[derive(Debug, PartialEq, Eq)]
enum Reply {
    /// A response with the right authenticator.
    Answered,
    /// No response.
    Silence,
}

use Reply::{Answered, Silence};

impl Network {
    async fn start() -> Self {
        let gateway = StandIn::start(Manner::Answer(200, "")).await;
        let dir = tempfile::tempdir().unwrap();
        let secret = dir.path().join("secret");
        std::fs::write(&secret, format!("{SECRET}\n")).unwrap();
        let secret = secret.display();
        let nas = |address: &str, realm: &str| {
            format!(
                "[[network.nas]]\naddress = '{address}'\nrealm = '{realm}'\n\
                 secret = {{ file = '{secret}' }}\n"
            )
        };
        let more = format!(
            "store = 'memory'\nnetwork.listen = '127.0.0.1:0'\n{}{}",
            nas("127.0.0.1", ""),
            nas("127.0.0.2", "other"),
        );
        let server = start_with(options(&dir, gateway.addr, &more), dir).await;
        Self {
            addr: server.accounting.unwrap(),
            server,
            began: i64::try_from(clock::now_ms() / 1000).unwrap(),
        }
    }

    /// Sends a packet with an Event-Timestamp `ahead` seconds after the test
    /// began, however long the test takes.
    async fn tell_at(&self, ahead: i64, attributes: &str) -> Reply {
        let at = self.began + ahead;
        self.send(SECRET, &format!("{attributes}\nEvent-Timestamp = {at}\n"))
            .await
    }

    async fn tell(&self, attributes: &str) -> Reply {
        self.tell_at(0, attributes).await
    }

    async fn send(&self, secret: &str, attributes: &str) -> Reply {
        let mut command = Command::new("radclient");
        // Generous for a busy machine: only a missing response waits to the
        // end.
        command.args(["-r", "2", "-t", "2", &self.addr.to_string(), "acct", secret]);
        let attributes = attributes.to_owned();
        let run = tokio::task::spawn_blocking(move || {
            let mut client = command
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let mut stdin = client.stdin.take().unwrap();
            stdin.write_all(attributes.as_bytes()).unwrap();
            drop(stdin);
            client.wait_with_output().unwrap()
        });
        let output = run.await.unwrap();
        let said = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        let said = said.concat();
        assert!(said.contains("Sent Accounting-Request"), "{said}");
        let is_answered = said.contains("Received Accounting-Response");
        assert_eq!(output.status.success(), is_answered, "{said}");
        if is_answered { Answered } else { Silence }
    }

    fn resolve(&self, realm: &str, address: &str) -> Resolved {
        let address = address.parse().unwrap();
        let network = &self.server.state.network;
        network.resolve(realm, address, clock::now_ms())
    }

    fn outcomes(&self, outcome: &str) -> u64 {
        let name = format!("mpass_accounting_total{{outcome=\"{outcome}\"}} ");
        let text = self.server.state.metrics.encode().unwrap();
        let mut lines = text.lines();
        lines
            .find_map(|line| line.strip_prefix(&name))
            .map_or(0, |count| count.parse().unwrap())
    }
}

fn is_missing() -> bool {
    !peers::is_here("radclient", "freeradius-utils")
}

fn number(text: &str) -> Resolved {
    Resolved::Number(PhoneNumber::parse(text, None).unwrap())
}

fn session(status: &str, id: &str, number: &str, endpoint: &str) -> String {
    format!(
        "Acct-Status-Type = {status}\nAcct-Session-Id = \"{id}\"\n\
         Calling-Station-Id = \"{number}\"\n{endpoint}"
    )
}

const FIRST: &str = "966500000001";
const SECOND: &str = "+966500000002";
const V4: &str = "Framed-IP-Address = 10.0.0.1";
const V6: &str = "Framed-IPv6-Prefix = 2001:db8:1:2::/64";

#[tokio::test]
async fn start_interim_stop_and_a_late_interim() {
    if is_missing() {
        return;
    }
    let network = Network::start().await;
    let both = format!("{V4}\n{V6}\nMessage-Authenticator = 0x00");
    let start = session("Start", "a", FIRST, &both);
    assert_eq!(network.tell_at(-20, &start).await, Answered);
    for address in ["10.0.0.1", "2001:db8:1:2:3:4:5:6"] {
        assert_eq!(network.resolve("", address), number(FIRST), "{address}");
        assert_eq!(network.resolve("other", address), Resolved::Unknown);
    }
    assert_eq!(network.resolve("", "2001:db8:1:3::1"), Resolved::Unknown);
    let interim = session("Interim-Update", "a", FIRST, V4);
    assert_eq!(network.tell_at(-10, &interim).await, Answered);
    assert_eq!(network.resolve("", "10.0.0.1"), number(FIRST));
    assert_eq!(network.outcomes("taken"), 2);

    let stop = session("Stop", "a", FIRST, V4);
    assert_eq!(network.tell(&stop).await, Answered);
    assert_eq!(network.resolve("", "10.0.0.1"), Resolved::Unknown);
    assert_eq!(network.tell_at(-5, &interim).await, Answered);
    assert_eq!(network.tell(&interim).await, Answered);
    assert_eq!(network.resolve("", "10.0.0.1"), Resolved::Unknown);
    assert_eq!(network.outcomes("late"), 2);
    network.server.end().await;
}

#[tokio::test]
async fn two_numbers_at_one_address_and_two_realms() {
    if is_missing() {
        return;
    }
    let network = Network::start().await;
    let first = session("Start", "a", FIRST, V4);
    let second = session("Start", "b", SECOND, V4);
    let elsewhere = "\nPacket-Src-IP-Address = 127.0.0.2";
    assert_eq!(network.tell(&first).await, Answered);
    assert_eq!(network.tell(&(second.clone() + elsewhere)).await, Answered);
    assert_eq!(network.resolve("", "10.0.0.1"), number(FIRST));
    assert_eq!(network.resolve("other", "10.0.0.1"), number(SECOND));
    assert_eq!(network.tell(&second).await, Answered);
    assert_eq!(network.resolve("", "10.0.0.1"), Resolved::Shared);
    assert_eq!(network.resolve("other", "10.0.0.1"), number(SECOND));
    network.server.end().await;
}

#[tokio::test]
async fn a_nas_that_restarts() {
    if is_missing() {
        return;
    }
    let network = Network::start().await;
    for (status, ahead) in [("Accounting-On", -20), ("Accounting-Off", -10)] {
        let start = session("Start", status, FIRST, V4);
        assert_eq!(network.tell_at(ahead - 5, &start).await, Answered);
        assert_eq!(network.resolve("", "10.0.0.1"), number(FIRST));
        let restart = format!("Acct-Status-Type = {status}\nAcct-Session-Id = \"0\"");
        assert_eq!(network.tell_at(ahead, &restart).await, Answered);
        assert_eq!(network.resolve("", "10.0.0.1"), Resolved::Unknown);
        let interim = session("Interim-Update", status, FIRST, V4);
        assert_eq!(network.tell_at(ahead - 1, &interim).await, Answered);
        assert_eq!(network.resolve("", "10.0.0.1"), Resolved::Unknown);
    }
    network.server.end().await;
}

#[tokio::test]
async fn packets_without_a_response() {
    if is_missing() {
        return;
    }
    let network = Network::start().await;
    let start = session("Start", "a", FIRST, V4);
    let now = format!("Event-Timestamp = {}", clock::now_ms() / 1000);
    let timed = format!("{start}\n{now}\n");
    let outside = format!("{timed}Packet-Src-IP-Address = 127.0.0.3\n");
    let wide = session("Start", "a", FIRST, "Framed-IPv6-Prefix = 2001:db8:1::/56");
    let silences = tokio::join!(
        network.send("a secret of another", &timed),
        network.send(SECRET, &outside),
        network.send(SECRET, &start),
        network.tell_at(-310, &start),
        network.tell_at(320, &start),
        network.tell(&wide),
    );
    let silences = <[Reply; 6]>::from(silences);
    assert_eq!(
        silences,
        [Silence, Silence, Silence, Silence, Silence, Silence]
    );
    for address in ["10.0.0.1", "2001:db8:1::1"] {
        assert_eq!(network.resolve("", address), Resolved::Unknown, "{address}");
    }
    // Each of them was sent twice.
    for (outcome, count) in [
        ("wrong_secret", 2),
        ("unknown_source", 2),
        ("no_timestamp", 2),
        ("stale", 4),
        ("not_slash_64", 2),
        ("taken", 0),
    ] {
        assert_eq!(network.outcomes(outcome), count, "{outcome}");
    }
    // The refused packets are otherwise valid.
    assert_eq!(network.send(SECRET, &timed).await, Answered);
    assert_eq!(network.resolve("", "10.0.0.1"), number(FIRST));
    network.server.end().await;
}
