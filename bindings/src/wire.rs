//! The packed bytes of inputs. The crate's documentation lists the formats.

use alloc::string::String;
use alloc::vec::Vec;

use mpass_core::Error;
use mpass_core::oath::{Algorithm, Digits};
use mpass_core::store::StoreKey;
use zeroize::Zeroizing;

use crate::failure::{Failure, Outcome};

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

    #[inline(never)]
    pub(crate) fn u32(&mut self) -> Outcome<u32> {
        self.array().map(u32::from_be_bytes)
    }

    #[inline(never)]
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

    #[inline(never)]
    pub(crate) fn bytes(&mut self) -> Outcome<&'a [u8]> {
        let len = usize::try_from(self.u32()?).map_err(|_| Failure::Malformed)?;
        self.front(len)
    }

    #[inline(never)]
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

#[cfg(test)]
mod tests {
    use super::*;

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
