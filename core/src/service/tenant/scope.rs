//! What a client may ask for.

use crate::Error;
use crate::list::list;

list! {
    /// What a client may ask for.
    pub enum Scope: u8 {
        /// `number-verification:verify`.
        Verify = 1, "number-verification:verify";
        /// `number-verification:device-phone-number:read`.
        ReadNumber = 2, "number-verification:device-phone-number:read";
        /// `one-time-password-sms:send-validate`.
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
