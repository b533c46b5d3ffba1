//! CAMARA OTP Validation v1 on any host: calls and their expected results, the
//! scenarios of the specification, and the rows of its error tables.

// Unexpected results fail the test by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod list;
mod operator;
pub mod races;
pub mod rows;
pub mod scenarios;

pub use operator::{
    BLOCKED, CORRELATOR, Caller, FOREIGN, LAND_LINE, LIFE_MS, MAX_SEND, MAX_TRY, MESSAGE,
    NOT_ALLOWED, Operation, Operator, expect_error, expect_sent, expect_validated, number,
    send_body, settings, validate_body, world,
};
pub use rows::clients;

pub use crate::served::wrong;
