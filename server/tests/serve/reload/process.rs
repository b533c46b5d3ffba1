//! `mpass serve` as a process whose configuration changes.

use core::cell::Cell;
use core::net::SocketAddr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use mpass_server::admin::{Client, Operation, Outcome, TenantKind};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tempfile::TempDir;

use crate::support::{PATIENCE, SEND, client, contract_status, until};

/// A server, ended when it is dropped.
pub(super) struct Process {
    pub(super) child: Child,
    pub(super) dir: TempDir,
    pub(super) addr: SocketAddr,
    /// How many reloads were asked for; each has a line in the log.
    asked: Cell<usize>,
}

/// A configuration with everything in `dir`; `more` are settings of its root, and
/// `gateway` those of the gateway.
pub(super) fn config(dir: &Path, url: &str, more: &str, gateway: &str) -> String {
    let dir = dir.display();
    format!(
        "listen = \"127.0.0.1:0\"\nstore = \"memory\"\ndata_dir = '{dir}/data'\n\
         keyring.file = '{dir}/keyring'\n{more}\n[gateway]\nurl = \"{url}\"\n\
         body = '{{\"to\":\"{{{{to}}}}\",\"text\":\"{{{{text}}}}\"}}'\ntimeout = \"2s\"\n{gateway}\n"
    )
}

pub(super) fn mpass(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mpass"));
    command
        .env_clear()
        .env("HOME", dir)
        .args(arguments)
        .arg("--config")
        .arg(dir.join("mpass.toml"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    command
}

impl Process {
    /// Starts without waiting.
    pub(super) fn spawn(dir: TempDir, config: &str) -> Self {
        fs::write(dir.path().join("mpass.toml"), config).unwrap();
        let log = File::create(dir.path().join("log")).unwrap();
        let child = mpass(dir.path(), &["serve"]).stderr(log).spawn().unwrap();
        Self {
            child,
            dir,
            addr: ([0, 0, 0, 0], 0).into(),
            asked: Cell::new(0),
        }
    }

    pub(super) async fn start(dir: TempDir, config: &str) -> Self {
        Self::spawn(dir, config).started().await
    }

    /// Waits until it serves.
    pub(super) async fn started(mut self) -> Self {
        until("the start", || {
            let log = self.log();
            assert!(!log.contains("error:"), "{log}");
            log.contains("opened")
        })
        .await;
        let log = self.log();
        let (_, rest) = log.split_once("listening on http").unwrap();
        let (_, addr) = rest.split_once("://").unwrap();
        self.addr = addr.split_whitespace().next().unwrap().parse().unwrap();
        self
    }

    pub(super) fn path(&self) -> PathBuf {
        self.dir.path().to_owned()
    }

    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.dir.path().join("log")).unwrap()
    }

    /// Replaces the configuration.
    pub(super) fn write(&self, config: &str) {
        fs::write(self.dir.path().join("mpass.toml"), config).unwrap();
    }

    pub(super) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// The lines about reloads so far.
    pub(super) fn reloads(&self) -> Vec<String> {
        let log = self.log();
        let lines = log.lines().filter(|line| line.contains("reloaded"));
        lines.map(str::to_owned).collect()
    }

    /// Reloads by SIGHUP; returns the line in the log.
    pub(super) async fn hang_up(&self) -> String {
        let before = self.asked.replace(self.asked.get() + 1);
        self.signal(Signal::HUP);
        until("a line about the reload", || self.reloads().len() > before).await;
        self.reloads().swap_remove(before)
    }

    /// Has it perform an operation.
    pub(super) async fn perform(&self, operation: Operation) -> Result<Outcome, String> {
        let client = Client::connect(&self.dir.path().join("data")).await;
        let performed = client.unwrap().unwrap().perform(operation).await.unwrap();
        performed.map_err(|failure| failure.to_string())
    }

    /// Reloads by the admin socket; returns what has changed.
    pub(super) async fn reload(&self) -> Result<Vec<String>, String> {
        self.asked.set(self.asked.get() + 1);
        match self.perform(Operation::Reload).await? {
            Outcome::Reloaded(names) => Ok(names),
            _ => panic!("another outcome"),
        }
    }

    /// `mpass reload`.
    pub(super) fn reload_command(&self) -> Output {
        mpass(self.dir.path(), &["reload"]).output().unwrap()
    }

    /// Creates a channel that may send often; returns its key.
    pub(super) async fn channel(&self) -> String {
        let spec = json!({ "name": "test", "resend_interval_ms": 0 });
        let spec = serde_json::from_value(spec).unwrap();
        match self
            .perform(Operation::Create(TenantKind::Channel, spec))
            .await
        {
            Ok(Outcome::Key(new)) => new.key,
            Ok(_) => panic!("another outcome"),
            Err(failure) => panic!("{failure}"),
        }
    }

    /// Sends to +966500000000 and `more`; returns the contract's status.
    pub(super) async fn send(&self, key: &str, more: u32) -> String {
        let dest = 966_500_000_000 + u64::from(more);
        let path = format!("{SEND}?apikey={key}&dest=%2B{dest}");
        contract_status(&self.get(&path, "localhost").await.1)
    }

    pub(super) async fn get(&self, path: &str, host: &str) -> (u16, String) {
        let request = client().get(format!("http://{}{path}", self.addr));
        let response = request.header("Host", host).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// A metric's value, as it is shown.
    pub(super) async fn metric(&self, name: &str) -> Option<String> {
        value(&self.get("/metrics", "localhost").await.1, name)
    }

    /// Waits for its end; returns the exit code.
    pub(super) async fn ended(&mut self) -> Option<i32> {
        let child = &mut self.child;
        let wait = async {
            loop {
                if let Some(status) = child.try_wait().unwrap() {
                    return status.code();
                }
                tokio::time::sleep(core::time::Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(super) fn value(metrics: &str, name: &str) -> Option<String> {
    let mut lines = metrics.lines();
    lines.find_map(|line| {
        let (found, value) = line.rsplit_once(' ')?;
        (found == name).then(|| value.to_owned())
    })
}
