//! RS256 by ring: the server's keys from PEM files, and the check of signatures.

use core::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, ensure};
use mpass_core::service::{Answer, CheckSignature, RsaPublicKey, Sign};
use ring::error::KeyRejected;
use ring::rand::SystemRandom;
use ring::signature::{
    KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents,
};
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::pem::private_key;
use crate::shown;

const SETTING: &str = "login.signing_keys";

/// The keys that sign ID tokens with RS256; the first one signs.
#[derive(Default)]
pub struct SigningKeys(Vec<SigningKey>);

struct SigningKey {
    public: RsaPublicKey,
    pair: RsaKeyPair,
}

impl SigningKeys {
    /// Reads keys from PEM files with one private key each, PKCS #8 or PKCS #1.
    ///
    /// # Errors
    /// An error that names the file, for one that cannot be read or does not
    /// contain an RSA key of 2048 to 4096 bits with the exponent 65537, and for a
    /// key that occurs twice.
    pub fn load(files: &[PathBuf]) -> anyhow::Result<Self> {
        let mut keys: Vec<SigningKey> = Vec::with_capacity(files.len());
        for file in files {
            let name = shown::path(file);
            let key = SigningKey::load(file)?;
            let is_new = keys.iter().all(|other| other.public != key.public);
            ensure!(is_new, "{SETTING} {name} has the key of another file");
            keys.push(key);
        }
        Ok(Self(keys))
    }

    /// Whether there is no key, so that nothing can be signed.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether these are the same keys in the same order.
    pub(crate) fn has_keys_of(&self, other: &Self) -> bool {
        let own = self.0.iter().map(|key| &key.public);
        own.eq(other.0.iter().map(|key| &key.public))
    }

    /// The answer to a step that lists the keys.
    pub(crate) fn list(&self) -> Answer {
        match self.0.as_slice() {
            [] => Answer::Unsupported,
            keys => Answer::SigningKeys(keys.iter().map(|key| key.public.clone()).collect()),
        }
    }

    /// The answer to a step that signs.
    pub(crate) fn sign(&self, sign: &Sign) -> Answer {
        let key = self.0.iter().find(|key| key.public == sign.key);
        key.map_or(Answer::Unsupported, |key| {
            let mut signature = vec![0; key.pair.public().modulus_len()];
            // The blinding is random, the signature is not.
            let random = SystemRandom::new();
            key.pair
                .sign(&RSA_PKCS1_SHA256, &random, &sign.message, &mut signature)
                .map_or(Answer::Failed, |()| Answer::Signed(signature))
        })
    }
}

impl SigningKey {
    fn load(file: &Path) -> anyhow::Result<Self> {
        let der = private_key(file, SETTING)?;
        Self::of(&der).with_context(|| format!("{SETTING} {}", shown::path(file)))
    }

    fn of(der: &PrivateKeyDer<'_>) -> anyhow::Result<Self> {
        let pair = match der {
            PrivateKeyDer::Pkcs8(der) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
            _ => return Err(anyhow!("the key is not an RSA key")),
        };
        let pair = pair.map_err(|rejected| anyhow!(reason(&rejected)))?;
        let public = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
        let public = RsaPublicKey::new(&public.n, &public.e)?;
        Ok(Self { public, pair })
    }
}

/// Why ring rejects a key. It has one name for a small modulus and a small
/// exponent.
fn reason(rejected: &KeyRejected) -> &'static str {
    match rejected.to_string().as_str() {
        "TooSmall" | "TooLarge" => "the RSA key must have 2048 to 4096 bits and the exponent 65537",
        "PrivateModulusLenNotMultipleOf512Bits" => {
            "the length of the RSA key must be a multiple of 512 bits, such as 2048 or 3072"
        }
        "WrongAlgorithm" => "the key is not an RSA key",
        _ => "the RSA key is damaged, or of a form that is not supported",
    }
}

/// Shows only how many keys there are.
impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKeys")
            .field("len", &self.0.len())
            .finish_non_exhaustive()
    }
}

/// The answer to a step that checks a signature.
pub(crate) fn check(check: &CheckSignature) -> Answer {
    let key = RsaPublicKeyComponents {
        n: check.key.modulus(),
        e: RsaPublicKey::EXPONENT,
    };
    let algorithm = &RSA_PKCS1_2048_8192_SHA256;
    match key.verify(algorithm, &check.message, &check.signature) {
        Ok(()) => Answer::Genuine,
        Err(_) => Answer::Forged,
    }
}

#[cfg(test)]
mod tests {
    use mpass_tests::signing::{TestKey, test_keys};

    use super::*;

    fn write(directory: &Path, index: usize, text: &str) -> PathBuf {
        let file = directory.join(format!("{index}.pem"));
        std::fs::write(&file, text).unwrap();
        file
    }

    #[test]
    fn keys_of_files_sign_and_are_checked() {
        let directory = tempfile::tempdir().unwrap();
        let files: Vec<_> = (0..)
            .zip(test_keys().keys)
            .map(|(index, key): (usize, TestKey)| write(directory.path(), index, &key.pem()))
            .collect();
        let keys = SigningKeys::load(&files).unwrap();
        let Answer::SigningKeys(listed) = keys.list() else {
            panic!("no keys");
        };
        assert_eq!(listed.len(), 2);
        for key in &listed {
            let message = b"a".to_vec();
            let sign = Sign {
                key: key.clone(),
                message: message.clone(),
            };
            let Answer::Signed(signature) = keys.sign(&sign) else {
                panic!("not signed");
            };
            for (message, expected) in [(message, Answer::Genuine), (b"b".to_vec(), Answer::Forged)]
            {
                let asked = CheckSignature {
                    key: key.clone(),
                    message,
                    signature: signature.clone(),
                };
                assert_eq!(check(&asked), expected);
            }
            let one = SigningKeys::default().sign(&sign);
            assert_eq!(one, Answer::Unsupported);
        }
        assert_eq!(SigningKeys::default().list(), Answer::Unsupported);
        let twice = [files[0].clone(), files[0].clone()];
        let error = SigningKeys::load(&twice).unwrap_err();
        assert!(error.to_string().contains("the key of another file"));
        assert_eq!(format!("{keys:?}"), "SigningKeys { len: 2, .. }");
    }

    #[test]
    fn other_files_are_refused_and_named() {
        let directory = tempfile::tempdir().unwrap();
        let refused = test_keys().refused;
        // RFC 7515 appendix A.3 has such a key; this one has its form only.
        let ec = "-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----\n";
        let public = "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n";
        let weak = "the RSA key must have 2048 to 4096 bits and the exponent 65537";
        let weak = refused.iter().map(|key| (key.pem(), weak));
        let damaged = "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----\n";
        // RFC 8410 section 10.3, a key for Ed25519.
        let ed25519 = "-----BEGIN PRIVATE KEY-----\n\
            MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
            -----END PRIVATE KEY-----\n";
        let pkcs8 = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n\
            -----END ENCRYPTED PRIVATE KEY-----\n";
        let traditional = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\
            DEK-Info: AES-256-CBC,00\n\nMAA=\n-----END RSA PRIVATE KEY-----\n";
        let none = "contains no private key in PEM";
        let texts = [
            (ec, "the key is not an RSA key"),
            (ed25519, "the key is not an RSA key"),
            (damaged, "the RSA key is damaged"),
            (public, none),
            (pkcs8, "is encrypted with a password"),
            (traditional, "is encrypted with a password"),
            ("", none),
            ("{}", none),
        ];
        let texts = texts.map(|(text, reason)| (String::from(text), reason));
        for (index, (text, reason)) in texts.into_iter().chain(weak).enumerate() {
            let file = write(directory.path(), index, &text);
            let error = SigningKeys::load(core::slice::from_ref(&file)).unwrap_err();
            let shown = format!("{error:#}");
            assert!(shown.contains(&file.display().to_string()), "{shown}");
            assert!(shown.contains(reason), "{shown}");
        }
        let missing = directory.path().join("missing.pem");
        assert!(SigningKeys::load(&[missing]).is_err());
    }
}
