//! One cut-off: what is stopped, until when, by whom and why.

use alloc::string::String;

use minicbor::{Decode, Encode};

use super::target::CutOffTarget;
use crate::Error;
use crate::service::message::is_shown;
use crate::service::settings::Group;

/// The shortest and the longest cut-off, in milliseconds.
const SHORTEST_MS: u64 = 1000;
const LONGEST_MS: u64 = 30 * 24 * 3_600_000;
/// The longest reason, in bytes.
const LONGEST_WHY: usize = 120;
/// The longest name of an administrator, in bytes.
const LONGEST_NAME: usize = 64;

/// A cut-off: an administrator's order to stop something for a while. It ends by
/// itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CutOff {
    /// What is stopped.
    pub target: CutOffTarget,
    /// When it was ordered, in milliseconds of Unix time.
    pub since_ms: u64,
    /// The time from which it does not hold any more, in milliseconds of Unix
    /// time.
    pub until_ms: u64,
    /// The user id of who ordered it, if it is known.
    pub by: Option<u32>,
    /// The name of the administrator who ordered it, if it is known.
    pub by_name: Option<String>,
    /// Why it was ordered.
    pub why: Option<String>,
}

/// A cut-off to order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCutOff {
    /// What to stop.
    pub target: CutOffTarget,
    /// How long it holds, in milliseconds: 1 s to 30 days.
    pub life_ms: u64,
    /// The user id of who orders it, if it is known.
    pub by: Option<u32>,
    /// The name of the administrator who orders it, if it is known: 1 to 64 bytes of
    /// text without white space.
    pub by_name: Option<String>,
    /// Why it is ordered: 1 to 120 bytes of text on one line.
    pub why: Option<String>,
}

impl NewCutOff {
    /// # Errors
    /// [`Error::InvalidCutOffLife`], [`Error::InvalidCutOffReason`],
    /// [`Error::InvalidName`] for the administrator's name, and the errors of
    /// [`CutOffTarget`]'s names.
    pub(super) fn check(&self) -> Result<(), Error> {
        self.target.check()?;
        if !(SHORTEST_MS..=LONGEST_MS).contains(&self.life_ms) {
            return Err(Error::InvalidCutOffLife);
        }
        let is_name = |name: &String| {
            let is_letter = |letter: char| is_shown(letter) && !letter.is_whitespace();
            (1..=LONGEST_NAME).contains(&name.len()) && name.chars().all(is_letter)
        };
        if !self.by_name.as_ref().is_none_or(is_name) {
            return Err(Error::InvalidName);
        }
        let is_line = |why: &String| {
            let is_of_line =
                |letter: char| letter == ' ' || is_shown(letter) && !letter.is_whitespace();
            (1..=LONGEST_WHY).contains(&why.len()) && why.chars().all(is_of_line)
        };
        match self.why.as_ref().is_none_or(is_line) {
            true => Ok(()),
            false => Err(Error::InvalidCutOffReason),
        }
    }

    /// The cut-off from `now_ms`.
    pub(super) fn at(&self, now_ms: u64) -> CutOff {
        CutOff {
            target: self.target.clone(),
            since_ms: now_ms,
            until_ms: now_ms.saturating_add(self.life_ms),
            by: self.by,
            by_name: self.by_name.clone(),
            why: self.why.clone(),
        }
    }
}

impl CutOff {
    /// Whether it still holds.
    #[must_use]
    pub fn is_in_effect(&self, now_ms: u64) -> bool {
        now_ms < self.until_ms
    }
}

/// The stored form: a CBOR map with numbered members, so that older readers skip a
/// member that is added.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(super) struct Wire {
    /// The kind of target.
    #[n(0)]
    kind: u8,
    /// The name of the gateway or tenant, or the prefix.
    #[n(1)]
    name: Option<String>,
    #[n(2)]
    since_ms: u64,
    #[n(3)]
    until_ms: u64,
    #[n(4)]
    by: Option<u32>,
    #[n(5)]
    why: Option<String>,
    #[n(6)]
    by_name: Option<String>,
}

/// The kinds of targets as stored.
const SENDS: u8 = 1;
const GATEWAY: u8 = 2;
const CHANNEL: u8 = 3;
const CUSTOMER: u8 = 4;
const CLIENT: u8 = 5;
const PREFIX: u8 = 6;

impl TryFrom<&CutOff> for Wire {
    type Error = Error;

    fn try_from(cut_off: &CutOff) -> Result<Self, Error> {
        let (kind, name) = match &cut_off.target {
            CutOffTarget::Sends => (SENDS, None),
            CutOffTarget::Gateway(name) => (GATEWAY, name.clone()),
            CutOffTarget::Tenant { group, name } => {
                let kind = match group {
                    Group::Channel => CHANNEL,
                    Group::Customer => CUSTOMER,
                    Group::Client => CLIENT,
                    _ => return Err(Error::UnknownSetting),
                };
                (kind, Some(name.clone()))
            }
            CutOffTarget::Prefix(prefix) => (PREFIX, Some(prefix.as_str().into())),
        };
        Ok(Self {
            kind,
            name,
            since_ms: cut_off.since_ms,
            until_ms: cut_off.until_ms,
            by: cut_off.by,
            by_name: cut_off.by_name.clone(),
            why: cut_off.why.clone(),
        })
    }
}

impl TryFrom<Wire> for CutOff {
    type Error = Error;

    fn try_from(wire: Wire) -> Result<Self, Error> {
        let format = Error::RecordFormat;
        let tenant = |group, name: Option<String>| {
            let name = name.ok_or(format)?;
            Ok::<_, Error>(CutOffTarget::Tenant { group, name })
        };
        let target = match (wire.kind, wire.name) {
            (SENDS, _) => CutOffTarget::Sends,
            (GATEWAY, name) => CutOffTarget::Gateway(name),
            (CHANNEL, name) => tenant(Group::Channel, name)?,
            (CUSTOMER, name) => tenant(Group::Customer, name)?,
            (CLIENT, name) => tenant(Group::Client, name)?,
            (PREFIX, Some(text)) => CutOffTarget::Prefix(text.parse().map_err(|_| format)?),
            // Of a newer version: what it stops is not known.
            _ => return Err(format),
        };
        Ok(Self {
            target,
            since_ms: wire.since_ms,
            until_ms: wire.until_ms,
            by: wire.by,
            by_name: wire.by_name,
            why: wire.why,
        })
    }
}
