//! Public ids of challenges, in the form of each contract.

use alloc::string::{String, ToString};

use uuid::Builder;

use super::AnyTenant;
use super::service_id;

/// The bit that is set in every number of 16 digits. They range from 2^52 to 2^53 - 1,
/// so all have 16 digits and fit into a JavaScript number.
pub(in crate::service) const TOP: u64 = 1 << 52;

/// A UUID of version 4 (RFC 9562 section 5.4), the form of CAMARA OTP Validation.
pub(in crate::service) fn uuid(bytes: [u8; 16]) -> String {
    Builder::from_random_bytes(bytes).into_uuid().to_string()
}

/// A number of 16 digits, the form of VerifyNow.
pub(in crate::service) fn number([a, b, c, d, e, f, g, h, ..]: [u8; 16]) -> u64 {
    u64::from_be_bytes([a, b, c, d, e, f, g, h]) & (TOP - 1) | TOP
}

impl AnyTenant {
    /// The public id of a challenge of the tenant from its bytes, and the service that
    /// it is of; `None` if the tenant's contract has no public ids.
    pub(super) fn public_id(&self, bytes: [u8; 16]) -> Option<(&'static str, String)> {
        match self {
            Self::Channel(_) => None,
            Self::Client(_) => Some((service_id::OTP_VALIDATION, uuid(bytes))),
            Self::Customer(_) => Some((service_id::VERIFY_NOW, number(bytes).to_string())),
        }
    }
}
