//! What goes over the admin socket: one JSON object a line, a request and its
//! response in turn.

use serde::{Deserialize, Serialize};

use super::spec::{ChannelSpec, ClientSpec, CustomerSpec, TenantSpec};

/// The version of requests and responses.
pub const VERSION: u32 = 3;

/// The longest line, in bytes.
pub(super) const LONGEST_LINE: u64 = 16 * 1024 * 1024;

/// The kinds of tenants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TenantKind {
    /// Callers of the mPass contract.
    Channel,
    /// Callers of the CAMARA contracts.
    Client,
    /// Callers of the `VerifyNow` contract.
    Customer,
}

impl TenantKind {
    /// What a tenant of this kind is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Channel => ChannelSpec::KIND,
            Self::Client => ClientSpec::KIND,
            Self::Customer => CustomerSpec::KIND,
        }
    }
}

/// What an administrator asks for.
#[derive(Serialize, Deserialize)]
#[serde(tag = "name", content = "with", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operation {
    /// Make a channel; answers [`Outcome::Key`].
    CreateChannel(Box<ChannelSpec>),
    /// Make a client; answers [`Outcome::Key`].
    CreateClient(Box<ClientSpec>),
    /// Make a customer, under a new id if it has none; answers
    /// [`Outcome::Key`].
    CreateCustomer(Box<CustomerSpec>),
    /// Answers [`Outcome::Channels`], [`Outcome::Clients`] or
    /// [`Outcome::Customers`].
    List(TenantKind),
    /// Give a tenant a new credential; answers [`Outcome::Key`].
    Rotate(TenantKind, String),
    /// Refuse a tenant from now on.
    Revoke(TenantKind, String),
    /// Add credits to a customer's, none to ask how many it has; answers
    /// [`Outcome::Credits`].
    AddCredits {
        /// The customer's id.
        name: String,
        /// How many.
        credits: u64,
    },
    /// Unlock a number for a tenant.
    UnlockNumber {
        /// The tenant's kind.
        kind: TenantKind,
        /// The tenant's name.
        name: String,
        /// The number.
        number: String,
    },
    /// Read the keyring's file again; for a server only.
    ReloadKeyring,
}

impl Operation {
    /// What is asked for, for the log.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::CreateChannel(_) => "create channel",
            Self::CreateClient(_) => "create client",
            Self::CreateCustomer(_) => "create customer",
            Self::List(_) => "list tenants",
            Self::Rotate(..) => "rotate tenant",
            Self::Revoke(..) => "revoke tenant",
            Self::AddCredits { .. } => "add credits",
            Self::UnlockNumber { .. } => "unlock number",
            Self::ReloadKeyring => "reload keyring",
        }
    }
}

/// What came of an operation.
#[derive(Serialize, Deserialize)]
#[serde(tag = "name", content = "with", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// Done; there is nothing to tell.
    Done,
    /// A tenant's new credential.
    Key(NewKey),
    /// The channels.
    Channels(Listed<ChannelSpec>),
    /// The clients.
    Clients(Listed<ClientSpec>),
    /// The customers.
    Customers(Listed<CustomerSpec>),
    /// The credits that a customer has.
    Credits(u64),
}

/// A tenant's new credential, which is told this once.
#[derive(Serialize, Deserialize)]
pub struct NewKey {
    /// The tenant's name.
    pub name: String,
    /// The credential.
    pub key: String,
}

/// The tenants of one kind.
#[derive(Serialize, Deserialize)]
pub struct Listed<S> {
    /// Those that can be read, by name.
    pub tenants: Vec<TenantInfo<S>>,
    /// How many tenants of any kind cannot be read with the keyring.
    pub unreadable: usize,
}

/// A tenant as it stands in the store.
#[derive(Serialize, Deserialize)]
pub struct TenantInfo<S> {
    /// What was said of it.
    #[serde(flatten)]
    pub spec: S,
    /// Whether it is revoked.
    #[serde(rename = "revoked")]
    pub is_revoked: bool,
    /// How many credentials it has had.
    pub key_version: u32,
    /// When it was made, in milliseconds of Unix time.
    pub created_at_ms: u64,
}

/// Why an operation was not carried out. Holds no key and no number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The number of the engine's error; 0 for others.
    pub number: u16,
    /// One line that says why.
    pub message: String,
}

impl Failure {
    /// A failure that is not the engine's.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            number: 0,
            message: message.into(),
        }
    }
}

impl From<mpass_core::Error> for Failure {
    fn from(error: mpass_core::Error) -> Self {
        Self {
            number: error.number(),
            message: error.to_string(),
        }
    }
}

impl core::fmt::Display for Failure {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for Failure {}

/// A line to the server.
#[derive(Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) version: u32,
    pub(super) operation: Operation,
}

/// A line from the server.
#[derive(Serialize, Deserialize)]
pub(super) struct Response {
    pub(super) version: u32,
    #[serde(flatten)]
    pub(super) result: ResultWire,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ResultWire {
    Outcome(Outcome),
    Failure(Failure),
}

impl From<Result<Outcome, Failure>> for ResultWire {
    fn from(result: Result<Outcome, Failure>) -> Self {
        match result {
            Ok(outcome) => Self::Outcome(outcome),
            Err(failure) => Self::Failure(failure),
        }
    }
}

impl From<ResultWire> for Result<Outcome, Failure> {
    fn from(wire: ResultWire) -> Self {
        match wire {
            ResultWire::Outcome(outcome) => Ok(outcome),
            ResultWire::Failure(failure) => Err(failure),
        }
    }
}
