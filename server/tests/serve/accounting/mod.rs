//! The network table of a running server, filled by other programs.

mod flood;
mod pyrad;
mod radclient;

use core::net::SocketAddr;
use std::io::Write;
use std::process::{Command, Output, Stdio};

use mpass_core::number::PhoneNumber;
use mpass_server::clock;
use mpass_server::network::Resolved;

use crate::support::{Manner, Running, StandIn, options, start_with};

const SECRET: &str = "a secret of the network";
const FIRST: &str = "966500000001";
const SECOND: &str = "+966500000002";

/// A server with three NASes on loopback, each with a realm of its own:
/// 127.0.0.1; 127.0.0.2, of realm `undated`, whose events need no time; and
/// 127.0.0.4, of realm `strict`, with the defaults of a new entry.
struct Network {
    server: Running,
    addr: SocketAddr,
    /// When the test began, in seconds of Unix time.
    began: i64,
}

/// What a client got for a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reply {
    /// A response with the right authenticator.
    Answered,
    /// No response.
    Silence,
}

impl From<bool> for Reply {
    fn from(is_answered: bool) -> Self {
        if is_answered {
            Self::Answered
        } else {
            Self::Silence
        }
    }
}

impl Network {
    async fn start() -> Self {
        let gateway = StandIn::start(Manner::Answer(200, "")).await;
        let dir = tempfile::tempdir().unwrap();
        let secret = dir.path().join("secret");
        std::fs::write(&secret, format!("{SECRET}\n")).unwrap();
        let secret = secret.display();
        let nas = |address: &str, realm: &str, more: &str| {
            format!(
                "[[network.nas]]\naddress = '{address}'\nrealm = '{realm}'\n\
                 secret = {{ file = '{secret}' }}\n{more}\n"
            )
        };
        let unsigned = "message_authenticator = 'once-sent'";
        let more = format!(
            "store = 'memory'\nnetwork.listen = '127.0.0.1:0'\n{}{}{}",
            nas("127.0.0.1", "", unsigned),
            nas(
                "127.0.0.2",
                "undated",
                &format!("{unsigned}\naccept_undated = true")
            ),
            nas("127.0.0.4", "strict", ""),
        );
        let server = start_with(options(&dir, gateway.addr, &more), dir).await;
        Self {
            addr: server.accounting.unwrap(),
            server,
            began: i64::try_from(clock::now_ms() / 1000).unwrap(),
        }
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

/// Runs a client with a text as its standard input.
async fn run(mut command: Command, input: String) -> Output {
    let run = tokio::task::spawn_blocking(move || {
        let mut client = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = client.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).unwrap();
        drop(stdin);
        client.wait_with_output().unwrap()
    });
    run.await.unwrap()
}

fn number(text: &str) -> Resolved {
    Resolved::Number(PhoneNumber::parse(text, None).unwrap())
}
