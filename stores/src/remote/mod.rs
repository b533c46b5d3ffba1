//! What the stores behind a network share: their runtime, their connections, and the
//! admission of a node by its host.

mod backend;
mod io;
mod links;
mod node;
mod store;

pub(crate) use backend::{Backend, Failed, Link};
pub use node::{Admission, Finding, Identity, Node};
pub use store::{Remote, View};
