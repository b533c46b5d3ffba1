//! `VerifyNow` over real HTTP: the rows that every host must pass, run against
//! the server.

use mpass_core::challenge::Keyring;
use mpass_server::store::EmbeddedStore;
use mpass_server::{entropy, keyring_file};
use mpass_tests::served::Inbox;
use mpass_tests::verify_now::{Desk, provision};
use mpass_tests::wire::{Answer, Call, Http, Wire};
use tempfile::TempDir;

use crate::clock::Clock;
use crate::process::{Gateway, Process, data_dir};

/// A server with customers that were created before the start.
struct Served {
    http: Http,
    clock: Clock,
    keyring: Keyring,
    gateway: Gateway,
    _process: Process,
    _dir: TempDir,
}

impl Served {
    fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let keyring_path = dir.path().join("keyring");
        let (keyring, _) = keyring_file::load_or_create(&keyring_path).unwrap();
        let clock = Clock::new(dir.path());
        let store = EmbeddedStore::open(data_dir(dir.path()).as_ref()).unwrap();
        provision(&store, &keyring, clock.now_ms(), &entropy::fresh().unwrap());
        drop(store);
        let gateway = Gateway::start();
        let config = gateway.config(dir.path());
        let process = Process::configured_at(&clock, dir.path(), &config);
        Self {
            http: Http::new(&process.base),
            clock,
            keyring,
            gateway,
            _process: process,
            _dir: dir,
        }
    }
}

impl Wire for Served {
    fn send(&self, call: &Call) -> Answer {
        self.http.send(call)
    }

    fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }
}

impl Desk for Served {
    fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    fn code(&self, number: &str) -> String {
        self.gateway.code(number)
    }

    fn pass(&self, ms: u64) {
        self.clock.pass(ms);
    }
}

fn run(row: fn(&dyn Desk)) {
    row(&Served::start());
}

mpass_tests::verify_now_tests!(run);
