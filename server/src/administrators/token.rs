//! API tokens: what programs use.

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::documents::{Contents, Family, HostDocument, HostHash, Next};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::account::Account;
use super::directory::Administrators;
use super::role::{Permission, Role};
use super::secret;
use crate::clock;
use crate::entropy::System;
use crate::store::{AnyStore, documents};

/// In front of the secrets of tokens.
const PREFIX: &str = "mpat_";
/// The longest life of a token.
const LONGEST_LIFE_MS: u64 = 366 * 24 * 3_600_000;
/// The longest name, in bytes.
const LONGEST_NAME: usize = 64;

/// An API token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiToken {
    /// Its id, by which it is revoked.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// The administrator who made it.
    pub maker: String,
    /// What it may do, at most.
    pub permissions: Vec<Permission>,
    /// When it was made, in milliseconds of Unix time.
    pub created_at_ms: u64,
    /// When it ends, in milliseconds of Unix time.
    pub until_ms: u64,
    maker_id: String,
}

/// A token to make.
#[derive(Clone, Debug)]
pub struct NewApiToken {
    /// What it is for: 1 to 64 bytes of printable text.
    pub name: String,
    /// What it may do; not more than its maker may.
    pub permissions: Vec<Permission>,
    /// How long it lasts, in milliseconds: at most 366 days.
    pub life_ms: u64,
}

/// What the bearer of a token may do now.
#[derive(Clone, Debug)]
pub struct Granted {
    /// The token.
    pub token: ApiToken,
    /// The role that its maker has now.
    pub role: Role,
}

impl Granted {
    /// Whether the token and its maker's role have a permission.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.role.may(permission) && self.token.permissions.contains(&permission)
    }
}

impl ApiToken {
    fn read(contents: &Contents) -> Option<Self> {
        serde_json::from_slice(contents.bytes()).ok()
    }

    fn write(&self) -> Option<Contents> {
        let contents = Contents::new(serde_json::to_vec(self).ok()?);
        Some(contents.until(self.until_ms))
    }
}

/// The API tokens of a store.
#[derive(Clone, Copy, Debug)]
pub struct ApiTokens<'a> {
    administrators: Administrators<'a>,
    /// Tokens from before the store was restored have ended.
    restored_at_ms: Option<u64>,
}

impl<'a> ApiTokens<'a> {
    /// The tokens of administrators.
    #[must_use]
    pub fn new(administrators: Administrators<'a>, restored_at_ms: Option<u64>) -> Self {
        Self {
            administrators,
            restored_at_ms,
        }
    }

    fn store(&self) -> &'a AnyStore {
        self.administrators.store
    }

    fn keyring(&self) -> &'a Keyring {
        self.administrators.keyring
    }

    fn document(&self, secret: &str) -> HostDocument<&'a Keyring> {
        let hash = secret::hash(self.keyring(), HostHash::ApiToken, secret);
        HostDocument::new(self.keyring(), Family::ApiToken, [&hash])
    }

    /// Makes a token of an administrator; returns its secret, which is not stored.
    ///
    /// # Errors
    /// When a permission is not its maker's, the name or the life is out of range, or
    /// the store fails.
    pub async fn make(
        &self,
        maker: &Account,
        new: NewApiToken,
    ) -> anyhow::Result<(Zeroizing<String>, ApiToken)> {
        let is_name =
            (1..=LONGEST_NAME).contains(&new.name.len()) && !new.name.chars().any(char::is_control);
        anyhow::ensure!(is_name, "the name of a token has 1 to 64 bytes of text");
        let is_life = (60_000..=LONGEST_LIFE_MS).contains(&new.life_ms);
        anyhow::ensure!(is_life, "a token lasts for 1 minute to 366 days");
        let exceeds = new.permissions.iter().any(|it| !maker.role.may(*it));
        anyhow::ensure!(!exceeds, "a token may not do what its maker may not");
        anyhow::ensure!(!new.permissions.is_empty(), "a token without permissions");
        let secret = secret::generate(PREFIX)?;
        let document = self.document(&secret);
        let now_ms = clock::now_ms();
        let token = ApiToken {
            id: id(&document),
            name: new.name,
            maker: maker.name.clone(),
            permissions: new.permissions,
            created_at_ms: now_ms,
            until_ms: now_ms + new.life_ms,
            maker_id: maker.id.clone(),
        };
        let change = document.changing(|_, _| {
            let contents = token.write().ok_or(Error::RecordFormat)?;
            Ok::<_, Error>(Next::Write(contents, ()))
        });
        change.run_async(self.store(), &System).await?;
        Ok((secret, token))
    }

    /// What the bearer of a secret may do. `None` if the token has ended, or its
    /// maker is gone or disabled.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn find(&self, secret: &str) -> Result<Option<Granted>, Error> {
        if !secret.starts_with(PREFIX) {
            return Ok(None);
        }
        let reading = self.document(secret).reading();
        let read = reading.run_async(self.store(), &System).await?;
        let Some(token) = read.as_ref().and_then(ApiToken::read) else {
            return Ok(None);
        };
        if self
            .restored_at_ms
            .is_some_and(|at| token.created_at_ms <= at)
        {
            return Ok(None);
        }
        let maker = self.administrators.read(&token.maker).await?;
        let maker = maker.filter(|it| it.id == token.maker_id && !it.is_disabled);
        Ok(maker.map(|maker| Granted {
            role: maker.role,
            token,
        }))
    }

    /// The tokens, the newest first; those of one administrator, or all.
    ///
    /// # Errors
    /// When the store fails.
    pub fn list(&self, maker: Option<&str>) -> Result<Vec<ApiToken>, Error> {
        let mut found = Vec::new();
        self.each(|_, token| found.push(token))?;
        found.retain(|token| maker.is_none_or(|maker| token.maker == maker));
        found.sort_by_key(|token| core::cmp::Reverse(token.created_at_ms));
        Ok(found)
    }

    /// Revokes the token of an id, if it is one of `maker` where one is given;
    /// returns it. `None` if there is none.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn revoke(&self, id: &str, maker: Option<&str>) -> Result<Option<ApiToken>, Error> {
        let mut found = None;
        self.each(|document, token| {
            if token.id == id && maker.is_none_or(|maker| token.maker == maker) {
                found = Some((document, token));
            }
        })?;
        let Some((document, token)) = found else {
            return Ok(None);
        };
        let change = document.changing(|_, _| Ok::<_, Error>(Next::Remove(())));
        change.run_async(self.store(), &System).await?;
        Ok(Some(token))
    }

    fn each(
        &self,
        mut visit: impl FnMut(HostDocument<&'a Keyring>, ApiToken),
    ) -> Result<(), Error> {
        let now_ms = clock::now_ms();
        for (key, value) in documents(self.store())? {
            if Family::of(&value) == Some(Family::ApiToken) {
                let document = HostDocument::listed(self.keyring(), Family::ApiToken, key);
                let opened = document.open(Some(&value), now_ms);
                if let Some(token) = opened.ok().flatten().as_ref().and_then(ApiToken::read) {
                    visit(document, token);
                }
            }
        }
        Ok(())
    }
}

/// The id of a token: its place in the store, which does not reveal its secret.
fn id(document: &HostDocument<&Keyring>) -> String {
    base16ct::lower::encode_string(&document.store_key().0[..8])
}
