//! The fields of a challenge record and their encoding.

use super::limit::{Bucket, Limit};
use super::record::{Reader, Writer};
use crate::Error;
use crate::oath::Digits;

/// Format byte (kind and version) of a challenge record.
pub(super) const FORMAT: u8 = 0x11;

#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Phase {
    None = 0,
    Live = 1,
    Used = 2,
    Exhausted = 3,
    Voided = 4,
}

/// The fields of an opened record. Times are in milliseconds of Unix time.
#[derive(Clone)]
pub(super) struct State {
    pub(super) phase: Phase,
    pub(super) code_key: u16,
    pub(super) digits: Digits,
    pub(super) tries_left: u8,
    pub(super) salt: [u8; 16],
    pub(super) ends_at: u64,
    pub(super) written_at: u64,
    pub(super) sends: Bucket,
    pub(super) guesses: Bucket,
    pub(super) resend_at: u64,
    pub(super) locked_until: u64,
    pub(super) failures: u16,
    /// The record is kept at least until this time, for the aliases that refer
    /// to it.
    pub(super) kept_until: u64,
    /// The unlocks of an administrator. Records of earlier versions have none.
    pub(super) unlocks: Bucket,
}

/// The unit of [`State::unlocks`] in a record, which has four bytes for it.
pub(super) const MINUTE_MS: u64 = 60_000;

/// How often a subject can be unlocked: three times at once, and never more in 24
/// hours, to the minute.
pub(super) const UNLOCKS: Limit = match Limit::new(3, 24 * 3600 * 1000, 3) {
    Ok(limit) => limit,
    Err(_) => panic!("a limit"),
};

impl State {
    pub(super) const EMPTY: Self = Self {
        phase: Phase::None,
        code_key: 0,
        digits: Digits::SIX,
        tries_left: 0,
        salt: [0; 16],
        ends_at: 0,
        written_at: 0,
        sends: Bucket(0),
        guesses: Bucket(0),
        resend_at: 0,
        locked_until: 0,
        failures: 0,
        kept_until: 0,
        unlocks: Bucket(0),
    };

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.put_u8(self.phase as u8);
        writer.put_u16(self.code_key);
        writer.put_u8(self.digits.get());
        writer.put_u8(self.tries_left);
        writer.put(&self.salt);
        writer.put_time(self.ends_at);
        writer.put_time(self.written_at);
        writer.put_time(self.sends.0);
        writer.put_time(self.guesses.0);
        writer.put_time(self.resend_at);
        writer.put_time(self.locked_until);
        writer.put_u16(self.failures);
        writer.put_time(self.kept_until);
        let minutes = u32::try_from(self.unlocks.0.div_ceil(MINUTE_MS));
        writer.put(&minutes.unwrap_or(u32::MAX).to_be_bytes());
    }

    pub(super) fn read(mut reader: Reader<'_>) -> Result<Self, Error> {
        Ok(Self {
            phase: match reader.take_u8()? {
                0 => Phase::None,
                1 => Phase::Live,
                2 => Phase::Used,
                3 => Phase::Exhausted,
                4 => Phase::Voided,
                _ => return Err(Error::RecordFormat),
            },
            code_key: reader.take_u16()?,
            digits: Digits::new(reader.take_u8()?).map_err(|_| Error::RecordFormat)?,
            tries_left: reader.take_u8()?,
            salt: reader.take()?,
            ends_at: reader.take_time()?,
            written_at: reader.take_time()?,
            sends: Bucket(reader.take_time()?),
            guesses: Bucket(reader.take_time()?),
            resend_at: reader.take_time()?,
            locked_until: reader.take_time()?,
            failures: reader.take_u16()?,
            kept_until: reader.take_time()?,
            unlocks: Bucket(u64::from(u32::from_be_bytes(reader.take()?)) * MINUTE_MS),
        })
    }
}
