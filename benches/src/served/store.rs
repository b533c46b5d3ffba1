//! The stores that servers are measured on, with the engines behind two of them.

use std::process::Command;

use super::cores::{self, CLIENT_CORE};
use super::support::postgres::Postgres;
use super::support::redis::Redis;

/// The kind of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreUnderTest {
    /// In memory.
    Memory,
    /// On disk, each swap synced before its answer.
    Embedded,
    /// In Redis, each write synced before its answer.
    Redis,
    /// In PostgreSQL, each commit synced before its answer.
    Postgres,
}

impl StoreUnderTest {
    /// All of them, the reference first.
    pub const ALL: [Self; 4] = [Self::Memory, Self::Embedded, Self::Redis, Self::Postgres];

    /// The name in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory store",
            Self::Embedded => "embedded store",
            Self::Redis => "Redis",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// A store, and the process behind it, which runs on the core of the load.
pub struct Engine(Process);

enum Process {
    None(StoreUnderTest),
    Redis(Redis),
    Postgres(Postgres),
}

impl Engine {
    /// Starts what a store needs.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn start(store: StoreUnderTest) -> Self {
        match store {
            StoreUnderTest::Memory | StoreUnderTest::Embedded => Self(Process::None(store)),
            StoreUnderTest::Redis => {
                let redis = Redis::start(&[]);
                cores::bind(redis.process.0.id(), CLIENT_CORE);
                Self(Process::Redis(redis))
            }
            StoreUnderTest::Postgres => {
                let postgres = Postgres::start(&[]);
                cores::bind(postgres.process.0.id(), CLIENT_CORE);
                Self(Process::Postgres(postgres))
            }
        }
    }

    /// Its part of a server's configuration.
    pub(super) fn configured(&self) -> String {
        let table = |kind: &str, url: String| format!("[store]\nkind = '{kind}'\nurl = '{url}'\n");
        match &self.0 {
            Process::None(StoreUnderTest::Memory) => "store = 'memory'\n".to_owned(),
            Process::None(_) => "store = 'embedded'\n".to_owned(),
            Process::Redis(redis) => table("redis", redis.url()),
            Process::Postgres(postgres) => table("postgres", postgres.url()),
        }
    }

    /// Whether a server never writes the header itself.
    pub(super) fn is_remote(&self) -> bool {
        !matches!(self.0, Process::None(_))
    }
}

/// A Redis that writes nothing to its disk, and its port.
pub(super) struct Forgetful(Redis);

impl Forgetful {
    pub(super) fn start() -> Self {
        let redis = Redis::start(&["--appendonly", "no"]);
        cores::bind(redis.process.0.id(), CLIENT_CORE);
        Self(redis)
    }

    pub(super) fn port(&self) -> u16 {
        self.0.port
    }
}

/// Writes the header of a store, which also creates its tables.
pub(super) fn initialize(binary: &std::path::Path, config: &std::path::Path) {
    let mut init = Command::new(binary);
    let output = init
        .args(["store", "init", "--config"])
        .arg(config)
        .output();
    let output = output.expect("the command line");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
