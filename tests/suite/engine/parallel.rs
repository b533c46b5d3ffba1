//! 64 concurrent threads on one engine and one store.

use std::sync::Barrier;
use std::thread;

use mpass_core::challenge::PolicySettings;
use mpass_core::service::Reason;
use mpass_tests::coverage::RUST;
use mpass_tests::served::{PARALLEL, number, wrong};
use mpass_tests::sim::World;

const ROUNDS: u32 = 50;

/// Sends a code to a number and returns the code.
fn send(world: &World, key: &str, dest: &str) -> String {
    let path = format!("/mpass-web/rest/mv/msg?apikey={key}&dest={dest}");
    assert_eq!(world.get(&path).reason, Reason::Sent);
    world.last_code()
}

fn verify(world: &World, key: &str, dest: &str, otp: &str) -> Reason {
    let path = format!("/mpass-web/rest/mv/verify?apikey={key}&dest={dest}&otp={otp}");
    world.get(&path).reason
}

/// Makes the same attempt from each thread.
fn race(world: &World, key: &str, dest: &str, otp: &str) -> Vec<Reason> {
    let start = Barrier::new(PARALLEL);
    thread::scope(|scope| {
        let attempt = || {
            start.wait();
            verify(world, key, dest, otp)
        };
        let callers: Vec<_> = (0..PARALLEL).map(|_| scope.spawn(attempt)).collect();
        let ended = callers.into_iter().map(|caller| caller.join().unwrap());
        ended.collect()
    })
}

fn count(reasons: &[Reason], one: Reason) -> usize {
    reasons.iter().filter(|reason| **reason == one).count()
}

#[test]
fn of_right_codes_one_is_accepted() {
    let world = World::default();
    let key = world.generous_channel("web");
    for round in 0..ROUNDS {
        let dest = number(1, round).replace('+', "%2B");
        let code = send(&world, &key, &dest);
        let reasons = race(&world, &key, &dest, &code);
        assert_eq!(count(&reasons, Reason::Accepted), 1, "{reasons:?}");
        assert_eq!(count(&reasons, Reason::Used), PARALLEL - 1, "{reasons:?}");
        RUST.parallel(reasons.len() as u64);
    }
}

#[test]
fn wrong_codes_are_compared_no_more_than_the_tries() {
    let tries = usize::from(PolicySettings::default().tries);
    let world = World::default();
    let key = world.generous_channel("web");
    for round in 0..ROUNDS {
        let dest = number(2, round).replace('+', "%2B");
        let code = send(&world, &key, &dest);
        let reasons = race(&world, &key, &dest, &wrong(&code));
        // The last try is reported as "none left".
        assert_eq!(count(&reasons, Reason::WrongCode), tries - 1, "{reasons:?}");
        let rest = count(&reasons, Reason::Exhausted);
        assert_eq!(rest, PARALLEL - tries + 1, "{reasons:?}");
        assert_eq!(verify(&world, &key, &dest, &code), Reason::Exhausted);
        RUST.parallel(reasons.len() as u64);
    }
}
