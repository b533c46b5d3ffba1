//! The encoding of records: 80 bytes of body and a 16-byte authentication tag.
//!
//! Every body begins with the format byte (kind and version), the id of the
//! record key that sealed it, and the stamp of the write.

use subtle::ConstantTimeEq;

#[cfg(feature = "alloc")]
use super::keyring::framed_mac_of_all;
use super::keyring::{Keyring, framed_mac};
use crate::Error;
use crate::kernel::Prepared;
use crate::labels::{self, Label};
use crate::oath::Algorithm;
use crate::store::StoreKey;

/// The length of a record in bytes.
pub const RECORD_LEN: usize = 96;
pub(super) const TAG_LEN: usize = 16;
const BODY_LEN: usize = RECORD_LEN - TAG_LEN;

/// A sealed record, as it is stored.
pub type Record = [u8; RECORD_LEN];

const STAMP_LEN: usize = 8;

/// Identifies a write: fresh for every value written.
pub(super) type Stamp = [u8; STAMP_LEN];

/// Writes the fields of a body, big-endian.
pub(super) struct Writer {
    body: [u8; BODY_LEN],
    at: usize,
}

impl Writer {
    pub(super) fn put(&mut self, bytes: &[u8]) {
        if let Some(room) = self.body.get_mut(self.at..self.at + bytes.len()) {
            room.copy_from_slice(bytes);
        }
        self.at += bytes.len();
    }

    pub(super) fn put_u8(&mut self, value: u8) {
        self.put(&[value]);
    }

    pub(super) fn put_u16(&mut self, value: u16) {
        self.put(&value.to_be_bytes());
    }

    /// Writes a time in milliseconds as six bytes. Times after the year 10889
    /// saturate.
    pub(super) fn put_time(&mut self, ms: u64) {
        let bytes = ms.min((1 << 48) - 1).to_be_bytes();
        self.put(&bytes[2..]);
    }
}

/// Reads the fields of a body.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    pub(super) fn take<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(Error::RecordFormat)?;
        self.rest = rest;
        Ok(*taken)
    }

    pub(super) fn take_u8(&mut self) -> Result<u8, Error> {
        self.take::<1>().map(|[byte]| byte)
    }

    pub(super) fn take_u16(&mut self) -> Result<u16, Error> {
        self.take().map(u16::from_be_bytes)
    }

    pub(super) fn take_time(&mut self) -> Result<u64, Error> {
        let [a, b, c, d, e, f] = self.take()?;
        Ok(u64::from_be_bytes([0, 0, a, b, c, d, e, f]))
    }
}

/// Seals a record with the newest record key. `fill` writes the fields after
/// the stamp.
pub(super) fn seal(
    keyring: &Keyring,
    store_key: &StoreKey,
    format: u8,
    stamp: Stamp,
    fill: impl FnOnce(&mut Writer),
) -> Result<Record, Error> {
    let key = keyring.newest_record()?;
    let mut writer = Writer {
        body: [0; BODY_LEN],
        at: 0,
    };
    writer.put_u8(format);
    writer.put_u16(key.id);
    writer.put(&stamp);
    fill(&mut writer);
    debug_assert!(writer.at <= BODY_LEN);
    let mut record = [0; RECORD_LEN];
    let (body, tag) = record.split_at_mut(BODY_LEN);
    body.copy_from_slice(&writer.body);
    tag.copy_from_slice(&key.seal_tag(store_key, body).truncated::<TAG_LEN>());
    Ok(record)
}

/// Checks length, format and authentication of a record. The reader starts
/// after the stamp.
pub(super) fn open<'a>(
    keyring: &Keyring,
    store_key: &StoreKey,
    format: u8,
    record: &'a [u8],
) -> Result<Reader<'a>, Error> {
    let record: &Record = record.try_into().map_err(|_| Error::RecordFormat)?;
    let (body, tag) = record
        .split_last_chunk::<TAG_LEN>()
        .ok_or(Error::RecordFormat)?;
    open_body(keyring, store_key, format, body, tag)
}

fn open_body<'a>(
    keyring: &Keyring,
    store_key: &StoreKey,
    format: u8,
    body: &'a [u8],
    tag: &[u8; TAG_LEN],
) -> Result<Reader<'a>, Error> {
    let mut reader = Reader { rest: body };
    if reader.take_u8()? != format {
        return Err(Error::RecordFormat);
    }
    let key = keyring.record(reader.take_u16()?)?;
    let expected: [u8; TAG_LEN] = key.seal_tag(store_key, body).truncated();
    if !bool::from(expected.ct_eq(tag)) {
        return Err(Error::RecordForged);
    }
    reader.take::<STAMP_LEN>()?;
    Ok(reader)
}

/// The id of the record key that sealed a stored value (record or document).
///
/// A keyring must contain that key to read the value.
#[must_use]
pub fn sealing_key(value: &[u8]) -> Option<u16> {
    let id: &[u8; 2] = value.get(1..3)?.try_into().ok()?;
    Some(u16::from_be_bytes(*id))
}

/// A time at which a store may drop a value, rounded up to a whole minute.
///
/// Exact times of messages would identify numbers together with the log of a
/// gateway. A store's indexes, logs and monitoring show this time without the
/// value; the times within a record remain exact.
pub(super) const fn to_the_minute(ms: u64) -> u64 {
    const MINUTE_MS: u64 = 60_000;
    ms.div_ceil(MINUTE_MS).saturating_mul(MINUTE_MS)
}

/// Fresh bytes for one write: a labelled MAC under the host's entropy over the
/// time, the store key, the current value and the input of the call. If the
/// host's entropy repeats, different requests still get different bytes.
pub(crate) fn fresh<const N: usize>(
    label: Label<labels::Fresh>,
    entropy: &[u8; 32],
    now_ms: u64,
    store_key: &StoreKey,
    current: Option<&[u8]>,
    input: &[u8],
) -> [u8; N] {
    const { assert!(N <= 32) };
    let source = Prepared::new(Algorithm::Sha256, entropy);
    let now = now_ms.to_be_bytes();
    let parts = [&now, &store_key.0[..], current.unwrap_or_default(), input];
    let digest = framed_mac(&source, label, parts);
    let mut bytes = [0; N];
    bytes.copy_from_slice(&digest.as_bytes()[..N]);
    bytes
}

/// As [`fresh`], for one exchange, from any number of parts.
#[cfg(feature = "alloc")]
pub(crate) fn fresh_of_all(
    label: Label<labels::Entropy>,
    entropy: &[u8; 32],
    now_ms: u64,
    parts: &[&[u8]],
) -> [u8; 32] {
    let now = now_ms.to_be_bytes();
    let parts: alloc::vec::Vec<&[u8]> = core::iter::once(&now[..])
        .chain(parts.iter().copied())
        .collect();
    let source = Prepared::new(Algorithm::Sha256, entropy);
    framed_mac_of_all(&source, label.bytes(), &parts).first_32()
}

/// Authenticates a value of any length that is not encrypted and returns the
/// bytes between its stamp and its tag.
#[cfg(feature = "alloc")]
pub(super) fn open_plain<'a>(
    keyring: &Keyring,
    store_key: &StoreKey,
    format: u8,
    value: &'a [u8],
) -> Result<&'a [u8], Error> {
    let (body, tag) = value
        .split_last_chunk::<TAG_LEN>()
        .ok_or(Error::RecordFormat)?;
    Ok(open_body(keyring, store_key, format, body, tag)?.rest)
}
