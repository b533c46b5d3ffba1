//! Encrypted, self-contained tokens: JWE in compact form (RFC 7516) with `dir`
//! and `A256GCM` (RFC 7518). Only a holder of the keyring can read or create
//! them.
//!
//! Each kind of token has its own key, derived from a record key, its own
//! header type and its own audience, so that a token of one kind is never
//! accepted as another. The header's `kid` is the id of the record key.
//!
//! Each token also has its own key, derived from its `jti`, which therefore
//! stands in the header. A key with random nonces may encrypt 2^32 messages (NIST
//! SP 800-38D section 8.3); this way no key encrypts more than one.

use alloc::string::String;
use alloc::vec::Vec;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64ct::{Base64UrlUnpadded, Encoding};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::challenge::Keyring;
use crate::labels::{self, Label};
use crate::service::flow::Now;

/// The longest token that is created or parsed, in bytes.
const LONGEST: usize = 4096;
const NONCE_LEN: usize = 12;
const TAG_LEN: usize = 16;
const ID_LEN: usize = 16;

/// The claims of one kind of token, in addition to those of every token.
pub(crate) trait Claims: Serialize + DeserializeOwned {
    /// The label that the key is derived under, which is also the header's
    /// `typ`.
    const LABEL: Label<labels::Tokens>;
    /// The claim `aud`.
    const AUDIENCE: &'static str;
}

/// The content of a token: its own claims and those of every token (RFC 7519
/// section 4.1). Times are in seconds of Unix time.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Token<C> {
    aud: String,
    pub(crate) iat: u64,
    pub(crate) exp: u64,
    /// The token's identifier: 16 pseudorandom bytes in base64url. It stands in
    /// the header.
    #[serde(skip)]
    pub(crate) jti: String,
    pub(crate) claims: C,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header<'a> {
    alg: &'a str,
    enc: &'a str,
    typ: &'a str,
    kid: &'a str,
    jti: &'a str,
}

/// Why a token was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OpenError {
    /// Not a token of this kind and keyring.
    Invalid,
    /// The token has expired, or the store was restored after it was issued.
    Expired,
}

impl<C: Claims> Token<C> {
    /// A new token that is valid for `life_s` seconds.
    pub(crate) fn new(claims: C, life_s: u64, now: Now) -> Self {
        let iat = now.ms / 1000;
        let id: [u8; ID_LEN] = now.fresh(labels::TOKEN_ID, C::LABEL.bytes());
        Self {
            aud: C::AUDIENCE.into(),
            iat,
            exp: iat.saturating_add(life_s),
            jti: Base64UrlUnpadded::encode_string(&id),
            claims,
        }
    }

    /// Encrypts the token under the newest record key; `None` if it would be
    /// longer than the longest one or the keyring lacks the key.
    pub(crate) fn seal(&self, keyring: &Keyring, now: Now) -> Option<String> {
        let kid = keyring.newest();
        let kid_text = alloc::format!("{kid}");
        let header = Header {
            alg: "dir",
            enc: "A256GCM",
            typ: C::LABEL.text(),
            kid: &kid_text,
            jti: &self.jti,
        };
        let header = Base64UrlUnpadded::encode_string(&serde_json::to_vec(&header).ok()?);
        let content = Zeroizing::new(serde_json::to_vec(self).ok()?);
        let nonce: [u8; NONCE_LEN] = now.fresh(labels::NONCE, C::LABEL.bytes());
        let sealed = cipher::<C>(keyring, kid, &self.jti)?
            .encrypt(
                &Nonce::from(nonce),
                Payload {
                    msg: &content,
                    aad: header.as_bytes(),
                },
            )
            .ok()?;
        let (content, tag) = sealed.split_at_checked(sealed.len().checked_sub(TAG_LEN)?)?;
        let encode = Base64UrlUnpadded::encode_string;
        // The second part, the encrypted key, is empty with `dir`.
        let text = alloc::format!(
            "{header}..{}.{}.{}",
            encode(&nonce),
            encode(content),
            encode(tag)
        );
        (text.len() <= LONGEST).then_some(text)
    }

    /// Decrypts a token of this kind that has not expired and is not void
    /// because the store was restored later.
    pub(crate) fn open(keyring: &Keyring, text: &str, now: Now) -> Result<Self, OpenError> {
        let token: Self = unseal(keyring, text).ok_or(OpenError::Invalid)?;
        if token.aud != C::AUDIENCE {
            return Err(OpenError::Invalid);
        }
        let is_over = token.exp.saturating_mul(1000) <= now.ms;
        if is_over || now.is_void(token.iat.saturating_mul(1000)) {
            return Err(OpenError::Expired);
        }
        Ok(token)
    }
}

fn cipher<C: Claims>(keyring: &Keyring, kid: u16, jti: &str) -> Option<Aes256Gcm> {
    let id = decode(jti).filter(|id| id.len() == ID_LEN)?;
    let key = keyring.token_key(kid, C::LABEL, [&id]).ok()?;
    Aes256Gcm::new_from_slice(&*key).ok()
}

fn unseal<C: Claims>(keyring: &Keyring, text: &str) -> Option<Token<C>> {
    if text.len() > LONGEST {
        return None;
    }
    let mut parts = text.split('.');
    let (header_text, "", nonce, content, tag, None) = (
        parts.next()?,
        parts.next()?,
        decode(parts.next()?)?,
        decode(parts.next()?)?,
        decode(parts.next()?)?,
        parts.next(),
    ) else {
        return None;
    };
    let header = decode(header_text)?;
    let header: Header<'_> = serde_json::from_slice(&header).ok()?;
    if (header.alg, header.enc, header.typ) != ("dir", "A256GCM", C::LABEL.text())
        || tag.len() != TAG_LEN
    {
        return None;
    }
    let nonce: [u8; NONCE_LEN] = nonce.try_into().ok()?;
    let mut sealed = content;
    sealed.extend_from_slice(&tag);
    let content = cipher::<C>(keyring, header.kid.parse().ok()?, header.jti)?
        .decrypt(
            &Nonce::from(nonce),
            Payload {
                msg: &sealed,
                aad: header_text.as_bytes(),
            },
        )
        .ok()?;
    let token: Token<C> = serde_json::from_slice(&Zeroizing::new(content)).ok()?;
    Some(Token {
        jti: header.jti.into(),
        ..token
    })
}

fn decode(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Ticket {
        number: String,
    }

    impl Claims for Ticket {
        const LABEL: Label<labels::Tokens> = Label::of_test("ticket+jwt");
        const AUDIENCE: &'static str = "tests";
    }

    /// Has the claims of [`Ticket`] but is another kind of token.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Voucher {
        number: String,
    }

    impl Claims for Voucher {
        const LABEL: Label<labels::Tokens> = Label::of_test("voucher+jwt");
        const AUDIENCE: &'static str = "tests";
    }

    const NOW: Now = Now {
        ms: 1_800_000_000_000,
        entropy: [5; 32],
        restored_at_ms: None,
    };

    fn sealed(keyring: &Keyring) -> String {
        let claims = Ticket {
            number: "+966500000000".into(),
        };
        Token::new(claims, 300, NOW).seal(keyring, NOW).unwrap()
    }

    fn open(keyring: &Keyring, text: &str, now_ms: u64) -> Result<Token<Ticket>, OpenError> {
        let now = Now { ms: now_ms, ..NOW };
        Token::open(keyring, text, now)
    }

    #[test]
    fn a_token_reveals_nothing_and_expires() {
        let keyring = Keyring::generate(&[7; 32]);
        let text = sealed(&keyring);
        let end_ms = NOW.ms + 300_000;
        let token = open(&keyring, &text, end_ms - 1).unwrap();
        assert_eq!(token.claims.number, "+966500000000");
        assert_eq!(
            open(&keyring, &text, end_ms).err(),
            Some(OpenError::Expired)
        );
        for part in text.split('.') {
            let bytes = Base64UrlUnpadded::decode_vec(part).unwrap();
            assert!(!bytes.windows(5).any(|bytes| bytes == b"96650"));
        }
    }

    #[test]
    fn a_token_from_before_a_restore_is_void() {
        let keyring = Keyring::generate(&[7; 32]);
        let text = sealed(&keyring);
        let open = |at_ms| {
            let restored_at_ms = Some(at_ms);
            Token::<Ticket>::open(
                &keyring,
                &text,
                Now {
                    restored_at_ms,
                    ..NOW
                },
            )
        };
        assert!(open(NOW.ms).is_ok());
        assert_eq!(open(NOW.ms + 1).err(), Some(OpenError::Expired));
    }

    /// The test has the label "ticket+jwt"; real kinds derive their keys in the
    /// same way.
    #[test]
    fn each_token_has_a_key_of_its_own() {
        let keyring = Keyring::generate(&[7; 32]);
        let key = |jti: &str| {
            let id = decode(jti).unwrap();
            keyring.token_key(1, Ticket::LABEL, [&id]).unwrap()
        };
        let claims = || Ticket { number: "1".into() };
        let other = Now {
            entropy: [6; 32],
            ..NOW
        };
        let [first, second] = [NOW, other].map(|now| Token::new(claims(), 300, now));
        assert_ne!(first.jti, second.jti);
        assert_ne!(*key(&first.jti), *key(&second.jti));
        // The id in the header is the one that the token is opened with.
        let text = first.seal(&keyring, NOW).unwrap();
        assert_eq!(open(&keyring, &text, NOW.ms).unwrap().jti, first.jti);
        let (_, rest) = text.split_once('.').unwrap();
        for jti in [second.jti.as_str(), "", "AAAA"] {
            let header = alloc::format!(
                r#"{{"alg":"dir","enc":"A256GCM","typ":"ticket+jwt","kid":"1","jti":"{jti}"}}"#
            );
            let header = Base64UrlUnpadded::encode_string(header.as_bytes());
            let text = alloc::format!("{header}.{rest}");
            let opened = open(&keyring, &text, NOW.ms);
            assert_eq!(opened.err(), Some(OpenError::Invalid));
        }
    }

    #[test]
    fn a_token_outlives_a_newer_record_key_but_not_its_own() {
        let mut keyring = Keyring::generate(&[7; 32]);
        let text = sealed(&keyring);
        let newer = keyring.add(&[8; 32]).unwrap();
        keyring.activate(newer).unwrap();
        assert!(open(&keyring, &text, NOW.ms).is_ok());
        keyring.remove(1).unwrap();
        assert_eq!(
            open(&keyring, &text, NOW.ms).err(),
            Some(OpenError::Invalid)
        );
    }

    #[test]
    fn a_token_of_another_kind_or_keyring_is_rejected() {
        let keyring = Keyring::generate(&[7; 32]);
        let text = sealed(&keyring);
        let other = Keyring::generate(&[8; 32]);
        assert_eq!(open(&other, &text, NOW.ms).err(), Some(OpenError::Invalid));
        let voucher = Token::<Voucher>::open(&keyring, &text, NOW);
        assert_eq!(voucher.err(), Some(OpenError::Invalid));
    }

    #[test]
    fn a_modified_token_is_rejected() {
        let keyring = Keyring::generate(&[7; 32]);
        let text = sealed(&keyring);
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(open(&keyring, &changed, NOW.ms).is_err(), "{at}");
        }
        let longer = alloc::format!("{text}.x");
        let garbage = "A".repeat(5000);
        for text in ["", ".", "....", "a..b.c.d", &longer, &garbage] {
            assert_eq!(open(&keyring, text, NOW.ms).err(), Some(OpenError::Invalid));
        }
    }
}
