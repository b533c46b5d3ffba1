//! What the stores behind a network share: their runtime, their connections, and the
//! admission of a node by its host.

mod backend;
mod blocking;
mod contents;
mod inspection;
mod io;
mod links;
mod node;
mod settings;
mod store;

pub(crate) use backend::{Backend, Failed, Link};
pub(crate) use contents::Bulk;
pub use inspection::{Bound, Inspection};
pub use node::{Admission, Finding, Identity, Node, Part};
pub(crate) use settings::check_timeout;
pub use settings::{SettingsError, TIMEOUTS};
pub use store::Remote;
