//! The keys that sign ID tokens: for ES256, one for each record key, derived from
//! it and never stored; for RS256, those of the host.

use alloc::string::String;
use alloc::vec::Vec;

use base64ct::{Base64UrlUnpadded, Encoding};
use p256::FieldBytes;
use p256::ecdsa::{SigningKey, VerifyingKey};
use serde::Serialize;

use crate::Error;
use crate::challenge::Keyring;
use crate::kernel::hash;
use crate::labels;
use crate::oath::Algorithm;
use crate::service::host::RsaPublicKey;

/// A public key as a member of a JWK set (RFC 7517, RFC 7518 section 6).
#[derive(Serialize)]
pub(crate) struct Jwk {
    r#use: &'static str,
    alg: &'static str,
    kid: String,
    #[serde(flatten)]
    key: Key,
}

#[derive(Serialize)]
#[serde(tag = "kty")]
enum Key {
    #[serde(rename = "EC")]
    P256 {
        crv: &'static str,
        x: String,
        y: String,
    },
    #[serde(rename = "RSA")]
    Rsa { n: String, e: String },
}

/// The public keys of all record keys and all keys of the host, not only of the
/// newest: clients learn a key before it signs, and tokens are verified after a
/// newer key has replaced it.
#[derive(Serialize)]
pub(crate) struct Jwks {
    keys: Vec<Jwk>,
}

impl Jwks {
    pub(crate) fn of(keyring: &Keyring, rsa: &[RsaPublicKey]) -> Result<Self, Error> {
        let key = |id| Ok(Jwk::of(signing_key(keyring, id)?.verifying_key()));
        let rsa = rsa.iter().map(|key| Ok(Jwk::of_rsa(key)));
        let keys = keyring.ids().map(key).chain(rsa);
        Ok(Self {
            keys: keys.collect::<Result<_, Error>>()?,
        })
    }
}

impl Jwk {
    fn of(key: &VerifyingKey) -> Self {
        let point = key.to_sec1_point(false);
        let (x, y) = point.as_bytes().get(1..).unwrap_or_default().split_at(32);
        let [x, y] = [x, y].map(Base64UrlUnpadded::encode_string);
        let crv = "P-256";
        Self::new("ES256", Key::P256 { crv, x, y })
    }

    fn of_rsa(key: &RsaPublicKey) -> Self {
        let [n, e] = [key.modulus(), RsaPublicKey::EXPONENT].map(Base64UrlUnpadded::encode_string);
        Self::new("RS256", Key::Rsa { n, e })
    }

    fn new(alg: &'static str, key: Key) -> Self {
        Self {
            r#use: "sig",
            alg,
            kid: key.thumbprint(),
            key,
        }
    }
}

impl Key {
    /// The thumbprint of RFC 7638. Unlike the record key's id, it is unique across
    /// keyrings.
    fn thumbprint(&self) -> String {
        let members = match self {
            Self::P256 { crv, x, y } => {
                alloc::format!(r#"{{"crv":"{crv}","kty":"EC","x":"{x}","y":"{y}"}}"#)
            }
            Self::Rsa { n, e } => alloc::format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#),
        };
        let digest = hash(Algorithm::Sha256, &[members.as_bytes()]);
        Base64UrlUnpadded::encode_string(digest.as_bytes())
    }
}

/// The key id (`kid`) of a public key.
pub(crate) fn key_id(key: &VerifyingKey) -> String {
    Jwk::of(key).kid
}

/// The key id of a key of the host.
pub(crate) fn rsa_key_id(key: &RsaPublicKey) -> String {
    Jwk::of_rsa(key).kid
}

/// The signing key of the newest record key.
pub(crate) fn newest(keyring: &Keyring) -> Result<SigningKey, Error> {
    signing_key(keyring, keyring.newest())
}

/// The public key with a key id, if the keyring derives one.
pub(crate) fn find(keyring: &Keyring, kid: &str) -> Option<VerifyingKey> {
    keyring
        .ids()
        .filter_map(|id| signing_key(keyring, id).ok())
        .map(|key| *key.verifying_key())
        .find(|key| key_id(key) == kid)
}

/// Derives the signing key of a record key. Derived values that are zero or not
/// less than the group order, about one in 2^32, are skipped.
fn signing_key(keyring: &Keyring, id: u16) -> Result<SigningKey, Error> {
    for attempt in 0..=u8::MAX {
        let scalar = keyring.signing_key(id, labels::ID_TOKEN, attempt)?;
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
    fn each_record_key_has_a_key_and_the_newest_signs() {
        let mut keyring = Keyring::generate(&[7; 32]);
        let first = key_id(newest(&keyring).unwrap().verifying_key());
        keyring.add(&[8; 32]).unwrap();
        let ids = |keyring: &Keyring| -> Vec<String> {
            let jwks = Jwks::of(keyring, &[]).unwrap();
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
    fn thumbprints_follow_rfc_7638() {
        let key = Key::P256 {
            crv: "P-256",
            x: "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs".into(),
            y: "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA".into(),
        };
        let thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
        assert_eq!(key.thumbprint(), thumbprint);
        // RFC 7638 section 3.1.
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let key = RsaPublicKey::new(&Base64UrlUnpadded::decode_vec(n).unwrap(), &[1, 0, 1]);
        let thumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
        assert_eq!(rsa_key_id(&key.unwrap()), thumbprint);
    }
}
