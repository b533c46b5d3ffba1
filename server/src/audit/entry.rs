//! What an entry says.

use core::net::IpAddr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// The longest value of a member, in bytes of JSON.
const MOST_OF_ONE: usize = 512;
/// The longest members before or after a change together.
const MOST_OF_ALL: usize = 1200;
/// The length of what stands for a longer value.
const DIGEST: usize = 96;
/// The longest name or reason, in bytes.
const MOST_OF_A_TEXT: usize = 160;

/// The way by which a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Via {
    /// The command line, on the store itself.
    Command,
    /// The admin socket.
    Socket,
    /// The administration API, with a token.
    Api,
    /// The administration portal, with a session.
    Portal,
    /// The server itself.
    Server,
}

/// Who asks for an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The way by which the request came.
    pub via: Via,
    /// The administrator, if one is known by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The id of the API token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The user id of the process that asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<u32>,
    /// The address that the request came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<IpAddr>,
}

impl Actor {
    /// The server itself.
    #[must_use]
    pub const fn server() -> Self {
        Self::of(Via::Server)
    }

    /// Nobody known, by some way.
    #[must_use]
    pub const fn of(via: Via) -> Self {
        Self {
            via,
            name: None,
            token: None,
            user: None,
            from: None,
        }
    }
}

/// The step of an operation that an entry records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Step {
    /// The operation is about to be performed.
    Intent,
    /// The operation has been performed.
    Done,
    /// The operation failed: nothing has changed, or that is unknown.
    Failed,
    /// Something that is no operation, such as a login.
    Event,
}

/// What is recorded. It contains no secret, and numbers only in masked form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The step.
    pub step: Step,
    /// The number of the entry with the intent, for an outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
    /// Who asked.
    pub by: Actor,
    /// The operation, such as `channel.update`.
    pub what: String,
    /// What it was performed on: the name of a tenant, a gateway, an administrator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// The members that changed, as they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Map<String, Json>>,
    /// The members that changed, as they are now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Map<String, Json>>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Entry {
    /// An entry that says only who does what.
    #[must_use]
    pub fn new(step: Step, by: Actor, what: impl Into<String>) -> Self {
        Self {
            step,
            of: None,
            by,
            what: what.into(),
            on: None,
            before: None,
            after: None,
            error: None,
        }
    }

    /// With what it is performed on.
    #[must_use]
    pub fn on(self, name: impl Into<String>) -> Self {
        Self {
            on: Some(name.into()),
            ..self
        }
    }

    /// With long values replaced by their length and SHA-256, so that an entry has a
    /// bounded length.
    pub(super) fn bounded(&self) -> Self {
        let mut entry = self.clone();
        for members in [&mut entry.before, &mut entry.after] {
            let Some(members) = members else { continue };
            let is_small = serde_json::to_vec(members).is_ok_and(|text| text.len() <= MOST_OF_ALL);
            for value in members.values_mut() {
                let text = value.to_string();
                if text.len() > MOST_OF_ONE || !is_small && text.len() > DIGEST {
                    *value = digest(&text);
                }
            }
            if serde_json::to_vec(members).is_ok_and(|text| text.len() > MOST_OF_ALL) {
                let text = Json::from(members.clone()).to_string();
                *members = Map::from_iter([("values".to_owned(), digest(&text))]);
            }
        }
        shorten(&mut entry.what);
        for text in [&mut entry.on, &mut entry.error, &mut entry.by.name]
            .into_iter()
            .flatten()
        {
            shorten(text);
        }
        entry
    }
}

/// Cuts a text that is too long, between two letters.
fn shorten(text: &mut String) {
    let is_kept = |at: &usize| text.is_char_boundary(*at);
    if text.len() > MOST_OF_A_TEXT {
        let end = (0..=MOST_OF_A_TEXT).rev().find(is_kept);
        text.truncate(end.unwrap_or(0));
    }
}

/// What stands for a value that is too long to be recorded.
fn digest(text: &str) -> Json {
    let hash = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    let hash = base16ct::lower::encode_string(hash.as_ref());
    serde_json::json!({ "bytes": text.len(), "sha256": hash })
}
