//! The contracts as examples/edge-worker serves them in workerd, with Durable Objects
//! as the store: the suites that every host must pass. `cargo xtask test --only js`
//! builds the package and runs them.

// A host that does not answer fails the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod edge;
mod number_verification;
mod store;

use mpass_core::service::ChannelSettings;
use mpass_tests::served::{self, Service};
use mpass_tests::sim::generous_policy;
use mpass_tests::tenants;
use mpass_tests::wire::Wire;

use self::edge::World;

const ROUNDS: u32 = 4;
const TRIES: u64 = 5;

mod otp_validation {
    use mpass_tests::otp_validation::Operator;

    fn run(test: fn(&dyn Operator)) {
        test(&crate::edge::World::new());
    }

    mpass_tests::otp_validation_tests!(run);
}

mod verify_now {
    use mpass_tests::verify_now::{Desk, provision};
    use mpass_tests::wire::Wire;

    fn run(row: fn(&dyn Desk)) {
        let world = crate::edge::World::new();
        provision(&world, world.keys(), world.now_ms(), &world.entropy());
        row(&world);
    }

    mpass_tests::verify_now_tests!(run);
}

/// A stored swap is an attempt that was paid for.
#[test]
fn mpass_parallel_attempts() {
    let world = World::main();
    let settings = ChannelSettings {
        policy: generous_policy(),
        ..ChannelSettings::new("shop")
    };
    let created = tenants::create(
        &world,
        world.keys(),
        &settings,
        world.now_ms(),
        &world.entropy(),
    );
    let service = Service::new(world.base(), &created.credential);
    let compared = || world.stored();
    served::parallel_wrong_codes(&service, &world, ROUNDS, TRIES, compared);
    served::parallel_right_codes(&service, &world, ROUNDS);
}
