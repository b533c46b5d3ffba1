//! The payload of a header, in CBOR (RFC 8949).
//!
//! It is written by a crate and read by hand: the reading of any CBOR has six times
//! the code of the items that a header has, in the modules of npm entries.

use alloc::string::String;
use alloc::vec::Vec;

use minicbor::Encode;

/// The payload: a map with numbered members, so that older readers skip a member that
/// is added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode)]
#[cbor(map)]
pub(super) struct Content {
    #[n(0)]
    pub(super) layout: u16,
    #[n(1)]
    pub(super) write_format: u16,
    #[n(2)]
    pub(super) number_table: u16,
    #[n(3)]
    pub(super) active: u16,
    #[n(4)]
    pub(super) fingerprints: Vec<Fingerprint>,
    #[n(5)]
    pub(super) restored_at_ms: Option<u64>,
    #[n(6)]
    pub(super) confirmed_at_ms: Option<u64>,
    #[n(7)]
    pub(super) moved_to: Option<String>,
    #[n(8)]
    pub(super) node: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub(super) struct Fingerprint {
    #[n(0)]
    pub(super) id: u16,
    #[cbor(n(1), with = "minicbor::bytes")]
    pub(super) bytes: [u8; 16],
}

/// The members that every header has: the first five.
const REQUIRED: u8 = 0b1_1111;
/// How deep the items of a member of a newer version are nested at most.
const DEEPEST: u8 = 8;

impl Content {
    /// `None` for a payload that is no map with all required members.
    pub(super) fn read(payload: &[u8]) -> Option<Self> {
        let mut from = Items(payload);
        let mut content = Self::default();
        let mut had = 0_u8;
        for _ in 0..from.head_of(MAP)? {
            let member: u64 = from.number()?;
            match member {
                0 => content.layout = from.number()?,
                1 => content.write_format = from.number()?,
                2 => content.number_table = from.number()?,
                3 => content.active = from.number()?,
                4 => content.fingerprints = from.fingerprints()?,
                5 => content.restored_at_ms = from.optional(Items::number)?,
                6 => content.confirmed_at_ms = from.optional(Items::number)?,
                7 => content.moved_to = from.optional(Items::text)?,
                8 => content.node = from.optional(Items::text)?,
                _ => from.skip(DEEPEST)?,
            }
            had |= 1_u8.checked_shl(u32::try_from(member).ok()?).unwrap_or(0);
        }
        (had & REQUIRED == REQUIRED).then_some(content)
    }
}

// Major types (RFC 8949 section 3.1).
const UNSIGNED: u8 = 0;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;
const SIMPLE: u8 = 7;
/// The simple value `null`.
const NULL: u8 = SIMPLE << 5 | 22;

/// Items of definite length, read from the front.
struct Items<'a>(&'a [u8]);

impl<'a> Items<'a> {
    /// The major type and the argument of the next item.
    fn head(&mut self) -> Option<(u8, u64)> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        let (major, argument) = (first >> 5, first & 0x1f);
        let length = match argument {
            0..24 => return Some((major, argument.into())),
            24..28 => 1 << (argument - 24),
            _ => return None,
        };
        let bytes = self.take(length)?;
        let argument = bytes
            .iter()
            .fold(0, |high, low| high << 8 | u64::from(*low));
        Some((major, argument))
    }

    fn head_of(&mut self, major: u8) -> Option<u64> {
        let (found, argument) = self.head()?;
        (found == major).then_some(argument)
    }

    fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(taken)
    }

    fn number<T: TryFrom<u64>>(&mut self) -> Option<T> {
        self.head_of(UNSIGNED)?.try_into().ok()
    }

    fn text(&mut self) -> Option<String> {
        let length = self.head_of(TEXT)?;
        let text = core::str::from_utf8(self.take(length)?).ok()?;
        Some(text.into())
    }

    fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.0.split_first()? {
            (&NULL, rest) => {
                self.0 = rest;
                Some(None)
            }
            _ => read(self).map(Some),
        }
    }

    fn fingerprints(&mut self) -> Option<Vec<Fingerprint>> {
        let mut fingerprints = Vec::new();
        for _ in 0..self.head_of(ARRAY)? {
            let members = self.head_of(ARRAY)?;
            let id = self.number()?;
            let length = self.head_of(BYTES)?;
            let bytes = self.take(length)?.try_into().ok()?;
            (2..members).try_for_each(|_| self.skip(DEEPEST))?;
            fingerprints.push(Fingerprint { id, bytes });
        }
        Some(fingerprints)
    }

    /// Skips an item.
    fn skip(&mut self, deepest: u8) -> Option<()> {
        let items = match self.head()? {
            (BYTES | TEXT, length) => return self.take(length).map(drop),
            (ARRAY, items) => items,
            (MAP, pairs) => pairs.checked_mul(2)?,
            (UNSIGNED..BYTES | SIMPLE, _) => return Some(()),
            _ => return None,
        };
        let deepest = deepest.checked_sub(1)?;
        (0..items).try_for_each(|_| self.skip(deepest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content() -> Content {
        Content {
            layout: 1,
            write_format: 24,
            number_table: 256,
            active: u16::MAX,
            fingerprints: alloc::vec![Fingerprint {
                id: 7,
                bytes: [9; 16],
            }],
            restored_at_ms: Some(1 << 40),
            confirmed_at_ms: None,
            moved_to: Some("elsewhere".into()),
            node: Some("a,b".into()),
        }
    }

    #[test]
    fn what_the_crate_writes_is_read() {
        for content in [
            content(),
            Content {
                fingerprints: Vec::new(),
                restored_at_ms: None,
                confirmed_at_ms: Some(0),
                moved_to: None,
                node: None,
                ..content()
            },
        ] {
            let written = minicbor::to_vec(&content).unwrap();
            assert_eq!(Content::read(&written), Some(content));
        }
    }

    /// Members 9 and up, of every type, are those of a newer version.
    #[test]
    fn unknown_members_are_skipped() {
        let mut written = minicbor::to_vec(content()).unwrap();
        written[0] += 1;
        for member in [
            &[0x1a, 1, 2, 3, 4][..],
            &[0x20],
            &[0x43, 1, 2, 3],
            &[0x61, b'x'],
            &[0x82, 0x80, 0xa1, 0x00, 0xf5],
            &[0xf6],
            &[0xfb, 0, 0, 0, 0, 0, 0, 0, 0],
        ] {
            for name in [&[9][..], &[0x18, 200], &[0x19, 1, 0]] {
                let written = [&written, name, member].concat();
                assert_eq!(Content::read(&written), Some(content()), "{member:x?}");
            }
        }
        let nested = [&[9][..], &[0x81; 9], &[0]].concat();
        assert_eq!(Content::read(&[&written[..], &nested].concat()), None);
    }

    #[test]
    fn a_payload_that_ends_early_or_lacks_a_member_is_none() {
        let written = minicbor::to_vec(content()).unwrap();
        for length in 0..written.len() {
            assert_eq!(Content::read(&written[..length]), None, "{length}");
        }
        assert_eq!(Content::read(&[0xa0]), None);
        assert_eq!(Content::read(&[0xa1, 0, 1]), None);
        // A map of indefinite length, which nothing writes.
        assert_eq!(
            Content::read(&[&[0xbf][..], &written[1..], &[0xff]].concat()),
            None
        );
    }
}
