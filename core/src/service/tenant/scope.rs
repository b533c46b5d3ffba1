//! What a client may ask for.

use crate::Error;

/// What a client may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Scope {
    /// `number-verification:verify`.
    Verify = 1,
    /// `number-verification:device-phone-number:read`.
    ReadNumber = 2,
    /// `one-time-password-sms:send-validate`.
    SendValidate = 3,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::Verify, Self::ReadNumber, Self::SendValidate];

    /// As it stands in requests and tokens.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verify => "number-verification:verify",
            Self::ReadNumber => "number-verification:device-phone-number:read",
            Self::SendValidate => "one-time-password-sms:send-validate",
        }
    }

    /// The scope of a name.
    ///
    /// # Errors
    /// [`Error::UnknownScope`].
    pub fn parse(name: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.name() == name)
            .ok_or(Error::UnknownScope)
    }
}
