//! Random secrets as text, and the keyed hashes that they are stored by.

use base64ct::{Base64UrlUnpadded, Encoding};
use mpass_core::challenge::Keyring;
use mpass_core::documents::HostHash;
use zeroize::Zeroizing;

use crate::entropy;

/// The hash of a secret: it names the document that the secret opens.
pub(super) type SecretHash = [u8; 32];

/// 32 random bytes as 43 letters of base64url, behind a prefix by which scanners
/// of code recognize them.
///
/// # Errors
/// When the system's random source fails.
pub(super) fn generate(prefix: &str) -> anyhow::Result<Zeroizing<String>> {
    let bytes = entropy::fresh()?;
    let mut text = Zeroizing::new(String::with_capacity(prefix.len() + 43));
    text.push_str(prefix);
    let mut letters = Zeroizing::new([0; 43]);
    if let Ok(letters) = Base64UrlUnpadded::encode(&*bytes, &mut *letters) {
        text.push_str(letters);
    }
    Ok(text)
}

/// The hash of a secret.
pub(super) fn hash(keyring: &Keyring, kind: HostHash, secret: &str) -> SecretHash {
    *kind.of(keyring, &[secret.as_bytes()])
}
