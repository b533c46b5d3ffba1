//! API tokens in the admin protocol.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::failure::Failure;
use crate::administrators::{ApiToken, Permission};
use crate::audit::Actor;

/// An administrator's request about API tokens.
///
/// A request that came with a name, by API or portal, is about the tokens of that
/// administrator unless it says otherwise: see [`TokensOf`].
#[derive(Serialize, Deserialize)]
#[serde(tag = "token", rename_all = "snake_case")]
#[non_exhaustive]
pub enum TokenOperation {
    /// Make a token; returns [`Outcome::Token`](super::Outcome::Token).
    Create {
        /// What it is for: 1 to 64 bytes of text.
        name: String,
        /// What it may do; not more than its maker may. A token that makes another one
        /// gives it at most what it has itself.
        permissions: Vec<Permission>,
        /// How long it lasts, in milliseconds: 1 minute to 366 days.
        life_ms: u64,
        /// The administrator whose token it is. Absent for the one who asks; only the
        /// command line, which has none, names one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        maker: Option<String>,
        /// The id of the token that makes it, if one does.
        #[serde(skip)]
        made_with: Option<String>,
    },
    /// List a page of the tokens, the newest first; returns
    /// [`Outcome::Tokens`](super::Outcome::Tokens).
    List {
        /// Whose.
        #[serde(default)]
        of: TokensOf,
        /// [`TokenPage::next`] of the page before; absent for the first one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
    /// End a token.
    Revoke {
        /// Its id.
        id: String,
        /// Whose it must be.
        #[serde(default)]
        of: TokensOf,
    },
}

/// Whose tokens a request is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokensOf {
    /// Of the administrator who asks. Everybody may do that.
    #[default]
    Own,
    /// Of an administrator.
    Administrator(String),
    /// Of every administrator.
    All,
}

impl TokenOperation {
    /// The word for it in logs.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Create { .. } => "create",
            Self::List { .. } => "list",
            Self::Revoke { .. } => "revoke",
        }
    }

    /// What its caller must be allowed to do: nothing in particular with its own tokens.
    #[must_use]
    pub const fn permission(&self) -> Permission {
        match self {
            Self::Create { maker: None, .. }
            | Self::List {
                of: TokensOf::Own, ..
            }
            | Self::Revoke {
                of: TokensOf::Own, ..
            } => Permission::Read,
            Self::Create { .. } | Self::List { .. } | Self::Revoke { .. } => {
                Permission::Administrators
            }
        }
    }

    /// Names whose tokens it is about, where that is the one who asks.
    ///
    /// # Errors
    /// If that is not known, and for a token that is to be somebody else's.
    pub(super) fn asked_by(&mut self, actor: &Actor) -> Result<(), Failure> {
        match self {
            Self::Create {
                maker, made_with, ..
            } => {
                match (&maker, &actor.name) {
                    (None, None) => return Err(unknown_maker()),
                    (Some(maker), Some(name)) if maker != name => {
                        return Err(Failure::new(
                            "a token is made by the administrator whose it is",
                        ));
                    }
                    (None, Some(name)) => *maker = Some(name.clone()),
                    (Some(_), _) => {}
                }
                made_with.clone_from(&actor.token);
            }
            Self::List { of, .. } | Self::Revoke { of, .. } => {
                if *of == TokensOf::Own {
                    let name = actor.name.clone().ok_or_else(unknown_maker)?;
                    *of = TokensOf::Administrator(name);
                }
            }
        }
        Ok(())
    }

    /// Whether it may change the store.
    #[must_use]
    pub const fn writes(&self) -> bool {
        !matches!(self, Self::List { .. })
    }
}

/// An API token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TokenInfo {
    /// Its id, by which it is revoked.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// The administrator whose it is.
    pub maker: String,
    /// What it may do, at most.
    pub permissions: Vec<Permission>,
    /// When it was made, in milliseconds of Unix time.
    pub created_at_ms: u64,
    /// When it ends, in milliseconds of Unix time.
    pub until_ms: u64,
}

impl From<ApiToken> for TokenInfo {
    fn from(token: ApiToken) -> Self {
        Self {
            id: token.id,
            name: token.name,
            maker: token.maker,
            permissions: token.permissions,
            created_at_ms: token.created_at_ms,
            until_ms: token.until_ms,
        }
    }
}

/// A page of API tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TokenPage {
    /// The newest first.
    pub tokens: Vec<TokenInfo>,
    /// Where the next page begins; `None` after the last one.
    pub next: Option<String>,
}

/// A new API token, whose secret is shown only once.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct NewToken {
    /// The secret.
    pub secret: String,
    /// The token.
    #[serde(flatten)]
    pub token: TokenInfo,
}

impl core::fmt::Debug for NewToken {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("NewToken")
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}

/// What an operation on tokens says without its maker.
pub(super) fn unknown_maker() -> Failure {
    Failure::new("name the administrator whose token it is")
}
