//! Stored tenants. Channels (mPass), customers (`VerifyNow`) and clients
//! (CAMARA) differ only in their settings.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use super::credential::TenantKey;
use super::names::check_name;
use super::public_key::ClientKey;
use super::rotation::{Predecessor, PreviousPublicKey, Validity};
use super::settings::TenantSettings;
use crate::Error;
use crate::challenge::{Document, DocumentWrite, Keyring, Opened, fresh};
use crate::labels;
use crate::service::host::RsaPublicKey;
use crate::service::settings::Field;
use crate::store::{MAX_DOCUMENT_LEN, StoreKey, Swap};

/// A tenant as stored. [`TenantAdmin`](super::TenantAdmin) writes it.
#[derive(Clone, Debug)]
pub struct Tenant<S> {
    pub(super) settings: S,
    pub(super) id: [u8; 16],
    pub(super) key_hash: [u8; 32],
    pub(super) key_version: u32,
    pub(super) created_at_ms: u64,
    pub(super) is_revoked: bool,
    pub(super) predecessor: Option<Predecessor>,
    pub(super) previous_public_key: Option<PreviousPublicKey>,
    /// Whether the record of its credits was written before this value.
    pub(super) has_credits: bool,
}

impl<S: TenantSettings> Tenant<S> {
    /// The store key of the tenant with a name, for values of
    /// [`Kind::Document`](crate::store::Kind::Document).
    #[must_use]
    pub fn store_key(keyring: &Keyring, name: &str) -> StoreKey {
        S::DOCUMENT.store_key(keyring, [name.as_bytes()])
    }

    /// Derives a tenant's credential from the keyring. Every call returns the
    /// same credential, so it need not be stored. Different values of `purpose`
    /// yield different credentials.
    ///
    /// Anyone who has the keyring can derive this credential. Use it only for
    /// tenants that the holder of the keyring owns, such as those of a
    /// demonstration.
    #[must_use]
    pub fn derive_key(keyring: &Keyring, name: &str, purpose: &str) -> TenantKey {
        let store_key = Self::store_key(keyring, name);
        let parts: [&[u8]; 2] = [&store_key.0, purpose.as_bytes()];
        let secret = keyring.credential_hash(labels::DERIVED_TENANT_KEY, parts);
        TenantKey {
            store_key,
            secret: Zeroizing::new(secret),
        }
    }

    /// A new tenant without a credential, with settings that are checked.
    pub(super) fn new(settings: S, id: [u8; 16], now_ms: u64) -> Result<Self, Error> {
        check_name(settings.name())?;
        // The table's ranges hold for a struct that was filled in by hand, too.
        settings.to_values().check_each()?;
        settings.check()?;
        let tenant = Self {
            settings,
            id,
            key_hash: [0; 32],
            key_version: 0,
            created_at_ms: now_ms,
            is_revoked: false,
            predecessor: None,
            previous_public_key: None,
            has_credits: false,
        };
        tenant.check_room()?;
        Ok(tenant)
    }

    /// Marks the tenant as revoked, and drops what overlaps.
    pub(super) fn end(&mut self) {
        self.is_revoked = true;
        self.predecessor = None;
        self.previous_public_key = None;
    }

    /// Opens the value stored under a store key.
    ///
    /// # Errors
    /// [`Error::RecordFormat`] for a value that is not a tenant of this kind,
    /// [`Error::RecordForged`] for one that is not authentic,
    /// [`Error::UnknownRecordKey`] for one encrypted with a key that the keyring
    /// does not have.
    pub fn open(keyring: &Keyring, store_key: &StoreKey, bytes: &[u8]) -> Result<Self, Error> {
        let opened = S::DOCUMENT.open(keyring, store_key, bytes)?;
        let mut decoder = minicbor::Decoder::new(&opened.contents);
        let wire: Wire = decoder.decode().map_err(|_| Error::RecordFormat)?;
        let settings: S = decoder.decode().map_err(|_| Error::RecordFormat)?;
        settings.check().map_err(|_| Error::RecordFormat)?;
        Ok(Self {
            settings,
            id: wire.id,
            key_hash: wire.key_hash,
            key_version: wire.key_version,
            created_at_ms: wire.created_at_ms,
            is_revoked: wire.is_revoked,
            predecessor: wire.predecessor,
            previous_public_key: wire.previous_public_key,
            has_credits: wire.has_credits.unwrap_or(false),
        })
    }

    /// The tenant's settings.
    #[must_use]
    pub fn settings(&self) -> &S {
        &self.settings
    }

    /// The stable id that the store keys of the tenant's records are derived
    /// from.
    #[must_use]
    pub fn id(&self) -> &[u8; 16] {
        &self.id
    }

    /// The version of the credential: the number of credentials that tenants with
    /// this name have had.
    #[must_use]
    pub fn key_version(&self) -> u32 {
        self.key_version
    }

    /// When the tenant was created, in milliseconds of Unix time.
    #[must_use]
    pub fn created_at_ms(&self) -> u64 {
        self.created_at_ms
    }

    /// Whether the tenant is revoked.
    #[must_use]
    pub fn is_revoked(&self) -> bool {
        self.is_revoked
    }

    /// Whether the values of two tenants have the same contents.
    pub(super) fn is_same_as(&self, other: &Self) -> Result<bool, Error> {
        Ok(self.payload()? == other.payload()?)
    }

    /// Refuses settings that leave no room for what the value gets without a
    /// change of them: predecessors of the credential and the public key, and the
    /// statement about credits.
    pub(super) fn check_room(&self) -> Result<(), Error> {
        let validity = Validity {
            replaced_at_ms: u64::MAX,
            until_ms: u64::MAX,
        };
        // A modulus of 4,096 bits, the longest key.
        let key = RsaPublicKey::new(&[0xff; 512], RsaPublicKey::EXPONENT)?;
        let previous_public_key = PreviousPublicKey {
            key: ClientKey::Rsa(key),
            validity,
        };
        let has_public_key = Field::PublicKey.is_of(S::GROUP);
        let largest = Self {
            id: [0xff; 16],
            key_hash: [0xff; 32],
            key_version: u32::MAX,
            created_at_ms: u64::MAX,
            predecessor: Some(Predecessor {
                key_hash: [0xff; 32],
                key_version: u32::MAX,
                validity,
            }),
            previous_public_key: has_public_key.then_some(previous_public_key),
            has_credits: true,
            ..self.clone()
        };
        let len = largest.payload()?.len() + Document::OVERHEAD;
        match len > MAX_DOCUMENT_LEN {
            true => Err(Error::TenantTooLarge),
            false => Ok(()),
        }
    }

    /// The plaintext of the tenant's value.
    fn payload(&self) -> Result<Vec<u8>, Error> {
        let wire = Wire {
            id: self.id,
            key_hash: self.key_hash,
            key_version: self.key_version,
            created_at_ms: self.created_at_ms,
            is_revoked: self.is_revoked,
            predecessor: self.predecessor,
            previous_public_key: self.previous_public_key.clone(),
            has_credits: self.has_credits.then_some(true),
        };
        let mut payload = minicbor::to_vec(wire).map_err(|_| Error::TenantTooLarge)?;
        minicbor::encode(&self.settings, &mut payload).map_err(|_| Error::TenantTooLarge)?;
        Ok(payload)
    }

    /// The swap that stores the tenant.
    pub(super) fn write(
        &self,
        keyring: &Keyring,
        current: Option<&[u8]>,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Swap, Error> {
        let store_key = Self::store_key(keyring, self.settings.name());
        let write = DocumentWrite {
            keyring,
            store_key: &store_key,
            current,
            now_ms,
            entropy,
        };
        let contents = Opened {
            contents: Zeroizing::new(self.payload()?),
            expires_at_ms: None,
        };
        let swap = S::DOCUMENT.seal(write, &contents)?;
        match swap.value.len() > MAX_DOCUMENT_LEN {
            true => Err(Error::TenantTooLarge),
            false => Ok(swap),
        }
    }
}

/// A fresh id of a new tenant.
pub(super) fn fresh_tenant_id(
    store_key: &StoreKey,
    current: Option<&[u8]>,
    now_ms: u64,
    entropy: &[u8; 32],
) -> [u8; 16] {
    fresh(labels::TENANT_ID, entropy, now_ms, store_key, current, &[])
}

/// The part of the value that every tenant has; the settings follow.
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
    #[n(5)]
    predecessor: Option<Predecessor>,
    #[n(6)]
    previous_public_key: Option<PreviousPublicKey>,
    /// `true` or absent.
    #[n(7)]
    has_credits: Option<bool>,
}
