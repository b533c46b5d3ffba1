//! What the service manager is told about the process (`sd_notify(3)`, for
//! systemd's `Type=notify`). Without `NOTIFY_SOCKET` this does nothing.

use sd_notify::NotifyState;

use crate::log_queue;

/// The server has opened all that it needs and listens.
pub(crate) fn ready() {
    send(NotifyState::Ready);
}

/// The server is shutting down.
pub(crate) fn stopping() {
    send(NotifyState::Stopping);
}

/// A service manager that does not read is not waited for.
fn send(state: NotifyState<'static>) {
    if std::env::var_os("NOTIFY_SOCKET").is_none() {
        return;
    }
    log_queue::patiently(move || {
        if let Err(error) = sd_notify::notify(&[state]) {
            tracing::warn!(%error, "cannot notify the service manager");
        }
    });
}
