//! Processes of `mpass`, including a server.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// The exit status and output of a process.
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code().expect("it exited by itself"),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Run {
    /// The output of a successful run.
    #[track_caller]
    pub(crate) fn done(self) -> String {
        assert_eq!(self.status, 0, "{}{}", self.stdout, self.stderr);
        self.stdout
    }

    /// The one error line of a misuse.
    #[track_caller]
    pub(crate) fn misuse(self) -> String {
        assert_eq!(self.status, 2, "{}{}", self.stdout, self.stderr);
        assert_eq!(self.stdout, "");
        assert_eq!(self.stderr.lines().count(), 1, "{}", self.stderr);
        assert!(self.stderr.starts_with("error: "), "{}", self.stderr);
        self.stderr
    }
}

/// The command with a home of its own, so that the tester's files are not
/// touched.
pub(crate) fn mpass(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mpass"));
    command.env_clear().env("HOME", home).stdin(Stdio::null());
    command
}

pub(crate) fn run(home: &Path, arguments: &[&str]) -> Run {
    mpass(home).args(arguments).output().unwrap().into()
}

/// As [`run`], for a command that does not use the home directory.
pub(crate) fn run_anywhere(arguments: &[&str]) -> Run {
    run(Path::new("/nonexistent"), arguments)
}

pub(crate) fn run_with_input(arguments: &[&str], input: &[u8]) -> Run {
    run_in_with_input(Path::new("/nonexistent"), arguments, input)
}

/// As [`run`], with input. A command that refuses its arguments does not read it.
pub(crate) fn run_in_with_input(home: &Path, arguments: &[&str], input: &[u8]) -> Run {
    let mut child = mpass(home)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let written = child.stdin.take().unwrap().write_all(input);
    if let Err(error) = written {
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    }
    child.wait_with_output().unwrap().into()
}

/// A running demo with its data under a home; killed on drop.
pub(crate) struct Demo {
    child: Child,
    /// What it printed at the start.
    pub(crate) banner: String,
}

impl Demo {
    pub(crate) fn start(home: &Path) -> Self {
        let mut child = mpass(home)
            .args(["serve", "--demo", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut banner = String::new();
        while !banner.contains("otp=CODE") {
            let line = lines.next().expect("the demo starts").unwrap();
            banner += &line;
            banner += "\n";
        }
        Self { child, banner }
    }

    /// The word after a name in the banner.
    pub(crate) fn printed(&self, name: &str) -> &str {
        let mut words = self.banner.lines().map(str::split_whitespace);
        let mut line = words
            .find(|line| line.clone().next() == Some(name))
            .unwrap();
        line.nth(1).unwrap()
    }

    pub(crate) fn authority(&self) -> &str {
        self.printed("page")
            .trim_start_matches("http://")
            .trim_end_matches('/')
    }

    /// Sends a GET with these headers; returns the head and the body of the
    /// response.
    pub(crate) fn get(&self, path: &str, headers: &[(&str, &str)]) -> (String, String) {
        self.ask("GET", path, headers, "")
    }

    /// Sends a POST with this body.
    pub(crate) fn post(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> (String, String) {
        self.ask("POST", path, headers, body)
    }

    fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> (String, String) {
        let mut stream = TcpStream::connect(self.authority()).unwrap();
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !body.is_empty() {
            request += &format!("Content-Length: {}\r\n", body.len());
        }
        if !headers.iter().any(|(name, _)| *name == "Host") {
            request += &format!("Host: {}\r\n", self.authority());
        }
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        stream
            .write_all(format!("{request}\r\n{body}").as_bytes())
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }

    /// The code in the newest message: six digits.
    pub(crate) fn newest_code(&self) -> String {
        let (_, outbox) = self.get("/outbox.json", &[]);
        let outbox: Value = serde_json::from_str(&outbox).unwrap();
        let text = outbox.as_array().unwrap().last().unwrap()["text"].clone();
        let text = text.as_str().unwrap();
        let mut runs = text.split(|letter: char| !letter.is_ascii_digit());
        runs.find(|run| run.len() == 6).unwrap().to_owned()
    }

    /// A code other than that of the newest message.
    pub(crate) fn wrong_code(&self) -> String {
        let mut code = self.newest_code();
        let last = code.pop();
        code.push(if last == Some('0') { '1' } else { '0' });
        code
    }

    /// Ends it like `kill -9`.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A JSON text.
pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}
