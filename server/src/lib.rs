//! The reference server of libmpass: HTTP, storage and delivery around the
//! engine.

pub mod store;
