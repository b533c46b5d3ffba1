//! A tenant's credential.

use alloc::string::String;
use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use zeroize::Zeroizing;

use crate::Error;
use crate::challenge::{Header, Keyring, fresh};
use crate::labels;
use crate::store::StoreKey;

/// The length of a whole credential: store key and secret in base64url.
const WHOLE_TEXT_LEN: usize = 64;
/// The length of a credential's secret alone, in base64url.
const SECRET_TEXT_LEN: usize = 43;

/// A tenant's credential: the tenant's store key and a secret of 256 bits.
///
/// It is shown once; only a keyed hash of it is stored. `Debug` shows nothing of
/// it, and the secret is erased on drop.
pub struct TenantKey {
    pub(super) store_key: StoreKey,
    pub(super) secret: Zeroizing<[u8; 32]>,
}

impl TenantKey {
    /// Store key and secret as one text of 64 letters, digits, `-` and `_`: for
    /// contracts whose requests identify the tenant by its credential alone.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0; 48]);
        bytes[..16].copy_from_slice(&self.store_key.0);
        bytes[16..].copy_from_slice(&*self.secret);
        Zeroizing::new(Base64UrlUnpadded::encode_string(&*bytes))
    }

    /// The secret alone, as a text of 43 letters, digits, `-` and `_`: for
    /// contracts whose requests also contain the tenant's name.
    #[must_use]
    pub fn expose_secret(&self) -> Zeroizing<String> {
        Zeroizing::new(Base64UrlUnpadded::encode_string(&*self.secret))
    }

    /// Parses the text of [`Self::expose`].
    ///
    /// # Errors
    /// [`Error::InvalidCredential`] for text that is not a credential.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut bytes = Zeroizing::new([0; 48]);
        if text.len() != WHOLE_TEXT_LEN || Base64UrlUnpadded::decode(text, &mut *bytes).is_err() {
            return Err(Error::InvalidCredential);
        }
        let mut store_key = [0; 16];
        let mut secret = Zeroizing::new([0; 32]);
        store_key.copy_from_slice(&bytes[..16]);
        secret.copy_from_slice(&bytes[16..]);
        // The store's header is at that key: nobody may have it loaded.
        if store_key == Header::KEY.0 {
            return Err(Error::InvalidCredential);
        }
        Ok(Self {
            store_key: StoreKey(store_key),
            secret,
        })
    }

    /// Parses the text of [`Self::expose_secret`], for the tenant under
    /// `store_key`.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn parse_secret(store_key: StoreKey, text: &str) -> Result<Self, Error> {
        let mut secret = Zeroizing::new([0; 32]);
        if text.len() != SECRET_TEXT_LEN || Base64UrlUnpadded::decode(text, &mut *secret).is_err() {
            return Err(Error::InvalidCredential);
        }
        Ok(Self { store_key, secret })
    }

    /// The store key of the tenant that the credential claims to belong to.
    #[must_use]
    pub fn store_key(&self) -> StoreKey {
        self.store_key
    }

    pub(super) fn hash(&self, keyring: &Keyring) -> [u8; 32] {
        keyring.credential_hash(labels::TENANT_KEY, [&self.store_key.0, &*self.secret])
    }
}

/// A fresh credential of the tenant under a store key.
pub(super) fn fresh_key(
    store_key: StoreKey,
    current: Option<&[u8]>,
    now_ms: u64,
    entropy: &[u8; 32],
) -> TenantKey {
    let secret = fresh(
        labels::NEW_TENANT_KEY,
        entropy,
        now_ms,
        &store_key,
        current,
        &[],
    );
    TenantKey {
        store_key,
        secret: Zeroizing::new(secret),
    }
}

/// Does not show the credential.
impl fmt::Debug for TenantKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TenantKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_the_header_is_in_no_credential() {
        let text = "A".repeat(WHOLE_TEXT_LEN);
        let refused = TenantKey::parse(&text).map(|_| ());
        assert_eq!(refused, Err(Error::InvalidCredential));
        let other = "B".repeat(WHOLE_TEXT_LEN);
        assert!(TenantKey::parse(&other).is_ok());
    }
}
