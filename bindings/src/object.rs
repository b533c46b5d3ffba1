//! Objects behind handles, and the trait that keeps them.

use alloc::boxed::Box;
use alloc::string::String;

#[cfg(feature = "challenge")]
use mpass_core::challenge::ChallengeId;
#[cfg(feature = "ocra")]
use mpass_core::oath::ocra::Ocra;
use mpass_core::oath::{Hotp, Secret, Totp};
#[cfg(feature = "std")]
use mpass_core::store::MemoryStore;
use zeroize::Zeroizing;

#[cfg(feature = "challenge")]
use crate::change::Driven;
use crate::failure::{Failure, Outcome};
#[cfg(feature = "challenge")]
use crate::kept::{Keys, PendingOutcome};
#[cfg(feature = "service")]
use crate::kept::{PendingTenant, Running, Serving};

/// The text of a parsed key URI, from which the core's type borrows.
pub(crate) struct UriText(pub(crate) Zeroizing<String>);

/// The objects of a binding, by handle.
pub trait Handles {
    /// The object of a handle, if there is one.
    fn get(&self, handle: u64) -> Option<&Object>;

    /// Adds an object and returns its handle, which is not 0.
    fn add(&mut self, object: Object) -> u64;

    /// Removes an object.
    ///
    /// # Errors
    /// [`Failure::WrongHandle`] if the handle has no object.
    fn remove(&mut self, handle: u64) -> Outcome<()>;
}

/// A type of object that a handle can refer to.
pub trait Class: Sized {
    /// Converts it to an object of any class.
    fn into_object(self) -> Object;

    /// The value, if the object is of this class.
    fn of(object: &Object) -> Option<&Self>;
}

/// An object of any class. Frequently used classes are stored inline and the
/// others boxed, so that no object is larger than the former.
pub struct Object(Any);

impl Object {
    /// The value, if the object is of this class.
    ///
    /// # Errors
    /// [`Failure::WrongHandle`] if the object is of another class.
    pub fn downcast<T: Class>(&self) -> Outcome<&T> {
        T::of(self).ok_or(Failure::WrongHandle)
    }
}

macro_rules! classes {
    ($($(#[$attribute:meta])* $class:ident($value:ty) in $stored:ty;)+) => {
        enum Any {
            $($(#[$attribute])* $class($stored),)+
        }

        $(
            $(#[$attribute])*
            impl Class for $value {
                fn into_object(self) -> Object {
                    Object(Any::$class(self.into()))
                }

                fn of(object: &Object) -> Option<&Self> {
                    match &object.0 {
                        Any::$class(value) => Some(value),
                        #[allow(unreachable_patterns)] // If there is only one class.
                        _ => None,
                    }
                }
            }
        )+
    };
}

classes! {
    Secret(Secret) in Box<Secret>;
    Hotp(Hotp) in Hotp;
    Totp(Totp) in Totp;
    KeyUri(UriText) in Box<UriText>;
    #[cfg(feature = "ocra")]
    Ocra(Ocra) in Box<Ocra>;
    #[cfg(feature = "challenge")]
    Keyring(Keys) in Box<Keys>;
    #[cfg(feature = "challenge")]
    ChallengeId(ChallengeId) in ChallengeId;
    #[cfg(feature = "challenge")]
    Pending(PendingOutcome) in Box<PendingOutcome>;
    #[cfg(feature = "challenge")]
    Change(Driven) in Box<Driven>;
    #[cfg(feature = "service")]
    PendingTenant(PendingTenant) in Box<PendingTenant>;
    #[cfg(feature = "service")]
    Engine(Serving) in Box<Serving>;
    #[cfg(feature = "service")]
    Exchange(Running) in Box<Running>;
    #[cfg(feature = "std")]
    MemoryStore(MemoryStore) in Box<MemoryStore>;
}

/// With `std`, objects can be used by many threads at once.
#[cfg(feature = "std")]
const _: fn() = || {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Object>();
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_hardly_larger_than_a_code_generator() {
        assert!(size_of::<Object>() <= size_of::<Totp>() + 8);
    }
}
