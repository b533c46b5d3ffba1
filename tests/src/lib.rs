//! What the tests of libmpass share.

pub mod sim;
pub mod vectors;
