//! Hash compressions and the HMAC built on them: the one place where `unsafe`
//! would be allowed in this crate.
//!
//! HMAC is run here rather than by the `hmac` crate because that crate leaves
//! the padded key block on the stack; here the block is wiped.

mod arch;
mod backend;
#[cfg(test)]
mod conformance;
mod hmac;
mod lanes;
mod many;
#[cfg(test)]
mod measure;
mod sha;
mod vector;
mod wipe;

pub use backend::{Backend, backend};
pub(crate) use hmac::{Digest, Prepared};
pub(crate) use many::{digest_batch, short_digest, truncated_batch};
pub(crate) use wipe::wipe;

use crate::algorithm::Algorithm;

/// The hash of `parts`, concatenated.
pub(crate) fn hash(algorithm: Algorithm, parts: &[&[u8]]) -> Digest {
    hmac::hash(algorithm, parts)
}
