//! Inputs and outputs as bytes: numbers big-endian, byte strings and texts
//! behind a 32-bit length, optional values behind a byte that is 0 or 1.

use core::num::NonZeroUsize;

use mpass_core::Error;
use mpass_core::oath::{Algorithm, Digits, exposed};
use zeroize::{Zeroize, Zeroizing};

/// Why a native returns no outcome.
pub(super) enum Failure {
    /// An error of core.
    Core(Error),
    /// The handle was used up before, or a panic left it unusable.
    Spent,
    /// The input is not what the package in Java packs.
    Malformed,
    /// A number that Java's `long` cannot hold.
    TooLarge,
}

impl Failure {
    /// Core's numbers begin at 101.
    pub(super) fn number(&self) -> u16 {
        match self {
            Self::Core(error) => error.number(),
            Self::Spent => 1,
            Self::Malformed => 2,
            Self::TooLarge => 3,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

pub(super) type Outcome<T> = Result<T, Failure>;

/// The input, read from its front.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    fn front(&mut self, len: usize) -> Outcome<&'a [u8]> {
        let (front, rest) = self.0.split_at_checked(len).ok_or(Failure::Malformed)?;
        self.0 = rest;
        Ok(front)
    }

    /// Exactly as many bytes as the array has.
    pub(super) fn array<const N: usize>(&mut self) -> Outcome<[u8; N]> {
        let (front, rest) = self.0.split_first_chunk().ok_or(Failure::Malformed)?;
        self.0 = rest;
        Ok(*front)
    }

    /// Secret bytes, which are wiped.
    pub(super) fn secret<const N: usize>(&mut self) -> Outcome<Zeroizing<[u8; N]>> {
        self.array().map(Zeroizing::new)
    }

    pub(super) fn u8(&mut self) -> Outcome<u8> {
        self.array().map(u8::from_be_bytes)
    }

    pub(super) fn u16(&mut self) -> Outcome<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Outcome<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Outcome<u64> {
        self.array().map(u64::from_be_bytes)
    }

    pub(super) fn bool(&mut self) -> Outcome<bool> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Failure::Malformed),
        }
    }

    pub(super) fn bytes(&mut self) -> Outcome<&'a [u8]> {
        let len = usize::try_from(self.u32()?).map_err(|_| Failure::Malformed)?;
        self.front(len)
    }

    pub(super) fn text(&mut self) -> Outcome<&'a str> {
        core::str::from_utf8(self.bytes()?).map_err(|_| Failure::Malformed)
    }

    pub(super) fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Outcome<T>,
    ) -> Outcome<Option<T>> {
        match self.bool()? {
            true => read(self).map(Some),
            false => Ok(None),
        }
    }

    /// As many as a 32-bit number before them says.
    pub(super) fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Outcome<T>,
    ) -> Outcome<Vec<T>> {
        (0..self.u32()?).map(|_| read(self)).collect()
    }

    pub(super) fn algorithm(&mut self) -> Outcome<Algorithm> {
        match self.u8()? {
            1 => Ok(Algorithm::Sha1),
            2 => Ok(Algorithm::Sha256),
            3 => Ok(Algorithm::Sha512),
            _ => Err(Failure::Core(Error::InvalidAlgorithm)),
        }
    }

    /// Digits as Java's int, so that what is beyond a byte is core's error.
    pub(super) fn digits(&mut self) -> Outcome<Digits> {
        let digits = u8::try_from(self.u32()?).map_err(|_| Error::InvalidDigits)?;
        Ok(Digits::new(digits)?)
    }

    pub(super) fn handle(&mut self) -> Outcome<Handle> {
        Handle::new(self.u64()?)
    }
}

/// The number by which the package in Java knows an algorithm.
pub(super) fn algorithm_number(algorithm: Algorithm) -> u8 {
    match algorithm {
        Algorithm::Sha1 => 1,
        Algorithm::Sha256 => 2,
        Algorithm::Sha512 => 3,
    }
}

/// The output. Wiped on drop, and wherever it grew out of.
pub(super) struct Reply(Zeroizing<Vec<u8>>);

impl Reply {
    /// With the number that every output begins with.
    pub(super) fn new(number: u16) -> Self {
        let mut reply = Self(Zeroizing::new(Vec::with_capacity(512)));
        reply.raw(&number.to_be_bytes());
        reply
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn raw(&mut self, bytes: &[u8]) {
        let needed = self.0.len() + bytes.len();
        if needed > self.0.capacity() {
            let mut larger = Vec::with_capacity(needed * 2);
            larger.extend_from_slice(&self.0);
            core::mem::swap(&mut *self.0, &mut larger);
            larger.zeroize();
        }
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn u8(&mut self, value: u8) {
        self.raw(&[value]);
    }

    pub(super) fn bool(&mut self, value: bool) {
        self.u8(u8::from(value));
    }

    pub(super) fn u16(&mut self, value: u16) {
        self.raw(&value.to_be_bytes());
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.raw(&value.to_be_bytes());
    }

    pub(super) fn u64(&mut self, value: u64) {
        self.raw(&value.to_be_bytes());
    }

    /// A count or length of what fits in memory.
    pub(super) fn count(&mut self, count: usize) {
        self.u32(u32::try_from(count).unwrap_or(u32::MAX));
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.raw(bytes);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// Text that is written piece by piece into memory that is wiped.
    pub(super) fn display(&mut self, value: impl core::fmt::Display) {
        self.text(&exposed(value));
    }

    pub(super) fn optional<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.bool(value.is_some());
        if let Some(value) = value {
            write(self, value);
        }
    }

    /// A value that Java is to keep until it frees it, and may use from many
    /// threads meanwhile.
    pub(super) fn give<T: Send + Sync + 'static>(&mut self, value: T) {
        let pointer = Box::into_raw(Box::new(value)).expose_provenance();
        // A pointer is at most 64 bits wide where there is a JVM.
        self.u64(u64::try_from(pointer).unwrap_or_default());
    }
}

/// What [`Reply::give`] gave.
#[derive(Clone, Copy)]
pub(super) struct Handle(NonZeroUsize);

impl Handle {
    pub(super) fn new(number: u64) -> Outcome<Self> {
        let address = usize::try_from(number).map_err(|_| Failure::Malformed)?;
        NonZeroUsize::new(address)
            .map(Self)
            .ok_or(Failure::Malformed)
    }

    /// The value behind it.
    ///
    /// # Safety
    /// It was given as a `T` and is not freed before the native returns. The
    /// package in Java keeps both: each class holds handles of one kind, and
    /// none is freed while a native is in it.
    pub(super) unsafe fn value<'h, T>(self) -> &'h T {
        // SAFETY: by the above it is the address of a `T` that lives.
        unsafe { &*core::ptr::with_exposed_provenance(self.0.get()) }
    }

    /// Takes the value back and drops it.
    ///
    /// # Safety
    /// As [`Self::value`], and it is not used again.
    pub(super) unsafe fn free<T>(self) {
        // SAFETY: by the above it came out of a box of a `T` in `give`.
        drop(unsafe { Box::<T>::from_raw(core::ptr::with_exposed_provenance_mut(self.0.get())) });
    }
}
