//! The errors of a call and their numbers.

#[cfg(feature = "texts")]
use alloc::boxed::Box;

use mpass_core::Error;
use mpass_core::oath::SecretFault;
#[cfg(feature = "uris")]
use mpass_core::oath::uri::NotStrict;

/// Why a call failed. Numbers from 101 on are those of [`mpass_core::Error`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// An error of the core.
    Core(Error),
    /// An error of the core with a text of its own: the name, the range and the
    /// value of a refused setting.
    #[cfg(feature = "texts")]
    Described(Error, Box<str>),
    /// An error of the core with the number of the setting that was refused.
    #[cfg(not(feature = "texts"))]
    Setting(Error, u16),
    /// An error of the core with the place of the fault in the text of a secret.
    Placed(SecretFault),
    /// A key URI that is refused for its cautions.
    #[cfg(feature = "uris")]
    NotStrict(NotStrict),
    /// The object was used up before, or a panic left it unusable.
    Spent,
    /// The input does not have the format of the operation.
    Malformed,
    /// A number that the integers of the host's language cannot represent. Only
    /// for direct calls, which return numbers.
    TooLarge,
    /// There is no operation with this number, or the build does not include
    /// it.
    UnknownOperation,
    /// The handle has no object, or one of another class.
    WrongHandle,
}

impl Failure {
    /// The number at the beginning of a reply.
    #[must_use]
    pub fn number(&self) -> u16 {
        match self {
            #[cfg(feature = "texts")]
            Self::Described(error, _) => error.number(),
            #[cfg(not(feature = "texts"))]
            Self::Setting(error, _) => error.number(),
            Self::Core(error) | Self::Placed(SecretFault { error, .. }) => error.number(),
            #[cfg(feature = "uris")]
            Self::NotStrict(_) => Error::UriNotStrict.number(),
            Self::Spent => 1,
            Self::Malformed => 2,
            Self::TooLarge => 3,
            Self::UnknownOperation => 4,
            Self::WrongHandle => 5,
        }
    }
}

/// Keeps the fault if it has a place.
impl From<SecretFault> for Failure {
    fn from(fault: SecretFault) -> Self {
        match fault.place {
            Some(_) => Self::Placed(fault),
            None => Self::Core(fault.error),
        }
    }
}

#[cfg(feature = "uris")]
impl From<NotStrict> for Failure {
    fn from(refused: NotStrict) -> Self {
        Self::NotStrict(refused)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

/// The result of a call.
pub type Outcome<T> = Result<T, Failure>;
