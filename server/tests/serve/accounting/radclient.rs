//! FreeRADIUS's radclient.

use std::process::Command;

use mpass_server::clock;
use mpass_server::network::Resolved;
use mpass_tests::peers;

use super::Reply::{self, Answered, Silence};
use super::{FIRST, Network, SECOND, SECRET, number};

impl Network {
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
        self.send_as("acct", secret, attributes).await
    }

    async fn send_as(&self, kind: &str, secret: &str, attributes: &str) -> Reply {
        let mut command = Command::new("radclient");
        // Generous for a busy machine: only a missing response waits to the
        // end.
        command.args(["-r", "2", "-t", "2", &self.addr.to_string(), kind, secret]);
        let output = super::run(command, attributes.to_owned()).await;
        let said = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        let said = said.concat();
        assert!(said.contains("Sent "), "{said}");
        let is_answered = said.contains("Received Accounting-Response");
        assert_eq!(output.status.success(), is_answered, "{said}");
        is_answered.into()
    }
}

fn is_missing() -> bool {
    !peers::is_here("radclient", "freeradius-utils")
}

fn session(status: &str, id: &str, number: &str, endpoint: &str) -> String {
    format!(
        "Acct-Status-Type = {status}\nAcct-Session-Id = \"{id}\"\n\
         Calling-Station-Id = \"{number}\"\n{endpoint}"
    )
}

const V4: &str = "Framed-IP-Address = 10.0.0.1";
const V6: &str = "Framed-IPv6-Prefix = 2001:db8:1:2::/64";
/// radclient computes it, and sends none by default.
const SIGNED: &str = "Message-Authenticator = 0x00";
const UNDATED: &str = "Packet-Src-IP-Address = 127.0.0.2";
const STRICT: &str = "Packet-Src-IP-Address = 127.0.0.4";

#[tokio::test]
async fn start_interim_stop_and_a_late_interim() {
    if is_missing() {
        return;
    }
    let network = Network::start().await;
    let both = format!("{V4}\n{V6}");
    let start = session("Start", "a", FIRST, &both);
    assert_eq!(network.tell_at(-20, &start).await, Answered);
    for address in ["10.0.0.1", "2001:db8:1:2:3:4:5:6"] {
        assert_eq!(network.resolve("", address), number(FIRST), "{address}");
        assert_eq!(network.resolve("undated", address), Resolved::Unknown);
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
    assert_eq!(network.tell(&first).await, Answered);
    assert_eq!(
        network.tell(&format!("{second}\n{UNDATED}")).await,
        Answered
    );
    assert_eq!(network.resolve("", "10.0.0.1"), number(FIRST));
    assert_eq!(network.resolve("undated", "10.0.0.1"), number(SECOND));
    assert_eq!(network.tell(&second).await, Answered);
    assert_eq!(network.resolve("", "10.0.0.1"), Resolved::Shared);
    assert_eq!(network.resolve("undated", "10.0.0.1"), number(SECOND));
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
async fn a_late_restart_and_nases_behind_one_proxy() {
    if is_missing() {
        return;
    }
    let network = Network::start().await;
    let named = |attributes: String, nas: &str| format!("{attributes}\nNAS-Identifier = {nas}");
    let start = named(session("Start", "a", FIRST, V4), "one");
    let other = session("Start", "a", SECOND, "Framed-IP-Address = 10.0.0.2");
    let other = named(other, "other");
    let on = |nas| named("Acct-Status-Type = Accounting-On".to_owned(), nas);
    assert_eq!(network.tell_at(-3, &start).await, Answered);
    assert_eq!(network.tell_at(-3, &other).await, Answered);
    // The sessions began after it.
    assert_eq!(network.tell_at(-20, &on("one")).await, Answered);
    assert_eq!(network.resolve("", "10.0.0.1"), number(FIRST));
    // Only one of the NASes restarts.
    assert_eq!(network.tell_at(-1, &on("other")).await, Answered);
    assert_eq!(network.resolve("", "10.0.0.1"), number(FIRST));
    assert_eq!(network.resolve("", "10.0.0.2"), Resolved::Unknown);
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
    let unsigned = format!("{timed}{STRICT}\n");
    let silences = tokio::join!(
        network.send("a secret of another", &timed),
        network.send(SECRET, &outside),
        network.send(SECRET, &unsigned),
    );
    assert_eq!(<[Reply; 3]>::from(silences), [Silence; 3]);
    for realm in ["", "strict"] {
        assert_eq!(network.resolve(realm, "10.0.0.1"), Resolved::Unknown);
    }
    // Each of them was sent twice.
    for (outcome, count) in [
        ("wrong_secret", 2),
        ("unknown_source", 2),
        ("no_message_authenticator", 2),
        ("taken", 0),
    ] {
        assert_eq!(network.outcomes(outcome), count, "{outcome}");
    }
    // The refused packets are otherwise valid.
    let signed = format!("{unsigned}{SIGNED}\n");
    assert_eq!(network.send(SECRET, &signed).await, Answered);
    assert_eq!(network.resolve("strict", "10.0.0.1"), number(FIRST));
    // A source that has sent a Message-Authenticator must always send it.
    assert_eq!(network.send(SECRET, &timed).await, Answered);
    let signed = format!("{timed}{SIGNED}\n");
    assert_eq!(network.send(SECRET, &signed).await, Answered);
    assert_eq!(network.send(SECRET, &timed).await, Silence);
    network.server.end().await;
}

#[tokio::test]
async fn packets_that_are_understood_in_part() {
    if is_missing() {
        return;
    }
    let network = Network::start().await;
    let here = "Framed-IP-Address = 10.0.0.9";
    for (outcome, attributes) in [
        ("no_timestamp", session("Start", "a", FIRST, here)),
        (
            "no_timestamp",
            session("Start", "a", FIRST, here) + "\nAcct-Delay-Time = 5",
        ),
        (
            "taken",
            "Acct-Status-Type = Accounting-On\nNAS-Identifier = other".to_owned(),
        ),
        ("other_status", session("Tunnel-Start", "a", FIRST, here)),
        ("other_status", session("Failed", "a", FIRST, here)),
        ("other_status", here.to_owned()),
    ] {
        let before = network.outcomes(outcome);
        let reply = network.send(SECRET, &attributes).await;
        assert_eq!(reply, Answered, "{attributes}");
        assert_eq!(network.outcomes(outcome), before + 1, "{attributes}");
    }
    let start = session("Start", "a", FIRST, here);
    assert_eq!(network.tell_at(-310, &start).await, Answered);
    assert_eq!(network.tell_at(320, &start).await, Answered);
    assert_eq!(network.outcomes("stale"), 2);
    assert_eq!(network.resolve("", "10.0.0.9"), Resolved::Unknown);
    // An address beside a prefix of many.
    let wide = "Framed-IPv6-Prefix = 2001:db8:1::/56";
    let start = session("Start", "b", FIRST, &format!("{V4}\n{wide}"));
    assert_eq!(network.tell(&start).await, Answered);
    assert_eq!(network.resolve("", "10.0.0.1"), number(FIRST));
    assert_eq!(network.resolve("", "2001:db8:1::1"), Resolved::Unknown);
    // A NAS whose events need no time.
    let start = session("Start", "a", SECOND, &format!("{V4}\n{UNDATED}"));
    assert_eq!(network.send(SECRET, &start).await, Answered);
    assert_eq!(network.resolve("undated", "10.0.0.1"), number(SECOND));
    network.server.end().await;
}

#[tokio::test]
async fn a_proxy_asks_whether_the_server_is_there() {
    if is_missing() {
        return;
    }
    let network = Network::start().await;
    // radclient has no port for it other than that of authentication.
    let reply = network.send_as("status", SECRET, SIGNED).await;
    assert_eq!(reply, Answered);
    assert_eq!(network.outcomes("status"), 1);
    network.server.end().await;
}
