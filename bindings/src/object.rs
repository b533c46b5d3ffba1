//! What handles stand for, and who keeps it.

use alloc::boxed::Box;
use alloc::string::String;

#[cfg(feature = "challenge")]
use mpass_core::challenge::ChallengeId;
#[cfg(feature = "ocra")]
use mpass_core::oath::ocra::Ocra;
use mpass_core::oath::{Hotp, Secret, Totp};
#[cfg(feature = "service")]
use mpass_core::service::Engine;
#[cfg(feature = "std")]
use mpass_core::store::MemoryStore;
use zeroize::Zeroizing;

use crate::failure::{Failure, Outcome};
#[cfg(feature = "challenge")]
use crate::kept::{Keys, PendingOutcome};
#[cfg(feature = "service")]
use crate::kept::{PendingTenant, Running};

/// The text of a key URI that was read before: the engine's value borrows it.
pub(crate) struct UriText(pub(crate) Zeroizing<String>);

/// The objects of a binding by their handles.
pub trait Handles {
    /// The object of a handle, where there is one.
    fn get(&self, handle: u64) -> Option<&Object>;

    /// Keeps an object; its handle, which is not 0.
    fn add(&mut self, object: Object) -> u64;

    /// Drops an object.
    ///
    /// # Errors
    /// [`Failure::WrongHandle`] where there is none.
    fn remove(&mut self, handle: u64) -> Outcome<()>;
}

/// A value that a handle can stand for.
pub trait Class: Sized {
    /// As an object of any class.
    fn into_object(self) -> Object;

    /// Back from an object of this class.
    fn of(object: &Object) -> Option<&Self>;
}

/// An object of any class. The classes that a busy host uses stand in it, the
/// others in a box, so that no object is larger than those.
pub struct Object(Any);

impl Object {
    /// The value, where the object is of its class.
    ///
    /// # Errors
    /// [`Failure::WrongHandle`] for an object of another class.
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
                        #[allow(unreachable_patterns)] // Where there is one class.
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
    #[cfg(feature = "service")]
    PendingTenant(PendingTenant) in Box<PendingTenant>;
    #[cfg(feature = "service")]
    Engine(Engine) in Box<Engine>;
    #[cfg(feature = "service")]
    Exchange(Running) in Box<Running>;
    #[cfg(feature = "std")]
    MemoryStore(MemoryStore) in Box<MemoryStore>;
}

/// With `std`, objects may be used by many threads at once.
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
