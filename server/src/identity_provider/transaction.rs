//! A sign-in between the way to the identity provider and the way back.
//!
//! All of it is in a cookie, so that nobody fills a memory by beginning sign-ins, and
//! the browser may come back to another machine. What the provider sees are keyed
//! hashes of the cookie: whoever has them, or a code, cannot continue in another
//! browser.

use base64ct::{Base64UrlUnpadded, Encoding};
use mpass_core::challenge::Keyring;
use mpass_core::documents::HostHash;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::entropy;

/// How long it may take, in seconds.
pub(crate) const LIFE: u64 = 600;
/// The length of the random part in letters.
const RANDOM: usize = 43;

/// A sign-in that has begun.
pub(super) struct Transaction {
    cookie: Zeroizing<String>,
    began_at_ms: u64,
    next: String,
}

impl Transaction {
    /// Begins one, which leads to a page of the portal.
    pub(super) fn begin(next: &str, now_ms: u64) -> anyhow::Result<Self> {
        let random = Base64UrlUnpadded::encode_string(&*entropy::fresh()?);
        let encoded = Base64UrlUnpadded::encode_string(next.as_bytes());
        Ok(Self {
            cookie: Zeroizing::new(format!("{random}.{now_ms}.{encoded}")),
            began_at_ms: now_ms,
            next: next.to_owned(),
        })
    }

    /// The one of a cookie. It is not known yet who made it: see [`Self::is_of`].
    pub(super) fn parse(cookie: &str) -> Option<Self> {
        let mut parts = cookie.split('.');
        let (random, time, next) = (parts.next()?, parts.next()?, parts.next()?);
        if random.len() != RANDOM || parts.next().is_some() {
            return None;
        }
        let next = Base64UrlUnpadded::decode_vec(next).ok()?;
        Some(Self {
            cookie: Zeroizing::new(cookie.to_owned()),
            began_at_ms: time.parse().ok()?,
            next: String::from_utf8(next).ok()?,
        })
    }

    pub(super) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Where it leads.
    pub(super) fn next(&self) -> &str {
        &self.next
    }

    /// Whether `state` is that of this cookie, unchanged, and it began a short time
    /// ago.
    pub(super) fn is_of(&self, keyring: &Keyring, state: &str, now_ms: u64) -> bool {
        let age = now_ms.checked_sub(self.began_at_ms);
        let is_same = self.state(keyring).as_bytes().ct_eq(state.as_bytes());
        bool::from(is_same) && age.is_some_and(|age| age <= LIFE * 1000)
    }

    /// `state` (RFC 6749 section 10.12).
    pub(super) fn state(&self, keyring: &Keyring) -> Zeroizing<String> {
        self.derived(keyring, b"state of a provider")
    }

    /// `nonce` (OpenID Connect Core section 15.5.2).
    pub(super) fn nonce(&self, keyring: &Keyring) -> Zeroizing<String> {
        self.derived(keyring, b"nonce of a provider")
    }

    /// `code_verifier` (RFC 7636 section 4.1).
    pub(super) fn verifier(&self, keyring: &Keyring) -> Zeroizing<String> {
        self.derived(keyring, b"verifier of a provider")
    }

    fn derived(&self, keyring: &Keyring, label: &[u8]) -> Zeroizing<String> {
        let hash = HostHash::Session.of(keyring, &[label, self.cookie.as_bytes()]);
        Zeroizing::new(Base64UrlUnpadded::encode_string(&*hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000_000;

    #[test]
    fn only_its_own_browser_continues_it() {
        let keyring = Keyring::generate(&[7; 32]);
        let own = Transaction::begin("/channels?a=b", NOW).unwrap();
        let back = Transaction::parse(own.cookie()).unwrap();
        assert_eq!(back.next(), "/channels?a=b");
        let state = own.state(&keyring);
        assert!(back.is_of(&keyring, &state, NOW));
        assert!(back.is_of(&keyring, &state, NOW + LIFE * 1000));
        assert!(!back.is_of(&keyring, &state, NOW + LIFE * 1000 + 1));
        assert!(!back.is_of(&keyring, &state, NOW - 1));
        // Three texts, none of which gives away another.
        let all = [
            own.state(&keyring),
            own.nonce(&keyring),
            own.verifier(&keyring),
        ];
        assert!(
            all.iter()
                .all(|text| text.len() == 43 && !own.cookie().contains(&***text))
        );
        assert!(all[0] != all[1] && all[1] != all[2] && all[0] != all[2]);
        let other = Transaction::begin("/channels?a=b", NOW).unwrap();
        let elsewhere = Keyring::generate(&[8; 32]);
        assert!(!other.is_of(&keyring, &state, NOW) && !own.is_of(&elsewhere, &state, NOW));
        assert!(!own.is_of(&keyring, "", NOW));
        // A cookie that was changed is another one.
        for (from, to) in [(".180", ".190"), (".L2", ".L3")] {
            let changed = own.cookie().replacen(from, to, 1);
            let changed = Transaction::parse(&changed);
            assert!(
                !changed.is_some_and(|it| it.is_of(&keyring, &state, it.began_at_ms)),
                "{from}"
            );
        }
        for text in ["", ".", "..", "a.1.", &format!("{}.x", own.cookie())] {
            assert!(Transaction::parse(text).is_none(), "{text}");
        }
    }
}
