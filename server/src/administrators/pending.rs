//! An authenticator that waits for a code of it.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// An authenticator of which no code was typed yet.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Pending {
    /// The secret of TOTP, in hexadecimal.
    pub(super) totp: Zeroizing<String>,
    /// The generation of the account: other credentials void it.
    pub(super) generation: u64,
    /// Until when a code of it is awaited, in milliseconds of Unix time.
    pub(super) until_ms: u64,
}
