//! Tokens that anyone can read but only a holder of the keyring can create: JWS
//! in compact form (RFC 7515) with `HS512` (RFC 7518 section 3.2).
//!
//! As with encrypted tokens, each kind has its own key, derived from a record
//! key, and its own header type, so that a token of one kind is never accepted
//! as another. The header's `kid` is the id of the record key.

use alloc::string::String;
use alloc::vec::Vec;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::sealed::Claims;
use crate::algorithm::Algorithm;
use crate::challenge::Keyring;
use crate::kernel::{Digest, Prepared};
use crate::labels;

/// The longest token that is created or parsed, in bytes.
const LONGEST: usize = 1024;

/// The complete header; a token with other members is rejected.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header<'a> {
    alg: &'a str,
    typ: &'a str,
    kid: &'a str,
}

/// Writes claims as a token signed with the newest record key; `None` if it
/// would be longer than the longest one or the keyring lacks the key.
pub(crate) fn sign<C: Claims>(keyring: &Keyring, claims: &C) -> Option<String> {
    let kid = keyring.newest();
    let kid_text = alloc::format!("{kid}");
    let header = Header {
        alg: "HS512",
        typ: C::LABEL.text(),
        kid: &kid_text,
    };
    let encode = Base64UrlUnpadded::encode_string;
    let header = encode(&serde_json::to_vec(&header).ok()?);
    let payload = encode(&serde_json::to_vec(claims).ok()?);
    let mac = mac::<C>(keyring, kid, &header, &payload)?;
    let text = alloc::format!("{header}.{payload}.{}", encode(mac.as_bytes()));
    (text.len() <= LONGEST).then_some(text)
}

/// Verifies a token and returns its claims; `None` if it is not an authentic
/// token of this kind and keyring. The caller checks expiry and audience.
pub(crate) fn verify<C: Claims>(keyring: &Keyring, text: &str) -> Option<C> {
    if text.len() > LONGEST {
        return None;
    }
    let mut parts = text.split('.');
    let (header_text, payload_text, tag, None) = (
        parts.next()?,
        parts.next()?,
        decode(parts.next()?)?,
        parts.next(),
    ) else {
        return None;
    };
    let header = decode(header_text)?;
    let header: Header<'_> = serde_json::from_slice(&header).ok()?;
    if (header.alg, header.typ) != ("HS512", C::LABEL.text()) {
        return None;
    }
    let mac = mac::<C>(keyring, header.kid.parse().ok()?, header_text, payload_text)?;
    if !bool::from(mac.as_bytes().ct_eq(&tag)) {
        return None;
    }
    serde_json::from_slice(&decode(payload_text)?).ok()
}

fn mac<C: Claims>(keyring: &Keyring, kid: u16, header: &str, payload: &str) -> Option<Digest> {
    let secret = keyring.token_key(kid, C::LABEL, []).ok()?;
    // RFC 7518 section 3.2: the key must be at least as long as the hash.
    let key = Prepared::new(Algorithm::Sha512, &*secret).mac(&[labels::HS512.bytes()]);
    let key = Prepared::new(Algorithm::Sha512, key.as_bytes());
    Some(key.mac(&[header.as_bytes(), b".", payload.as_bytes()]))
}

fn decode(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::labels::Label;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Pass {
        sub: String,
    }

    impl Claims for Pass {
        const LABEL: Label<labels::Tokens> = Label::of_test("pass+jwt");
        const AUDIENCE: &'static str = "tests";
    }

    /// Has the claims of [`Pass`] but is another kind of token.
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Badge {
        sub: String,
    }

    impl Claims for Badge {
        const LABEL: Label<labels::Tokens> = Label::of_test("badge+jwt");
        const AUDIENCE: &'static str = "tests";
    }

    fn signed(keyring: &Keyring) -> String {
        sign(keyring, &Pass { sub: "me".into() }).unwrap()
    }

    fn is_accepted(keyring: &Keyring, text: &str) -> bool {
        verify::<Pass>(keyring, text).is_some()
    }

    /// The same claims under another header, signed with the right key.
    fn with_header(keyring: &Keyring, header: &str) -> String {
        let encode = Base64UrlUnpadded::encode_string;
        let payload = signed(keyring).split('.').nth(1).unwrap().to_string();
        let header = encode(header.as_bytes());
        let mac = mac::<Pass>(keyring, 1, &header, &payload).unwrap();
        alloc::format!("{header}.{payload}.{}", encode(mac.as_bytes()))
    }

    #[test]
    fn a_token_of_another_kind_or_keyring_is_rejected() {
        let keyring = Keyring::generate(&[7; 32]);
        let text = signed(&keyring);
        assert_eq!(
            verify(&keyring, &text),
            Some(Pass {
                sub: "me".to_string()
            })
        );
        assert_eq!(verify::<Badge>(&keyring, &text), None);
        assert!(!is_accepted(&Keyring::generate(&[8; 32]), &text));
        // Either the type in the header or the derived key alone would
        // already distinguish the kinds.
        let badge = r#"{"alg":"HS512","typ":"badge+jwt","kid":"1"}"#;
        assert_eq!(
            verify::<Badge>(&keyring, &with_header(&keyring, badge)),
            None
        );
        assert!(!is_accepted(&keyring, &with_header(&keyring, badge)));
    }

    #[test]
    fn the_algorithm_is_fixed() {
        let keyring = Keyring::generate(&[7; 32]);
        let good = r#"{"alg":"HS512","typ":"pass+jwt","kid":"1"}"#;
        assert!(is_accepted(&keyring, &with_header(&keyring, good)));
        for header in [
            r#"{"alg":"none","typ":"pass+jwt","kid":"1"}"#,
            r#"{"alg":"HS256","typ":"pass+jwt","kid":"1"}"#,
            r#"{"alg":"hs512","typ":"pass+jwt","kid":"1"}"#,
            r#"{"alg":"HS512","kid":"1"}"#,
            r#"{"alg":"HS512","typ":"pass+jwt"}"#,
            r#"{"alg":"HS512","typ":"pass+jwt","kid":"1","jwk":"x"}"#,
            r#"{"alg":"HS512","alg":"HS512","typ":"pass+jwt","kid":"1"}"#,
            "[]",
            "",
        ] {
            assert!(
                !is_accepted(&keyring, &with_header(&keyring, header)),
                "{header}"
            );
        }
    }

    #[test]
    fn a_token_outlives_a_newer_record_key_but_not_its_own() {
        let mut keyring = Keyring::generate(&[7; 32]);
        let text = signed(&keyring);
        let newer = keyring.add(&[8; 32]).unwrap();
        keyring.activate(newer).unwrap();
        assert!(is_accepted(&keyring, &text));
        keyring.remove(1).unwrap();
        assert!(!is_accepted(&keyring, &text));
    }

    #[test]
    fn a_modified_token_is_rejected() {
        let keyring = Keyring::generate(&[7; 32]);
        let text = signed(&keyring);
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(!is_accepted(&keyring, &changed), "{at}");
        }
        let (unsigned, _) = text.rsplit_once('.').unwrap();
        let garbage = "A".repeat(5000);
        for text in [
            "",
            "..",
            unsigned,
            &alloc::format!("{unsigned}."),
            &alloc::format!("{text}."),
            &alloc::format!("{text}.x"),
            &alloc::format!("{text}="),
            &garbage,
        ] {
            assert!(!is_accepted(&keyring, text), "{text}");
        }
    }
}
