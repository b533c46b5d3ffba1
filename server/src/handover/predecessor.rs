//! The wait for the store of the server that this one takes over from.

use core::time::Duration;
use std::path::Path;
use std::time::Instant;

use anyhow::Context;

use crate::store::{OpenError, StoreDirectory};

/// How often the lock is tried.
const INTERVAL: Duration = Duration::from_millis(10);

/// Locks the directory of a store, for which it waits while another process has
/// the store open. Nothing is waited for or created without a store.
///
/// # Errors
/// [`OpenError::InUse`] after `timeout`, and the other errors of
/// [`StoreDirectory::lock`].
pub(crate) async fn wait_for_store(
    dir: &Path,
    timeout: Duration,
) -> anyhow::Result<Option<StoreDirectory>> {
    let contains_store = StoreDirectory::contains_store(dir);
    if !contains_store.with_context(|| format!("cannot read {}", dir.display()))? {
        return Ok(None);
    }
    let begun = Instant::now();
    let mut is_waiting = false;
    loop {
        match StoreDirectory::lock(dir) {
            Ok(locked) => return Ok(Some(locked)),
            Err(error @ OpenError::InUse(_)) if begun.elapsed() >= timeout => {
                return Err(error).with_context(|| format!("after waiting for {timeout:?}"));
            }
            Err(OpenError::InUse(_)) => {}
            Err(error) => return Err(error.into()),
        }
        if !is_waiting {
            is_waiting = true;
            tracing::info!(
                "waiting for the server that has the store in {} open",
                dir.display()
            );
        }
        tokio::time::sleep(INTERVAL).await;
    }
}
