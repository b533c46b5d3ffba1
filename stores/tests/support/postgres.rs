//! A PostgreSQL of a test.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::{Process, free_port, wait_until};

pub struct Postgres {
    pub port: u16,
    pub process: Process,
    dir: TempDir,
    options: Vec<String>,
}

/// Where Debian has the programs that are not on the path.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql");
    let versions = versions
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let newest = versions
        .filter(|path| path.join("bin/initdb").exists())
        .max();
    newest.map_or_else(PathBuf::new, |path| path.join("bin"))
}

/// A program, as the user postgres if this one is root, which PostgreSQL refuses.
fn command(program: &str) -> Command {
    let program = programs().join(program);
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args([
            "--reuid=postgres",
            "--regid=postgres",
            "--clear-groups",
            "--",
        ])
        .arg(program);
    command
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

impl Postgres {
    /// Creates a cluster and starts it.
    pub fn start(options: &[&str]) -> Self {
        Self::start_prepared(options, |_| {})
    }

    /// As [`Self::start`], after something was done with its directory, whose owner is
    /// the user of the server.
    pub fn start_prepared(options: &[&str], prepare: impl FnOnce(&Path)) -> Self {
        let dir = directory();
        let data = dir.path().join("data");
        let mut init = command("initdb");
        init.args([
            "-A",
            "trust",
            "-U",
            "mpass",
            "-N",
            "-E",
            "UTF8",
            "--locale=C",
            "-D",
        ])
        .arg(&data);
        let output = init.output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        prepare(&data);
        Self::begin(dir, options)
    }

    /// A standby of this server, which streams from it.
    pub fn standby(&self, name: &str, options: &[&str]) -> Self {
        let dir = directory();
        let data = dir.path().join("data");
        let source = format!(
            "host=127.0.0.1 port={} user=mpass application_name={name}",
            self.port
        );
        let mut copy = command("pg_basebackup");
        let output = copy
            .args(["-R", "-X", "stream", "-c", "fast", "-d", &source, "-D"])
            .arg(&data)
            .output();
        let output = output.unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Self::begin(dir, options)
    }

    fn begin(dir: TempDir, options: &[&str]) -> Self {
        let options: Vec<String> = options.iter().map(|option| (*option).to_owned()).collect();
        let port = free_port();
        let process = spawn(port, dir.path(), &options);
        let postgres = Self {
            port,
            process,
            dir,
            options,
        };
        postgres.wait();
        postgres
    }

    pub fn restart(&mut self) {
        // A server that was killed leaves processes behind, which end by themselves.
        let mut tries = 0;
        while !self.psql("SELECT 1").contains('1') {
            if tries % 50 == 0 {
                self.process = spawn(self.port, self.dir.path(), &self.options);
            }
            tries += 1;
            assert!(tries < 1000, "the server does not start again");
            std::thread::sleep(core::time::Duration::from_millis(20));
        }
    }

    pub fn url(&self) -> String {
        format!("postgresql://mpass@127.0.0.1:{}/postgres", self.port)
    }

    pub fn psql(&self, text: &str) -> String {
        let output = Command::new("psql")
            .args(["-tA", "-c", text, &self.url()])
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    pub fn promote(&self) {
        assert_eq!(self.psql("SELECT pg_promote()"), "t");
    }

    fn wait(&self) {
        wait_until("postgres answers", || self.psql("SELECT 1") == "1");
    }
}

impl Drop for Postgres {
    /// At once, with all its processes.
    fn drop(&mut self) {
        self.process.signal("CONT");
        self.process.signal("QUIT");
        let _ = self.process.0.wait();
    }
}

/// A directory that the user of the server can use.
fn directory() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    if is_root() {
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o700)).unwrap();
        let owned = Command::new("chown")
            .arg("postgres:postgres")
            .arg(dir.path())
            .status();
        assert!(owned.unwrap().success());
    }
    dir
}

fn spawn(port: u16, dir: &Path, options: &[String]) -> Process {
    let mut server = command("postgres");
    server.arg("-D").arg(dir.join("data")).args([
        "-h",
        "127.0.0.1",
        "-k",
        "",
        "-p",
        &port.to_string(),
    ]);
    for option in options {
        server.args(["-c", option]);
    }
    Process::start(&mut server)
}
