//! Tokens with a public key: JWS in compact form (RFC 7515), only with ES256
//! (RFC 7518 section 3.4).

use alloc::string::String;
use alloc::vec::Vec;

use base64ct::{Base64UrlUnpadded, Encoding};
use p256::ecdsa::signature::{Signer, Verifier};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use super::keys;

#[derive(Serialize)]
struct NewHeader<'a> {
    alg: &'a str,
    typ: &'a str,
    kid: &'a str,
}

/// Signs claims; `None` if they cannot be serialized. The signature is
/// deterministic (RFC 6979).
pub(crate) fn sign(key: &SigningKey, claims: &impl Serialize) -> Option<String> {
    let header = NewHeader {
        alg: "ES256",
        typ: "JWT",
        kid: &keys::key_id(key.verifying_key()),
    };
    let header = Base64UrlUnpadded::encode_string(&serde_json::to_vec(&header).ok()?);
    let claims = Base64UrlUnpadded::encode_string(&serde_json::to_vec(claims).ok()?);
    let signed = alloc::format!("{header}.{claims}");
    let signature: Signature = key.try_sign(signed.as_bytes()).ok()?;
    let signature = Base64UrlUnpadded::encode_string(&signature.to_bytes());
    Some(alloc::format!("{signed}.{signature}"))
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
    signed: String,
    claims: Vec<u8>,
    signature: Signature,
}

impl Unverified {
    /// Parses a token; `None` if it is malformed or uses another algorithm.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let [header, claims, signature] =
            [header, claims, signature].map(Base64UrlUnpadded::decode_vec);
        let header: Header = serde_json::from_slice(&header.ok()?).ok()?;
        // RFC 7515 section 4.1.11: a token with critical extensions that are
        // not understood is invalid.
        if header.alg != "ES256" || header.crit.is_some() {
            return None;
        }
        Some(Self {
            kid: header.kid,
            signed: signed.into(),
            claims: claims.ok()?,
            signature: Signature::from_slice(&signature.ok()?).ok()?,
        })
    }

    /// The claims, which are not authenticated until [`Self::is_signed_by`].
    pub(crate) fn claimed<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.claims).ok()
    }

    /// Whether the token is signed with the private key of `key`.
    pub(crate) fn is_signed_by(&self, key: &VerifyingKey) -> bool {
        key.verify(self.signed.as_bytes(), &self.signature).is_ok()
    }
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
            r#"{"alg":"ES256","crit":["exp"]}"#,
            "{}",
        ] {
            let header = Base64UrlUnpadded::encode_string(header.as_bytes());
            assert!(Unverified::parse(&alloc::format!("{header}.{rest}")).is_none());
        }
        for text in ["", ".", "..", "a.b.c", &TOKEN[..TOKEN.len() - 2]] {
            assert!(Unverified::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn signing_is_deterministic_and_verifies() {
        let keyring = Keyring::generate(&[7; 32]);
        let key = keys::newest(&keyring).unwrap();
        let token = sign(&key, &["a"]).unwrap();
        assert_eq!(sign(&key, &["a"]).unwrap(), token);
        let read = Unverified::parse(&token).unwrap();
        assert_eq!(read.claimed::<[String; 1]>().unwrap(), ["a"]);
        let kid = read.kid.as_deref().unwrap();
        assert!(read.is_signed_by(&keys::find(&keyring, kid).unwrap()));
    }
}
