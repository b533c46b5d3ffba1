//! The public key of a client.

use alloc::string::String;
use alloc::vec::Vec;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::Error;
use crate::service::host::{RsaPublicKey, SignatureAlgorithm};

/// The public key that verifies a client's `private_key_jwt` assertions. Its
/// type determines the algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientKey {
    /// A key for ES256: an uncompressed point of P-256, 65 bytes as in SEC 1.
    P256([u8; 65]),
    /// A key for RS256.
    Rsa(RsaPublicKey),
}

impl ClientKey {
    /// Reads a key: the 65 bytes of an uncompressed point of P-256, or a JWK (RFC
    /// 7517) with the type `EC` and the curve P-256 or with the type `RSA`.
    ///
    /// `use`, `alg` and `key_ops` of a JWK must allow signatures with the
    /// algorithm of the key if they are present. Its other members, such as
    /// `kid`, `x5c` and `x5u`, are ignored; nothing is ever fetched.
    ///
    /// # Errors
    /// [`Error::PrivateKeyGiven`] for a private key, [`Error::PublicKeyInPem`] for
    /// PEM, [`Error::KeyNotForSignatures`] and [`Error::KeyAlgorithm`] for a JWK of
    /// another use, those of [`RsaPublicKey::new`], and
    /// [`Error::InvalidPublicKey`] for anything else.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let key = match <[u8; 65]>::try_from(bytes) {
            Ok(point) => Self::P256(point),
            Err(_) => Jwk::parse(bytes)?.into_key()?,
        };
        match key.is_valid() {
            true => Ok(key),
            false => Err(Error::InvalidPublicKey),
        }
    }

    /// The key in a form that [`Self::parse`] reads: a point of P-256, or a JWK.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::P256(point) => point.to_vec(),
            Self::Rsa(key) => {
                let modulus = Base64UrlUnpadded::encode_string(key.modulus());
                let exponent = Base64UrlUnpadded::encode_string(RsaPublicKey::EXPONENT);
                alloc::format!(r#"{{"e":"{exponent}","kty":"RSA","n":"{modulus}"}}"#).into_bytes()
            }
        }
    }

    /// The algorithm of its signatures.
    #[must_use]
    pub const fn algorithm(&self) -> SignatureAlgorithm {
        match self {
            Self::P256(_) => SignatureAlgorithm::Es256,
            Self::Rsa(_) => SignatureAlgorithm::Rs256,
        }
    }

    /// Whether a point is one of P-256. An RSA key always is valid.
    pub(super) fn is_valid(&self) -> bool {
        match self {
            Self::P256(point) => is_point(point),
            Self::Rsa(_) => true,
        }
    }

    /// The bytes in a tenant's value: a point, or a modulus, which is longer.
    pub(super) fn stored(&self) -> Vec<u8> {
        match self {
            Self::P256(point) => point.to_vec(),
            Self::Rsa(key) => key.modulus().to_vec(),
        }
    }

    /// Reads what [`Self::stored`] wrote.
    pub(super) fn restore(bytes: &[u8]) -> Result<Self, Error> {
        match <[u8; 65]>::try_from(bytes) {
            Ok(point) => Ok(Self::P256(point)),
            Err(_) => RsaPublicKey::new(bytes, RsaPublicKey::EXPONENT).map(Self::Rsa),
        }
    }
}

/// The members of a JWK that are read. A member that occurs twice is an error.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
    r#use: Option<String>,
    alg: Option<String>,
    key_ops: Option<Vec<String>>,
    /// The private member of both types (RFC 7518 sections 6.2.2 and 6.3.2).
    d: Option<IgnoredAny>,
}

impl Jwk {
    fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let bytes = bytes.trim_ascii_start();
        if let Some(label) = bytes.strip_prefix(b"-----BEGIN ") {
            let label = label.split(|byte| *byte == b'-').next();
            return Err(
                match label.is_some_and(|label| label.ends_with(b"PRIVATE KEY")) {
                    true => Error::PrivateKeyGiven,
                    false => Error::PublicKeyInPem,
                },
            );
        }
        // serde would also read a struct from an array.
        if !bytes.starts_with(b"{") {
            return Err(Error::InvalidPublicKey);
        }
        serde_json::from_slice(bytes).map_err(|_| Error::InvalidPublicKey)
    }

    fn into_key(self) -> Result<ClientKey, Error> {
        if self.d.is_some() {
            return Err(Error::PrivateKeyGiven);
        }
        let algorithm = match self.kty.as_str() {
            "EC" => SignatureAlgorithm::Es256,
            "RSA" => SignatureAlgorithm::Rs256,
            _ => return Err(Error::InvalidPublicKey),
        };
        let verifies = |operations: &Vec<String>| operations.iter().any(|name| name == "verify");
        if self.r#use.as_ref().is_some_and(|usage| usage != "sig")
            || !self.key_ops.as_ref().is_none_or(verifies)
        {
            return Err(Error::KeyNotForSignatures);
        }
        if self.alg.as_ref().is_some_and(|alg| alg != algorithm.name()) {
            return Err(Error::KeyAlgorithm);
        }
        match algorithm {
            SignatureAlgorithm::Es256 => self.into_point().ok_or(Error::InvalidPublicKey),
            SignatureAlgorithm::Rs256 => self.into_rsa(),
        }
    }

    fn into_point(self) -> Option<ClientKey> {
        if self.crv? != "P-256" {
            return None;
        }
        let mut point = [4; 65];
        let (x, y) = point.get_mut(1..)?.split_at_mut(32);
        for (coordinate, text) in [(x, self.x?), (y, self.y?)] {
            // RFC 7518 section 6.2.1.2: always 32 octets.
            let read = Base64UrlUnpadded::decode(text, coordinate).ok()?;
            if read.len() != 32 {
                return None;
            }
        }
        Some(ClientKey::P256(point))
    }

    fn into_rsa(self) -> Result<ClientKey, Error> {
        let number = |text: Option<String>| {
            let text = text.ok_or(Error::InvalidPublicKey)?;
            Base64UrlUnpadded::decode_vec(&text).map_err(|_| Error::InvalidPublicKey)
        };
        let key = RsaPublicKey::new(&number(self.n)?, &number(self.e)?)?;
        Ok(ClientKey::Rsa(key))
    }
}

/// Whether the bytes are an uncompressed point of P-256, the form that the
/// coordinates of a JWK have.
#[cfg(feature = "login")]
fn is_point(key: &[u8; 65]) -> bool {
    key[0] == 4 && p256::PublicKey::from_sec1_bytes(key).is_ok()
}

/// Without the login the key is not used and the curve is not compiled in, so
/// only the tag is checked.
#[cfg(not(feature = "login"))]
const fn is_point(key: &[u8; 65]) -> bool {
    key[0] == 4
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use serde_json::{Value, json};

    use super::*;

    fn parse(jwk: &Value) -> Result<ClientKey, Error> {
        ClientKey::parse(jwk.to_string().as_bytes())
    }

    /// RFC 7517 appendix A.1, the EC key.
    fn ec() -> Value {
        json!({
            "kty": "EC",
            "crv": "P-256",
            "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
            "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
            "use": "sig",
            "kid": "1",
        })
    }

    /// RFC 7517 appendix A.1, the RSA key.
    fn rsa() -> Value {
        json!({
            "kty": "RSA",
            "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
            "e": "AQAB",
            "alg": "RS256",
            "kid": "2011-04-29",
        })
    }

    #[test]
    fn jwks_of_both_types() {
        let point = parse(&ec()).unwrap();
        assert_eq!(point.algorithm(), SignatureAlgorithm::Es256);
        assert_eq!(ClientKey::parse(&point.to_bytes()), Ok(point.clone()));
        assert_eq!(ClientKey::restore(&point.stored()), Ok(point));
        let key = parse(&rsa()).unwrap();
        assert_eq!(key.algorithm(), SignatureAlgorithm::Rs256);
        assert_eq!(ClientKey::parse(&key.to_bytes()), Ok(key.clone()));
        assert_eq!(ClientKey::restore(&key.stored()), Ok(key));
    }

    #[test]
    fn what_is_refused() {
        let with = |mut jwk: Value, member: &str, value: Value| {
            jwk[member] = value;
            jwk
        };
        let n = rsa()["n"].as_str().unwrap().to_string();
        for (jwk, error) in [
            (with(ec(), "crv", "P-384".into()), Error::InvalidPublicKey),
            (with(ec(), "crv", Value::Null), Error::InvalidPublicKey),
            (with(ec(), "x", "AQ".into()), Error::InvalidPublicKey),
            (with(ec(), "d", "AQ".into()), Error::PrivateKeyGiven),
            (with(ec(), "alg", "ES384".into()), Error::KeyAlgorithm),
            (with(ec(), "alg", "RS256".into()), Error::KeyAlgorithm),
            (with(ec(), "use", "enc".into()), Error::KeyNotForSignatures),
            (with(ec(), "kty", "OKP".into()), Error::InvalidPublicKey),
            (with(rsa(), "d", "AQ".into()), Error::PrivateKeyGiven),
            (with(rsa(), "e", "Aw".into()), Error::RsaExponent),
            (with(rsa(), "e", Value::Null), Error::InvalidPublicKey),
            (with(rsa(), "n", n[..168].into()), Error::RsaKeySize),
            (
                with(rsa(), "n", alloc::format!("{n}=").into()),
                Error::InvalidPublicKey,
            ),
            (with(rsa(), "alg", "PS256".into()), Error::KeyAlgorithm),
            (with(rsa(), "use", "enc".into()), Error::KeyNotForSignatures),
            (
                with(rsa(), "key_ops", json!(["encrypt"])),
                Error::KeyNotForSignatures,
            ),
            (with(rsa(), "kty", "oct".into()), Error::InvalidPublicKey),
            (json!([rsa()]), Error::InvalidPublicKey),
            (json!({ "keys": [rsa()] }), Error::InvalidPublicKey),
            (json!("RSA"), Error::InvalidPublicKey),
        ] {
            assert_eq!(parse(&jwk), Err(error), "{jwk}");
        }
        // Without the login, no point is computed with.
        let beside = parse(&with(ec(), "y", ec()["x"].clone()));
        assert_eq!(beside.is_err(), cfg!(feature = "login"));
        assert!(parse(&with(rsa(), "key_ops", json!(["verify"]))).is_ok());
        // RFC 7468 sections 10 and 13, RFC 8017 appendix A.1 and RFC 5915: labels.
        for (label, error) in [
            ("PUBLIC KEY", Error::PublicKeyInPem),
            ("RSA PUBLIC KEY", Error::PublicKeyInPem),
            ("CERTIFICATE", Error::PublicKeyInPem),
            ("PRIVATE KEY", Error::PrivateKeyGiven),
            ("ENCRYPTED PRIVATE KEY", Error::PrivateKeyGiven),
            ("EC PRIVATE KEY", Error::PrivateKeyGiven),
            ("RSA PRIVATE KEY", Error::PrivateKeyGiven),
        ] {
            let pem = alloc::format!("\n-----BEGIN {label}-----\nMAA=\n-----END {label}-----\n");
            assert_eq!(ClientKey::parse(pem.as_bytes()), Err(error), "{label}");
        }
        let twice = alloc::format!(r#"{{"kty":"RSA","e":"AQAB","e":"AQAB","n":"{n}"}}"#);
        let array = alloc::format!(r#"["RSA",null,null,null,"{n}","AQAB",null,null,null,null]"#);
        for text in [&twice, &array, "", "{", "{}"] {
            let read = ClientKey::parse(text.as_bytes());
            assert_eq!(read, Err(Error::InvalidPublicKey), "{text}");
        }
    }
}
