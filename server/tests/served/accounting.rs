//! RADIUS accounting of the binary, as radclient sends it.

use core::time::Duration;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Instant, SystemTime};

use mpass_tests::peers;
use mpass_tests::served::Service;

use crate::process::{Gateway, Process, printed};

const SECRET: &str = "a secret of the network";

/// Sends a packet; whether it was answered.
fn send(addr: &str, attributes: &str) -> bool {
    let mut client = Command::new("radclient")
        .args(["-r", "2", "-t", "2", addr, "acct", SECRET])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = client.stdin.take().unwrap();
    stdin.write_all(attributes.as_bytes()).unwrap();
    drop(stdin);
    client.wait().unwrap().success()
}

/// The address for accounting that a server writes to its log.
fn address(dir: &Path) -> String {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let (_, log) = printed(dir);
        let rest = log.split("receiving RADIUS accounting on ").nth(1);
        if let Some((addr, _)) = rest.and_then(|rest| rest.split_once(char::is_whitespace)) {
            return addr.to_owned();
        }
        assert!(Instant::now() < deadline, "no address in {log}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Waits for a line of the metrics.
fn wait_for(service: &Service, line: &str) {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let metrics = service.get("/metrics").body;
        if metrics.lines().any(|other| other == line) {
            return;
        }
        assert!(Instant::now() < deadline, "no {line} in {metrics}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_session_begins_and_ends() {
    if !peers::is_here("radclient", "freeradius-utils") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let secret = dir.path().join("radius-secret");
    std::fs::write(&secret, SECRET).unwrap();
    let config = format!(
        "{}[network]\nlisten = '127.0.0.1:0'\n[[network.nas]]\naddress = '127.0.0.1'\n\
         secret = {{ file = '{}' }}\nmessage_authenticator = 'once-sent'\n",
        Gateway::start().config(dir.path()),
        secret.display()
    );
    let process = Process::configured(dir.path(), &config);
    let service = Service::new(&process.base, "");
    let addr = address(dir.path());
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = now.unwrap().as_secs();
    let session = |status: &str| {
        format!(
            "Acct-Status-Type = {status}\nAcct-Session-Id = a\nEvent-Timestamp = {now}\n\
             Calling-Station-Id = 966500000000\nFramed-IP-Address = 10.0.0.1\n"
        )
    };
    assert!(send(&addr, &session("Start")));
    wait_for(&service, "mpass_accounting_total{outcome=\"taken\"} 1");
    wait_for(&service, "mpass_network_sessions 1");
    // Its defaults have no timestamp.
    let undated = "Acct-Status-Type = Interim-Update\nAcct-Session-Id = b\n";
    assert!(send(&addr, undated));
    wait_for(
        &service,
        "mpass_accounting_total{outcome=\"no_timestamp\"} 1",
    );
    assert!(send(&addr, &session("Stop")));
    wait_for(&service, "mpass_network_sessions 0");
}
