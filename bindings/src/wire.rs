//! The packed bytes: a reader of inputs and a writer of replies. The crate's
//! documentation lists the formats.

use alloc::string::String;
use alloc::vec::Vec;

use mpass_core::Error;
use mpass_core::oath::{Algorithm, Digits, exposed};
use mpass_core::store::StoreKey;
use zeroize::{Zeroize, Zeroizing};

use crate::failure::{Failure, Outcome};
use crate::object::{Class, Handles, Object};

/// The rest of the input, read from the front.
pub(crate) struct Fields<'a>(pub(crate) &'a [u8]);

impl<'a> Fields<'a> {
    fn front(&mut self, len: usize) -> Outcome<&'a [u8]> {
        let (front, rest) = self.0.split_at_checked(len).ok_or(Failure::Malformed)?;
        self.0 = rest;
        Ok(front)
    }

    /// Fails unless all input was read.
    pub(crate) fn end(&self) -> Outcome<()> {
        match self.0 {
            [] => Ok(()),
            _ => Err(Failure::Malformed),
        }
    }

    /// Reads exactly the bytes of an array.
    pub(crate) fn array<const N: usize>(&mut self) -> Outcome<[u8; N]> {
        let (front, rest) = self.0.split_first_chunk().ok_or(Failure::Malformed)?;
        self.0 = rest;
        Ok(*front)
    }

    /// Reads secret bytes, which are wiped on drop.
    pub(crate) fn secret<const N: usize>(&mut self) -> Outcome<Zeroizing<[u8; N]>> {
        self.array().map(Zeroizing::new)
    }

    pub(crate) fn u8(&mut self) -> Outcome<u8> {
        self.array().map(u8::from_be_bytes)
    }

    pub(crate) fn u16(&mut self) -> Outcome<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(crate) fn u32(&mut self) -> Outcome<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub(crate) fn u64(&mut self) -> Outcome<u64> {
        self.array().map(u64::from_be_bytes)
    }

    /// Reads a 32-bit number that the core represents in fewer bits. Larger
    /// values give the core's error for a value out of range.
    pub(crate) fn narrow<T: TryFrom<u32>>(&mut self, error: Error) -> Outcome<T> {
        T::try_from(self.u32()?).map_err(|_| error.into())
    }

    pub(crate) fn bool(&mut self) -> Outcome<bool> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Failure::Malformed),
        }
    }

    pub(crate) fn bytes(&mut self) -> Outcome<&'a [u8]> {
        let len = usize::try_from(self.u32()?).map_err(|_| Failure::Malformed)?;
        self.front(len)
    }

    pub(crate) fn text(&mut self) -> Outcome<&'a str> {
        core::str::from_utf8(self.bytes()?).map_err(|_| Failure::Malformed)
    }

    pub(crate) fn owned_bytes(&mut self) -> Outcome<Vec<u8>> {
        self.bytes().map(<[u8]>::to_vec)
    }

    pub(crate) fn owned_text(&mut self) -> Outcome<String> {
        self.text().map(Into::into)
    }

    pub(crate) fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Outcome<T>,
    ) -> Outcome<Option<T>> {
        match self.bool()? {
            true => read(self).map(Some),
            false => Ok(None),
        }
    }

    pub(crate) fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Outcome<T>,
    ) -> Outcome<Vec<T>> {
        (0..self.u32()?).map(|_| read(self)).collect()
    }

    pub(crate) fn store_key(&mut self) -> Outcome<StoreKey> {
        self.array().map(StoreKey)
    }

    /// Reads an entry of one of the core's lists, by number.
    pub(crate) fn entry<T>(&mut self, of: impl FnOnce(u8) -> Option<T>) -> Outcome<T> {
        of(self.u8()?).ok_or(Failure::Malformed)
    }

    pub(crate) fn algorithm(&mut self) -> Outcome<Algorithm> {
        match self.u8()? {
            1 => Ok(Algorithm::Sha1),
            2 => Ok(Algorithm::Sha256),
            3 => Ok(Algorithm::Sha512),
            _ => Err(Error::InvalidAlgorithm.into()),
        }
    }

    pub(crate) fn digits(&mut self) -> Outcome<Digits> {
        Ok(Digits::new(self.narrow(Error::InvalidDigits)?)?)
    }
}

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
            bytes: Zeroizing::new(Vec::with_capacity(512)),
            object: None,
        };
        reply.u16(number);
        reply
    }

    /// What a call replies that has no outcome.
    pub(crate) fn failed(failure: &Failure) -> Self {
        let mut reply = Self::new(failure.number());
        if let Failure::Setting(_, text) = failure {
            reply.text(text);
        }
        reply
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

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(fields.store_key(), Ok(StoreKey([1; 16])));
        assert_eq!(fields.end(), Ok(()));
    }

    #[test]
    fn other_bytes_are_refused() {
        assert_eq!(Fields(&[2]).bool(), Err(Failure::Malformed));
        assert_eq!(Fields(&[0, 0, 0, 2, 7]).bytes(), Err(Failure::Malformed));
        assert_eq!(Fields(&[0, 0, 0, 1, 0xff]).text(), Err(Failure::Malformed));
        let endless = Fields(&[0xff; 4]).list(Fields::u8);
        assert_eq!(endless, Err(Failure::Malformed));
        let narrow = Fields(&[0, 0, 1, 0]).narrow::<u8>(Error::InvalidTries);
        assert_eq!(narrow, Err(Error::InvalidTries.into()));
    }
}
