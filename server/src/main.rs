//! The command line of libmpass.

fn main() {}
