//! The names of the services. A code is bound to the name of its service, and
//! so are the records of numbers and tenants: a name never changes.

/// mPass Mobile Number Verification.
pub(crate) const MPASS: &str = "mpass-mnv";
/// Message Central `VerifyNow`.
pub(crate) const VERIFY_NOW: &str = "verifynow";
/// CAMARA OTP Validation.
pub(crate) const OTP_VALIDATION: &str = "one-time-password-sms";
