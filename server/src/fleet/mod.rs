//! The machines that share a store. Each announces itself in a document of its own, so
//! that any of them shows all, and what differs between them. Nothing else is
//! coordinated: what machines decide on is in the store.

pub(crate) mod announcing;
pub(crate) mod directory;
pub(crate) mod keys;
pub(crate) mod offset;
pub(crate) mod upgrade;
