//! `mpass serve` as a process: the keyring of the environment, signals, and
//! refusals.
#![allow(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

use mpass_core::challenge::Keyring;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

const CONFIG: &str = "listen = \"127.0.0.1:0\"\nstore = \"memory\"\n\
                      [gateway]\nurl = \"http://127.0.0.1:9/?{{to}}{{text}}\"\n";

/// A command isolated from this machine's user.
fn serve(dir: &TempDir, config: &str) -> Command {
    let file = dir.path().join("mpass.toml");
    std::fs::write(&file, config).expect("the configuration");
    let mut command = Command::new(env!("CARGO_BIN_EXE_mpass"));
    command
        .env_clear()
        .env("HOME", dir.path())
        .args(["serve", "--config"])
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

/// Starts it; returns the log up to the last line of the start.
fn start(mut command: Command) -> (Child, BufReader<ChildStderr>, String) {
    let mut child = command.spawn().expect("mpass starts");
    let mut log = BufReader::new(child.stderr.take().expect("its log"));
    let mut text = String::new();
    while !text.contains("opened") {
        let read = log.read_line(&mut text).expect("its log");
        assert!(read > 0, "it exited: {text}");
    }
    (child, log, text)
}

/// Sends a signal and waits; returns the exit code and the rest of the log.
fn end(mut child: Child, mut log: BufReader<ChildStderr>, signal: Signal) -> (Option<i32>, String) {
    let pid = Pid::from_child(&child);
    kill_process(pid, signal).expect("it runs");
    let code = child.wait().expect("it ends").code();
    let mut rest = String::new();
    log.read_to_string(&mut rest).expect("its log");
    (code, rest)
}

/// The command with a limit on file descriptors.
fn with_descriptors(limit: u32, command: &Command) -> Command {
    let mut limited = Command::new("/bin/sh");
    limited
        .env_clear()
        .envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .args(["-c", &format!("ulimit -n {limit} && exec \"$0\" \"$@\"")])
        .arg(command.get_program())
        .args(command.get_args())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    limited
}

/// The address in the log.
fn address(log: &str) -> &str {
    let (_, rest) = log.split_once("listening on http://").expect("its address");
    rest.split_whitespace().next().expect("its address")
}

/// Requests on one connection; returns the status lines and bodies.
fn exchange(address: &str, path: &str, count: usize) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    let close = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
    let mut sent = stream.try_clone().expect("a connection");
    let writer = std::thread::spawn(move || {
        for _ in 1..count {
            sent.write_all(request.as_bytes()).expect("it reads");
        }
        sent.write_all(close.as_bytes()).expect("it reads");
    });
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("answers");
    writer.join().expect("the requests");
    text
}

/// A pipe holds 64 KiB, and the queue 8192 lines: the rest is dropped.
#[test]
fn a_log_that_nobody_reads_blocks_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = serve(&dir, CONFIG);
    command.stdout(Stdio::piped());
    let (mut child, log, text) = start(command);
    let requests = 12_000;
    let answers = exchange(address(&text), "/unknown", requests);
    assert_eq!(answers.matches("HTTP/1.1 404").count(), requests);
    let metrics = exchange(address(&text), "/metrics", 1);
    let dropped = metrics
        .lines()
        .find_map(|line| line.strip_prefix("mpass_log_lines_dropped_total "))
        .and_then(|count| count.parse::<usize>().ok());
    assert!(dropped.is_some_and(|count| count > 1000), "{dropped:?}");
    kill_process(Pid::from_child(&child), Signal::TERM).expect("it runs");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    drop(log);
}

#[test]
fn few_file_descriptors_lower_the_connections() {
    let dir = tempfile::tempdir().expect("a directory");
    let (child, log, text) = start(with_descriptors(64, &serve(&dir, CONFIG)));
    assert!(text.contains("limits.connections is lowered"), "{text}");
    assert!(text.contains("connections=12"), "{text}");
    let held: Vec<_> = (0..80)
        .map(|_| TcpStream::connect(address(&text)))
        .collect();
    let answer = exchange(address(&text), "/healthz", 1);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    drop(held);
    let (code, rest) = end(child, log, Signal::TERM);
    assert_eq!(code, Some(0), "{rest}");

    let dir = tempfile::tempdir().expect("a directory");
    let config = format!("limits.connections = 10\n{CONFIG}");
    let (child, log, text) = start(with_descriptors(64, &serve(&dir, &config)));
    assert!(!text.contains("lowered"), "{text}");
    end(child, log, Signal::TERM);
}

fn refusal(mut command: Command) -> String {
    let output = command.output().expect("mpass starts");
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).expect("text")
}

fn exists(path: &Path) -> bool {
    path.try_exists().expect("the directory")
}

#[test]
fn either_signal_shuts_down_gracefully() {
    for signal in [Signal::TERM, Signal::INT] {
        let dir = tempfile::tempdir().expect("a directory");
        let (child, log, text) = start(serve(&dir, CONFIG));
        assert!(text.contains("keyring_is_new=true"), "{text}");
        assert!(exists(&dir.path().join(".config/mpass/keyring")));
        let (code, rest) = end(child, log, signal);
        assert_eq!(code, Some(0), "{rest}");
        assert!(
            rest.contains("stopping") && rest.contains("stopped"),
            "{rest}"
        );
    }
}

#[test]
fn the_keyring_of_the_environment() {
    let dir = tempfile::tempdir().expect("a directory");
    let text = Keyring::generate(&[5; 32]).expose().to_string();
    let mut command = serve(&dir, CONFIG);
    command.env("MPASS_KEYRING", &text);
    let (child, log, start_of_log) = start(command);
    let (code, rest) = end(child, log, Signal::TERM);
    assert_eq!(code, Some(0));
    assert!(start_of_log.contains("the environment"), "{start_of_log}");
    assert!(!exists(&dir.path().join(".config")), "no file is created");
    let keys = text.split_whitespace().filter(|word| word.len() == 64);
    assert_eq!(keys.clone().count(), 2);
    for key in keys {
        assert!(!start_of_log.contains(key) && !rest.contains(key));
    }

    let mut command = serve(&dir, CONFIG);
    command.env("MPASS_KEYRING", text.replace("newest 1", "newest 2"));
    let error = refusal(command);
    assert!(
        error.starts_with("error: MPASS_KEYRING is malformed"),
        "{error}"
    );
    assert_eq!(error.lines().count(), 1, "{error}");

    let file = dir.path().join("other");
    let mut command = serve(&dir, CONFIG);
    command.env("MPASS_KEYRING_FILE", &file);
    let (child, log, _) = start(command);
    assert!(exists(&file));
    end(child, log, Signal::TERM);
}

/// On a new directory one server wins; the others say so.
#[test]
fn servers_that_start_at_once() {
    for _ in 0..4 {
        let dir = tempfile::tempdir().expect("a directory");
        let config = CONFIG.replace("memory", "embedded");
        let mut commands: Vec<Command> = (0..6).map(|_| serve(&dir, &config)).collect();
        let mut servers: Vec<Child> = commands
            .iter_mut()
            .map(|command| command.spawn().expect("mpass starts"))
            .collect();
        let (mut running, mut refused) = (0, 0);
        while running + refused < servers.len() {
            (running, refused) = (0, 0);
            for server in &mut servers {
                match server.try_wait().expect("its status") {
                    None if exists(&dir.path().join(".local/share/mpass/admin.sock")) => {
                        running += 1
                    }
                    None => {}
                    Some(status) => {
                        assert_eq!(status.code(), Some(2));
                        refused += 1;
                    }
                }
            }
            if running > 1 {
                running = 0;
            }
            std::thread::sleep(core::time::Duration::from_millis(5));
        }
        for mut server in servers {
            let is_running = server.try_wait().expect("its status").is_none();
            server.kill().expect("it can be killed");
            server.wait().expect("it ends");
            let mut text = String::new();
            let mut log = server.stderr.take().expect("its log");
            log.read_to_string(&mut text).expect("its log");
            assert!(is_running || text.contains("is in use"), "{text}");
            assert!(!text.contains("no keyring"), "{text}");
        }
        let keyrings = std::fs::read_dir(dir.path().join(".config/mpass"));
        assert_eq!(keyrings.expect("the directory").count(), 1);
    }
}

#[test]
fn refusals_are_one_line() {
    let dir = tempfile::tempdir().expect("a directory");
    for (config, words) in [
        ("listen = \"127.0.0.1:0\"", "no gateway is configured"),
        (
            &CONFIG.replace("127.0.0.1:0", "0.0.0.0:0"),
            "is not loopback",
        ),
        (
            &format!(
                "keyring.file = '{}/.local/share/mpass/k'\n{CONFIG}",
                dir.path().display()
            ),
            "inside the data directory",
        ),
        (
            &format!("tls = {{ certificates = '/nothing', key = '/nothing' }}\n{CONFIG}"),
            "tls.certificates /nothing",
        ),
        (
            &format!("{CONFIG}secrets.x.env = \"MPASS_NOTHING\""),
            "MPASS_NOTHING is not set",
        ),
    ] {
        let error = refusal(serve(&dir, config));
        assert!(error.contains(words), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(!exists(&dir.path().join(".config")), "{error}");
        assert!(!exists(&dir.path().join(".local")), "{error}");
    }
}
