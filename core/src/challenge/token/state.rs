//! The fields of a token record, their encoding, and the rule against replays.

use crate::Error;
use crate::challenge::record::{Reader, Writer};
use crate::challenge::verdict::Verdict;

/// Format byte (kind and version) of a token record.
pub(in crate::challenge) const FORMAT: u8 = 0x21;

/// The fields of an opened record. Times are in milliseconds of Unix time.
#[derive(Clone)]
pub(in crate::challenge) struct State {
    pub(super) last: Option<u64>,
    pub(super) drift: i64,
    pub(super) failures: u16,
    pub(super) retry_at: u64,
    pub(super) is_locked: bool,
    /// The keyed digest of the last OCRA question.
    pub(super) question: [u8; 16],
    /// When the question expires. 0 once an answer was accepted.
    pub(super) question_ends_at: u64,
    /// The last time at which `last` was the newest position: that of the last
    /// write, unless the token has to be resynchronised. 0, as in records of
    /// older versions, is before everything.
    pub(super) current_at: u64,
    /// When the question was asked. 0 is before everything.
    pub(super) question_asked_at: u64,
}

impl State {
    pub(super) const EMPTY: Self = Self {
        last: None,
        drift: 0,
        failures: 0,
        retry_at: 0,
        is_locked: false,
        question: [0; 16],
        question_ends_at: 0,
        current_at: 0,
        question_asked_at: 0,
    };

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.put_u8(u8::from(self.last.is_some()) | u8::from(self.is_locked) << 1);
        writer.put(&self.last.unwrap_or(0).to_be_bytes());
        writer.put(&self.drift.to_be_bytes());
        writer.put_u16(self.failures);
        writer.put_time(self.retry_at);
        writer.put(&self.question);
        writer.put_time(self.question_ends_at);
        writer.put_time(self.current_at);
        writer.put_time(self.question_asked_at);
    }

    pub(in crate::challenge) fn read(mut reader: Reader<'_>) -> Result<Self, Error> {
        let flags = reader.take_u8()?;
        let last = u64::from_be_bytes(reader.take()?);
        Ok(Self {
            last: (flags & 1 != 0).then_some(last),
            drift: i64::from_be_bytes(reader.take()?),
            failures: reader.take_u16()?,
            retry_at: reader.take_time()?,
            is_locked: flags & 2 != 0,
            question: reader.take()?,
            question_ends_at: reader.take_time()?,
            current_at: reader.take_time()?,
            question_asked_at: reader.take_time()?,
        })
    }

    /// The latest time in the record at which something happened.
    pub(in crate::challenge) fn latest(&self) -> u64 {
        self.current_at.max(self.question_asked_at)
    }

    /// The first counter or step that may still be accepted. `None` if
    /// `u64::MAX` was accepted.
    pub(super) fn next_fresh(&self) -> Option<u64> {
        match self.last {
            None => Some(0),
            Some(last) => last.checked_add(1),
        }
    }

    /// Counts all positions up to `position` as accepted.
    pub(super) fn skip_to(&mut self, position: Option<u64>) {
        self.last = self.last.max(position);
    }

    /// Accepts the position at which a code was found, if it is after the last
    /// accepted one. This is the rule against replays.
    pub(super) fn take(&mut self, found: Option<u64>) -> Verdict {
        match (found, self.next_fresh()) {
            (None, _) => Verdict::Wrong,
            (Some(position), Some(fresh)) if position >= fresh => {
                self.last = Some(position);
                Verdict::Accept
            }
            (Some(_), _) => Verdict::Replayed,
        }
    }

    /// As [`Self::take`], and updates the drift if the step is accepted.
    pub(super) fn take_step(&mut self, found: Option<u64>, now_step: u64) -> Verdict {
        let verdict = self.take(found);
        if let (Verdict::Accept, Some(step)) = (verdict, found) {
            let drift = i128::from(step) - i128::from(now_step);
            self.drift = i64::try_from(drift).unwrap_or(0);
        }
        verdict
    }
}
