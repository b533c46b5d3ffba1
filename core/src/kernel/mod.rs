//! Hash compressions and the HMAC built on them, one message at a time and
//! many side by side: the one place of `unsafe` in this crate.
//!
//! `lanes` has the algorithms, written once over the registers that `vector`
//! describes and `arch` names; `backend` chooses, and `pays` says from how many
//! messages on lanes are used. HMAC is run here rather than by the `hmac`
//! crate because that crate leaves the padded key block on the stack; here the
//! block is wiped.

mod arch;
mod backend;
mod batch;
#[cfg(test)]
mod conformance;
mod constants;
mod hmac;
mod in_lanes;
mod lanes;
#[cfg(test)]
mod measure;
mod message;
mod pays;
mod range;
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
