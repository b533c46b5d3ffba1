//! The order in which a server ends.

use tokio_util::sync::CancellationToken;

/// The end of a server. First it is leaving: it serves as before but is not
/// ready, so that load balancers turn away. Then it is closing: it accepts no
/// connections, and ends those that it has.
#[derive(Clone, Debug, Default)]
pub(crate) struct Drain {
    leaving: CancellationToken,
    closing: CancellationToken,
}

impl Drain {
    pub(crate) fn leave(&self) {
        self.leaving.cancel();
    }

    pub(crate) fn close(&self) {
        self.leaving.cancel();
        self.closing.cancel();
    }

    /// Whether it is leaving or closing.
    pub(crate) fn is_leaving(&self) -> bool {
        self.leaving.is_cancelled()
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.closing.is_cancelled()
    }

    /// Resolves once it is closing.
    pub(crate) async fn closing(&self) {
        self.closing.cancelled().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_closing_is_leaving() {
        let drain = Drain::default();
        assert!(!drain.is_leaving() && !drain.is_closing());
        drain.leave();
        assert!(drain.is_leaving() && !drain.is_closing());
        let drain = Drain::default();
        drain.close();
        assert!(drain.is_leaving() && drain.is_closing());
    }
}
