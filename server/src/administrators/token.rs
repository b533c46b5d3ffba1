//! API tokens: what programs use.

use anyhow::Context;
use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::documents::{Contents, Family, HostDocument, HostHash, Next};
use mpass_core::store::StoreKey;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::account::Account;
use super::directory::Administrators;
use super::role::{Permission, Role};
use super::secret;
use crate::clock;
use crate::entropy::System;
use crate::store::AnyStore;

/// In front of the secrets of tokens.
const PREFIX: &str = "mpat_";
/// The longest life of a token.
const LONGEST_LIFE_MS: u64 = 366 * 24 * 3_600_000;
/// The most tokens of an administrator.
const MOST: usize = 100;
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
    /// The place of the token that made it, if one did: it ends with that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made_with: Option<String>,
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
    /// In front of the secrets of tokens.
    pub(crate) const PREFIX: &'static str = PREFIX;

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
    /// When a permission is not its maker's, the name or the life is out of range, the
    /// maker has too many, or the store fails.
    pub async fn make(
        &self,
        maker: &Account,
        new: NewApiToken,
    ) -> anyhow::Result<(Zeroizing<String>, ApiToken)> {
        self.write(maker, new, None, secret::generate(PREFIX)?)
            .await
    }

    /// As [`Self::make`], with a secret of the demo behind [`Self::PREFIX`].
    pub(crate) async fn make_as(
        &self,
        maker: &Account,
        new: NewApiToken,
        secret: Zeroizing<String>,
    ) -> anyhow::Result<()> {
        self.write(maker, new, None, secret).await?;
        Ok(())
    }

    /// As [`Self::make`], with the token of an id: the new one may do what that one may
    /// at most, and ends no later.
    ///
    /// # Errors
    /// Also when there is no such token, it has not the permissions, ends earlier, or
    /// was itself made with a token.
    pub async fn make_with(
        &self,
        maker: &Account,
        new: NewApiToken,
        id: &str,
    ) -> anyhow::Result<(Zeroizing<String>, ApiToken)> {
        let mut found = None;
        self.each(|document, token| {
            if token.id == id && token.maker_id == maker.id {
                found = Some((document, token));
            }
        })?;
        let (document, token) = found.context("API token not found")?;
        anyhow::ensure!(
            token.made_with.is_none(),
            "an API token that was made with another one makes none"
        );
        let exceeds = new
            .permissions
            .iter()
            .any(|it| !token.permissions.contains(it));
        anyhow::ensure!(
            !exceeds,
            "permissions: a token may not do what the token that makes it may not"
        );
        let until_ms = clock::now_ms().saturating_add(new.life_ms);
        anyhow::ensure!(
            until_ms <= token.until_ms,
            "life: a token ends no later than the token that makes it"
        );
        let place = base16ct::lower::encode_string(&document.store_key().0);
        self.write(maker, new, Some(place), secret::generate(PREFIX)?)
            .await
    }

    async fn write(
        &self,
        maker: &Account,
        new: NewApiToken,
        made_with: Option<String>,
        secret: Zeroizing<String>,
    ) -> anyhow::Result<(Zeroizing<String>, ApiToken)> {
        let is_name =
            (1..=LONGEST_NAME).contains(&new.name.len()) && !new.name.chars().any(char::is_control);
        anyhow::ensure!(is_name, "name: 1 to {LONGEST_NAME} bytes of text");
        let is_life = (60_000..=LONGEST_LIFE_MS).contains(&new.life_ms);
        anyhow::ensure!(is_life, "life: 1 minute to 366 days");
        let exceeds = new.permissions.iter().any(|it| !maker.role.may(*it));
        anyhow::ensure!(
            !exceeds,
            "permissions: a token may not do what its maker may not, who is {} {}",
            maker.role.article(),
            maker.role.name()
        );
        anyhow::ensure!(!new.permissions.is_empty(), "permissions: at least one");
        anyhow::ensure!(
            self.list(Some(&maker.name))?.len() < MOST,
            "an administrator has at most {MOST} API tokens: revoke one first"
        );
        let mut permissions = new.permissions;
        permissions.sort();
        permissions.dedup();
        let document = self.document(&secret);
        let now_ms = clock::now_ms();
        let token = ApiToken {
            id: id(&document),
            name: new.name,
            maker: maker.name.clone(),
            permissions,
            created_at_ms: now_ms,
            until_ms: now_ms + new.life_ms,
            maker_id: maker.id.clone(),
            made_with,
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
        if self.is_void(&token) || !self.has_parent(&token).await? {
            return Ok(None);
        }
        let maker = self.administrators.read(&token.maker).await?;
        let maker = maker.filter(|it| it.id == token.maker_id && !it.is_disabled);
        Ok(maker.map(|maker| Granted {
            role: maker.role,
            token,
        }))
    }

    /// Whether it was made before the store was restored.
    fn is_void(&self, token: &ApiToken) -> bool {
        let restored_at_ms = self.restored_at_ms;
        restored_at_ms.is_some_and(|at| token.created_at_ms <= at)
    }

    /// Whether the token that made it, if one did, has not ended.
    async fn has_parent(&self, token: &ApiToken) -> Result<bool, Error> {
        let Some(place) = &token.made_with else {
            return Ok(true);
        };
        let mut key = StoreKey([0; 16]);
        if base16ct::lower::decode(place, &mut key.0).is_err() {
            return Err(Error::RecordFormat);
        }
        let document = HostDocument::listed(self.keyring(), Family::ApiToken, key);
        let read = document.reading().run_async(self.store(), &System).await?;
        let parent = read.as_ref().and_then(ApiToken::read);
        Ok(parent.is_some_and(|it| it.maker_id == token.maker_id && !self.is_void(&it)))
    }

    /// The tokens, the newest first; those of one administrator, or all.
    ///
    /// # Errors
    /// When the store fails.
    pub fn list(&self, maker: Option<&str>) -> Result<Vec<ApiToken>, Error> {
        let mut found = Vec::new();
        self.each(|_, token| found.push(token))?;
        found.retain(|token| maker.is_none_or(|maker| token.maker == maker));
        found.sort_by(|a, b| (b.created_at_ms, &b.id).cmp(&(a.created_at_ms, &a.id)));
        Ok(found)
    }

    /// Reads the token of an id; `None` if there is none.
    ///
    /// # Errors
    /// When the store fails.
    pub fn read(&self, id: &str) -> Result<Option<ApiToken>, Error> {
        let mut found = None;
        self.each(|_, token| {
            if token.id == id {
                found = Some(token);
            }
        })?;
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

    /// Removes the tokens of an account that is gone: they have ended.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn forget(&self, maker: &Account) -> Result<(), Error> {
        let mut found = Vec::new();
        self.each(|document, token| {
            if token.maker_id == maker.id {
                found.push(document);
            }
        })?;
        for document in found {
            let change = document.changing(|_, _| Ok::<_, Error>(Next::Remove(())));
            change.run_async(self.store(), &System).await?;
        }
        Ok(())
    }

    fn each(
        &self,
        mut visit: impl FnMut(HostDocument<&'a Keyring>, ApiToken),
    ) -> Result<(), Error> {
        let now_ms = clock::now_ms();
        for (key, value) in self.store().documents_of(Family::ApiToken)? {
            let document = HostDocument::listed(self.keyring(), Family::ApiToken, key);
            let opened = document.open(Some(&value), now_ms);
            if let Some(token) = opened.ok().flatten().as_ref().and_then(ApiToken::read) {
                visit(document, token);
            }
        }
        Ok(())
    }
}

/// The id of a token: its place in the store, which does not reveal its secret.
fn id(document: &HostDocument<&Keyring>) -> String {
    base16ct::lower::encode_string(&document.store_key().0[..8])
}
