//! Loading and writing the record under one store key.

use super::keyring::Keyring;
use super::pending::Pending;
use super::record::{self, Reader, Record, Writer};
use crate::Error;
use crate::labels::{self, Label};
use crate::store::StoreKey;

/// A store key, the format of its record, and the keyring that seals it.
#[derive(Clone, Copy)]
pub(super) struct Slot<'a> {
    pub(super) keyring: &'a Keyring,
    pub(super) key: StoreKey,
    /// Format byte: kind and version.
    pub(super) format: u8,
}

/// The inputs of a write: the loaded record, the time, fresh entropy, and the
/// input of the call.
#[derive(Clone, Copy)]
pub(super) struct WriteContext<'a> {
    pub(super) current: Option<&'a [u8]>,
    pub(super) now_ms: u64,
    pub(super) entropy: &'a [u8; 32],
    pub(super) input: &'a [u8],
}

impl<'a> WriteContext<'a> {
    pub(super) fn new(
        current: Option<&'a [u8]>,
        now_ms: u64,
        entropy: &'a [u8; 32],
        input: &'a [u8],
    ) -> Self {
        Self {
            current,
            now_ms,
            entropy,
            input,
        }
    }
}

impl Slot<'_> {
    /// Authenticates a loaded record and returns a reader of its fields.
    pub(super) fn open<'b>(&self, record: &'b [u8]) -> Result<Reader<'b>, Error> {
        record::open(self.keyring, &self.key, self.format, record)
    }

    /// An outcome that may be released once the record written by `fill` has
    /// replaced the current one in the store. `expires_at_ms` is rounded up to a
    /// whole minute.
    pub(super) fn write<T>(
        &self,
        write_context: WriteContext<'_>,
        expires_at_ms: Option<u64>,
        outcome: T,
        fill: impl FnOnce(&mut Writer),
    ) -> Result<Pending<T>, Error> {
        let expected = match write_context.current {
            None => None,
            Some(bytes) => Some(Record::try_from(bytes).map_err(|_| Error::RecordFormat)?),
        };
        let stamp = self.fresh(labels::STAMP, write_context);
        Ok(Pending {
            key: self.key,
            expected,
            next: record::seal(self.keyring, &self.key, self.format, stamp, fill)?,
            stamp,
            expires_at_ms: expires_at_ms.map(record::to_the_minute),
            outcome,
        })
    }

    /// Fresh bytes for this write; see [`record::fresh`].
    pub(super) fn fresh<const N: usize>(
        &self,
        label: Label<labels::Fresh>,
        write_context: WriteContext<'_>,
    ) -> [u8; N] {
        record::fresh(
            label,
            write_context.entropy,
            write_context.now_ms,
            &self.key,
            write_context.current,
            write_context.input,
        )
    }
}
