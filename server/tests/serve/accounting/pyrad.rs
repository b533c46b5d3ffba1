//! pyrad, a client in Python.

use std::process::Command;

use mpass_server::network::Resolved;
use mpass_tests::peers;
use serde_json::{Value, json};

use super::Reply::{self, Answered};
use super::{FIRST, Network, SECRET, number};

const SCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/serve/accounting/send.py"
);

impl Network {
    /// Sends packets one after the other from an address; `None` without pyrad.
    async fn send_with_pyrad(&self, source: &str, packets: &[Value]) -> Option<Vec<Reply>> {
        let mut command = Command::new(peers::pyrad()?);
        command.arg(SCRIPT);
        let task = json!({
            "host": self.addr.ip(),
            "port": self.addr.port(),
            "secret": SECRET,
            "source": source,
            "packets": packets,
        });
        let output = super::run(command, task.to_string()).await;
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        let answered: Vec<bool> = serde_json::from_slice(&output.stdout).unwrap();
        Some(answered.into_iter().map(Reply::from).collect())
    }
}

fn session(status: &str) -> Value {
    json!({
        "Acct-Status-Type": status,
        "Acct-Session-Id": "a",
        "Calling-Station-Id": FIRST,
        "Framed-IP-Address": "10.0.0.1",
        "NAS-Identifier": "pyrad",
    })
}

/// By default its packets have neither Event-Timestamp nor
/// Message-Authenticator.
#[tokio::test]
async fn its_defaults() {
    let network = Network::start().await;
    let restart = json!({ "Acct-Status-Type": "Accounting-On", "NAS-Identifier": "pyrad" });
    let packets = [restart, session("Start"), session("Interim-Update")];
    for (source, realm, resolved) in [
        ("127.0.0.1", "", Resolved::Unknown),
        ("127.0.0.2", "undated", number(FIRST)),
    ] {
        let Some(replies) = network.send_with_pyrad(source, &packets).await else {
            return;
        };
        assert_eq!(replies, [Answered; 3]);
        assert_eq!(network.resolve(realm, "10.0.0.1"), resolved);
    }
    assert_eq!(network.outcomes("no_timestamp"), 2);
    // It ends, and does not begin again.
    let packets = [session("Stop"), session("Start"), session("Interim-Update")];
    let replies = network.send_with_pyrad("127.0.0.2", &packets).await;
    assert_eq!(replies, Some(vec![Answered; 3]));
    assert_eq!(network.resolve("undated", "10.0.0.1"), Resolved::Unknown);
    network.server.end().await;
}

#[tokio::test]
async fn a_time_and_a_message_authenticator() {
    let network = Network::start().await;
    let mut start = session("Start");
    start["Event-Timestamp"] = network.began.into();
    start["Framed-IPv6-Prefix"] = "2001:db8:1::/56".into();
    let mut signed = start.clone();
    signed["signed"] = true.into();
    let mut tunnel = start.clone();
    tunnel["Acct-Status-Type"] = "Tunnel-Start".into();
    for (source, realm, packets) in [
        ("127.0.0.1", "", [start, tunnel]),
        ("127.0.0.4", "strict", [signed.clone(), signed]),
    ] {
        let Some(replies) = network.send_with_pyrad(source, &packets).await else {
            return;
        };
        assert_eq!(replies, [Answered; 2]);
        assert_eq!(network.resolve(realm, "10.0.0.1"), number(FIRST));
        assert_eq!(network.resolve(realm, "2001:db8:1::1"), Resolved::Unknown);
    }
    network.server.end().await;
}
