//! Hash compression functions and HMAC, for single messages and for many
//! messages in SIMD lanes. This is the only module of the crate that uses
//! `unsafe`.
//!
//! `lanes` implements the algorithms once, generic over the `Vector` trait;
//! `arch` implements that trait for each instruction set; `backend` selects one
//! at run time; `crossover` decides from how many messages on the lanes are
//! faster. HMAC is implemented here, not taken from the `hmac` crate, because
//! that crate leaves the padded key block on the stack.

mod arch;
mod backend;
mod batch;
#[cfg(test)]
mod conformance;
mod constants;
mod crossover;
mod hmac;
mod in_lanes;
mod lanes;
#[cfg(test)]
mod measure;
mod message;
mod one_lane;
mod range;
mod rolled;
mod sha;
mod single;
mod states;
mod values;
mod vector;
mod wipe;

pub use backend::{Backend, backend};
pub(crate) use batch::{digest_batch, truncated_batch};
pub(crate) use hmac::Prepared;
pub(crate) use lanes::{only_block, only_block_of_16};
pub(crate) use message::{Digest, hash};
pub(crate) use sha::digest_of_16;
pub(crate) use single::truncated_once;
pub(crate) use values::{TOGETHER, Values};
pub(crate) use wipe::wipe;
