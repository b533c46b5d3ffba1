//! CAMARA Number Verification over real HTTP: the scenarios of the engine's own
//! tests, run against the server.

use std::path::Path;

use mpass_core::challenge::Keyring;
use mpass_core::service::Client;
use mpass_server::store::EmbeddedStore;
use mpass_server::{clock, entropy, keyring_file};
use mpass_tests::number_verification::{
    Body, Operation, Outcome, ROWS, Scenario, Subject, client_settings, grant,
    one_answer_for_a_token,
};
use mpass_tests::tenants;
use mpass_tests::wire::{Answer, Call, Http, Wire};
use tempfile::TempDir;

use crate::clock::Clock;
use crate::process::{Gateway, Process, data_dir};

/// A server with a client that was created before the start.
struct Scene {
    dir: TempDir,
    process: Process,
    http: Http,
    keyring: Keyring,
    client: Client,
}

impl Scene {
    fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let keyring_path = dir.path().join("keyring");
        let (keyring, _) = keyring_file::load_or_create(&keyring_path).unwrap();
        let client = create_client(dir.path(), &keyring);
        let process = start(dir.path());
        Self {
            http: Http::new(&process.base),
            dir,
            process,
            keyring,
            client,
        }
    }

    fn subject(&self) -> Subject<'_> {
        Subject::new(&self.http, &self.keyring, &self.client)
    }

    fn killed_and_restarted(self) -> Self {
        self.process.kill();
        let process = start(self.dir.path());
        Self {
            http: Http::new(&process.base),
            process,
            ..self
        }
    }
}

fn start(dir: &Path) -> Process {
    Process::configured(dir, &Gateway::start().config(dir))
}

fn create_client(dir: &Path, keyring: &Keyring) -> Client {
    let store = EmbeddedStore::open(data_dir(dir).as_ref()).unwrap();
    let (now_ms, entropy) = (clock::now_ms(), entropy::fresh().unwrap());
    let settings = client_settings("app");
    tenants::create(&store, keyring, &settings, now_ms, &entropy);
    tenants::stored(&store, keyring, "app")
}

fn run(scenario: &Scenario) {
    scenario.run(&Scene::start().subject());
}

mpass_tests::number_verification_scenarios!(run);

#[test]
fn every_row_that_can_be_produced_on_any_host() {
    let scene = Scene::start();
    for case in ROWS {
        scene.subject().check(case);
    }
}

#[test]
fn a_token_used_concurrently_has_one_answer() {
    one_answer_for_a_token(&Scene::start().subject(), 20);
}

/// A server whose clock a test sets.
struct Timed<'a> {
    http: Http,
    clock: &'a Clock,
}

impl Wire for Timed<'_> {
    fn send(&self, call: &Call) -> Answer {
        self.http.send(call)
    }

    fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }
}

/// A clock that is ahead lets the store drop the use of a token; when it is set
/// back, the token is still refused, also after a restart.
#[test]
fn a_used_token_stays_used_when_the_clock_was_ahead() {
    let dir = tempfile::tempdir().unwrap();
    let keyring_path = dir.path().join("keyring");
    let (keyring, _) = keyring_file::load_or_create(&keyring_path).unwrap();
    let client = create_client(dir.path(), &keyring);
    let clock = Clock::new(dir.path());
    let config = Gateway::start().config(dir.path());
    let start = || {
        let process = Process::configured_at(&clock, dir.path(), &config);
        let http = Http::new(&process.base);
        let clock = &clock;
        (process, Timed { http, clock })
    };
    let share = |wire: &Timed<'_>, token: Option<&str>| {
        let subject = Subject::new(wire, &keyring, &client);
        let token = token.map_or_else(|| subject.token(&grant()), str::to_owned);
        let answer = subject.call("v2", Operation::Share, Some(&token), Body::Absent);
        (token, answer)
    };
    let (process, wire) = start();
    let start_ms = clock.now_ms();
    let (used, answer) = share(&wire, None);
    Outcome::Shared.check(&answer);
    clock.set(start_ms + 2 * 86_400_000);
    for _ in 0..4 {
        Outcome::Shared.check(&share(&wire, None).1);
    }
    clock.set(start_ms);
    let refused = Outcome::Error(401, "UNAUTHENTICATED");
    refused.check(&share(&wire, Some(&used)).1);
    assert_eq!(process.terminate(), Some(0));
    let (_process, wire) = start();
    refused.check(&share(&wire, Some(&used)).1);
    // A token that ends after everything that was dropped serves. Expiries are
    // rounded up to the minute.
    clock.pass(61_000);
    Outcome::Shared.check(&share(&wire, None).1);
    let used = crate::process::wait_for_log(dir.path(), "reason=\"token_used\"", 2);
    assert_eq!(used, 2);
}

#[test]
fn a_used_token_stays_used_after_a_kill() {
    let scene = Scene::start();
    let [used, unused] = [(); 2].map(|()| scene.subject().token(&grant()));
    let share = |scene: &Scene, token: &str| {
        let subject = scene.subject();
        subject.call("v2", Operation::Share, Some(token), Body::Absent)
    };
    Outcome::Shared.check(&share(&scene, &used));
    let scene = scene.killed_and_restarted();
    Outcome::Error(401, "UNAUTHENTICATED").check(&share(&scene, &used));
    Outcome::Shared.check(&share(&scene, &unused));
}
