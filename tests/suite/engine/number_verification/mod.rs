//! CAMARA Number Verification directly on its exchange.

mod once;
mod requests;
mod tokens;

use mpass_core::service::{Client, ClientSettings};
use mpass_tests::number_verification::{
    Body, Operation, Outcome, ROWS, Scenario, Subject, client_settings, request,
};
use mpass_tests::sim::World;
use mpass_tests::wire::{Answer, Wire};

/// A world with a client that has all scopes.
struct Scene {
    world: World,
    client: Client,
}

impl Default for Scene {
    fn default() -> Self {
        Self::new(World::default(), client_settings("app"))
    }
}

impl Scene {
    fn new(world: World, settings: ClientSettings) -> Self {
        let (client, _) = world.client(settings);
        Self { world, client }
    }

    fn subject(&self) -> Subject<'_> {
        Subject::new(&self.world, self.world.engine.keyring(), &self.client)
    }

    /// `/device-phone-number` of version 2.
    fn share(&self, token: &str) -> Answer {
        let call = request("v2", Operation::Share, Some(token), None, Body::Absent);
        self.world.send(&call)
    }
}

#[track_caller]
fn is_unauthenticated(answer: &Answer) {
    Outcome::Error(401, "UNAUTHENTICATED").check(answer);
}

fn run(scenario: &Scenario) {
    scenario.run(&Scene::default().subject());
}

mpass_tests::number_verification_scenarios!(run);

#[test]
fn every_row_that_any_host_can_be_brought_to() {
    let scene = Scene::default();
    for case in ROWS {
        scene.subject().check(case);
    }
}
