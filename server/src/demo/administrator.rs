//! The demo's administrator, and its API token.

use base64ct::{Base64UrlUnpadded, Encoding};
use mpass_core::challenge::Keyring;
use mpass_core::documents::HostHash;
use zeroize::Zeroizing;

use super::names::NAME;
use crate::administrators::{
    Account, Administrators, ApiTokens, NewAdministrator, NewApiToken, Permission, Role,
};
use crate::audit::{Actor, AuditLog, Entry, Step};
use crate::state::State;

/// The life of its token, which is made anew when it has ended.
const LIFE_MS: u64 = 366 * 24 * 3_600_000;

/// What the banner shows of the administrator.
pub(super) struct Administrator {
    /// `None` once somebody has set another one.
    pub(super) password: Option<Zeroizing<String>>,
    /// The key URI for an authenticator.
    pub(super) uri: Zeroizing<String>,
    /// The secret of the API token.
    pub(super) token: Zeroizing<String>,
}

impl Administrator {
    pub(super) const NAME: &str = NAME;

    /// Makes the administrator and the token unless the store has them. Their secrets
    /// are derived from the keyring, so that every start shows the same ones.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn prepare(state: &State) -> anyhow::Result<Self> {
        let engine = state.engine.load_full();
        let keyring = engine.keyring();
        let administrators = Administrators::new(&state.store, keyring, &state.hasher);
        let password = derived(keyring, "", b"password");
        let account = match administrators.read(NAME).await? {
            Some(account) => account,
            None => {
                let new = NewAdministrator {
                    name: NAME.to_owned(),
                    role: Role::Administrator,
                    password: Some(password.clone()),
                };
                let made = Entry::new(Step::Event, Actor::server(), "administrator.create");
                let log = AuditLog::new(&state.store, keyring);
                log.append(&made.on(NAME)).await?;
                administrators.create(new).await?.account
            }
        };
        let is_own = administrators.has_password(&account, &password).await?;
        let tokens = ApiTokens::new(administrators, engine.restored_at_ms());
        Ok(Self {
            password: is_own.then_some(password),
            uri: account.key_uri()?,
            token: token(&tokens, keyring, &account).await?,
        })
    }
}

async fn token(
    tokens: &ApiTokens<'_>,
    keyring: &Keyring,
    account: &Account,
) -> anyhow::Result<Zeroizing<String>> {
    let secret = derived(keyring, ApiTokens::PREFIX, b"token");
    if tokens.find(&secret).await?.is_none() && account.role == Role::Administrator {
        let new = NewApiToken {
            name: "the demo's commands".to_owned(),
            permissions: Permission::ALL.to_vec(),
            life_ms: LIFE_MS,
        };
        tokens.make_as(account, new, secret.clone()).await?;
    }
    Ok(secret)
}

/// A secret of the demo as 43 letters of base64url behind a prefix. No session has a
/// secret of two parts.
fn derived(keyring: &Keyring, prefix: &str, purpose: &[u8]) -> Zeroizing<String> {
    let hash = HostHash::Session.of(keyring, &[b"mpass demo", purpose]);
    let letters = Zeroizing::new(Base64UrlUnpadded::encode_string(&*hash));
    Zeroizing::new(format!("{prefix}{}", *letters))
}
