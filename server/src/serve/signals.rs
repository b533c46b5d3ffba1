//! The signals that a server follows.

use core::future::Future;

use anyhow::Context;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::handover::notify;

const SIGNALS: &str = "cannot wait for signals";

/// The signal to reload, SIGHUP. From now on it does not end the process; one that
/// comes before [`run`](super::run)(super::run) is followed is not lost.
///
/// # Errors
/// When the system refuses.
pub fn hangup_signal() -> anyhow::Result<Signal> {
    signal(SignalKind::hangup()).context(SIGNALS)
}

/// Resolves at the first SIGTERM or SIGINT; a second one ends the process
/// immediately.
pub(super) fn shutdown_signal() -> anyhow::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate()).context(SIGNALS)?;
    let mut interrupt = signal(SignalKind::interrupt()).context(SIGNALS)?;
    Ok(async move {
        let mut either = async || {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        either().await;
        tracing::info!("stopping after requests in flight");
        notify::stopping();
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            std::process::exit(130);
        });
    })
}
