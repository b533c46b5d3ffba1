//! Cut-offs: what an administrator has stopped for a while.

mod change;
mod document;
mod entry;
mod list;
mod target;
#[cfg(all(test, feature = "std"))]
mod tests;

pub(in crate::service) use document::DOCUMENT;
pub use entry::{CutOff, NewCutOff};
pub use list::CutOffs;
pub use target::CutOffTarget;
