//! The names of the services. Codes are bound to them and store keys derived
//! from them, so a name never changes.

/// mPass Mobile Number Verification.
pub(crate) const MPASS: &str = "mpass-mnv";
/// Message Central `VerifyNow`.
pub(crate) const VERIFY_NOW: &str = "verifynow";
/// CAMARA OTP Validation.
pub(crate) const OTP_VALIDATION: &str = "one-time-password-sms";
