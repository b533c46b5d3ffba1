//! Tenants: who calls a contract, as it stands in the store. Channels (mPass),
//! customers (`VerifyNow`) and clients (CAMARA) differ in their settings only.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::credential::{TenantKey, TenantWrite};
use super::names::check_name;
use super::settings::TenantSettings;
use crate::Error;
use crate::challenge::{Keyring, fresh, open_value, seal_value, sealing_key};
use crate::store::{Kind, MAX_TENANT_LEN, NEVER, StoreKey, Swap};

/// A tenant as it stands in the store.
#[derive(Clone, Debug)]
pub struct Tenant<S> {
    pub(super) settings: S,
    id: [u8; 16],
    key_hash: [u8; 32],
    key_version: u32,
    created_at_ms: u64,
    is_revoked: bool,
}

impl<S: TenantSettings> Tenant<S> {
    /// Where the tenant of a name stands, among [`Kind::Tenant`].
    #[must_use]
    pub fn store_key(keyring: &Keyring, name: &str) -> StoreKey {
        keyring.store_key(S::LABEL, [name.as_bytes()])
    }

    /// The credential that a keyring gives to a tenant of its own, the same at
    /// every call: it need not be kept anywhere. `purpose` tells the
    /// credentials of different uses apart.
    ///
    /// Who has the keyring has this credential, so it suits only tenants that
    /// are as private as the keyring is, such as a demonstration's.
    #[must_use]
    pub fn derive_key(keyring: &Keyring, name: &str, purpose: &str) -> TenantKey {
        let store_key = Self::store_key(keyring, name);
        let parts: [&[u8]; 2] = [&store_key.0, purpose.as_bytes()];
        let secret = keyring.credential_hash(b"derived tenant key", parts);
        TenantKey {
            store_key,
            secret: Zeroizing::new(secret),
        }
    }

    /// A new tenant. `current` is what stands at its place. In the place of
    /// one that was revoked it counts on where that had come to, so that
    /// nothing given for a credential of the old one is good for the new.
    ///
    /// # Errors
    /// [`Error::NameTaken`] when a tenant of that name is in use; the
    /// settings' own errors; [`Error::TenantTooLarge`].
    pub fn create(
        keyring: &Keyring,
        current: Option<&[u8]>,
        settings: S,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<TenantWrite, Error> {
        let store_key = Self::store_key(keyring, settings.name());
        let mut tenant = Self::fresh(keyring, current, settings, now_ms, entropy);
        if let Some(bytes) = current {
            let standing = Self::open(keyring, &store_key, bytes)?;
            if !standing.is_revoked {
                return Err(Error::NameTaken);
            }
            tenant.key_version = standing.key_version;
        }
        tenant.with_new_key(keyring, current, now_ms, entropy)
    }

    /// Makes the tenant of the settings' name stand in the store with exactly
    /// these settings and this credential, whatever stood there: `None` when
    /// it does already. `current` is what stands at its place. A tenant that
    /// stood there keeps its id, and so the records of its numbers.
    ///
    /// # Errors
    /// [`Error::InvalidCredential`] for the credential of another place; as
    /// [`Self::open`]; the settings' own errors; [`Error::TenantTooLarge`].
    pub fn provision(
        keyring: &Keyring,
        current: Option<&[u8]>,
        settings: S,
        key: TenantKey,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Option<TenantWrite>, Error> {
        let store_key = Self::store_key(keyring, settings.name());
        if key.store_key != store_key {
            return Err(Error::InvalidCredential);
        }
        let mut tenant = Self::fresh(keyring, current, settings, now_ms, entropy);
        if let Some(bytes) = current {
            let standing = Self::open(keyring, &store_key, bytes)?;
            let is_same_key = standing.has_key(keyring, &key) && !standing.is_revoked;
            let settings = tenant.settings;
            tenant = standing.clone();
            tenant.settings = settings;
            if is_same_key && tenant.payload()? == standing.payload()? {
                return Ok(None);
            }
        }
        tenant
            .with_key(keyring, current, key, now_ms, entropy)
            .map(Some)
    }

    /// A tenant that has no credential yet.
    fn fresh(
        keyring: &Keyring,
        current: Option<&[u8]>,
        settings: S,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Self {
        let store_key = Self::store_key(keyring, settings.name());
        Self {
            settings,
            id: fresh(b"tenant id", entropy, now_ms, &store_key, current, &[]),
            key_hash: [0; 32],
            key_version: 0,
            created_at_ms: now_ms,
            is_revoked: false,
        }
    }

    /// The same tenant with a new credential; the old one is dead once this is
    /// stored. `current` is what the tenant was opened from.
    ///
    /// # Errors
    /// [`Error::TenantTooLarge`].
    pub fn rotate(
        &self,
        keyring: &Keyring,
        current: &[u8],
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<TenantWrite, Error> {
        self.clone()
            .with_new_key(keyring, Some(current), now_ms, entropy)
    }

    /// The swap that revokes the tenant. Its record stays, so that its name is
    /// known to be revoked.
    ///
    /// # Errors
    /// [`Error::TenantTooLarge`].
    pub fn revoke(
        &self,
        keyring: &Keyring,
        current: &[u8],
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Swap, Error> {
        let revoked = Self {
            is_revoked: true,
            ..self.clone()
        };
        revoked.write(keyring, Some(current), now_ms, entropy)
    }

    /// Reads the tenant that stands at a place.
    ///
    /// # Errors
    /// [`Error::RecordFormat`], [`Error::RecordForged`] or
    /// [`Error::UnknownRecordKey`] when it is not a tenant of this kind of
    /// ours.
    pub fn open(keyring: &Keyring, store_key: &StoreKey, bytes: &[u8]) -> Result<Self, Error> {
        let payload = open_value(keyring, store_key, S::FORMAT, bytes)?;
        let mut decoder = minicbor::Decoder::new(payload);
        let wire: Wire = decoder.decode().map_err(|_| Error::RecordFormat)?;
        let settings: S::Wire<'_> = decoder.decode().map_err(|_| Error::RecordFormat)?;
        let settings = S::read(settings).map_err(|_| Error::RecordFormat)?;
        settings.check().map_err(|_| Error::RecordFormat)?;
        Ok(Self {
            settings,
            id: wire.id,
            key_hash: wire.key_hash,
            key_version: wire.key_version,
            created_at_ms: wire.created_at_ms,
            is_revoked: wire.is_revoked,
        })
    }

    /// What the administrator said of it.
    #[must_use]
    pub fn settings(&self) -> &S {
        &self.settings
    }

    /// The stable id that its numbers' records are kept under.
    #[must_use]
    pub fn id(&self) -> &[u8; 16] {
        &self.id
    }

    /// How many credentials tenants of its name have had.
    #[must_use]
    pub fn key_version(&self) -> u32 {
        self.key_version
    }

    /// When it was created, in milliseconds of Unix time.
    #[must_use]
    pub fn created_at_ms(&self) -> u64 {
        self.created_at_ms
    }

    /// Whether it was revoked.
    #[must_use]
    pub fn is_revoked(&self) -> bool {
        self.is_revoked
    }

    /// Whether this is its credential, compared in constant time.
    #[must_use]
    pub fn has_key(&self, keyring: &Keyring, key: &TenantKey) -> bool {
        self.key_hash.ct_eq(&key.hash(keyring)).into()
    }

    /// Whether a text is its credential, as requests carry it: see
    /// [`TenantWrite::stored_text`].
    ///
    /// # Errors
    /// [`Error::InvalidCredential`] for a text that is not a credential.
    pub fn has_credential(&self, keyring: &Keyring, text: &str) -> Result<bool, Error> {
        let key = match S::IS_NAMED_BY_CREDENTIAL {
            true => TenantKey::parse(text)?,
            false => {
                let store_key = Self::store_key(keyring, self.settings.name());
                TenantKey::parse_secret(store_key, text)?
            }
        };
        Ok(self.has_key(keyring, &key))
    }

    fn with_new_key(
        self,
        keyring: &Keyring,
        current: Option<&[u8]>,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<TenantWrite, Error> {
        let store_key = Self::store_key(keyring, self.settings.name());
        let secret = fresh(b"tenant key", entropy, now_ms, &store_key, current, &[]);
        let key = TenantKey {
            store_key,
            secret: Zeroizing::new(secret),
        };
        self.with_key(keyring, current, key, now_ms, entropy)
    }

    fn with_key(
        mut self,
        keyring: &Keyring,
        current: Option<&[u8]>,
        key: TenantKey,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<TenantWrite, Error> {
        self.key_hash = key.hash(keyring);
        self.key_version = self.key_version.saturating_add(1);
        self.is_revoked = false;
        let swap = self.write(keyring, current, now_ms, entropy)?;
        Ok(TenantWrite {
            swap,
            key,
            is_whole_shown: S::IS_NAMED_BY_CREDENTIAL,
        })
    }

    /// What is sealed of it.
    fn payload(&self) -> Result<Vec<u8>, Error> {
        let wire = Wire {
            id: self.id,
            key_hash: self.key_hash,
            key_version: self.key_version,
            created_at_ms: self.created_at_ms,
            is_revoked: self.is_revoked,
        };
        let mut payload = minicbor::to_vec(wire).map_err(|_| Error::TenantTooLarge)?;
        minicbor::encode(self.settings.wire(), &mut payload).map_err(|_| Error::TenantTooLarge)?;
        Ok(payload)
    }

    fn write(
        &self,
        keyring: &Keyring,
        current: Option<&[u8]>,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Swap, Error> {
        check_name(self.settings.name())?;
        self.settings.check()?;
        let store_key = Self::store_key(keyring, self.settings.name());
        let stamp = fresh(b"stamp", entropy, now_ms, &store_key, current, b"tenant");
        let payload = self.payload()?;
        let value = seal_value(keyring, &store_key, S::FORMAT, stamp, &payload)?;
        if value.len() > MAX_TENANT_LEN {
            return Err(Error::TenantTooLarge);
        }
        Ok(Swap {
            kind: Kind::Tenant,
            key: store_key,
            expected: current.map(<[u8]>::to_vec),
            value,
            expires_at_ms: NEVER,
        })
    }
}

/// What every tenant has, in front of its settings.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Wire {
    #[cbor(n(0), with = "minicbor::bytes")]
    id: [u8; 16],
    #[cbor(n(1), with = "minicbor::bytes")]
    key_hash: [u8; 32],
    #[n(2)]
    key_version: u32,
    #[n(3)]
    created_at_ms: u64,
    #[n(4)]
    is_revoked: bool,
}

/// The swap that seals a tenant's value with the newest record key, contents
/// unchanged; `None` when it is already sealed with that.
///
/// Tenants are rarely written, so they stay under the key of their last
/// writing. Before a record key is removed from the keyring every value of
/// [`Kind::Tenant`] has to go through here.
///
/// # Errors
/// [`Error::RecordFormat`], [`Error::RecordForged`] or
/// [`Error::UnknownRecordKey`] when `current` is not a tenant of ours at this
/// place.
pub fn reseal_tenant(
    keyring: &Keyring,
    store_key: &StoreKey,
    current: &[u8],
    now_ms: u64,
    entropy: &[u8; 32],
) -> Result<Option<Swap>, Error> {
    let format = *current.first().ok_or(Error::RecordFormat)?;
    let payload = open_value(keyring, store_key, format, current)?;
    if sealing_key(current) == Some(keyring.newest()) {
        return Ok(None);
    }
    let stamp = fresh(
        b"stamp",
        entropy,
        now_ms,
        store_key,
        Some(current),
        b"reseal",
    );
    Ok(Some(Swap {
        kind: Kind::Tenant,
        key: *store_key,
        expected: Some(current.to_vec()),
        value: seal_value(keyring, store_key, format, stamp, payload)?,
        expires_at_ms: NEVER,
    }))
}
