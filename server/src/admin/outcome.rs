//! What operations return.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::administrators::{AdministratorInfo, AdministratorPage, NewCredentials};
use super::audit::{AuditHead, AuditPage, AuditReport};
use super::cut_off::CutOffInfo;
use super::described::{Listed, NewKey, Restored, StoreReport, TenantInfo};
use super::explain::Explanation;
use super::gateway::{GatewayInfo, GatewayList, GatewayTest};
use super::keys::KeyList;
use super::status::Status;
use super::tokens::{NewToken, TokenPage};
use crate::statistics::StatisticsAnswer;

/// The result of an operation.
#[derive(Serialize, Deserialize)]
#[serde(tag = "name", content = "with", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// Done, without a value.
    Done,
    /// A tenant's new credential.
    Key(NewKey),
    /// A tenant.
    Tenant(Box<TenantInfo>),
    /// The tenants of a kind.
    Tenants(Listed),
    /// A customer's credits.
    Credits(u64),
    /// What the store contains.
    Checked(StoreReport),
    /// What was restored.
    Restored(Restored),
    /// The state of the server.
    Status(Box<Status>),
    /// What a number is.
    Number(Box<Explanation>),
    /// Statistics.
    Statistics(Box<StatisticsAnswer>),
    /// The names of the settings that have changed.
    Reloaded(Vec<String>),
    /// Cut-offs.
    CutOffs(Vec<CutOffInfo>),
    /// A gateway.
    Gateway(Box<GatewayInfo>),
    /// The gateways.
    Gateways(GatewayList),
    /// What became of a test message.
    Tested(GatewayTest),
    /// New credentials of an administrator.
    Enrolled(Box<NewCredentials>),
    /// An administrator.
    Administrator(AdministratorInfo),
    /// Administrators.
    Administrators(AdministratorPage),
    /// A new API token.
    Token(NewToken),
    /// API tokens.
    Tokens(TokenPage),
    /// Entries of the audit log.
    Audit(AuditPage),
    /// What a verification of the audit log found.
    AuditReport(AuditReport),
    /// The end of the audit log.
    AuditHead(AuditHead),
    /// Record keys.
    Keys(KeyList),
}

impl Outcome {
    /// Overwrites the secrets that it shows once.
    pub(crate) fn wipe(self) {
        let mut secrets = Vec::new();
        match self {
            Self::Key(new) => secrets.push(new.key),
            Self::Token(new) => secrets.push(new.secret),
            Self::Enrolled(new) => {
                let new = *new;
                secrets.extend(new.password);
                secrets.extend(new.totp_uri);
                secrets.extend(new.recovery_codes);
            }
            _ => {}
        }
        drop(Zeroizing::new(secrets));
    }
}
