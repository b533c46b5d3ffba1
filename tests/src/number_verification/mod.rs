//! CAMARA Number Verification on any host: calls and their expected results,
//! the scenarios of the specification, the rows of its error tables, and
//! concurrent use of one token.

// Unexpected results fail the test by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod rows;
mod scenarios;
mod subject;

pub use rows::ROWS;
pub use scenarios::{SHARE, Scenario, VERIFY};
pub use subject::{
    Body, Case, Correlator, NUMBER, OTHER, Operation, Outcome, Subject, Token, client_settings,
    grant, one_answer_for_a_token, request,
};
