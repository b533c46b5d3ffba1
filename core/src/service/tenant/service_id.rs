//! The service ids of the contracts. Codes are bound to them and store keys are
//! derived from them, so they never change.

/// mPass Mobile Number Verification.
pub(crate) const MPASS: &str = "mpass-mnv";
/// Message Central `VerifyNow`.
pub(crate) const VERIFY_NOW: &str = "verifynow";
/// CAMARA OTP Validation.
pub(crate) const OTP_VALIDATION: &str = "one-time-password-sms";
