//! Tokens with a public key: JWS in compact form (RFC 7515) with ES256 (RFC 7518
//! section 3.4) or RS256 (section 3.3). The engine computes ES256; the host
//! computes RS256.

use alloc::string::String;
use alloc::vec::Vec;

use base64ct::{Base64UrlUnpadded, Encoding};
use p256::ecdsa::signature::{Signer, Verifier};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use super::keys;
use crate::service::host::{CheckSignature, RsaPublicKey, Sign, SignatureAlgorithm};

#[derive(Serialize)]
struct NewHeader<'a> {
    alg: &'a str,
    typ: &'a str,
    kid: &'a str,
}

/// A token that has no signature yet: header and claims.
pub(crate) struct Unsigned(String);

impl Unsigned {
    /// A token for a key; `None` if the claims cannot be serialized.
    fn new(algorithm: SignatureAlgorithm, kid: &str, claims: &impl Serialize) -> Option<Self> {
        let header = NewHeader {
            alg: algorithm.name(),
            typ: "JWT",
            kid,
        };
        let encode = Base64UrlUnpadded::encode_string;
        let header = encode(&serde_json::to_vec(&header).ok()?);
        let claims = encode(&serde_json::to_vec(claims).ok()?);
        Some(Self(alloc::format!("{header}.{claims}")))
    }

    /// A token that the host signs with the private key of `key`.
    pub(crate) fn rs256(key: &RsaPublicKey, claims: &impl Serialize) -> Option<Self> {
        Self::new(SignatureAlgorithm::Rs256, &keys::rsa_key_id(key), claims)
    }

    /// What the host has to sign.
    pub(crate) fn to_sign(&self, key: RsaPublicKey) -> Sign {
        Sign {
            key,
            message: self.0.clone().into_bytes(),
        }
    }

    /// The token with its signature.
    pub(crate) fn signed(&self, signature: &[u8]) -> String {
        let signature = Base64UrlUnpadded::encode_string(signature);
        alloc::format!("{}.{signature}", self.0)
    }
}

/// Signs claims with ES256; `None` if they cannot be serialized. The signature
/// is deterministic (RFC 6979).
pub(crate) fn sign(key: &SigningKey, claims: &impl Serialize) -> Option<String> {
    let kid = keys::key_id(key.verifying_key());
    let unsigned = Unsigned::new(SignatureAlgorithm::Es256, &kid, claims)?;
    let signature: Signature = key.try_sign(unsigned.0.as_bytes()).ok()?;
    Some(unsigned.signed(&signature.to_bytes()))
}

/// The header of a received token. Keys that a header contains or refers to
/// (`jwk`, `jku`, `x5c`, `x5u`) are ignored.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<IgnoredAny>,
}

/// A signed token whose signature has not been checked yet.
pub(crate) struct Unverified {
    /// The key id from the header.
    pub(crate) kid: Option<String>,
    /// The algorithm that the header states. A key is used only with its own
    /// algorithm, and a token that states another one is refused.
    algorithm: SignatureAlgorithm,
    signed: String,
    claims: Vec<u8>,
    signature: Vec<u8>,
}

impl Unverified {
    /// Parses a token; `None` if it is malformed or uses another algorithm.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let [header, claims, signature] =
            [header, claims, signature].map(Base64UrlUnpadded::decode_vec);
        let header: Header = object(&header.ok()?)?;
        // RFC 7515 section 4.1.11: a token with critical extensions that are
        // not understood is invalid.
        if header.crit.is_some() {
            return None;
        }
        Some(Self {
            kid: header.kid,
            algorithm: SignatureAlgorithm::from_name(&header.alg)?,
            signed: signed.into(),
            claims: claims.ok()?,
            signature: signature.ok()?,
        })
    }

    /// The claims, which are not authenticated until [`Self::is_signed_by`] or
    /// the host's answer to [`Self::to_check`].
    pub(crate) fn claimed<T: DeserializeOwned>(&self) -> Option<T> {
        object(&self.claims)
    }

    /// Whether the token is signed with ES256 and the private key of `key`.
    pub(crate) fn is_signed_by(&self, key: &VerifyingKey) -> bool {
        self.algorithm == SignatureAlgorithm::Es256
            && Signature::from_slice(&self.signature)
                .and_then(|signature| key.verify(self.signed.as_bytes(), &signature))
                .is_ok()
    }

    /// What the host has to check with `key`; `None` if the token does not state
    /// RS256.
    pub(crate) fn to_check(&self, key: RsaPublicKey) -> Option<CheckSignature> {
        (self.algorithm == SignatureAlgorithm::Rs256).then(|| CheckSignature {
            key,
            message: self.signed.clone().into_bytes(),
            signature: self.signature.clone(),
        })
    }
}

/// Parses a JSON object, which headers and claims are (RFC 7515 section 4, RFC
/// 7519 section 4). serde would also read a struct from an array.
fn object<T: DeserializeOwned>(json: &[u8]) -> Option<T> {
    let is_object = json.trim_ascii_start().starts_with(b"{");
    is_object.then(|| serde_json::from_slice(json).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::challenge::Keyring;

    /// RFC 7515 appendix A.3.
    const TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    const X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    const Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";

    fn key() -> VerifyingKey {
        let mut point = alloc::vec![4];
        for text in [X, Y] {
            point.extend(Base64UrlUnpadded::decode_vec(text).unwrap());
        }
        VerifyingKey::from_sec1_bytes(&point).unwrap()
    }

    #[test]
    fn the_rfc_example_verifies() {
        assert!(Unverified::parse(TOKEN).unwrap().is_signed_by(&key()));
    }

    #[test]
    fn a_modified_token_does_not_verify() {
        for at in 0..TOKEN.len() {
            let mut bytes = TOKEN.as_bytes().to_vec();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            let passes = Unverified::parse(&changed).is_some_and(|jws| jws.is_signed_by(&key()));
            assert!(!passes, "{at}");
        }
    }

    #[test]
    fn other_algorithms_and_extensions_are_rejected() {
        let (_, rest) = TOKEN.split_once('.').unwrap();
        for header in [
            r#"{"alg":"none"}"#,
            r#"{"alg":"HS256"}"#,
            r#"{"alg":"es256"}"#,
            r#"{"alg":"PS256"}"#,
            r#"{"alg":"RS512"}"#,
            r#"{"alg":"ES256","crit":["exp"]}"#,
            r#"{"alg":"ES256","alg":"ES256"}"#,
            r#"{"alg":"ES256","kid":1}"#,
            r#"["ES256",null,null]"#,
            "{}",
        ] {
            let header = Base64UrlUnpadded::encode_string(header.as_bytes());
            assert!(Unverified::parse(&alloc::format!("{header}.{rest}")).is_none());
        }
        for text in ["", ".", "..", "a.b.c"] {
            assert!(Unverified::parse(text).is_none(), "{text}");
        }
        let short = Unverified::parse(&TOKEN[..TOKEN.len() - 2]).unwrap();
        assert!(!short.is_signed_by(&key()));
    }

    /// The algorithm is that of the key; a header that states another one is
    /// refused.
    #[test]
    fn a_key_is_used_with_its_own_algorithm() {
        let keyring = Keyring::generate(&[7; 32]);
        let key = keys::newest(&keyring).unwrap();
        let unsigned = |algorithm| Unsigned::new(algorithm, "1", &["a"]).unwrap();
        let signed = |algorithm| {
            let unsigned = unsigned(algorithm);
            let signature: Signature = key.sign(unsigned.0.as_bytes());
            Unverified::parse(&unsigned.signed(&signature.to_bytes())).unwrap()
        };
        let [es256, rs256] = [SignatureAlgorithm::Es256, SignatureAlgorithm::Rs256].map(signed);
        assert!(es256.is_signed_by(key.verifying_key()));
        assert!(!rs256.is_signed_by(key.verifying_key()));
        let rsa = RsaPublicKey::new(&[0xff; 256], RsaPublicKey::EXPONENT).unwrap();
        assert!(rs256.to_check(rsa.clone()).is_some());
        assert!(es256.to_check(rsa).is_none());
    }

    #[test]
    fn signing_is_deterministic_and_verifies() {
        let keyring = Keyring::generate(&[7; 32]);
        let key = keys::newest(&keyring).unwrap();
        let token = sign(&key, &["a"]).unwrap();
        assert_eq!(sign(&key, &["a"]).unwrap(), token);
        let read = Unverified::parse(&token).unwrap();
        // Claims are an object.
        assert_eq!(read.claimed::<[String; 1]>(), None);
        let kid = read.kid.as_deref().unwrap();
        assert!(read.is_signed_by(&keys::find(&keyring, kid).unwrap()));
    }
}
