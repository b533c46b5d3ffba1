//! Stores whose whole contents can be read.

use mpass_core::Error;
use mpass_core::store::{Listed, Store, StoreKey};

/// A store whose states can be listed, too.
pub trait States: Store {
    /// At most `limit` values of [`Kind::State`](mpass_core::store::Kind) after a
    /// key, in the order of their keys.
    ///
    /// # Errors
    /// [`Error::StoreFailed`] when the store cannot be read.
    fn states(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error>;

    /// The layout of its file; `None` for a store in memory.
    fn layout(&self) -> Option<i32>;
}
