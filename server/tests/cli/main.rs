//! The command `mpass` as its users have it: every test starts processes.

mod channels;
mod codes;
mod demo;
mod keys;
mod misuse;
mod numbers;
mod support;
