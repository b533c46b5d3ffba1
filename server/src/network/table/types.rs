//! What a table is told, and its limits.

use core::time::Duration;

use mpass_core::network::NasKey;

/// After how many interim intervals without an update a session expires.
pub(super) const INTERVALS: u64 = 2;
/// The same for reports without a time of their own.
pub(super) const UNDATED_INTERVALS: u64 = 1;
/// How long the end of a session is remembered that may lack times: an old copy
/// of one of its reports is like a new one.
pub(super) const UNDATED_END_MS: u64 = 24 * 3_600_000;

/// How long a NAS without sessions is remembered after its last event. Its newest
/// event keeps old ones out when the server's clock is set back.
pub(super) const NAS_MEMORY_MS: u64 = 24 * 3_600_000;

/// The limits of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableLimits {
    /// The maximum number of entries: sessions, including those that ended
    /// recently, and one entry for each NAS, for a day after its last event.
    pub entries: usize,
    /// The maximum difference between an event and the current time, in both
    /// directions.
    pub freshness: Duration,
}

/// An authenticated sender of events.
#[derive(Clone, Debug)]
pub(in crate::network) struct Reporter {
    pub(in crate::network) nas: NasKey,
    /// How often it updates a session.
    pub(in crate::network) interim_interval: Duration,
    /// Whether its events need no time of their own.
    pub(in crate::network) accept_undated: bool,
}

impl Reporter {
    pub(super) fn intervals_ms(&self, count: u64) -> u64 {
        let interval = u64::try_from(self.interim_interval.as_millis()).unwrap_or(u64::MAX);
        interval.saturating_mul(count)
    }

    /// How long an end is remembered: for longer than a late packet from before
    /// it is fresh.
    pub(super) fn end_memory_ms(&self) -> u64 {
        if self.accept_undated {
            UNDATED_END_MS
        } else {
            self.intervals_ms(INTERVALS)
        }
    }
}

/// When an event happened, in seconds of Unix time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::network) enum Time {
    /// By the NAS's clock.
    Dated(u32),
    /// By the event's arrival.
    Undated(u32),
}

impl Time {
    pub(super) fn at(self) -> u32 {
        let (Self::Dated(at) | Self::Undated(at)) = self;
        at
    }
}

/// The effect of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::network) enum Effect {
    /// It was applied.
    Taken,
    /// As `Taken`, but without a phone number.
    TakenWithoutNumber,
    /// None: a later event or the end of the session is known already.
    Late,
}

/// Why an event was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::network) enum Refusal {
    /// It is too far from the current time.
    Stale,
    /// The table is full.
    Full,
}
