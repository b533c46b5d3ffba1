use core::cell::Cell;
use core::time::Duration;
use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use mpass_tests::served::{Inbox, Service};
use serde_json::Value;

use crate::clock::{self, Clock};

/// The process's output goes to these files next to the data directory, for the
/// tests that read it.
const STDOUT: &str = "stdout.log";
const STDERR: &str = "stderr.log";

/// A running `mpass serve`; killed when dropped.
pub(crate) struct Process {
    child: Child,
    /// Its URL, `http://…`.
    pub(crate) base: String,
}

/// The binary with arguments.
pub(crate) fn mpass(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mpass"));
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Runs the binary to its end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    mpass(arguments).output().unwrap()
}

impl Process {
    /// Starts the demo in `dir`, on a free port.
    pub(crate) fn demo(dir: &Path) -> Self {
        let data = data_dir(dir);
        let before = printed(dir).0.len();
        let process = Self::start(dir, &["--demo", "--data-dir", &data], None);
        wait_for_banner(dir, before);
        process
    }

    /// Starts the demo in `dir` with this configuration, on a free port.
    pub(crate) fn demo_with(dir: &Path, config: &str) -> Self {
        let path = dir.join("mpass.toml");
        std::fs::write(&path, config).unwrap();
        let data = data_dir(dir);
        let before = printed(dir).0.len();
        let path = path.to_str().unwrap();
        let arguments = ["--demo", "--config", path, "--data-dir", &data];
        let process = Self::start(dir, &arguments, None);
        wait_for_banner(dir, before);
        process
    }

    /// Starts a server in `dir` with this configuration.
    pub(crate) fn configured(dir: &Path, config: &str) -> Self {
        Self::serve(dir, config, None)
    }

    /// The same, and its time is that of a clock.
    pub(crate) fn configured_at(clock: &Clock, dir: &Path, config: &str) -> Self {
        Self::serve(dir, config, Some(clock))
    }

    fn serve(dir: &Path, config: &str, clock: Option<&Clock>) -> Self {
        let path = dir.join("mpass.toml");
        std::fs::write(&path, config).unwrap();
        let data = data_dir(dir);
        let arguments = ["--config", path.to_str().unwrap(), "--data-dir", &data];
        Self::start(dir, &arguments, clock)
    }

    fn start(dir: &Path, arguments: &[&str], clock: Option<&Clock>) -> Self {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            match Self::try_start(dir, arguments, clock, deadline) {
                Ok(process) => return process,
                // A test that has just closed the store may have handed its
                // lock to a child of another test, which has it until its exec.
                Err(error) if error.contains("is in use") && Instant::now() < deadline => {
                    thread::sleep(Duration::from_millis(20));
                }
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// Starts a server; the error is what it wrote if it ends before it listens.
    fn try_start(
        dir: &Path,
        arguments: &[&str],
        clock: Option<&Clock>,
        deadline: Instant,
    ) -> Result<Self, String> {
        let open = |name| {
            let path = dir.join(name);
            File::options()
                .create(true)
                .append(true)
                .open(path)
                .unwrap()
        };
        let before = std::fs::read_to_string(dir.join(STDERR)).unwrap_or_default();
        let mut command = mpass(&["serve", "--listen", "127.0.0.1:0"]);
        if let Some(clock) = clock {
            command.env(clock::VARIABLE, clock.file());
        }
        let mut child = command
            .args(arguments)
            .env_remove("MPASS_KEYRING_FILE")
            .stdout(open(STDOUT))
            .stderr(open(STDERR))
            .spawn()
            .unwrap();
        loop {
            let log = std::fs::read_to_string(dir.join(STDERR)).unwrap();
            let new = &log[before.len()..];
            if let Some(base) = listening(new) {
                return Ok(Self {
                    child,
                    base: base.to_owned(),
                });
            }
            if let Some(status) = child.try_wait().unwrap() {
                let log = std::fs::read_to_string(dir.join(STDERR)).unwrap();
                return Err(format!("{status}: {}", &log[before.len()..]));
            }
            assert!(Instant::now() < deadline, "not listening: {new}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The process's own demo channel and outbox.
    pub(crate) fn demo_service(&self, dir: &Path) -> (Service, Outbox<'_>) {
        let (words, _) = printed(dir);
        let key = words
            .split("apikey=")
            .nth(1)
            .and_then(|rest| rest.split('&').next())
            .expect("a printed key");
        (Service::new(&self.base, key), Outbox::new(&self.base))
    }

    /// kill -9.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends SIGTERM and waits for the end.
    pub(crate) fn terminate(mut self) -> Option<i32> {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for the demo's banner, which is printed once it listens, after the
/// `before` bytes that were printed earlier.
fn wait_for_banner(dir: &Path, before: usize) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !printed(dir).0[before..].contains("otp=CODE") {
        assert!(Instant::now() < deadline, "the demo prints no banner");
        thread::sleep(Duration::from_millis(10));
    }
}

fn listening(log: &str) -> Option<&str> {
    let rest = log.split("listening on ").nth(1)?;
    let (address, _) = rest.split_once(char::is_whitespace)?;
    Some(address)
}

pub(crate) fn data_dir(dir: &Path) -> String {
    dir.join("data").to_str().unwrap().to_owned()
}

/// Everything that a process printed in `dir`.
pub(crate) fn printed(dir: &Path) -> (String, String) {
    let read = |name| std::fs::read_to_string(dir.join(name)).unwrap_or_default();
    (read(STDOUT), read(STDERR))
}

/// Waits until the log of a process in `dir` contains a text at least this many
/// times, and returns how many: lines are written a little after what they are
/// about.
pub(crate) fn wait_for_log(dir: &Path, text: &str, least: usize) -> usize {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let (_, log) = printed(dir);
        let found = log.matches(text).count();
        if found >= least {
            return found;
        }
        assert!(Instant::now() < deadline, "{text} {found} times in {log}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Creates a channel; returns its key.
pub(crate) fn create_channel(dir: &Path, arguments: &[&str]) -> String {
    text(&create(dir, "channel", arguments)["key"])
}

/// Creates a tenant of a kind; returns its name and its credential.
pub(crate) fn create(dir: &Path, kind: &str, arguments: &[&str]) -> Value {
    let data = data_dir(dir);
    let mut all = vec![kind, "create", "--json", "--data-dir", &data];
    all.extend_from_slice(arguments);
    let output = run(&all);
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The text of a field of an answer.
#[track_caller]
pub(crate) fn text(field: &Value) -> String {
    field.as_str().expect("a text").to_owned()
}

/// The demo's outbox, read over HTTP.
pub(crate) struct Outbox<'a> {
    service: Service,
    base: &'a str,
}

impl<'a> Outbox<'a> {
    fn new(base: &'a str) -> Self {
        Self {
            service: Service::new(base, ""),
            base,
        }
    }

    pub(crate) fn messages(&self) -> Vec<Value> {
        let body = self.service.get("/outbox.json").body;
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{}: {error}", self.base))
    }
}

impl Inbox for Outbox<'_> {
    fn newest(&self, dest: &str) -> Option<String> {
        let messages = self.messages();
        let newest = messages.iter().rev().find(|message| message["to"] == dest);
        newest.map(|message| message["text"].as_str().unwrap().to_owned())
    }
}

/// A gateway on loopback that answers every request with one status.
pub(crate) struct Gateway {
    pub(crate) url: String,
    status: Arc<Mutex<u16>>,
    bodies: Arc<Mutex<Vec<String>>>,
}

impl Gateway {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/send", listener.local_addr().unwrap());
        let status = Arc::new(Mutex::new(200));
        let bodies: Arc<Mutex<Vec<String>>> = Arc::default();
        let (shared_status, shared_bodies) = (Arc::clone(&status), Arc::clone(&bodies));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (status, bodies) = (Arc::clone(&shared_status), Arc::clone(&shared_bodies));
                thread::spawn(move || serve(stream, &status, &bodies));
            }
        });
        Self {
            url,
            status,
            bodies,
        }
    }

    pub(crate) fn answer(&self, status: u16) {
        *self.status.lock().unwrap() = status;
    }

    pub(crate) fn bodies(&self) -> Vec<String> {
        self.bodies.lock().unwrap().clone()
    }

    /// The configuration of a server that delivers to this gateway, with its
    /// keyring next to the data in `dir`.
    pub(crate) fn config(&self, dir: &Path) -> String {
        format!(
            "keyring.file = '{}'\n[log]\nlevel = \"debug\"\n[gateway]\nurl = \"{}\"\n\
             body = '{{\"to\":\"{{{{to}}}}\",\"text\":\"{{{{text}}}}\"}}'\n",
            dir.join("keyring").display(),
            self.url
        )
    }
}

impl Inbox for Gateway {
    fn newest(&self, dest: &str) -> Option<String> {
        self.bodies().iter().rev().find_map(|body| {
            let json: Value = serde_json::from_str(body).ok()?;
            (json["to"] == dest).then(|| json["text"].as_str().unwrap_or_default().to_owned())
        })
    }
}

/// Reads one request and answers it.
fn serve(mut stream: TcpStream, status: &Mutex<u16>, bodies: &Mutex<Vec<String>>) {
    let received = Cell::new(Vec::new());
    loop {
        let mut chunk = [0; 4096];
        let Ok(length @ 1..) = stream.read(&mut chunk) else {
            return;
        };
        let mut bytes = received.take();
        bytes.extend_from_slice(&chunk[..length]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        received.set(bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let expected = head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .map_or(0, |(_, value)| value.trim().parse().unwrap());
        if body.len() < expected {
            continue;
        }
        bodies.lock().unwrap().push(body.to_owned());
        let status = *status.lock().unwrap();
        let answer =
            format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        let _ = stream.write_all(answer.as_bytes());
        return;
    }
}
