//! The CAMARA contracts, and what they share: access tokens and the formats of
//! the Commonalities.

mod bearer;
mod challenge;
mod commonalities;
pub(crate) mod grant;
pub(crate) mod number_verification;
pub(crate) mod otp_validation;
