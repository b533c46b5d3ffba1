//! The scopes that a client may request.

use crate::Error;
use crate::list::list;

list! {
    /// A scope that a client may request and that an access token may have.
    pub enum Scope: u8 {
        /// Compare a number with that of the device.
        Verify = 1, "number-verification:verify";
        /// Read the device's number.
        ReadNumber = 2, "number-verification:device-phone-number:read";
        /// Send codes and validate them.
        SendValidate = 3, "one-time-password-sms:send-validate";
    }
}

impl Scope {
    /// The scope with a name.
    ///
    /// # Errors
    /// [`Error::UnknownScope`] for any other name.
    pub fn parse(name: &str) -> Result<Self, Error> {
        Self::from_name(name).ok_or(Error::UnknownScope)
    }
}
