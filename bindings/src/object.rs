//! Objects behind handles, the trait that keeps them, and the reply of a call,
//! which may create one.

use alloc::boxed::Box;
#[cfg(feature = "uris")]
use alloc::string::String;
use alloc::vec::Vec;

#[cfg(feature = "challenge")]
use mpass_core::challenge::ChallengeId;
#[cfg(feature = "ocra")]
use mpass_core::oath::ocra::Ocra;
#[cfg(feature = "uris")]
use mpass_core::oath::uri::NotStrict;
use mpass_core::oath::{Algorithm, Secret, SecretFault, Written, exposed, written};
#[cfg(feature = "codes")]
use mpass_core::oath::{Hotp, Totp};
#[cfg(feature = "std")]
use mpass_core::store::MemoryStore;
#[cfg(feature = "challenge")]
use mpass_core::store::StoreAnswer;
use zeroize::{Zeroize, Zeroizing};

use crate::failure::{Failure, Outcome};
#[cfg(feature = "challenge")]
use crate::kept::{Keys, PendingOutcome};
#[cfg(feature = "service")]
use crate::kept::{Running, Serving};
#[cfg(feature = "challenge")]
use crate::lock::Lock;

/// The text of a parsed key URI, from which the core's type borrows.
#[cfg(feature = "uris")]
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
    #[cfg(feature = "codes")]
    Hotp(Hotp) in Hotp;
    #[cfg(feature = "codes")]
    Totp(Totp) in Totp;
    #[cfg(feature = "uris")]
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
    Engine(Serving) in Box<Serving>;
    #[cfg(feature = "service")]
    Exchange(Running) in Box<Running>;
    #[cfg(feature = "std")]
    MemoryStore(MemoryStore) in Box<MemoryStore>;
}

/// An operation on a store with the function that writes its outcome.
#[cfg(feature = "challenge")]
pub(crate) trait Steps: Send + Sync {
    /// Takes an answer, and writes the next step or the outcome.
    fn next(&mut self, answer: StoreAnswer, now_ms: u64, reply: &mut Reply) -> Outcome<()>;
}

/// An operation on a store, which one thread at a time may drive.
#[cfg(feature = "challenge")]
pub(crate) type Driven = Lock<Box<dyn Steps>>;

/// Room of a new reply: enough for codes. All of it is wiped byte by byte.
const ROOM: usize = 64;

/// The packed outcome of a call. Wiped when it is dropped and when it is
/// reallocated.
pub struct Reply {
    bytes: Zeroizing<Vec<u8>>,
    /// The new object for the host, and the position of its handle in the
    /// reply. It is not on the heap, where a copy would remain in freed memory.
    object: Option<(usize, Object)>,
}

impl Reply {
    /// With the number that every reply begins with.
    pub(crate) fn new(number: u16) -> Self {
        let mut reply = Self {
            bytes: Zeroizing::new(Vec::with_capacity(ROOM)),
            object: None,
        };
        reply.u16(number);
        reply
    }

    /// What a call replies that has no outcome.
    pub(crate) fn failed(failure: &Failure) -> Self {
        let mut reply = Self::new(failure.number());
        match failure {
            #[cfg(feature = "texts")]
            Failure::Described(_, text) => reply.text(text),
            #[cfg(not(feature = "texts"))]
            Failure::Setting(_, field) => reply.u16(*field),
            Failure::Placed(fault) => reply.fault(fault),
            #[cfg(feature = "uris")]
            Failure::NotStrict(refused) => reply.cautions(*refused),
            _ => {}
        }
        reply
    }

    /// The text of a fault in a secret.
    #[cfg(feature = "texts")]
    fn fault(&mut self, fault: &SecretFault) {
        self.display(fault);
    }

    /// The line, the character and the digit of a fault in a secret; 0 for what it
    /// does not have.
    #[cfg(not(feature = "texts"))]
    fn fault(&mut self, fault: &SecretFault) {
        let (line, character) = fault
            .place
            .map_or((0, 0), |place| (place.line, place.character));
        self.count(line);
        self.count(character);
        self.u32(fault.digit.map_or(0, u32::from));
    }

    /// The text of a refusal for cautions.
    #[cfg(all(feature = "texts", feature = "uris"))]
    fn cautions(&mut self, refused: NotStrict) {
        self.display(refused);
    }

    /// The names of the cautions.
    #[cfg(all(not(feature = "texts"), feature = "uris"))]
    fn cautions(&mut self, refused: NotStrict) {
        self.list(refused.cautions(), |reply, caution| {
            reply.text(caution.name());
        });
    }

    /// All of it.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        let needed = self.bytes.len() + bytes.len();
        if needed > self.bytes.capacity() {
            let mut larger = Vec::with_capacity(needed * 2);
            larger.extend_from_slice(&self.bytes);
            core::mem::swap(&mut *self.bytes, &mut larger);
            larger.zeroize();
        }
        self.bytes.extend_from_slice(bytes);
    }

    pub(crate) fn u8(&mut self, value: u8) {
        self.raw(&[value]);
    }

    pub(crate) fn bool(&mut self, value: bool) {
        self.u8(u8::from(value));
    }

    pub(crate) fn u16(&mut self, value: u16) {
        self.raw(&value.to_be_bytes());
    }

    pub(crate) fn u32(&mut self, value: u32) {
        self.raw(&value.to_be_bytes());
    }

    pub(crate) fn u64(&mut self, value: u64) {
        self.raw(&value.to_be_bytes());
    }

    /// As [`Fields::algorithm`] reads it.
    pub(crate) fn algorithm(&mut self, algorithm: Algorithm) {
        self.u8(match algorithm {
            Algorithm::Sha1 => 1,
            Algorithm::Sha256 => 2,
            Algorithm::Sha512 => 3,
        });
    }

    /// Writes the count or length of something in memory.
    pub(crate) fn count(&mut self, count: usize) {
        self.u32(u32::try_from(count).unwrap_or(u32::MAX));
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.raw(bytes);
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// Formats a value directly into memory that is wiped.
    pub(crate) fn display(&mut self, value: impl core::fmt::Display) {
        self.text(&exposed(value));
    }

    /// The same without `core::fmt`.
    pub(crate) fn written(&mut self, value: &dyn Written) {
        self.text(&written(value));
    }

    pub(crate) fn optional<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.bool(value.is_some());
        if let Some(value) = value {
            write(self, value);
        }
    }

    pub(crate) fn list<T>(
        &mut self,
        values: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        let start = self.bytes.len();
        self.u32(0);
        let mut count = 0_u32;
        for value in values {
            write(self, value);
            count += 1;
        }
        self.bytes[start..start + 4].copy_from_slice(&count.to_be_bytes());
    }

    /// Adds the object of the reply; its handle is written when the call has
    /// succeeded.
    pub(crate) fn object(&mut self, value: impl Class) {
        debug_assert!(self.object.is_none(), "a reply has one object");
        self.object = Some((self.bytes.len(), value.into_object()));
        self.u64(0);
    }

    /// Passes the object to the host and writes its handle.
    pub(crate) fn hand_over(&mut self, handles: &mut dyn Handles) {
        if let Some((at, object)) = self.object.take() {
            let handle = handles.add(object).to_be_bytes();
            self.bytes[at..at + handle.len()].copy_from_slice(&handle);
        }
    }
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
    use crate::wire::Fields;

    #[test]
    fn what_is_written_is_read() {
        let mut reply = Reply::new(0);
        reply.u8(1);
        reply.bool(true);
        reply.u16(0x0203);
        reply.u32(0x0405_0607);
        reply.u64(u64::MAX);
        reply.bytes(&[9; 600]);
        reply.text("\u{661}");
        reply.display(format_args!("{}", 7));
        reply.optional(None, Reply::u8);
        reply.optional(Some(8), Reply::u8);
        reply.list(["a", "b"], Reply::text);
        reply.raw(&[1; 16]);
        let mut fields = Fields(reply.as_bytes());
        assert_eq!(fields.u16(), Ok(0));
        assert_eq!(fields.u8(), Ok(1));
        assert_eq!(fields.bool(), Ok(true));
        assert_eq!(fields.u16(), Ok(0x0203));
        assert_eq!(fields.u32(), Ok(0x0405_0607));
        assert_eq!(fields.u64(), Ok(u64::MAX));
        assert_eq!(fields.bytes(), Ok(&[9; 600][..]));
        assert_eq!(fields.text(), Ok("\u{661}"));
        assert_eq!(fields.text(), Ok("7"));
        assert_eq!(fields.optional(Fields::u8), Ok(None));
        assert_eq!(fields.optional(Fields::u8), Ok(Some(8)));
        assert_eq!(fields.list(Fields::text), Ok(alloc::vec!["a", "b"]));
        assert_eq!(fields.end(), Err(Failure::Malformed));
        assert_eq!(fields.store_key(), Ok(mpass_core::store::StoreKey([1; 16])));
        assert_eq!(fields.end(), Ok(()));
    }

    #[test]
    fn an_object_is_hardly_larger_than_a_code_generator() {
        assert!(size_of::<Object>() <= size_of::<Totp>() + 8);
    }
}
