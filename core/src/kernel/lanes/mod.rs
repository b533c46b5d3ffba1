//! The algorithms, written once over [`Vector`](super::vector::Vector): one message in each lane.
//!
//! A HOTP value is two compressions on states that were computed before, the
//! inner one over the counter and the outer one over the inner digest, each a
//! single block whose other words are constants. So no block is ever written
//! as bytes: its words go from register to register, and only the truncated
//! value comes out.

mod columns;
mod hotp;
mod sha1;
mod sha2;
mod truncation;

pub(super) use columns::{
    Blocks256, Columns1, Columns256, Columns512, LANES_32, LANES_64, Macs, Macs1, Macs256, Macs512,
    halves, padded_16,
};
pub(crate) use columns::{only_block, only_block_of_16};
pub(super) use hotp::{blocks256, hotp1, hotp256, hotp512};
pub(super) use sha1::compress as compress1;
pub(super) use sha2::{compress256, compress512};
pub(super) use truncation::{of_32 as truncation_32, of_64 as truncation_64};
