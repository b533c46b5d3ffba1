//! Authorization codes: sealed tokens of their own kind, valid for a single use
//! within 60 s.

use alloc::string::String;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::kernel::hash;
use crate::labels::{self, Label};
use crate::oath::Algorithm;
use crate::service::jose::Claims;

/// The lifetime of a code, in seconds.
pub(super) const LIFE_S: u64 = 60;
/// The label under which the use of a code is recorded.
pub(super) const CODE_USE: &str = labels::CODE_USE.text();

/// The claims of a code.
#[derive(Serialize, Deserialize)]
pub(super) struct CodeClaims {
    /// The client's name.
    pub(super) client: String,
    /// The version of the client's credential when the code was issued.
    pub(super) version: u32,
    /// The URI that the user agent was redirected to.
    pub(super) redirect_uri: String,
    pub(super) challenge: PkceChallenge,
    /// The `nonce` that the ID token repeats.
    pub(super) nonce: Option<String>,
    /// The device's number.
    pub(super) number: String,
    /// The names of the scopes, separated by spaces.
    pub(super) scope: String,
    /// When the network recognised the device, in seconds of Unix time.
    pub(super) auth_time: u64,
}

impl Claims for CodeClaims {
    const LABEL: Label<labels::Tokens> = labels::AUTHORIZATION_CODE;
    const AUDIENCE: &'static str = "login";
}

/// A PKCE code challenge with the method S256 (RFC 7636 section 4.2).
#[derive(Serialize, Deserialize)]
pub(super) struct PkceChallenge(String);

impl PkceChallenge {
    /// Parses a challenge: 43 characters of base64url.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut digest = [0; 32];
        let read = Base64UrlUnpadded::decode(text, &mut digest).ok()?;
        (read.len() == 32).then(|| Self(text.into()))
    }

    /// Whether the challenge was made from `verifier`, a text of 43 to 128
    /// unreserved characters. The comparison takes constant time.
    pub(super) fn is_of(&self, verifier: &str) -> bool {
        let is_verifier = (43..=128).contains(&verifier.len())
            && verifier
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
        let digest = hash(Algorithm::Sha256, &[verifier.as_bytes()]);
        let challenge = Base64UrlUnpadded::encode_string(digest.as_bytes());
        is_verifier & bool::from(challenge.as_bytes().ct_eq(self.0.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636 appendix B.
    #[test]
    fn the_rfc_example_verifies() {
        let text = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        let challenge = PkceChallenge::parse(text).unwrap();
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert!(challenge.is_of(verifier));
        assert!(!challenge.is_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK"));
        assert!(!challenge.is_of(text));
        assert!(!challenge.is_of(""));
    }

    #[test]
    fn forms_of_challenges_and_verifiers() {
        for text in [
            "",
            "short",
            &"A".repeat(42),
            &"A".repeat(44),
            &"+".repeat(43),
        ] {
            assert!(PkceChallenge::parse(text).is_none(), "{text}");
        }
        // Their hashes match, but they are malformed.
        for verifier in ["a".repeat(42), "a".repeat(129), "/".repeat(43)] {
            let digest = hash(Algorithm::Sha256, &[verifier.as_bytes()]);
            let text = Base64UrlUnpadded::encode_string(digest.as_bytes());
            assert!(!PkceChallenge::parse(&text).unwrap().is_of(&verifier));
        }
    }
}
