//! Outcomes as bodies, and bodies as outcomes.

use http::StatusCode;
use serde_json::{Value as Json, json};

use super::route::{Answer, Returned, Route};
use crate::admin::Outcome;

impl Answer {
    /// The status of success.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Nothing => StatusCode::NO_CONTENT,
            Self::Value(_) | Self::Lines => StatusCode::OK,
            Self::Created(..) => StatusCode::CREATED,
        }
    }

    /// What is returned, if anything is.
    pub(super) fn returned(&self) -> Option<&Returned> {
        match self {
            Self::Value(returned) | Self::Created(returned, _) => Some(returned),
            Self::Nothing | Self::Lines => None,
        }
    }

    /// The body for an outcome: `Some(None)` for none, `None` for an outcome of another
    /// operation.
    pub(super) fn body(&self, outcome: &Outcome) -> Option<Option<Json>> {
        let Json::Object(mut outcome) = serde_json::to_value(outcome).ok()? else {
            return None;
        };
        let name = outcome.get("name")?.as_str()?.to_owned();
        match self.returned() {
            None => (name == "done").then_some(None),
            Some(returned) if name == returned.outcome => {
                let value = outcome.remove("with").unwrap_or_default();
                Some(Some(match returned.member {
                    Some(member) => json!({ member: value }),
                    None => value,
                }))
            }
            Some(_) => None,
        }
    }

    /// The outcome of a body; `None` if it is not one.
    pub(super) fn outcome(&self, body: Option<Json>) -> Option<Outcome> {
        let json = match self.returned() {
            None => json!({ "name": "done" }),
            Some(returned) => {
                let mut value = body?;
                if let Some(member) = returned.member {
                    value = value.as_object_mut()?.remove(member)?;
                }
                json!({ "name": returned.outcome, "with": value })
            }
        };
        serde_json::from_value(json).ok()
    }
}

impl Route {
    /// The path of what was created.
    pub(super) fn location(&self, body: &Json) -> Option<String> {
        let Answer::Created(_, Some(member)) = &self.answer else {
            return None;
        };
        let name = body.get(member)?.as_str()?;
        Some(format!("{}{}/{}", super::PREFIX, self.path, encoded(name)))
    }
}

/// A name as a segment of a path.
pub(super) fn encoded(name: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'_')
        .remove(b'.')
        .remove(b'~');
    utf8_percent_encode(name, KEPT).to_string()
}
