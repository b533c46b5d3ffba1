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
//! has given the RFC's codes. The peers in C take part where they are installed:
//! liboath-dev, nettle-dev and libipsec-mb-dev of Debian.
//!
//! Where `MPASS_BENCH_RESULTS` names a file, every result is added to it; see
//! [`results`].

// A benchmark that cannot be set up is broken.
#![allow(clippy::expect_used)]

pub mod codes;
pub mod comparison;
pub mod host;
#[cfg(target_arch = "x86_64")]
pub mod limit;
pub mod options;
pub mod peers;
pub mod results;
pub mod served;
