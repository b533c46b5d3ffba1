//! What the benchmarks of libmpass share: the run with its table of ratios,
//! the peers, and a host.
//!
//! ```text
//! cargo bench                    everything
//! cargo bench -- hotp            what has this in its name
//! cargo bench -- --test          everything once, unmeasured
//! ```
//!
//! Each group times libmpass and its peers one after the other in one
//! process, so that a ratio compares like with like; before that, every peer
//! has given the RFC's codes. liboath takes part where pkg-config finds it.

// A benchmark that cannot be set up is broken.
#![allow(clippy::expect_used)]

pub mod comparison;
pub mod host;
#[cfg(liboath)]
pub mod liboath;
pub mod limit;
pub mod totp;
