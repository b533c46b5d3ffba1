//! CAMARA Number Verification, both versions.

use mpass_core::service::Client;
use mpass_tests::number_verification::{
    ROWS, Scenario, Subject, client_settings, one_answer_for_a_token,
};
use mpass_tests::otp_validation::Operator;

use crate::ROUNDS;
use crate::edge::World;

/// A world with a client.
fn scene() -> (World, Client) {
    let world = World::new();
    let client = world.client(client_settings("app"));
    (world, client)
}

fn run(scenario: &Scenario) {
    let (world, client) = scene();
    scenario.run(&Subject::new(&world, world.keys(), &client));
}

mpass_tests::number_verification_scenarios!(run);

#[test]
fn every_row_that_can_be_produced_on_any_host() {
    let (world, client) = scene();
    for case in ROWS {
        Subject::new(&world, world.keys(), &client).check(case);
    }
}

#[test]
fn a_token_used_concurrently_has_one_answer() {
    let (world, client) = scene();
    one_answer_for_a_token(&Subject::new(&world, world.keys(), &client), ROUNDS);
}
