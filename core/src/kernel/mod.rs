//! Hash compressions and the HMAC built on them: the one place where `unsafe`
//! would be allowed in this crate.
//!
//! HMAC is run here rather than by the `hmac` crate because that crate leaves
//! the padded key block on the stack; here the block is wiped.

mod hmac;
mod sha;

pub(crate) use hmac::{Digest, Prepared};

use crate::algorithm::Algorithm;

/// The hash of `parts`, concatenated.
pub(crate) fn hash(algorithm: Algorithm, parts: &[&[u8]]) -> Digest {
    hmac::hash(algorithm, parts)
}

/// The truncated HMACs of many keys and counters; `put` gets each with its
/// place among `jobs`.
pub(crate) fn truncated_batch<'a>(
    jobs: impl Iterator<Item = (&'a Prepared, u64)> + Clone,
    mut put: impl FnMut(usize, u32),
) {
    for (index, (key, counter)) in jobs.enumerate() {
        put(index, key.truncated(counter));
    }
}
