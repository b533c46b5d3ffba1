//! Following what administrators change in the store.

use core::fmt::Display;
use core::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

/// How often the store is read. Every machine knows a change within a second.
const INTERVAL: Duration = Duration::from_millis(500);

/// Calls `follow` until `end`. `failed` is logged with the first of consecutive errors.
pub(crate) async fn watch<E: Display, F: Future<Output = Result<(), E>>>(
    end: impl Future<Output = ()>,
    failed: &'static str,
    mut follow: impl FnMut() -> F,
) {
    tokio::pin!(end);
    let mut ticks = interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut was_readable = true;
    loop {
        tokio::select! {
            () = &mut end => return,
            _ = ticks.tick() => {}
        }
        let followed = follow().await;
        if let (Err(error), true) = (&followed, was_readable) {
            tracing::error!(%error, "{failed}");
        }
        was_readable = followed.is_ok();
    }
}
