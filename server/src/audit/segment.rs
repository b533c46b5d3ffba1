//! Segments: documents of consecutive entries.

use mpass_core::challenge::Keyring;
use mpass_core::documents::{Contents, Family, HostDocument};
use serde::{Deserialize, Serialize};

use super::chain::{Line, Link};

/// The bytes of a segment's lines from which it is closed. An entry is shorter than
/// what is left of a document then.
const FULL: usize = 12 * 1024;

/// A segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) first: First,
    /// The lines, each with its end.
    pub(super) lines: String,
}

/// The first line of a segment's document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct First {
    /// The number of the segment; the first is 1.
    pub(super) segment: u64,
    /// The entry before its first one.
    pub(super) after: Link,
    /// The last entry.
    pub(super) last: Link,
    /// Whether the next segment is begun.
    pub(super) is_closed: bool,
}

impl Segment {
    /// The document of the segment of a number.
    pub(super) fn document(keyring: &Keyring, number: u64) -> HostDocument<&Keyring> {
        HostDocument::new(keyring, Family::AuditSegment, [&number.to_be_bytes()])
    }

    /// An empty segment that follows an entry.
    pub(super) fn new(segment: u64, after: Link) -> Self {
        Self {
            first: First {
                segment,
                after,
                last: after,
                is_closed: false,
            },
            lines: String::new(),
        }
    }

    pub(super) fn read(contents: &Contents) -> Option<Self> {
        let text = core::str::from_utf8(contents.bytes()).ok()?;
        let (first, lines) = text.split_once('\n')?;
        Some(Self {
            first: serde_json::from_str(first).ok()?,
            lines: lines.to_owned(),
        })
    }

    pub(super) fn write(&self) -> serde_json::Result<Contents> {
        let mut text = serde_json::to_string(&self.first)?;
        text.push('\n');
        text.push_str(&self.lines);
        Ok(Contents::new(text.into_bytes()))
    }

    /// With one more line; closed if it is full then.
    pub(super) fn push(&mut self, line: &str, link: Link) {
        self.lines.push_str(line);
        self.lines.push('\n');
        self.first.last = link;
        self.first.is_closed = self.lines.len() >= FULL;
    }

    /// When its last entry was written, in milliseconds of Unix time.
    pub(super) fn written_until_ms(&self) -> Option<u64> {
        let line: Line = serde_json::from_str(self.lines().next_back()?).ok()?;
        Some(line.at_ms)
    }

    pub(super) fn lines(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.lines.lines()
    }
}
