//! CAMARA Number Verification over real HTTP: the scenarios of the engine's own
//! tests, run against the server.

use std::path::Path;

use mpass_core::challenge::Keyring;
use mpass_core::service::Client;
use mpass_core::store::{Store, Swapped};
use mpass_server::store::EmbeddedStore;
use mpass_server::{clock, entropy, keyring_file};
use mpass_tests::number_verification::{
    Body, Operation, Outcome, ROWS, Scenario, Subject, client_settings, grant,
    one_answer_for_a_token,
};
use mpass_tests::wire::Http;
use tempfile::TempDir;

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
    let write = Client::create(keyring, None, settings, now_ms, &entropy).unwrap();
    let swap = write.swap();
    assert_eq!(Store::swap(&store, swap, now_ms), Ok(Swapped::Stored));
    Client::open(keyring, &swap.key, &swap.value).unwrap()
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
