//! Shared code of libmpass's benchmarks: the run with its table of ratios, the
//! peers, and a host.
//!
//! ```text
//! cargo bench                    everything
//! cargo bench -- hotp            benchmarks with this in their names
//! cargo bench -- --test          everything once, unmeasured
//! ```
//!
//! Each group times libmpass and its peers one after the other in one process,
//! so that ratios are comparable. Before that, every peer is checked against
//! the codes of the RFC. The peers in C are included if they are installed:
//! liboath-dev, nettle-dev and libipsec-mb-dev of Debian.
//!
//! If `MPASS_BENCH_RESULTS` is set to a file, every result is appended to it;
//! see [`results`].

// A benchmark that cannot be set up must fail.
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
