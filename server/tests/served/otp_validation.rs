//! CAMARA OTP Validation over real HTTP: the scenarios of the engine's own
//! tests, run against the server.

use mpass_core::challenge::Keyring;
use mpass_core::service::{Client, ClientSettings};
use mpass_server::store::EmbeddedStore;
use mpass_server::{entropy, keyring_file};
use mpass_tests::otp_validation::{BLOCKED, Operator, clients};
use mpass_tests::served::Inbox;
use mpass_tests::tenants;
use mpass_tests::wire::{Answer, Call, Http, Wire};
use tempfile::TempDir;

use crate::clock::Clock;
use crate::process::{Gateway, Process, data_dir};

/// A server with clients that were created before the start.
struct Served {
    http: Http,
    clock: Clock,
    gateway: Gateway,
    keyring: Keyring,
    clients: Vec<Client>,
    _process: Process,
    _dir: TempDir,
}

impl Served {
    fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (keyring, _) = keyring_file::load_or_create(&dir.path().join("keyring")).unwrap();
        let clock = Clock::new(dir.path());
        let store = EmbeddedStore::open(data_dir(dir.path()).as_ref()).unwrap();
        let clients = clients().map(|settings| create(&store, &keyring, &settings, clock.now_ms()));
        drop(store);
        let gateway = Gateway::start();
        let config = gateway.config(dir.path());
        let own = r#"own = ["+96650", "+96611", "+34"]"#;
        let config = format!("{config}[numbers]\n{own}\nbarred = [\"{BLOCKED}\"]\n");
        let process = Process::configured_at(&clock, dir.path(), &config);
        Self {
            http: Http::new(&process.base),
            clock,
            gateway,
            keyring,
            clients: clients.into(),
            _process: process,
            _dir: dir,
        }
    }
}

fn create(
    store: &EmbeddedStore,
    keyring: &Keyring,
    settings: &ClientSettings,
    now_ms: u64,
) -> Client {
    let entropy = entropy::fresh().unwrap();
    tenants::create(store, keyring, settings, now_ms, &entropy);
    tenants::stored(store, keyring, &settings.name)
}

impl Wire for Served {
    fn send(&self, call: &Call) -> Answer {
        self.http.send(call)
    }

    fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }
}

impl Inbox for Served {
    fn newest(&self, dest: &str) -> Option<String> {
        self.gateway.newest(dest)
    }
}

impl Operator for Served {
    fn client(&self, settings: ClientSettings) -> Client {
        let mut clients = self.clients.iter();
        let found = clients.find(|client| client.settings().name == settings.name);
        found.unwrap().clone()
    }

    fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    fn pass(&self, ms: u64) {
        self.clock.pass(ms);
    }
}

fn run(test: fn(&dyn Operator)) {
    test(&Served::start());
}

mpass_tests::otp_validation_tests!(run);
