//! CAMARA Number Verification on any host: single calls and what has to come
//! of them, the scenarios of the specification, the rows of its error tables,
//! and one token in many hands.

// A call that does not come to what it should is a failed test.
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
