//! What events change, for the store.

use mpass_core::network::{Nas, NasKey, Session, SessionKey};

/// The records by which an event changes those of a table. Merging them again does
/// no harm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::network) struct Changes {
    /// How far the table's clock is ahead of the server's.
    pub(in crate::network) ahead_ms: u64,
    pub(in crate::network) nases: Vec<(NasKey, Nas)>,
    pub(in crate::network) session: Option<(SessionKey, Session)>,
}

impl Changes {
    /// The record of a source that has sent a Message-Authenticator.
    pub(in crate::network) fn signer(nas: &NasKey) -> (NasKey, Nas) {
        let signer = Nas {
            signs: true,
            ..Nas::default()
        };
        (nas.of_source(), signer)
    }

    pub(in crate::network) fn is_empty(&self) -> bool {
        self.nases.is_empty() && self.session.is_none()
    }
}
