//! Restarts without a failed request: sockets that outlive the server, the wait
//! for the predecessor's store, and the order in which a server ends.

mod drain;
mod inherited;
pub(crate) mod notify;
mod predecessor;

pub(crate) use drain::Drain;
pub use inherited::Inherited;
pub(crate) use predecessor::wait_for_store;
