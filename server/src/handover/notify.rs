//! What the service manager is told about the process (`sd_notify(3)`, for
//! systemd's `Type=notify`). Without `NOTIFY_SOCKET` this does nothing.

use sd_notify::NotifyState;

/// The server has opened all that it needs and listens.
pub(crate) fn ready() {
    send(NotifyState::Ready);
}

/// The server is shutting down.
pub(crate) fn stopping() {
    send(NotifyState::Stopping);
}

fn send(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "cannot notify the service manager");
    }
}
