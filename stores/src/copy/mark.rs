//! The mark of a copy, in the headers of its source and its target.

use core::fmt;

/// What the header of a target says until it has everything.
const UNFINISHED: &str = "unfinished";
/// The same of a target that was given up.
const ABANDONED: &str = "abandoned";
const ID_LEN: usize = 32;

/// The mark of a copy: the value of `moved_to` in the header of the source and, until
/// the target is open, in that of the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    state: State,
    /// 32 hexadecimal digits.
    id: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    /// In the source; with the kind of the target.
    Source(String),
    Unfinished,
    Abandoned,
}

impl Mark {
    /// The mark in the source of a new copy to a store of this kind, such as `redis`.
    pub(super) fn new(kind: &str, entropy: &[u8; 32]) -> Self {
        let id = entropy
            .iter()
            .take(ID_LEN / 2)
            .map(|byte| format!("{byte:02x}"));
        Self {
            state: State::Source(kind.to_owned()),
            id: id.collect(),
        }
    }

    /// Reads a mark; `None` for one that no copy has written.
    #[must_use]
    pub fn read(moved_to: &str) -> Option<Self> {
        let (state, id) = moved_to.split_once(" copy ")?;
        let is_id = id.len() == ID_LEN && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_id.then(|| Self {
            state: match state {
                UNFINISHED => State::Unfinished,
                ABANDONED => State::Abandoned,
                kind => State::Source(kind.to_owned()),
            },
            id: id.to_owned(),
        })
    }

    /// Whether it is that of a target that does not have everything yet.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        self.state == State::Unfinished
    }

    /// Whether it is that of a source.
    pub(super) fn is_source(&self) -> bool {
        matches!(self.state, State::Source(_))
    }

    /// Whether both are of one copy.
    pub(super) fn is_of(&self, other: &Self) -> bool {
        self.id == other.id
    }

    /// That of the source, with the kind of the target.
    pub(super) fn source(&self, kind: &str) -> Self {
        Self {
            state: State::Source(kind.to_owned()),
            id: self.id.clone(),
        }
    }

    /// That of the target, until it is open.
    pub(super) fn unfinished(&self) -> Self {
        Self {
            state: State::Unfinished,
            id: self.id.clone(),
        }
    }

    /// That of a target that was given up.
    pub(super) fn abandoned(&self) -> Self {
        Self {
            state: State::Abandoned,
            id: self.id.clone(),
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.state {
            State::Source(kind) => kind,
            State::Unfinished => UNFINISHED,
            State::Abandoned => ABANDONED,
        };
        write!(f, "{state} copy {}", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_as_it_was_written() {
        let source = Mark::new("postgres", &[0xa7; 32]);
        for mark in [source.clone(), source.unfinished(), source.abandoned()] {
            let text = mark.to_string();
            assert!(text.len() <= 64, "the header has room for it");
            assert_eq!(Mark::read(&text), Some(mark.clone()));
            assert!(mark.is_of(&source));
            assert_eq!(mark.source("postgres"), source);
        }
        assert!(source.unfinished().is_unfinished() && !source.is_unfinished());
        assert!(source.is_source() && !source.abandoned().is_source());
        assert!(!source.is_of(&Mark::new("postgres", &[0xa8; 32])));
        for other in ["other", "", "unfinished copy", "redis copy 12"] {
            assert_eq!(Mark::read(other), None, "{other}");
        }
    }
}
