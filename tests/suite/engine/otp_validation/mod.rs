//! CAMARA OTP Validation straight on its exchange: the scenarios and rows that
//! every host has to pass, and what only a simulated one can show.

mod flow;
mod states;

use mpass_tests::otp_validation::{Operator, world};

fn run(test: fn(&dyn Operator)) {
    test(&world());
}

mpass_tests::otp_validation_tests!(run);
