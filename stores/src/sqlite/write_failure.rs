//! Why the last write to the store failed.

use std::sync::{Mutex, PoisonError};

/// Why the last write failed, if it did.
#[derive(Debug, Default)]
pub(super) struct WriteFailure(Mutex<Option<String>>);

impl WriteFailure {
    /// Records a write.
    pub(super) fn set(&self, failure: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = failure;
    }

    /// The reason, in one line without a value.
    pub(super) fn get(&self) -> Option<String> {
        let failure = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failure.clone()
    }
}
