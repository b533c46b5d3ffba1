//! An administrator's operations on administrators and API tokens.

use mpass_core::challenge::{Header, Keyring};
use mpass_core::store::{Kind, Stamp, Store};
use zeroize::Zeroizing;

use super::administrators::{
    AdministratorInfo, AdministratorOperation, AdministratorPage, NewCredentials, OwnStep, nobody,
};
use super::failure::{Cause, Failure};
use super::outcome::Outcome;
use super::tokens::{NewToken, TokenOperation, TokenPage, TokensOf, unknown_maker};
use crate::administrators::{
    Account, Administrators, ApiToken, ApiTokens, Enrolment, Hasher, NewAdministrator, NewApiToken,
    Problem, ResetOf,
};
use crate::store::AnyStore;

/// The administrators or tokens of a page.
const PAGE: usize = 128;

/// Performs an operation on administrators.
///
/// # Errors
/// A [`Failure`] without a secret.
pub(super) async fn perform(
    store: &AnyStore,
    keyring: &Keyring,
    operation: AdministratorOperation,
    hasher: &Hasher,
) -> Result<Outcome, Failure> {
    let administrators = Administrators::new(store, keyring, hasher);
    match operation {
        AdministratorOperation::Create { name, role } => {
            let new = NewAdministrator {
                name,
                role,
                password: None,
            };
            Ok(enrolled(administrators.create(new).await?))
        }
        AdministratorOperation::Read { name } => {
            let account = administrators.read(&name).await?.ok_or(Problem::Missing)?;
            one(&administrators, &account).await
        }
        AdministratorOperation::List { after } => list(&administrators, after.as_deref()).await,
        AdministratorOperation::Update {
            name,
            role,
            disabled,
            stamp,
        } => {
            let stamp = parsed(stamp)?;
            let updated = administrators.update(&name, role, disabled, stamp).await?;
            one(&administrators, &updated).await
        }
        AdministratorOperation::Reset { name, what, stamp } => {
            reset(&administrators, &name, what, parsed(stamp)?).await
        }
        AdministratorOperation::Own { step, name } => {
            own(&administrators, &name.ok_or_else(nobody)?, step).await
        }
        AdministratorOperation::Bind {
            name,
            identity,
            stamp,
        } => {
            let stamp = parsed(stamp)?;
            let bound = administrators.bind(&name, identity, stamp).await?;
            one(&administrators, &bound).await
        }
        AdministratorOperation::Unlock { name } => {
            administrators.unlock(&name).await?;
            Ok(Outcome::Done)
        }
        AdministratorOperation::Remove { name, stamp } => {
            let removed = administrators.remove(&name, parsed(stamp)?).await?;
            // They have ended with it in any case.
            let tokens = ApiTokens::new(administrators, None);
            let _ = tokens.forget(&removed).await;
            Ok(Outcome::Done)
        }
    }
}

async fn info(
    administrators: &Administrators<'_>,
    account: &Account,
) -> Result<AdministratorInfo, Failure> {
    let locked_until_ms = administrators.locked_until_ms(account).await?;
    Ok(AdministratorInfo::of(account, locked_until_ms))
}

async fn reset(
    administrators: &Administrators<'_>,
    name: &str,
    what: ResetOf,
    stamp: Option<Stamp>,
) -> Result<Outcome, Failure> {
    let reset = administrators.reset(name, what, stamp).await?;
    Ok(enrolled(reset))
}

async fn own(
    administrators: &Administrators<'_>,
    name: &str,
    step: OwnStep,
) -> Result<Outcome, Failure> {
    let enrolment = match step {
        OwnStep::RecoveryCodes => {
            return reset(administrators, name, ResetOf::RecoveryCodes, None).await;
        }
        OwnStep::BeginAuthenticator => administrators.begin_authenticator(name).await?,
        OwnStep::ConfirmAuthenticator { code } => {
            let code = Zeroizing::new(code);
            administrators.confirm_authenticator(name, &code).await?
        }
    };
    Ok(enrolled(enrolment))
}

async fn one(administrators: &Administrators<'_>, account: &Account) -> Result<Outcome, Failure> {
    let info = info(administrators, account).await?;
    Ok(Outcome::Administrator(info))
}

async fn list(
    administrators: &Administrators<'_>,
    after: Option<&str>,
) -> Result<Outcome, Failure> {
    let mut accounts = administrators.list()?;
    accounts.retain(|it| after.is_none_or(|after| it.name.as_str() > after));
    let has_more = accounts.len() > PAGE;
    accounts.truncate(PAGE);
    let mut page = AdministratorPage {
        administrators: Vec::new(),
        next: None,
    };
    for account in &accounts {
        page.administrators
            .push(info(administrators, account).await?);
    }
    if has_more {
        page.next = accounts.pop().map(|last| last.name);
    }
    Ok(Outcome::Administrators(page))
}

fn enrolled(enrolment: Enrolment) -> Outcome {
    let Enrolment {
        account,
        password,
        uri,
        recovery_codes,
    } = enrolment;
    let shown = |secret: Zeroizing<String>| String::clone(&secret);
    Outcome::Enrolled(Box::new(NewCredentials {
        name: account.name.clone(),
        role: account.role,
        password: password.map(shown),
        totp_uri: uri.map(shown),
        recovery_codes: recovery_codes.into_iter().map(shown).collect(),
        stamp: account
            .stamp()
            .map(|stamp| stamp.to_string())
            .unwrap_or_default(),
    }))
}

fn parsed(stamp: Option<String>) -> Result<Option<Stamp>, mpass_core::Error> {
    stamp.map(|stamp| stamp.parse()).transpose()
}

/// Performs an operation on API tokens.
///
/// # Errors
/// A [`Failure`] without a secret.
pub(super) async fn perform_token(
    store: &AnyStore,
    keyring: &Keyring,
    operation: TokenOperation,
    hasher: &Hasher,
) -> Result<Outcome, Failure> {
    let administrators = Administrators::new(store, keyring, hasher);
    let tokens = ApiTokens::new(administrators, restored_at_ms(store, keyring)?);
    match operation {
        TokenOperation::Create {
            name,
            permissions,
            life_ms,
            maker,
            made_with,
        } => {
            let maker = maker.ok_or_else(unknown_maker)?;
            let account = administrators.read(&maker).await?;
            let account = account.ok_or(Problem::Missing)?;
            if account.is_disabled {
                return Err(Failure::new("the administrator is disabled"));
            }
            let new = NewApiToken {
                name,
                permissions,
                life_ms,
            };
            let made = match made_with {
                Some(id) => tokens.make_with(&account, new, &id).await,
                None => tokens.make(&account, new).await,
            };
            let (secret, token) = made.map_err(|error| Failure::new(format!("{error:#}")))?;
            Ok(Outcome::Token(NewToken {
                secret: String::clone(&secret),
                token: token.into(),
            }))
        }
        TokenOperation::List { of, after } => {
            let found = tokens.list(maker(&of)?)?;
            Ok(Outcome::Tokens(page(found, after.as_deref())?))
        }
        TokenOperation::Revoke { id, of } => {
            let revoked = tokens.revoke(&id, maker(&of)?).await?;
            revoked.ok_or_else(|| Failure::new("API token not found").because(Cause::Missing))?;
            Ok(Outcome::Done)
        }
    }
}

/// When the store was restored, if it was: older tokens have ended.
fn restored_at_ms(store: &AnyStore, keyring: &Keyring) -> Result<Option<u64>, Failure> {
    let header = Store::load(store, Kind::Document, &Header::KEY)?;
    let header = header
        .map(|value| Header::open(&value, keyring))
        .transpose()?;
    Ok(header.and_then(|header| header.restored_at_ms()))
}

/// The administrator whose tokens are meant; `None` for all.
fn maker(of: &TokensOf) -> Result<Option<&str>, Failure> {
    match of {
        TokensOf::Own => Err(unknown_maker()),
        TokensOf::Administrator(name) => Ok(Some(name)),
        TokensOf::All => Ok(None),
    }
}

/// A page of tokens, the newest first. The next one begins behind the last token, also
/// if that one has ended meanwhile.
fn page(tokens: Vec<ApiToken>, after: Option<&str>) -> Result<TokenPage, Failure> {
    let place = |token: &ApiToken| (token.created_at_ms, token.id.clone());
    let after = after.map(|text| {
        let (at_ms, id) = text.split_once('.')?;
        Some((at_ms.parse::<u64>().ok()?, id.to_owned()))
    });
    let after = match after {
        Some(None) => return Err(Failure::new("after: not the end of a page")),
        after => after.flatten(),
    };
    let is_behind = |token: &ApiToken| after.as_ref().is_none_or(|after| place(token) < *after);
    let mut rest: Vec<ApiToken> = tokens.into_iter().filter(is_behind).collect();
    let has_more = rest.len() > PAGE;
    rest.truncate(PAGE);
    let last = rest.last().filter(|_| has_more).map(place);
    Ok(TokenPage {
        next: last.map(|(at_ms, id)| format!("{at_ms}.{id}")),
        tokens: rest.into_iter().map(Into::into).collect(),
    })
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Store(error @ mpass_core::Error::Changed) => Self {
                message: "the administrator has changed since it was read".to_owned(),
                ..Self::from(error)
            },
            Problem::Store(error) => error.into(),
            problem => Self::new(problem.to_string()).because(match problem {
                Problem::Missing | Problem::NoneBegun => Cause::Missing,
                Problem::Exists | Problem::LastOne => Cause::Conflict,
                Problem::Busy | Problem::Entropy => Cause::Unavailable,
                _ => Cause::Refused,
            }),
        }
    }
}
