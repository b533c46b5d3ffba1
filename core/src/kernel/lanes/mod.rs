//! The algorithms, generic over [`Vector`](super::vector::Vector), with one
//! message per lane.
//!
//! A HOTP value takes two compressions on precomputed states: the inner one
//! over the counter, the outer one over the inner digest. Each is a single
//! block whose remaining words are constants, so blocks never exist as bytes in
//! memory: words move between registers, and only the truncated value is
//! stored.

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
