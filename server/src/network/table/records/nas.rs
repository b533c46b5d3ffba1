//! What is known of a NAS.

/// The record of a NAS or of a source. Times are in seconds of Unix time by the
/// clock of the NAS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::network) struct Nas {
    /// Sessions that began before this second have ended.
    pub(in crate::network) restart: u32,
    /// How long their ends are remembered, in milliseconds of the table's clock.
    pub(in crate::network) restart_until: u64,
    /// Its newest event.
    pub(in crate::network) newest: u32,
    /// Whether it has sent a Message-Authenticator.
    pub(in crate::network) signs: bool,
}

impl Nas {
    pub(in crate::network) fn merge(&mut self, other: &Self) {
        self.restart = self.restart.max(other.restart);
        self.restart_until = self.restart_until.max(other.restart_until);
        self.newest = self.newest.max(other.newest);
        self.signs |= other.signs;
    }
}
