//! The bytes of a secret.

use zeroize::Zeroize;

use crate::Error;
use crate::oath::key::LONGEST;

/// Up to 1,024 bytes. Wiped on drop.
#[derive(Clone)]
pub(super) struct Bytes {
    bytes: [u8; LONGEST],
    len: usize,
}

impl Bytes {
    pub(super) fn empty() -> Self {
        Self {
            bytes: [0; LONGEST],
            len: 0,
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let free = self.bytes.get_mut(self.len..self.len + bytes.len());
        free.ok_or(Error::SecretTooLong)?.copy_from_slice(bytes);
        self.len += bytes.len();
        Ok(())
    }

    pub(super) fn filled(self) -> Result<Self, Error> {
        match self.len {
            0 => Err(Error::SecretEmpty),
            _ => Ok(self),
        }
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        self.bytes[..self.len].zeroize();
    }
}
