//! Hosts written in other languages: programs that `cargo xtask test` builds
//! and passes to these tests in environment variables.

// A host that does not answer fails the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use core::time::Duration;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use mpass_tests::coverage;
use mpass_tests::served::{self, Inbox, Service};

const ROUNDS: u32 = 20;
const TRIES: u64 = 5;
/// How long a line may take: only a program that is broken takes so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// The lines that a program has printed so far.
#[derive(Default)]
struct Lines {
    lines: Mutex<Vec<String>>,
    more: Condvar,
}

impl Lines {
    /// Waits for a line with this prefix and returns the rest of it.
    fn wait(&self, start: &str) -> String {
        let lines = self.lines.lock().unwrap();
        let found = |lines: &[String]| {
            let rest = lines.iter().find_map(|line| line.strip_prefix(start));
            rest.map(str::to_string)
        };
        let (lines, _) = self
            .more
            .wait_timeout_while(lines, PATIENCE, |lines| found(lines).is_none())
            .unwrap();
        found(&lines).unwrap_or_else(|| panic!("no line {start:?} in {lines:?}"))
    }

    /// Waits until this many lines begin with `start`, and counts the lines
    /// equal to this one.
    fn count(&self, line: &str, start: &str, all: usize) -> u64 {
        let begun = |lines: &[String]| lines.iter().filter(|line| line.starts_with(start)).count();
        let (lines, waited) = self
            .more
            .wait_timeout_while(self.lines.lock().unwrap(), PATIENCE, |lines| {
                begun(lines) < all
            })
            .unwrap();
        assert!(!waited.timed_out(), "fewer than {all} lines {start:?}");
        lines.iter().filter(|held| *held == line).count() as u64
    }
}

impl Inbox for Lines {
    fn newest(&self, dest: &str) -> Option<String> {
        // The scenarios send once to a number; its line may not have been read
        // yet.
        Some(self.wait(&format!("sms {dest} ")))
    }
}

/// examples/c-server, with its own files.
struct Server {
    child: Child,
    lines: Arc<Lines>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(directory: &std::path::Path) -> Self {
        let program = std::env::var_os("MPASS_C_SERVER").expect("the program's path");
        let mut child = Command::new(program)
            .args(["data.sqlite", "keyring", "0"])
            .current_dir(directory)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let lines = Arc::new(Lines::default());
        let output = BufReader::new(child.stdout.take().unwrap());
        let kept = Arc::clone(&lines);
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                kept.lines.lock().unwrap().push(line);
                kept.more.notify_all();
            }
        });
        Self { child, lines }
    }

    fn service(&self, key: &str) -> Service {
        let port = self.lines.wait("port ");
        Service::new(&format!("http://127.0.0.1:{port}"), key)
    }
}

#[test]
#[ignore = "cargo xtask test --only c builds the server"]
fn c_server_parallel_attempts() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path());
    let service = server.service(&server.lines.wait("apikey "));
    // The log line is written before the reply is sent, but may be read later.
    let compared = || {
        let lines = &server.lines;
        lines.count("reply wrong_code", "reply ", service.answered())
    };
    let inbox = &*server.lines;
    let wrong = served::parallel_wrong_codes(&service, inbox, ROUNDS, TRIES - 1, compared);
    let right = served::parallel_right_codes(&service, inbox, ROUNDS);
    coverage::server(wrong + right);
}

#[test]
#[ignore = "cargo xtask test --only c builds the server"]
fn c_server_keeps_what_it_told() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path());
    let key = server.lines.wait("apikey ");
    let dest = served::number(3, 0);
    assert!(server.service(&key).send(&dest, "").is("0"));
    let code = server.lines.wait(&format!("sms {dest} "))[..6].to_string();
    // Killed between the message and the code.
    drop(server);
    let server = Server::start(directory.path());
    let service = server.service(&key);
    assert!(service.verify(&dest, &served::wrong(&code), "").is("3"));
    assert!(service.verify(&dest, &code, "").is("0"));
    assert!(service.verify(&dest, &code, "").is("3"));
    drop(server);
    // Exhausted challenges stay exhausted.
    let server = Server::start(directory.path());
    assert!(server.service(&key).verify(&dest, &code, "").is("3"));
}
