//! Authorization codes: sealed tokens of their own kind, valid for a single use
//! within 60 s.

use alloc::string::String;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

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

    /// Whether the challenge was made from `verifier`. The comparison takes
    /// constant time.
    pub(super) fn is_of(&self, verifier: &PkceVerifier) -> bool {
        let digest = hash(Algorithm::Sha256, &[verifier.0.as_bytes()]);
        let challenge = Base64UrlUnpadded::encode_string(digest.as_bytes());
        challenge.as_bytes().ct_eq(self.0.as_bytes()).into()
    }
}

/// A PKCE code verifier (RFC 7636 section 4.1).
pub(super) struct PkceVerifier(Zeroizing<String>);

impl PkceVerifier {
    /// Parses a verifier: 43 to 128 unreserved characters.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let is_verifier = (43..=128).contains(&text.len()) && text.bytes().all(is_unreserved);
        is_verifier.then(|| Self(Zeroizing::new(text.into())))
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
        let is_of = |text| challenge.is_of(&PkceVerifier::parse(text).unwrap());
        assert!(is_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert!(!is_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK"));
        assert!(!is_of(text));
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
        // The shortest and the longest, with every character of the grammar.
        for verifier in ["a".repeat(43), "-._~AZaz09a".repeat(12)[..128].into()] {
            assert!(PkceVerifier::parse(&verifier).is_some(), "{verifier}");
        }
        for verifier in [
            String::new(),
            "a".repeat(42),
            "a".repeat(129),
            "/".repeat(43),
            "+".repeat(43),
            alloc::format!("{} ", "a".repeat(43)),
            "\u{e9}".repeat(43),
        ] {
            assert!(PkceVerifier::parse(&verifier).is_none(), "{verifier}");
        }
    }
}
