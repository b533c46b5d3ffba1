//! Announcing this machine while it serves.

use core::time::Duration;
use std::sync::Arc;

use mpass_core::Error;
use tokio::time::{MissedTickBehavior, interval};

use super::directory::Machines;
use super::offset::measure;
use crate::admin::collect;
use crate::reload::Reloader;
use crate::state::State;

/// How often a machine announces itself, and compares its clock.
const INTERVAL: Duration = Duration::from_secs(5);
/// The longest time for withdrawing at the end.
const FAREWELL: Duration = Duration::from_secs(2);

/// Announces the machine until `end`, and then withdraws it.
pub(crate) async fn watch(
    state: Arc<State>,
    reloader: Arc<Reloader>,
    end: impl Future<Output = ()>,
) {
    tokio::pin!(end);
    let mut ticks = interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut was_announced, mut was_tolerable) = (true, true);
    loop {
        tokio::select! {
            () = &mut end => break,
            _ = ticks.tick() => {}
            () = state.news.notified() => {}
        }
        let announced = announce(&state, &reloader).await;
        if let (Err(error), true) = (&announced, was_announced) {
            tracing::warn!(%error, "the machine cannot announce itself");
        }
        was_announced = announced.is_ok();
        let is_tolerable = state.offset.is_tolerable();
        if was_tolerable && !is_tolerable {
            let ahead_ms = state.offset.ahead_ms();
            tracing::error!(ahead_ms, "the clock differs too much from the store's");
        }
        was_tolerable = is_tolerable;
    }
    let engine = state.engine.load_full();
    let machines = Machines::new(&state.store, engine.keyring());
    // It is forgotten by itself, too.
    let _ = tokio::time::timeout(FAREWELL, machines.withdraw(&state.machine)).await;
}

/// Announces the machine once.
async fn announce(state: &State, reloader: &Reloader) -> Result<(), Error> {
    if let Some(ahead_ms) = measure(&state.store).await {
        state.offset.set(ahead_ms);
    }
    let Some(own) = collect::machine(state, reloader) else {
        return Ok(());
    };
    let engine = state.engine.load_full();
    Machines::new(&state.store, engine.keyring())
        .announce(&own)
        .await
}
