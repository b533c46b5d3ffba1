//! The keys of an identity provider (RFC 7517), and signatures by them.

use base64ct::{Base64UrlUnpadded, Encoding};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::Value as Json;

/// The most keys that are looked at.
const MOST: usize = 64;

/// The algorithms of ID tokens. None of them has a shared secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 section 3.3).
    Rs256,
    /// ECDSA with P-256 and SHA-256 (RFC 7518 section 3.4).
    Es256,
    /// Ed25519 (RFC 8037 section 3.1).
    EdDsa,
}

impl Algorithm {
    /// The algorithm of a name; RFC 9864 has another one for Ed25519.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "ES256" => Some(Self::Es256),
            "EdDSA" | "Ed25519" => Some(Self::EdDsa),
            _ => None,
        }
    }
}

/// A public key, and what the provider says about it.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// The material of a key. Each has one algorithm, whatever a token states.
enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256([u8; 65]),
    Ed25519([u8; 32]),
}

struct Key {
    id: Option<String>,
    material: Material,
}

/// The keys of an identity provider that sign ID tokens.
pub(super) struct Keys(Vec<Key>);

#[derive(Deserialize)]
struct Set {
    keys: Vec<Json>,
}

impl Keys {
    /// Reads a set of keys; those of other kinds are left out, as RFC 7517 section 5
    /// has it. `None` if it is no set.
    pub(super) fn parse(json: &[u8]) -> Option<Self> {
        let set: Set = serde_json::from_slice(json).ok()?;
        let keys = set.keys.into_iter().take(MOST);
        let parsed = keys.filter_map(|key| Key::of(serde_json::from_value(key).ok()?));
        Some(Self(parsed.collect()))
    }

    /// Whether there is a key of this id.
    pub(super) fn has(&self, id: Option<&str>) -> bool {
        self.0.iter().any(|key| key.is(id))
    }

    /// Whether one of the keys of an id has signed a message. A token without an id is
    /// signed by any of them.
    pub(super) fn have_signed(
        &self,
        id: Option<&str>,
        algorithm: Algorithm,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        let mut keys = self.0.iter().filter(|key| key.is(id));
        keys.any(|key| key.has_signed(algorithm, message, signature))
    }
}

impl Key {
    fn of(jwk: Jwk) -> Option<Self> {
        let algorithm = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("RSA", _) => Algorithm::Rs256,
            ("EC", Some("P-256")) => Algorithm::Es256,
            ("OKP", Some("Ed25519")) => Algorithm::EdDsa,
            _ => return None,
        };
        let is_for_this = |alg: &str| Algorithm::from_name(alg) == Some(algorithm);
        if jwk.usage.is_some_and(|usage| usage != "sig")
            || !jwk.alg.as_deref().is_none_or(is_for_this)
        {
            return None;
        }
        let bytes = |text: Option<String>| Base64UrlUnpadded::decode_vec(&text?).ok();
        let material = match algorithm {
            Algorithm::Rs256 => Material::Rsa {
                n: bytes(jwk.n)?,
                e: bytes(jwk.e)?,
            },
            Algorithm::Es256 => {
                let (x, y) = (bytes(jwk.x)?, bytes(jwk.y)?);
                let is_point = x.len() == 32 && y.len() == 32;
                let point = [&[4], x.as_slice(), &y].concat();
                Material::P256(is_point.then(|| point.try_into().ok())??)
            }
            Algorithm::EdDsa => Material::Ed25519(bytes(jwk.x)?.try_into().ok()?),
        };
        Some(Self {
            id: jwk.kid,
            material,
        })
    }

    fn is(&self, id: Option<&str>) -> bool {
        id.is_none_or(|id| self.id.as_deref() == Some(id))
    }

    fn has_signed(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let verified =
            match (&self.material, algorithm) {
                (Material::Rsa { n, e }, Algorithm::Rs256) => RsaPublicKeyComponents { n, e }
                    .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature),
                (Material::P256(point), Algorithm::Es256) => {
                    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                        .verify(message, signature)
                }
                (Material::Ed25519(key), Algorithm::EdDsa) => {
                    UnparsedPublicKey::new(&ED25519, key).verify(message, signature)
                }
                _ => return false,
            };
        verified.is_ok()
    }
}
