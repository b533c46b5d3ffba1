//! The token that a customer gets for its credential and calls with.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::challenge::Keyring;
use crate::service::flow::Now;
use crate::service::jose::Claims;
use crate::service::jose::signed::{sign, verify};
use crate::service::tenant::{Customer, is_customer_id};

/// How long a token lives, in seconds: 24 h. The contract says nothing, its
/// clients read `exp`; days or years, which were seen, serve a thief alone.
const LIFE_S: u64 = 24 * 3600;

/// What the header `authToken` holds: which customer calls, and which of its
/// credentials was shown for it. Times are in seconds of Unix time.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AuthToken {
    /// The `customerId`.
    pub(super) sub: String,
    aud: String,
    iat: u64,
    exp: u64,
    /// [`Customer::key_version`]: a token dies with its credential.
    ver: u32,
}

impl Claims for AuthToken {
    const TYPE: &'static str = "verifynow+jwt";
    const AUDIENCE: &'static str = "verifynow";
}

impl AuthToken {
    /// A new token of a customer whose credential was shown.
    pub(super) fn issue(keyring: &Keyring, customer: &Customer, now: Now) -> Option<String> {
        let iat = now.ms / 1000;
        let token = Self {
            sub: customer.settings().name.clone(),
            aud: Self::AUDIENCE.into(),
            iat,
            exp: iat.saturating_add(LIFE_S),
            ver: customer.key_version(),
        };
        sign(keyring, &token)
    }

    /// Reads a token that is within its life.
    pub(super) fn read(keyring: &Keyring, text: &str, now_ms: u64) -> Option<Self> {
        let token: Self = verify(keyring, text)?;
        let is_good = token.aud == Self::AUDIENCE
            && token.exp.saturating_mul(1000) > now_ms
            && is_customer_id(&token.sub);
        is_good.then_some(token)
    }

    /// Whether it was given for the credential that the customer has now.
    pub(super) fn is_current(&self, customer: &Customer) -> bool {
        !customer.is_revoked() && self.ver == customer.key_version()
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use base64ct::{Base64UrlUnpadded, Encoding};

    use super::*;
    use crate::service::jose::Token;
    use crate::service::tenant::CustomerSettings;

    const NOW: Now = Now {
        ms: 1_800_000_000_999,
        entropy: [5; 32],
    };

    fn good() -> AuthToken {
        AuthToken {
            sub: "C-0123456789ABCDE".into(),
            aud: "verifynow".into(),
            iat: NOW.ms / 1000,
            exp: NOW.ms / 1000 + 1,
            ver: 1,
        }
    }

    fn token(change: impl FnOnce(&mut AuthToken)) -> Option<AuthToken> {
        let keyring = Keyring::generate(&[7; 32]);
        let mut token = good();
        change(&mut token);
        AuthToken::read(&keyring, &sign(&keyring, &token).unwrap(), NOW.ms)
    }

    #[test]
    fn what_a_token_must_say() {
        assert!(token(|_| ()).is_some());
        assert!(token(|token| token.exp -= 1).is_none());
        assert!(token(|token| token.aud = "camara".into()).is_none());
        assert!(token(|token| token.sub = "C-1".into()).is_none());
    }

    #[test]
    fn what_a_token_says() {
        let keyring = Keyring::generate(&[7; 32]);
        let settings = CustomerSettings::new("C-0123456789ABCDE");
        let write = Customer::create(&keyring, None, settings, 1, &[2; 32]).unwrap();
        let (store_key, value) = (write.swap().key, &write.swap().value);
        let customer = Customer::open(&keyring, &store_key, value).unwrap();
        let text = AuthToken::issue(&keyring, &customer, NOW).unwrap();
        let parts: Vec<&str> = text.split('.').collect();
        let part = |at: usize| {
            let bytes = Base64UrlUnpadded::decode_vec(parts[at]).unwrap();
            String::from_utf8(bytes).unwrap()
        };
        assert_eq!(
            part(0),
            r#"{"alg":"HS512","typ":"verifynow+jwt","kid":"1"}"#
        );
        assert_eq!(
            part(1),
            r#"{"sub":"C-0123456789ABCDE","aud":"verifynow","iat":1800000000,"exp":1800086400,"ver":1}"#
        );
        assert_eq!(Base64UrlUnpadded::decode_vec(parts[2]).unwrap().len(), 64);
        assert!(AuthToken::read(&keyring, &text, NOW.ms).is_some());
    }

    #[test]
    fn a_sealed_token_of_the_same_name_is_none() {
        let keyring = Keyring::generate(&[7; 32]);
        let sealed = Token::new(good(), 300, NOW).seal(&keyring, NOW).unwrap();
        assert!(AuthToken::read(&keyring, &sealed, NOW.ms).is_none());
        let signed = sign(&keyring, &good()).unwrap();
        assert!(Token::<AuthToken>::open(&keyring, &signed, NOW.ms).is_err());
    }
}
