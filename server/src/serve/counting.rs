//! Writing statistics while a server runs.

use core::time::Duration;
use std::sync::Arc;

use tokio::time::{MissedTickBehavior, interval};

use crate::state::State;

/// How often what was counted is written.
const INTERVAL: Duration = Duration::from_secs(5);

/// Writes what was counted until `end`, and then the rest.
pub(super) async fn watch(state: Arc<State>, end: impl Future<Output = ()>) {
    tokio::pin!(end);
    let mut ticks = interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut is_over, mut was_written) = (false, true);
    while !is_over {
        tokio::select! {
            () = &mut end => is_over = true,
            _ = ticks.tick() => {}
        }
        let written = state.write_statistics().await;
        if let (Err(error), true) = (&written, was_written) {
            tracing::warn!(%error, "the statistics cannot be written: they are kept");
        }
        was_written = written.is_ok();
    }
}
