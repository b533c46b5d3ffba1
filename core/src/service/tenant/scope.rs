//! What a client may ask for.

use crate::Error;
use crate::list::list;

list! {
    /// What a client may ask for.
    pub enum Scope: u8 {
        /// Compare a number with the device's.
        Verify = 1, "number-verification:verify";
        /// Read the device's number.
        ReadNumber = 2, "number-verification:device-phone-number:read";
        /// Send codes and validate them.
        SendValidate = 3, "one-time-password-sms:send-validate";
    }
}

impl Scope {
    /// The scope of a name.
    ///
    /// # Errors
    /// [`Error::UnknownScope`].
    pub fn parse(name: &str) -> Result<Self, Error> {
        Self::from_name(name).ok_or(Error::UnknownScope)
    }
}
