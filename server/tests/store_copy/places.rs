//! Configured stores, the command, and challenges to fill a store with.

use core::time::Duration;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use mpass_core::challenge::{Binding, Challenge, Issue, Keyring, Policy, Subject, SubjectKind};
use mpass_core::store::{Kind, StoreKey};
use mpass_server::store::EmbeddedStore;
use mpass_stores::copy::{Contents, Record};
use serde_json::Value;
use tempfile::TempDir;

use crate::stores::postgres::Postgres;
use crate::stores::redis::Redis;

/// A store that is configured.
pub(crate) struct Place {
    pub(crate) config: PathBuf,
    pub(crate) data: PathBuf,
}

/// What a command has printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    #[track_caller]
    pub(crate) fn done(self) -> String {
        assert_eq!(self.status, Some(0), "{self:?}");
        self.out
    }

    /// It ends with a status and says this.
    #[track_caller]
    pub(crate) fn refused(&self, status: i32, says: &str) {
        assert_eq!(self.status, Some(status), "{self:?}");
        let says_it = self.err.contains(says) || self.out.contains(says);
        assert!(says_it, "{self:?}");
    }

    pub(crate) fn json(self) -> Value {
        serde_json::from_str(&self.done()).unwrap()
    }
}

/// A directory with a keyring, and configurations of stores in it.
pub(crate) struct Home(pub(crate) TempDir);

impl Home {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A configuration with this store and a gateway that nobody answers at.
    pub(crate) fn place(&self, name: &str, store: &str) -> Place {
        self.place_with(name, store, "127.0.0.1:9")
    }

    /// The same with the gateway at an address.
    pub(crate) fn place_with(&self, name: &str, store: &str, gateway: &str) -> Place {
        let config = self.0.path().join(format!("{name}.toml"));
        let data = self.0.path().join(name);
        let text = format!(
            "listen = \"127.0.0.1:0\"\ndata_dir = '{}'\nkeyring.file = '{}'\n{store}\n\
             [gateway]\nurl = \"http://{gateway}/send\"\ntimeout = \"1s\"\n\
             body = '{{\"to\":\"{{{{to}}}}\",\"text\":\"{{{{text}}}}\"}}'\n",
            data.display(),
            self.0.path().join("keyring").display(),
        );
        fs::write(&config, text).unwrap();
        Place { config, data }
    }

    pub(crate) fn embedded(&self, name: &str) -> Place {
        self.place(name, "store = \"embedded\"")
    }

    pub(crate) fn redis(&self, name: &str, port: u16) -> Place {
        let prefix = format!("{name}:");
        self.place(name, &in_redis(port, &prefix))
    }

    /// In a database of its own.
    pub(crate) fn postgres(&self, name: &str, server: &Postgres) -> Place {
        server.psql(&format!("CREATE DATABASE {name}"));
        self.place(name, &in_postgres(server.port, name))
    }

    pub(crate) fn command(&self, arguments: &[&str], place: &Place) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mpass"));
        command.env_clear().env("HOME", self.0.path());
        command.args(arguments).arg("--config").arg(&place.config);
        command.stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str], place: &Place) -> Ran {
        ran(self.command(arguments, place))
    }

    /// The command that copies, with further arguments.
    pub(crate) fn copying(&self, from: &Place, to: &Place, more: &[&str]) -> Command {
        let mut command = self.command(&["store", "copy"], from);
        command.arg("--to").arg(&to.config).args(more);
        command
    }

    pub(crate) fn copy(&self, from: &Place, to: &Place, more: &[&str]) -> Ran {
        let mut command = self.copying(from, to, more);
        // A later one would be refused.
        if !more.contains(&"--abandon") {
            command.args(["--wait", "0s"]);
        }
        ran(command)
    }

    /// Servers refuse the store, and say why.
    #[track_caller]
    pub(crate) fn refuses_servers(&self, place: &Place, says: &str) {
        let refused = self.run(&["serve"], place);
        assert_eq!(refused.status, Some(2), "{refused:?}");
        assert!(refused.err.contains(says), "{refused:?}");
    }

    pub(crate) fn keyring(&self) -> Keyring {
        let text = fs::read_to_string(self.0.path().join("keyring")).unwrap();
        text.parse().unwrap()
    }

    /// Initializes an embedded store with this many live challenges and a channel.
    pub(crate) fn filled(&self, name: &str, count: u32) -> Place {
        let place = self.embedded(name);
        self.run(&["channel", "create", "--name", "shop"], &place)
            .done();
        let store = open(&place.data);
        fill(&store, &self.keyring(), count);
        place
    }
}

/// Opens an embedded store.
pub(crate) fn open(dir: &Path) -> EmbeddedStore {
    for _ in 0..500 {
        match EmbeddedStore::open(dir) {
            // A child of another test may have the lock until its exec.
            Err(_) => std::thread::sleep(Duration::from_millis(10)),
            Ok(store) => return store,
        }
    }
    EmbeddedStore::open(dir).unwrap()
}

pub(crate) fn ran(mut command: Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        status: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

pub(crate) fn in_redis(port: u16, prefix: &str) -> String {
    format!(
        "[store]\nkind = \"redis\"\nurl = \"redis://127.0.0.1:{port}/\"\nprefix = \"{prefix}\"\n\
         timeout = \"7s\""
    )
}

pub(crate) fn in_postgres(port: u16, database: &str) -> String {
    format!(
        "[store]\nkind = \"postgres\"\ntimeout = \"7s\"\n\
         url = \"postgresql://mpass@127.0.0.1:{port}/{database}\""
    )
}

pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(work)
}

pub(crate) fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(now.as_millis()).unwrap()
}

/// Writes live challenges, in the order in which they are issued.
pub(crate) fn fill(store: &impl Contents, keyring: &Keyring, count: u32) {
    let policy = Policy::default();
    let at_ms = now_ms();
    let record = |n: u32| {
        let number = format!("+9665{n:08}");
        let subject = Subject::parse(SubjectKind::Number, &number).unwrap();
        let binding = Binding {
            service: "mpass",
            tenant: b"shop",
            subject: &subject,
            context: "",
        };
        let mut entropy = [0; 32];
        entropy[..4].copy_from_slice(&n.to_be_bytes());
        let challenge = Challenge::new(keyring, &policy, binding);
        let issued = challenge.issue(None, at_ms, &entropy).unwrap();
        let Issue::Pending(pending) = issued else {
            panic!("a first code is issued");
        };
        Record {
            key: pending.key(),
            value: pending.next().to_vec(),
            expires_at_ms: pending.expires_at_ms(),
        }
    };
    block_on(async {
        let numbers: Vec<u32> = (0..count).collect();
        for some in numbers.chunks(512) {
            let records = some.iter().map(|n| record(*n)).collect();
            let inserted = store.insert(Kind::State, records, at_ms).await.unwrap();
            assert_eq!(inserted, some.len() as u64);
        }
    });
}

/// The values and ends of the states of a store.
pub(crate) fn states(store: &impl Contents) -> BTreeMap<StoreKey, (Vec<u8>, Option<u64>)> {
    let mut states = BTreeMap::new();
    block_on(async {
        let mut after = None;
        loop {
            let page = store.records(Kind::State, after, 4096).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.key);
            let page = page.into_iter();
            states.extend(page.map(|it| (it.key, (it.value, it.expires_at_ms))));
        }
    });
    states
}

/// A command whose standard error is read while it runs.
pub(crate) struct Running {
    pub(crate) child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStderr>>,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        Self { child, lines }
    }

    /// Reads until a line has this.
    pub(crate) fn wait_for(&mut self, says: &str) {
        let mut told = String::new();
        loop {
            let Some(line) = self.lines.next() else {
                panic!("it has ended: {told}");
            };
            let line = line.unwrap();
            if line.contains(says) {
                return;
            }
            told += &line;
        }
    }

    /// Ends it like `kill -9`; it must not have ended.
    pub(crate) fn kill(mut self) {
        assert_eq!(self.child.try_wait().unwrap(), None, "it has ended");
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The most memory that it has had, in KiB.
    pub(crate) fn peak_kib(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }

    /// Waits for its end; what it printed, and the most memory that it had, in KiB.
    pub(crate) fn end(mut self) -> (Ran, u64) {
        let mut peak = 0;
        let status = loop {
            peak = peak.max(self.peak_kib().unwrap_or(0));
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        let mut out = String::new();
        let mut stdout = self.child.stdout.take().unwrap();
        stdout.read_to_string(&mut out).unwrap();
        let err: Vec<String> = self.lines.map(Result::unwrap).collect();
        let ran = Ran {
            status: status.code(),
            out,
            err: err.join("\n"),
        };
        (ran, peak)
    }
}

/// The number of keys in a Redis.
pub(crate) fn redis_keys(server: &Redis) -> u64 {
    server.cli(&["DBSIZE"]).trim().parse().unwrap()
}
