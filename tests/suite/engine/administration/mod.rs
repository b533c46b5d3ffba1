//! Administration of tenants on a store: its operations, and a model check of
//! their interleavings with each other and with calls.

mod credits;
mod model;
mod operations;
mod rotation;
