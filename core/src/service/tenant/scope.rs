//! The scopes that a client may request.

use crate::Error;
use crate::list::list;

list! {
    /// A scope that a client may request and that an access token may have.
    pub enum Scope: u8 {
        /// `number-verification:verify`: compare a number with that of the device.
        Verify = 1, "number-verification:verify";
        /// `number-verification:device-phone-number:read`: read the number of the device.
        ReadNumber = 2, "number-verification:device-phone-number:read";
        /// `one-time-password-sms:send-validate`: send codes and validate them.
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
