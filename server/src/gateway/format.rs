//! The form of a gateway's requests.

use serde::{Deserialize, Serialize};

use super::template::Escape;

/// The kind of a gateway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum GatewayKind {
    /// A message is an HTTP request.
    #[default]
    Http,
}

/// The method of a gateway's request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// `GET`.
    Get,
    /// `POST`.
    #[default]
    Post,
    /// `PUT`.
    Put,
}

/// The format of a body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyFormat {
    /// `application/json`.
    #[default]
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `application/xml`.
    Xml,
    /// `text/plain; charset=utf-8`, with unescaped values.
    Text,
}

impl BodyFormat {
    pub(super) const fn escape(self) -> Escape {
        match self {
            Self::Json => Escape::Json,
            Self::Form => Escape::Form,
            Self::Xml => Escape::Xml,
            Self::Text => Escape::Plain,
        }
    }

    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Form => "application/x-www-form-urlencoded",
            Self::Xml => "application/xml",
            Self::Text => "text/plain; charset=utf-8",
        }
    }
}

/// A user and password; both are templates.
#[derive(Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BasicAuth {
    /// The user.
    pub user: String,
    /// The password, preferably `{{secret.NAME}}`, so that the configuration
    /// file contains no secret.
    pub password: String,
}
