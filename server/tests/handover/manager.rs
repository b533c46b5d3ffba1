//! A stand-in for a service manager: it opens sockets, and starts servers with
//! them.
//!
//! The sockets reach a server as its standard input and output, which a shell
//! moves to descriptors 3 and 4: no other process of the tests inherits them.

use core::net::SocketAddr;
use core::time::Duration;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(60);

/// What a server is started with.
pub(crate) struct Manager {
    pub(crate) dir: TempDir,
    pub(crate) addr: SocketAddr,
    /// Passed as descriptors 3 and 4.
    pub(crate) sockets: Vec<OwnedFd>,
    /// `LISTEN_FDNAMES`.
    pub(crate) names: String,
    pub(crate) notified: UnixDatagram,
}

impl Manager {
    /// Opens the main socket. `more` is added to the configuration.
    pub(crate) fn new(more: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = socket.local_addr().unwrap();
        let notified = UnixDatagram::bind(dir.path().join("notify")).unwrap();
        notified.set_read_timeout(Some(PATIENCE)).unwrap();
        let manager = Self {
            dir,
            addr,
            sockets: vec![socket.into()],
            names: "main".to_owned(),
            notified,
        };
        manager.configure(more);
        manager
    }

    pub(crate) fn configure(&self, more: &str) {
        let config = format!(
            "listen = \"{}\"\nkeyring.file = '{}'\n{more}\n",
            self.addr,
            self.dir.path().join("keyring").display(),
        );
        std::fs::write(self.config(), config).unwrap();
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.dir.path().join("mpass.toml")
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// A server with the sockets; `LISTEN_PID` is its own, unless it is given.
    pub(crate) fn command(&self, pid: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        let exec = match self.sockets.len() {
            0 => "exec \"$0\" \"$@\"",
            1 => "exec \"$0\" \"$@\" 3<&0 0</dev/null",
            _ => "exec \"$0\" \"$@\" 3<&0 0</dev/null 4<&1 1>/dev/null",
        };
        command
            .args(["-c", &format!("export LISTEN_PID={pid}; {exec}")])
            .arg(env!("CARGO_BIN_EXE_mpass"))
            .args(["serve", "--config"])
            .arg(self.config())
            .arg("--data-dir")
            .arg(self.data())
            .env("LISTEN_FDS", self.sockets.len().to_string())
            .env("LISTEN_FDNAMES", &self.names)
            .env("NOTIFY_SOCKET", self.dir.path().join("notify"))
            .env_remove("MPASS_KEYRING_FILE")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut sockets = self
            .sockets
            .iter()
            .map(|socket| socket.try_clone().unwrap());
        if let Some(socket) = sockets.next() {
            command.stdin(socket);
        }
        if let Some(socket) = sockets.next() {
            command.stdout(socket);
        }
        command
    }

    pub(crate) fn start(&self) -> Process {
        Process::start(self.command("$$"))
    }

    /// The next state that a server notifies.
    pub(crate) fn next_state(&self) -> String {
        let mut bytes = [0; 256];
        let length = self.notified.recv(&mut bytes).unwrap();
        let text = String::from_utf8_lossy(&bytes[..length]);
        text.trim_end().to_owned()
    }

    /// Runs `mpass` on the data, and returns what it prints.
    pub(crate) fn run(&self, arguments: &[&str]) -> serde_json::Value {
        let output = Command::new(env!("CARGO_BIN_EXE_mpass"))
            .args(arguments)
            .args(["--json", "--config"])
            .arg(self.config())
            .arg("--data-dir")
            .arg(self.data())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

/// A running server; killed when dropped.
pub(crate) struct Process {
    child: Child,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Process {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let written = Arc::clone(&log);
        let reader = thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let mut log = written.lock().unwrap();
                // One line for each request would be too many.
                if !line.contains("method=") {
                    *log += &line;
                    *log += "\n";
                }
            }
        });
        Self {
            child,
            log,
            reader: Some(reader),
        }
    }

    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Waits for words in the log.
    pub(crate) fn wait_for(&mut self, words: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !self.log().contains(words) {
            assert!(Instant::now() < deadline, "no {words:?} in {}", self.log());
            let ended = self.child.try_wait().unwrap();
            assert!(
                ended.is_none() || self.log().contains(words),
                "{}",
                self.log()
            );
            thread::sleep(Duration::from_millis(2));
        }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for its end and that of its log; returns its exit code.
    pub(crate) fn wait(&mut self) -> Option<i32> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                if let Some(reader) = self.reader.take() {
                    reader.join().unwrap();
                }
                return status.code();
            }
            assert!(Instant::now() < deadline, "it does not end: {}", self.log());
            thread::sleep(Duration::from_millis(2));
        }
    }

    pub(crate) fn open_files(&self) -> Vec<(String, PathBuf)> {
        let dir = format!("/proc/{}/fd", self.child.id());
        let files = std::fs::read_dir(dir).unwrap().flatten();
        let named = files.filter_map(|file| {
            let name = file.file_name().into_string().ok()?;
            Some((name, std::fs::read_link(file.path()).ok()?))
        });
        named.collect()
    }

    /// The flags of a descriptor.
    pub(crate) fn descriptor_flags(&self, descriptor: &str) -> u32 {
        let path = format!("/proc/{}/fdinfo/{descriptor}", self.child.id());
        let text = std::io::read_to_string(File::open(path).unwrap()).unwrap();
        let flags = text.lines().find_map(|line| line.strip_prefix("flags:"));
        u32::from_str_radix(flags.unwrap().trim(), 8).unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
