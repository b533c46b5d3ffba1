//! RS256 by ring, with the keys of `tests/signing-keys.json`.

// A key of the tests that cannot be read is a bug in them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use mpass_core::service::{Answer, CheckSignature, RsaPublicKey, Sign};
use ring::rand::SystemRandom;
use ring::signature::{
    KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents,
};
use serde::Deserialize;
use serde_json::Value;

const KEYS: &str = include_str!("../signing-keys.json");

/// The keys of the file.
#[derive(Deserialize)]
pub struct TestKeys {
    /// Keys that are accepted.
    pub keys: Vec<TestKey>,
    /// Keys that are refused.
    pub refused: Vec<TestKey>,
}

/// A key of the file.
#[derive(Deserialize)]
pub struct TestKey {
    /// The private key (RFC 5208) in base64.
    pub pkcs8: String,
    /// The public key as a JWK.
    pub public: Value,
}

/// Reads the file.
#[must_use]
pub fn test_keys() -> TestKeys {
    serde_json::from_str(KEYS).unwrap()
}

impl TestKey {
    /// The private key in PEM.
    #[must_use]
    pub fn pem(&self) -> String {
        let label = "PRIVATE KEY";
        let lines: Vec<_> = self.pkcs8.as_bytes().chunks(64).collect();
        let lines: Vec<_> = lines
            .into_iter()
            .map(|line| str::from_utf8(line).unwrap())
            .collect();
        format!(
            "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
            lines.join("\n")
        )
    }

    /// The public key as a JWK in JSON.
    #[must_use]
    pub fn jwk(&self) -> String {
        self.public.to_string()
    }

    /// Signs a token with these header and claims.
    #[must_use]
    pub fn sign_token(&self, header: &Value, claims: &Value) -> String {
        let encode = |part: &Value| Base64UrlUnpadded::encode_string(part.to_string().as_bytes());
        let message = format!("{}.{}", encode(header), encode(claims));
        let signature = signed(&self.pair(), message.as_bytes());
        format!("{message}.{}", Base64UrlUnpadded::encode_string(&signature))
    }

    fn pair(&self) -> RsaKeyPair {
        RsaKeyPair::from_pkcs8(&Base64::decode_vec(&self.pkcs8).unwrap()).unwrap()
    }
}

/// The part of a host that signs and checks.
pub enum Signer {
    /// It supports neither.
    Unsupported,
    /// It signs with these keys, the first one first, and checks signatures.
    Keys(Vec<TestKey>),
    /// It lists these keys, and answers every other step in this way.
    Answer(Vec<RsaPublicKey>, Answer),
}

impl Signer {
    pub(crate) fn signing_keys(&self) -> Answer {
        match self {
            Self::Unsupported => Answer::Unsupported,
            Self::Keys(keys) => {
                Answer::SigningKeys(keys.iter().map(|key| public(&key.pair())).collect())
            }
            Self::Answer(keys, _) => Answer::SigningKeys(keys.clone()),
        }
    }

    pub(crate) fn sign(&self, sign: &Sign) -> Answer {
        let keys = match self {
            Self::Unsupported => return Answer::Unsupported,
            Self::Answer(_, answer) => return answer.clone(),
            Self::Keys(keys) => keys,
        };
        keys.iter()
            .map(TestKey::pair)
            .find(|pair| public(pair) == sign.key)
            .map_or(Answer::Unsupported, |pair| {
                Answer::Signed(signed(&pair, &sign.message))
            })
    }

    pub(crate) fn check(&self, check: &CheckSignature) -> Answer {
        match self {
            Self::Unsupported => Answer::Unsupported,
            Self::Answer(_, answer) => answer.clone(),
            Self::Keys(_) => match is_genuine(&check.key, &check.message, &check.signature) {
                true => Answer::Genuine,
                false => Answer::Forged,
            },
        }
    }
}

/// Whether a signature is genuine, by ring.
#[must_use]
pub fn is_genuine(key: &RsaPublicKey, message: &[u8], signature: &[u8]) -> bool {
    let (n, e) = (key.modulus(), RsaPublicKey::EXPONENT);
    let key = RsaPublicKeyComponents { n, e };
    key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
        .is_ok()
}

/// The public key of a pair.
fn public(pair: &RsaKeyPair) -> RsaPublicKey {
    let components = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
    RsaPublicKey::new(&components.n, &components.e).unwrap()
}

fn signed(pair: &RsaKeyPair, message: &[u8]) -> Vec<u8> {
    let mut signature = vec![0; pair.public().modulus_len()];
    let random = SystemRandom::new();
    pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
        .unwrap();
    signature
}
