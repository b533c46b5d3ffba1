//! The flows that contracts share, as state machines over steps and answers:
//! assess a number, send a code, verify a code, use a token once.

mod assessed;
mod once;
mod send;
mod steps;
mod subject;
mod swap;
mod verify;

pub(crate) use assessed::Assessed;
pub(crate) use once::UseFlow;
pub(crate) use send::{SendFlow, Sent};
pub(crate) use steps::{Flow, Now, loaded, take_once};
pub(crate) use subject::{Billing, Subject};
pub(crate) use verify::VerifyFlow;
