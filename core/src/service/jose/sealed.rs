//! Encrypted, self-contained tokens: JWE in compact form (RFC 7516) with `dir`
//! and `A256GCM` (RFC 7518). Only a holder of the keyring can read or create
//! them.
//!
//! Each kind of token has its own key, derived from a record key, its own
//! header type and its own audience, so that a token of one kind is never
//! accepted as another. The header's `kid` is the id of the record key.

use alloc::string::String;
use alloc::vec::Vec;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64ct::{Base64UrlUnpadded, Encoding};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::challenge::Keyring;
use crate::service::flow::Now;

/// The longest token that is created or parsed, in bytes.
const LONGEST: usize = 4096;
const NONCE_LEN: usize = 12;
const TAG_LEN: usize = 16;

/// The claims of one kind of token, in addition to those of every token.
pub(crate) trait Claims: Serialize + DeserializeOwned {
    /// The header's `typ`, which is also the label that the key is derived
    /// under.
    const TYPE: &'static str;
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
    /// The token's identifier: 16 pseudorandom bytes in base64url.
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
}

/// Why a token was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OpenError {
    /// Not a token of this kind and keyring.
    Invalid,
    /// The token has expired.
    Expired,
}

impl<C: Claims> Token<C> {
    /// A new token that is valid for `life_s` seconds.
    pub(crate) fn new(claims: C, life_s: u64, now: Now) -> Self {
        let iat = now.ms / 1000;
        let id: [u8; 16] = now.fresh(C::TYPE.as_bytes());
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
            typ: C::TYPE,
            kid: &kid_text,
        };
        let header = Base64UrlUnpadded::encode_string(&serde_json::to_vec(&header).ok()?);
        let content = Zeroizing::new(serde_json::to_vec(self).ok()?);
        let nonce: [u8; NONCE_LEN] = now.fresh(b"nonce");
        let sealed = cipher::<C>(keyring, kid)?
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

    /// Decrypts a token of this kind that has not expired.
    pub(crate) fn open(keyring: &Keyring, text: &str, now_ms: u64) -> Result<Self, OpenError> {
        let token: Self = unseal(keyring, text).ok_or(OpenError::Invalid)?;
        if token.aud != C::AUDIENCE {
            return Err(OpenError::Invalid);
        }
        if token.exp.saturating_mul(1000) <= now_ms {
            return Err(OpenError::Expired);
        }
        Ok(token)
    }
}

fn cipher<C: Claims>(keyring: &Keyring, kid: u16) -> Option<Aes256Gcm> {
    let key = keyring.token_key(kid, C::TYPE.as_bytes()).ok()?;
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
    if (header.alg, header.enc, header.typ) != ("dir", "A256GCM", C::TYPE) || tag.len() != TAG_LEN {
        return None;
    }
    let nonce: [u8; NONCE_LEN] = nonce.try_into().ok()?;
    let mut sealed = content;
    sealed.extend_from_slice(&tag);
    let content = cipher::<C>(keyring, header.kid.parse().ok()?)?
        .decrypt(
            &Nonce::from(nonce),
            Payload {
                msg: &sealed,
                aad: header_text.as_bytes(),
            },
        )
        .ok()?;
    serde_json::from_slice(&Zeroizing::new(content)).ok()
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
        const TYPE: &'static str = "ticket+jwt";
        const AUDIENCE: &'static str = "tests";
    }

    /// Has the claims of [`Ticket`] but is another kind of token.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Voucher {
        number: String,
    }

    impl Claims for Voucher {
        const TYPE: &'static str = "voucher+jwt";
        const AUDIENCE: &'static str = "tests";
    }

    const NOW: Now = Now {
        ms: 1_800_000_000_000,
        entropy: [5; 32],
    };

    fn sealed(keyring: &Keyring) -> String {
        let claims = Ticket {
            number: "+966500000000".into(),
        };
        Token::new(claims, 300, NOW).seal(keyring, NOW).unwrap()
    }

    fn open(keyring: &Keyring, text: &str, now_ms: u64) -> Result<Token<Ticket>, OpenError> {
        Token::open(keyring, text, now_ms)
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
        let voucher = Token::<Voucher>::open(&keyring, &text, NOW.ms);
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
