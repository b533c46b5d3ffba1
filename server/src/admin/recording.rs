//! Recording of operations in the audit log: the intent before, the outcome after.

use std::sync::Arc;

use mpass_core::challenge::Keyring;
use mpass_core::number::{CallingCode, PhoneNumber};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use super::administrators::AdministratorOperation;
use super::cut_off::StopTarget;
use super::cut_offs;
use super::failure::Failure;
use super::gateway::GatewayOperation;
use super::gateways::Local;
use super::keys::KeyOperation;
use super::kind::TenantKind;
use super::operations;
use super::outcome::Outcome;
use super::protocol::Operation;
use super::tokens::{TokenInfo, TokenOperation};
use crate::administrators::{self, Administrators, ApiTokens, Hasher, ResetOf};
use crate::audit::{Actor, AuditLog, Entry, Link, Step};
use crate::store::AnyStore;

type Members = Map<String, Json>;

/// Members of a tenant that change with every write, or not at all.
const NOT_RECORDED: &[&str] = &["stamp", "created_at_ms", "name"];

/// Performs an operation, and records it in the audit log.
///
/// # Errors
/// Those of the operation, and when the log cannot be written.
pub async fn perform(
    store: &AnyStore,
    keyring: &Arc<Keyring>,
    actor: &Actor,
    mut operation: Operation,
    local: &Local<'_>,
) -> Result<Outcome, Failure> {
    operation.asked_by(actor)?;
    let recording = Recording::begin(store, keyring, actor, &operation).await?;
    let result = operations::perform_in(store, keyring, operation, local).await;
    recording.end(result).await
}

/// An operation whose intent is recorded.
#[must_use = "an operation without a recorded outcome looks as if it had been cut off"]
pub(super) struct Recording<'a> {
    store: &'a AnyStore,
    keyring: &'a Arc<Keyring>,
    intent: Option<Intent>,
}

struct Intent {
    link: Link,
    entry: Entry,
    /// What the operation concerns, and how it was before.
    subject: Subject,
    before: Members,
}

/// What an operation changes, to read it before and after.
enum Subject {
    Tenant(TenantKind, String),
    Credits(String),
    CutOffs,
    Gateway(String),
    GatewayOrder,
    /// An administrator, and which credentials are replaced.
    Administrator(String, Option<ResetOf>),
    /// An API token, by its id once it has one.
    Token(Option<String>),
    Keys,
    /// A message to this number, masked.
    Message(Option<String>),
    Nothing,
}

impl<'a> Recording<'a> {
    /// Records the intent of an operation that may change something.
    ///
    /// # Errors
    /// When it cannot be recorded: the operation must not be performed.
    pub(super) async fn begin(
        store: &'a AnyStore,
        keyring: &'a Arc<Keyring>,
        actor: &Actor,
        operation: &Operation,
    ) -> Result<Self, Failure> {
        let mut recording = Self {
            store,
            keyring,
            intent: None,
        };
        if !operation.is_recorded() {
            return Ok(recording);
        }
        let subject = Subject::of(operation);
        let before = recording.read(&subject).await;
        let mut entry = Entry::new(Step::Intent, actor.clone(), operation.code());
        entry.on = on(operation, &before);
        let link = AuditLog::new(store, keyring).append(&entry).await;
        let link = link.map_err(|error| {
            let mut failure = operations::with_cause(error.into(), store);
            failure.message = format!(
                "the audit log cannot be written: {}; nothing has changed",
                failure.message
            );
            failure
        })?;
        recording.intent = Some(Intent {
            link,
            entry,
            subject,
            before,
        });
        Ok(recording)
    }

    /// The same recording after the operation has changed the keyring, with which the
    /// log is sealed now.
    pub(super) fn sealed_with(self, keyring: &'a Arc<Keyring>) -> Self {
        Self { keyring, ..self }
    }

    /// Records the outcome of the operation, and returns it.
    ///
    /// # Errors
    /// Those of the operation, and that its outcome could not be recorded. A new
    /// credential is not shown then.
    pub(super) async fn end(
        mut self,
        result: Result<Outcome, Failure>,
    ) -> Result<Outcome, Failure> {
        let Some(Intent {
            link,
            mut entry,
            subject,
            before,
        }) = self.intent.take()
        else {
            return result;
        };
        entry.of = Some(link.number);
        match &result {
            Ok(outcome) => {
                entry.step = Step::Done;
                // The name of a customer may have been assigned.
                let subject = match (subject, outcome) {
                    (Subject::Tenant(kind, _), Outcome::Key(new)) => {
                        entry.on = Some(new.name.clone());
                        Subject::Tenant(kind, new.name.clone())
                    }
                    (Subject::Token(_), Outcome::Token(new)) => {
                        let token = &new.token;
                        entry.on = Some(token.maker.clone());
                        Subject::Token(Some(token.id.clone()))
                    }
                    (Subject::Message(to), Outcome::Tested(test)) => {
                        entry.on = Some(with_number(&test.name, to.as_deref()));
                        Subject::Message(to)
                    }
                    (subject, _) => subject,
                };
                let mut after = self.read(&subject).await;
                if let Subject::Administrator(_, Some(what)) = &subject {
                    after.insert("replaced".to_owned(), json!(what.name()));
                }
                let (before, after) = differences(before, after);
                entry.before = (!before.is_empty()).then_some(before);
                entry.after = (!after.is_empty()).then_some(after);
            }
            Err(failure) => {
                entry.step = Step::Failed;
                entry.error = Some(failure.message.clone());
            }
        }
        let recorded = AuditLog::new(self.store, self.keyring).append(&entry).await;
        match (result, recorded) {
            (Ok(_), Err(error)) => Err(Failure::new(format!(
                "the operation was performed, but its outcome cannot be recorded: {error}; a \
                 new credential is lost and must be replaced"
            ))),
            (result, _) => result,
        }
    }

    /// The present state of what an operation concerns; nothing if it cannot be read.
    async fn read(&self, subject: &Subject) -> Members {
        let read = match subject {
            Subject::Tenant(kind, name) => Operation::Read(*kind, name.clone()),
            Subject::Credits(name) => Operation::AddCredits {
                name: name.clone(),
                credits: 0,
            },
            Subject::CutOffs => {
                let found = cut_offs::in_effect(self.store, self.keyring);
                let all = found.ok().and_then(|all| serde_json::to_value(all).ok());
                return all
                    .map(|all| Members::from_iter([("cut_offs".into(), all)]))
                    .unwrap_or_default();
            }
            Subject::Gateway(name) => {
                Operation::Gateway(GatewayOperation::Read { name: name.clone() })
            }
            Subject::GatewayOrder => Operation::Gateway(GatewayOperation::List),
            Subject::Administrator(name, _) => {
                let name = name.clone();
                Operation::Administrator(AdministratorOperation::Read { name })
            }
            Subject::Token(id) => return self.token(id.as_deref()).unwrap_or_default(),
            Subject::Keys => Operation::Key(KeyOperation::List),
            Subject::Message(_) | Subject::Nothing => return Members::new(),
        };
        match operations::perform(self.store, self.keyring, read).await {
            Ok(Outcome::Tenant(info)) => members(&info),
            Ok(Outcome::Administrator(info)) => members(&info),
            Ok(Outcome::Keys(list)) => {
                let active = list.keys.iter().find(|key| key.is_active);
                Members::from_iter([("active".into(), json!(active.map(|key| key.id)))])
            }
            Ok(Outcome::Gateway(info)) => {
                let mut members = info.settings;
                let secrets = serde_json::to_value(info.secrets).unwrap_or_default();
                members.insert("secrets".into(), secrets);
                members
            }
            Ok(Outcome::Gateways(list)) => {
                let names: Vec<String> = list.gateways.into_iter().map(|one| one.name).collect();
                Members::from_iter([("order".into(), json!(names))])
            }
            Ok(Outcome::Credits(credits)) => {
                Members::from_iter([("credits".into(), json!(credits))])
            }
            _ => Members::new(),
        }
    }
}

impl Recording<'_> {
    fn token(&self, id: Option<&str>) -> Option<Members> {
        let hasher = Hasher::default();
        let administrators = Administrators::new(self.store, self.keyring, &hasher);
        let token = ApiTokens::new(administrators, None).read(id?).ok()??;
        let mut members = members(&TokenInfo::from(token));
        // It has the name of what it is for beside that of its maker.
        let name = members.remove("name").unwrap_or_default();
        members.insert("token".to_owned(), name);
        Some(members)
    }
}

fn members(value: &impl Serialize) -> Members {
    match serde_json::to_value(value) {
        Ok(Json::Object(members)) => members,
        _ => Members::new(),
    }
}

impl Subject {
    fn of(operation: &Operation) -> Self {
        match operation {
            Operation::Create(kind, spec) => Self::Tenant(*kind, spec.name().to_owned()),
            Operation::Update { kind, name, .. }
            | Operation::Rotate { kind, name, .. }
            | Operation::Revoke(kind, name)
            | Operation::UnlockNumber { kind, name, .. }
            | Operation::EraseNumber { kind, name, .. } => Self::Tenant(*kind, name.clone()),
            Operation::Gateway(operation) => match operation {
                GatewayOperation::Create { name, .. }
                | GatewayOperation::Update { name, .. }
                | GatewayOperation::Remove { name, .. } => Self::Gateway(name.clone()),
                GatewayOperation::Order { .. } => Self::GatewayOrder,
                GatewayOperation::Test { to, .. } => Self::Message(masked(to)),
                GatewayOperation::Read { .. } | GatewayOperation::List => Self::Nothing,
            },
            Operation::Administrator(operation) => match operation {
                AdministratorOperation::Reset { name, what, .. } => {
                    Self::Administrator(name.clone(), Some(*what))
                }
                AdministratorOperation::Own {
                    step,
                    name: Some(name),
                } => Self::Administrator(name.clone(), step.replaces()),
                operation => match operation.name() {
                    Some(name) => Self::Administrator(name.to_owned(), None),
                    None => Self::Nothing,
                },
            },
            Operation::Token(operation) => match operation {
                TokenOperation::Create { .. } => Self::Token(None),
                TokenOperation::Revoke { id, .. } => Self::Token(Some(id.clone())),
                TokenOperation::List { .. } => Self::Nothing,
            },
            Operation::Key(KeyOperation::Activate { .. }) => Self::Keys,
            Operation::AddCredits { name, .. } => Self::Credits(name.clone()),
            Operation::Stop { .. } | Operation::Resume { .. } => Self::CutOffs,
            _ => Self::Nothing,
        }
    }
}

/// What an operation is performed on, as it is recorded. The name of a tenant that does
/// not exist is left out: a credential or a number may have been typed in its stead.
fn on(operation: &Operation, before: &Members) -> Option<String> {
    let named = operation.tenant().map(str::to_owned);
    match operation {
        Operation::Create(..) => named,
        Operation::Gateway(GatewayOperation::Create { .. }) => named,
        Operation::Gateway(GatewayOperation::Test { to, .. }) => masked(to),
        Operation::UnlockNumber { number, .. } | Operation::EraseNumber { number, .. } => {
            let tenant = named.filter(|_| !before.is_empty())?;
            Some(with_number(&tenant, masked_in(number, before).as_deref()))
        }
        Operation::Administrator(AdministratorOperation::Create { name, .. }) => {
            named.filter(|_| administrators::is_name(name))
        }
        // The maker of a token that exists.
        Operation::Token(_) => before
            .get("maker")
            .and_then(Json::as_str)
            .map(str::to_owned),
        Operation::Key(KeyOperation::Activate { id }) => Some(id.to_string()),
        Operation::Stop { target, .. } => Some(match target {
            StopTarget::Prefix { prefix } => format!("prefix {prefix}"),
            target => target.word().to_owned(),
        }),
        _ => named.filter(|_| !before.is_empty()),
    }
}

/// A number in masked form, if it is one.
fn masked(number: &str) -> Option<String> {
    // It masks itself.
    let number = PhoneNumber::parse(number, None).ok();
    number.map(|number| number.to_string())
}

/// As [`masked`], in international form or the national one of a tenant's country.
fn masked_in(number: &str, tenant: &Members) -> Option<String> {
    let country = tenant.get("country").and_then(Json::as_u64);
    let country = country.and_then(|code| CallingCode::new(u16::try_from(code).ok()?).ok());
    let number = PhoneNumber::parse(number, country).ok();
    number.map(|number| number.to_string())
}

fn with_number(name: &str, number: Option<&str>) -> String {
    number.map_or_else(|| name.to_owned(), |number| format!("{name} {number}"))
}

/// The members that differ, before and after.
fn differences(mut before: Members, mut after: Members) -> (Members, Members) {
    for name in NOT_RECORDED {
        before.remove(*name);
        after.remove(*name);
    }
    let same: Vec<String> = before
        .iter()
        .filter(|(name, value)| after.get(*name) == Some(value))
        .map(|(name, _)| name.clone())
        .collect();
    for name in same {
        before.remove(&name);
        after.remove(&name);
    }
    // A tenant that was created has many settings without a value.
    after.retain(|name, value| !value.is_null() || before.contains_key(name));
    (before, after)
}
