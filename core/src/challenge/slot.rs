use super::keyring::Keyring;
use super::pending::Pending;
use super::record::{self, Reader, Record, Writer};
use crate::Error;
use crate::store::StoreKey;

/// The place of one record, and what stands there by its format.
#[derive(Clone, Copy)]
pub(super) struct Slot<'a> {
    pub(super) keyring: &'a Keyring,
    pub(super) key: StoreKey,
    /// Kind and version.
    pub(super) format: u8,
}

/// What a call brings: the record that was loaded, the time, fresh entropy
/// and whatever came in with it.
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
    /// Checks and reads a record that stands there.
    pub(super) fn open<'b>(&self, record: &'b [u8]) -> Result<Reader<'b>, Error> {
        record::open(self.keyring, &self.key, self.format, record)
    }

    /// An outcome that may be told once the record that `fill` writes is
    /// stored in place of the current one.
    pub(super) fn write<T>(
        &self,
        write_context: WriteContext<'_>,
        expires_at_ms: u64,
        outcome: T,
        fill: impl FnOnce(&mut Writer),
    ) -> Result<Pending<T>, Error> {
        let expected = match write_context.current {
            None => None,
            Some(bytes) => Some(Record::try_from(bytes).map_err(|_| Error::RecordFormat)?),
        };
        let stamp = self.fresh(b"stamp", write_context);
        Ok(Pending {
            key: self.key,
            expected,
            next: record::seal(self.keyring, &self.key, self.format, stamp, fill)?,
            stamp,
            expires_at_ms,
            outcome,
        })
    }

    /// Fresh bytes for what is written now.
    pub(super) fn fresh<const N: usize>(
        &self,
        label: &[u8],
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
