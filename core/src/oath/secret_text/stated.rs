//! What a text with a secret says about the codes.

use crate::oath::uri::Kind;
use crate::oath::{Algorithm, Digits};

/// What a key URI or a `.google_authenticator` says about its codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatedCodes {
    /// HOTP with the next counter, or TOTP with its step.
    pub kind: Kind,
    /// The hash.
    pub algorithm: Algorithm,
    /// The number of digits.
    pub digits: Digits,
}
