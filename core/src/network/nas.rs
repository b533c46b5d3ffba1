//! What is known of a NAS.

use minicbor::{Decode, Encode};

/// The record of a NAS or of a source. Times are in seconds of Unix time by the
/// clock of the NAS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Nas {
    /// Sessions that began before this second have ended.
    #[n(0)]
    pub restart: u32,
    /// How long their ends are remembered, in milliseconds of the table's clock.
    #[n(1)]
    pub restart_until: u64,
    /// Its newest event.
    #[n(2)]
    pub newest: u32,
    /// Whether it has sent a Message-Authenticator.
    #[n(3)]
    pub signs: bool,
}

impl Nas {
    /// Takes the maximum of each field.
    pub fn merge(&mut self, other: &Self) {
        self.restart = self.restart.max(other.restart);
        self.restart_until = self.restart_until.max(other.restart_until);
        self.newest = self.newest.max(other.newest);
        self.signs |= other.signs;
    }
}
