//! CAMARA OTP Validation directly on its exchange: the scenarios and rows that
//! every host must pass, and tests that need a simulated host.

mod flow;
mod states;

use mpass_tests::otp_validation::{Operator, world};

fn run(test: fn(&dyn Operator)) {
    test(&world());
}

mpass_tests::otp_validation_tests!(run);
