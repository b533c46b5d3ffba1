//! Administrators in the admin protocol.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::failure::Failure;
use crate::administrators::{Account, Identity, Permission, ResetOf, Role};
use crate::audit::Actor;

/// An administrator's request about administrators.
#[derive(Serialize, Deserialize)]
#[serde(tag = "administrator", rename_all = "snake_case")]
#[non_exhaustive]
pub enum AdministratorOperation {
    /// Create an administrator; returns [`Outcome::Enrolled`](super::Outcome::Enrolled).
    Create {
        /// The name: 1 to 64 letters, digits, dots, dashes, underscores and at signs.
        name: String,
        /// The role.
        role: Role,
    },
    /// Read an administrator; returns
    /// [`Outcome::Administrator`](super::Outcome::Administrator).
    Read {
        /// The name.
        name: String,
    },
    /// List a page of the administrators by name; returns
    /// [`Outcome::Administrators`](super::Outcome::Administrators).
    List {
        /// [`AdministratorPage::next`] of the page before; absent for the first one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
    /// Change an administrator and end its sessions; returns
    /// [`Outcome::Administrator`](super::Outcome::Administrator).
    Update {
        /// The name.
        name: String,
        /// The new role, if it changes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<Role>,
        /// Whether logins are refused, if that changes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        disabled: Option<bool>,
        /// The stamp that the administrator must have.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stamp: Option<String>,
    },
    /// Replace credentials and end the sessions; returns
    /// [`Outcome::Enrolled`](super::Outcome::Enrolled).
    Reset {
        /// The name.
        name: String,
        /// What is replaced.
        #[serde(default)]
        what: ResetOf,
        /// The stamp that the administrator must have.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stamp: Option<String>,
    },
    /// Replace credentials of the administrator who asks; returns
    /// [`Outcome::Enrolled`](super::Outcome::Enrolled). Everybody may do that in a
    /// session, nobody with an API token.
    Own {
        /// What is done.
        step: OwnStep,
        /// Who asks.
        #[serde(skip)]
        name: Option<String>,
    },
    /// Bind an administrator to a person at the identity provider, or to nobody, and
    /// end its sessions; returns
    /// [`Outcome::Administrator`](super::Outcome::Administrator).
    Bind {
        /// The name.
        name: String,
        /// The person; absent for nobody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        identity: Option<Identity>,
        /// The stamp that the administrator must have.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stamp: Option<String>,
    },
    /// Forget failed logins, so that the next one need not wait.
    Unlock {
        /// The name.
        name: String,
    },
    /// Remove an administrator, its sessions and its API tokens.
    Remove {
        /// The name.
        name: String,
        /// The stamp that the administrator must have.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stamp: Option<String>,
    },
}

/// What administrators do about their own credentials.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnStep {
    /// Replace the recovery codes, and end the sessions.
    RecoveryCodes,
    /// Make another authenticator, which waits for a code of it for 10 minutes.
    BeginAuthenticator,
    /// Put it in the place of the old one, with other recovery codes, and end the
    /// sessions.
    ConfirmAuthenticator {
        /// A code of the new authenticator.
        code: String,
    },
}

impl OwnStep {
    /// The word for it in logs.
    const fn word(&self) -> &'static str {
        match self {
            Self::RecoveryCodes => "own_recovery_codes",
            Self::BeginAuthenticator => "own_authenticator_begin",
            Self::ConfirmAuthenticator { .. } => "own_authenticator",
        }
    }

    /// The credentials that it replaces.
    pub(super) const fn replaces(&self) -> Option<ResetOf> {
        match self {
            Self::RecoveryCodes => Some(ResetOf::RecoveryCodes),
            Self::BeginAuthenticator => None,
            Self::ConfirmAuthenticator { .. } => Some(ResetOf::SecondFactor),
        }
    }
}

impl AdministratorOperation {
    /// The word for it in logs.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Create { .. } => "create",
            Self::Read { .. } => "read",
            Self::List { .. } => "list",
            Self::Update { .. } => "update",
            Self::Reset { .. } => "reset",
            Self::Own { step, .. } => step.word(),
            Self::Bind { .. } => "bind",
            Self::Unlock { .. } => "unlock",
            Self::Remove { .. } => "remove",
        }
    }

    /// What its caller must be allowed to do.
    #[must_use]
    pub const fn permission(&self) -> Permission {
        match self {
            Self::Own { .. } => Permission::Read,
            // Who could log in, and who is locked out, is of use to an attacker.
            _ => Permission::Administrators,
        }
    }

    /// Names the administrator who asks, where that is the one it is about.
    ///
    /// # Errors
    /// If that is not known, or an API token asks.
    pub(super) fn asked_by(&mut self, actor: &Actor) -> Result<(), Failure> {
        let Self::Own { name, .. } = self else {
            return Ok(());
        };
        if actor.token.is_some() {
            return Err(Failure::new("an API token does not replace credentials"));
        }
        name.clone_from(&actor.name);
        name.as_ref().map(drop).ok_or_else(nobody)
    }

    /// Whether it gives somebody credentials, or a role.
    #[must_use]
    pub const fn grants(&self) -> bool {
        matches!(
            self,
            Self::Create { .. }
                | Self::Update { .. }
                | Self::Reset { .. }
                | Self::Own { .. }
                | Self::Bind { .. }
        )
    }

    /// Whether it may change the store.
    #[must_use]
    pub const fn writes(&self) -> bool {
        !matches!(self, Self::Read { .. } | Self::List { .. })
    }

    /// The administrator that it is about.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Create { name, .. }
            | Self::Read { name }
            | Self::Update { name, .. }
            | Self::Reset { name, .. }
            | Self::Bind { name, .. }
            | Self::Unlock { name }
            | Self::Remove { name, .. } => Some(name),
            Self::Own { name, .. } => name.as_deref(),
            Self::List { .. } => None,
        }
    }

    /// The names of what it sets, separated by commas.
    pub(super) fn settings(&self) -> Option<String> {
        let names: Vec<&str> = match self {
            Self::Create { .. } => vec!["role"],
            Self::Update { role, disabled, .. } => [
                role.is_some().then_some("role"),
                disabled.is_some().then_some("disabled"),
            ]
            .into_iter()
            .flatten()
            .collect(),
            Self::Reset { what, .. } => vec![what.name()],
            Self::Own { step, .. } => vec![step.replaces()?.name()],
            Self::Bind { .. } => vec!["identity"],
            _ => return None,
        };
        Some(names.join(", "))
    }
}

/// What an operation on oneself says without anybody who asks.
pub(super) fn nobody() -> Failure {
    Failure::new("name the administrator whose credentials are replaced")
}

/// An administrator. It contains no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AdministratorInfo {
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// Whether logins are refused.
    #[serde(rename = "disabled")]
    pub is_disabled: bool,
    /// Who it is at the identity provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// When it was created, in milliseconds of Unix time.
    pub created_at_ms: u64,
    /// How many recovery codes are left.
    pub recovery_codes_left: usize,
    /// The time of the next possible login after too many failed ones, in milliseconds
    /// of Unix time; `None` if one is possible now.
    pub locked_until_ms: Option<u64>,
    /// Identifies this state of it.
    pub stamp: String,
}

impl AdministratorInfo {
    /// An account, and until when it is locked.
    pub(super) fn of(account: &Account, locked_until_ms: Option<u64>) -> Self {
        Self {
            name: account.name.clone(),
            role: account.role,
            is_disabled: account.is_disabled,
            identity: account.identity.clone(),
            created_at_ms: account.created_at_ms,
            recovery_codes_left: account.recovery_codes(),
            locked_until_ms,
            stamp: account.stamp().map(|it| it.to_string()).unwrap_or_default(),
        }
    }
}

/// A page of the administrators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AdministratorPage {
    /// By name.
    pub administrators: Vec<AdministratorInfo>,
    /// Where the next page begins; `None` after the last one.
    pub next: Option<String>,
}

/// New credentials of an administrator, which are shown only once.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct NewCredentials {
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The password; `None` if it was not replaced.
    pub password: Option<String>,
    /// The key URI for an authenticator; `None` if it was not replaced.
    pub totp_uri: Option<String>,
    /// Codes that each take the place of the authenticator once; empty if they were
    /// not replaced.
    pub recovery_codes: Vec<String>,
    /// The stamp of the administrator.
    pub stamp: String,
}

impl core::fmt::Debug for NewCredentials {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("NewCredentials")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
