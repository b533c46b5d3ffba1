//! The keys that ID tokens are signed with: one for each record key, derived
//! from it and never stored.

use alloc::string::String;
use alloc::vec::Vec;

use base64ct::{Base64UrlUnpadded, Encoding};
use p256::FieldBytes;
use p256::ecdsa::{SigningKey, VerifyingKey};
use serde::Serialize;

use crate::Error;
use crate::challenge::Keyring;
use crate::kernel::hash;
use crate::oath::Algorithm;

/// What the key is derived under: a kind of token like the sealed ones.
const LABEL: &[u8] = b"id token es256 v1";

/// A public key as JWKS has it (RFC 7517, RFC 7518 section 6.2.1).
#[derive(Serialize)]
pub(crate) struct Jwk {
    kty: &'static str,
    crv: &'static str,
    r#use: &'static str,
    alg: &'static str,
    kid: String,
    x: String,
    y: String,
}

/// The public keys of every record key, those that are not the newest too:
/// clients learn a key before it signs, and what it has signed outlives its
/// turn.
#[derive(Serialize)]
pub(crate) struct Jwks {
    keys: Vec<Jwk>,
}

impl Jwks {
    pub(crate) fn of(keyring: &Keyring) -> Result<Self, Error> {
        let key = |id| Ok(Jwk::of(signing_key(keyring, id)?.verifying_key()));
        Ok(Self {
            keys: keyring.ids().map(key).collect::<Result<_, Error>>()?,
        })
    }
}

impl Jwk {
    fn of(key: &VerifyingKey) -> Self {
        let point = key.to_sec1_point(false);
        let (x, y) = point.as_bytes().get(1..).unwrap_or_default().split_at(32);
        let [x, y] = [x, y].map(Base64UrlUnpadded::encode_string);
        Self {
            kty: "EC",
            crv: "P-256",
            r#use: "sig",
            alg: "ES256",
            kid: thumbprint(&x, &y),
            x,
            y,
        }
    }
}

/// RFC 7638: unlike the record key's id it is never that of another
/// keyring's key.
fn thumbprint(x: &str, y: &str) -> String {
    let members = alloc::format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    let digest = hash(Algorithm::Sha256, &[members.as_bytes()]);
    Base64UrlUnpadded::encode_string(digest.as_bytes())
}

/// The key id of a key.
pub(crate) fn key_id(key: &VerifyingKey) -> String {
    Jwk::of(key).kid
}

/// The key that signs.
pub(crate) fn newest(keyring: &Keyring) -> Result<SigningKey, Error> {
    signing_key(keyring, keyring.newest())
}

/// The public key of ours that has a key id.
pub(crate) fn find(keyring: &Keyring, kid: &str) -> Option<VerifyingKey> {
    keyring
        .ids()
        .filter_map(|id| signing_key(keyring, id).ok())
        .map(|key| *key.verifying_key())
        .find(|key| key_id(key) == kid)
}

/// Derived values of no or too large a scalar, one in 2^32, are passed over.
fn signing_key(keyring: &Keyring, id: u16) -> Result<SigningKey, Error> {
    for attempt in 0..=u8::MAX {
        let label = [LABEL, &[attempt]].concat();
        let scalar = keyring.token_key(id, &label)?;
        if let Ok(key) = SigningKey::from_bytes(<&FieldBytes>::from(&*scalar)) {
            return Ok(key);
        }
    }
    Err(Error::UnknownRecordKey)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_for_each_record_key_and_the_newest_signs() {
        let mut keyring = Keyring::generate(&[7; 32]);
        let first = key_id(newest(&keyring).unwrap().verifying_key());
        keyring.add(&[8; 32]).unwrap();
        let ids = |keyring: &Keyring| -> Vec<String> {
            let jwks = Jwks::of(keyring).unwrap();
            jwks.keys.into_iter().map(|key| key.kid).collect()
        };
        let both = ids(&keyring);
        assert_eq!((both.len(), &both[0]), (2, &first));
        assert_ne!(both[0], both[1]);
        keyring.activate(2).unwrap();
        assert_eq!(key_id(newest(&keyring).unwrap().verifying_key()), both[1]);
        assert_eq!(ids(&keyring), both);
        assert!(find(&keyring, &both[0]).is_some());
        keyring.remove(1).unwrap();
        assert!(find(&keyring, &both[0]).is_none());
        assert!(!both.contains(&ids(&Keyring::generate(&[9; 32]))[0]));
    }

    /// Public point and thumbprint of RFC 9449 section 4.1 and 6.1 (`jkt`).
    #[test]
    fn a_thumbprint_is_that_of_rfc_7638() {
        assert_eq!(
            thumbprint(
                "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
                "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"
            ),
            "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
        );
    }
}
