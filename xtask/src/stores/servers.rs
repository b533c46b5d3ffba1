//! Redis and PostgreSQL, each a process on a free port with a directory of its own.

use core::net::Ipv4Addr;
use core::time::Duration;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

/// Where Debian installs PostgreSQL, by version.
const INSTALLED: &str = "/usr/lib/postgresql";
const DEADLINE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(50);

/// A running server; stopped and removed when it is dropped.
pub(super) struct Server {
    pub(super) url: String,
    process: Child,
    _directory: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing of it is needed any more.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Server {
    pub(super) fn redis() -> Result<Self> {
        let (port, directory) = (free_port()?, tempfile::tempdir()?);
        let mut redis = Command::new("redis-server");
        redis.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "yes"]);
        redis.args(["--appendfsync", "always", "--port", &port.to_string()]);
        redis.arg("--dir").arg(directory.path());
        Self::start(
            &mut redis,
            port,
            format!("redis://127.0.0.1:{port}"),
            directory,
        )
    }

    pub(super) fn postgres() -> Result<Self> {
        let (port, directory) = (free_port()?, tempfile::tempdir()?);
        let programs = newest()?.join("bin");
        let is_root = own(directory.path())?;
        let data = directory.path().join("data");
        let program = |name: &str| {
            let mut command = as_postgres(is_root, &programs.join(name));
            command.arg("-D").arg(&data).current_dir(directory.path());
            command
        };
        let made = program("initdb")
            .args([
                "-U",
                "mpass",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ])
            .output()?;
        ensure!(made.status.success(), "initdb failed");
        let mut postgres = program("postgres");
        postgres.args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"]);
        postgres.args(["-c", "unix_socket_directories="]);
        let url = format!("postgresql://mpass@127.0.0.1:{port}/postgres?connect_timeout=5");
        Self::start(&mut postgres, port, url, directory)
    }

    fn start(command: &mut Command, port: u16, url: String, directory: TempDir) -> Result<Self> {
        command.stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.spawn().context("a server does not start")?;
        let mut server = Self {
            url,
            process,
            _directory: directory,
        };
        let until = Instant::now() + DEADLINE;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if let Some(status) = server.process.try_wait()? {
                bail!("a server ended: {status}");
            }
            ensure!(Instant::now() < until, "a server does not listen");
            thread::sleep(PAUSE);
        }
        Ok(server)
    }
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}

fn newest() -> Result<PathBuf> {
    let versions = fs::read_dir(INSTALLED)?.flatten().map(|entry| entry.path());
    let number = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    versions
        .max_by_key(number)
        .context("PostgreSQL is not installed")
}

/// PostgreSQL refuses to run as root: gives the directory to the user `postgres` then.
fn own(directory: &Path) -> Result<bool> {
    let id = |options: &[&str]| -> Result<u32> {
        let output = Command::new("id").args(options).output()?;
        Ok(String::from_utf8(output.stdout)?.trim().parse()?)
    };
    let is_root = id(&["-u"])? == 0;
    if is_root {
        let (user, group) = (id(&["-u", "postgres"])?, id(&["-g", "postgres"])?);
        chown(directory, Some(user), Some(group))?;
    }
    Ok(is_root)
}

fn as_postgres(is_root: bool, program: &Path) -> Command {
    if !is_root {
        return Command::new(program);
    }
    // It replaces itself, so that the process is the server.
    let mut command = Command::new("setpriv");
    command.args([
        "--reuid=postgres",
        "--regid=postgres",
        "--clear-groups",
        "--",
    ]);
    command.arg(program);
    command
}
