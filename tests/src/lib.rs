//! What the tests of libmpass share.

pub mod vectors;
