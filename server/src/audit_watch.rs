//! The end of the audit log in the server's log and metrics: with it, somebody who can
//! write to the store cannot remove the last entries unnoticed.

use core::time::Duration;
use std::sync::Arc;

use tokio::time::{MissedTickBehavior, interval};

use crate::audit::{AuditLog, Link};
use crate::state::State;

/// How often the end is looked at.
const INTERVAL: Duration = Duration::from_secs(60);

/// Reports the last entry until `end`, and once more then. While there is no new one,
/// the line in the log that has it still holds.
pub(crate) async fn watch(state: Arc<State>, end: impl Future<Output = ()>) {
    tokio::pin!(end);
    let mut ticks = interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut logged = None;
    loop {
        let is_over = tokio::select! {
            () = &mut end => true,
            _ = ticks.tick() => false,
        };
        logged = report(&state, logged).await;
        if is_over {
            return;
        }
    }
}

/// Sets the metrics, and logs an entry that was not logged before. Returns the last one.
async fn report(state: &State, logged: Option<Link>) -> Option<Link> {
    let engine = state.engine.load_full();
    let last = AuditLog::new(&state.store, engine.keyring()).last().await;
    state.metrics.set_audit(&last);
    if last.number > 0 && logged != Some(last) {
        tracing::info!(target: "mpass", entries = last.number, anchor = %last, "audit log");
    }
    Some(last)
}
