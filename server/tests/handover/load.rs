//! Restarts under load. Every request is counted, and every one that is not
//! answered with status 200 and the right verdict is a failure. Nothing is sent
//! again, but for what [`Caller`](crate::caller) describes.

use core::sync::atomic::Ordering::Relaxed;
use core::sync::atomic::{AtomicBool, AtomicUsize};
use core::time::Duration;
use std::sync::{Arc, Mutex};

use rustix::process::Signal;
use tokio::task::JoinSet;

use crate::caller::{Caller, Target, Way};
use crate::gateway::Gateway;
use crate::manager::{Manager, Process};
use crate::tls;

const SEND: &str = "/mpass-web/rest/mv/msg";
const VERIFY: &str = "/mpass-web/rest/mv/verify";
/// Tries of a challenge, which is the default of a channel.
const TRIES: usize = 5;
/// What the contract answers for an accepted request, and for a rejected code.
const ACCEPT: &str = r#""status":"0""#;
const REJECT: &str = r#""status":"3""#;

/// The load of a test.
struct Load {
    gateway: Gateway,
    key: String,
    requests: AtomicUsize,
    closed_before: AtomicUsize,
    numbers: AtomicUsize,
    failures: Mutex<Vec<String>>,
    is_over: AtomicBool,
}

impl Load {
    /// Sends a code and tries it: all tries but one wrong and then the right
    /// code, which must be accepted, or all wrong and then the right one, which
    /// must not be. A try that were counted twice or not at all would change one
    /// of the two.
    async fn challenge(&self, caller: &Caller, pause: Duration) {
        let number = self.numbers.fetch_add(1, Relaxed);
        let dest = format!("+9665{number:08}");
        self.request(caller, SEND, &dest, None, ACCEPT).await;
        let Some(code) = self.gateway.take_code(&dest) else {
            return self.fail(format!("no message to {dest}"));
        };
        let wrong = mpass_tests::served::wrong(&code);
        let is_spent = number.is_multiple_of(2);
        for _ in usize::from(!is_spent)..TRIES {
            tokio::time::sleep(pause).await;
            self.request(caller, VERIFY, &dest, Some(&wrong), REJECT)
                .await;
        }
        let last = if is_spent { REJECT } else { ACCEPT };
        self.request(caller, VERIFY, &dest, Some(&code), last).await;
    }

    async fn request(
        &self,
        caller: &Caller,
        path: &str,
        dest: &str,
        code: Option<&str>,
        expected: &str,
    ) {
        self.requests.fetch_add(1, Relaxed);
        let dest = dest.replace('+', "%2B");
        let code = code.map(|code| format!("&otp={code}")).unwrap_or_default();
        let form = format!("apikey={}&dest={dest}{code}", self.key);
        match caller.post(path, form).await {
            Ok(answered) => {
                self.closed_before
                    .fetch_add(answered.closed_before, Relaxed);
                if answered.status != 200 || !answered.body.contains(expected) {
                    let (status, body) = (answered.status, answered.body);
                    self.fail(format!("{path}: {status} {body}, expected {expected}"));
                }
            }
            Err(error) => self.fail(format!("{path}: {error}")),
        }
    }

    fn fail(&self, failure: String) {
        self.failures.lock().unwrap().push(failure);
    }
}

/// The callers: ways, the number of each, and the pause between their tries.
const PLAIN: &[(Way, usize, u64)] = &[
    (Way::Kept, 12, 0),
    (Way::Kept, 12, 20),
    (Way::Fresh, 8, 0),
    // Their connections are idle whenever a server ends.
    (Way::Kept, 8, 700),
    (Way::Kept, 8, 1500),
];
const WITH_TLS: &[(Way, usize, u64)] = &[
    (Way::Two, 16, 0),
    (Way::Two, 8, 20),
    (Way::Two, 8, 1500),
    (Way::Kept, 4, 5),
    (Way::Fresh, 2, 5),
];
/// Tasks that share one HTTP/2 connection.
const SHARED_BY: usize = 4;

/// Restarts a server this many times while it has at least so many requests.
async fn restart(callers: &[(Way, usize, u64)], restarts: usize, requests: usize) {
    let (gateway, mut config) = Gateway::start().await;
    let dir = tempfile::tempdir().unwrap();
    let (certificate, with_tls) = tls::certificate(dir.path());
    let has_tls = callers.iter().any(|(way, ..)| *way == Way::Two);
    if has_tls {
        config = format!("{with_tls}\n{config}");
    }
    let manager = Manager::new(&config);
    let created = manager.run(&["channel", "create", "--name", "load"]);
    let load = Arc::new(Load {
        gateway,
        key: created["key"].as_str().unwrap().to_owned(),
        requests: AtomicUsize::new(0),
        closed_before: AtomicUsize::new(0),
        numbers: AtomicUsize::new(0),
        failures: Mutex::default(),
        is_over: AtomicBool::new(false),
    });
    let mut server = manager.start();
    server.wait_for("opened");
    let mut calling = JoinSet::new();
    for &(way, count, pause) in callers {
        let alpn = if way == Way::Two { "h2" } else { "http/1.1" };
        let target = Target {
            addr: manager.addr,
            tls: has_tls.then(|| tls::connector(certificate.clone(), &[alpn])),
        };
        let shared = if way == Way::Two { SHARED_BY } else { 1 };
        for _ in 0..count / shared {
            let caller = Arc::new(Caller::new(target.clone(), way));
            for _ in 0..shared {
                let (load, caller) = (Arc::clone(&load), Arc::clone(&caller));
                let pause = Duration::from_millis(pause);
                calling.spawn(async move {
                    while !load.is_over.load(Relaxed) {
                        load.challenge(&caller, pause).await;
                    }
                });
            }
        }
    }
    for round in 1..=restarts {
        let due = requests * round / (restarts + 1);
        while load.requests.load(Relaxed) < due {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        server = tokio::task::block_in_place(|| replace(&manager, server, round.is_multiple_of(2)));
    }
    while load.requests.load(Relaxed) < requests {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    load.is_over.store(true, Relaxed);
    while let Some(ended) = calling.join_next().await {
        ended.unwrap();
    }
    let failures = load.failures.lock().unwrap();
    println!(
        "{restarts} restarts, {} requests, {} challenges, {} sent again, {} failed",
        load.requests.load(Relaxed),
        load.numbers.load(Relaxed),
        load.closed_before.load(Relaxed),
        failures.len()
    );
    assert!(
        failures.is_empty(),
        "{:#?}",
        &failures[..failures.len().min(20)]
    );
}

/// Ends a server and starts its successor: after its end, as `systemctl restart`
/// does, or before, so that the successor waits for the store.
fn replace(manager: &Manager, mut server: Process, is_overlapping: bool) -> Process {
    let waiting = is_overlapping.then(|| {
        let mut successor = manager.start();
        successor.wait_for("waiting for the server");
        successor
    });
    server.signal(Signal::TERM);
    assert_eq!(server.wait(), Some(0), "{}", server.log());
    let mut successor = waiting.unwrap_or_else(|| manager.start());
    successor.wait_for("opened");
    successor
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_fails_at_a_restart() {
    restart(PLAIN, 2, 3000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_fails_at_a_restart_with_tls_and_http2() {
    restart(WITH_TLS, 2, 3000).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute and prints figures"]
async fn figures() {
    restart(PLAIN, 10, 100_000).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute and prints figures"]
async fn figures_with_tls_and_http2() {
    restart(WITH_TLS, 10, 100_000).await;
}
