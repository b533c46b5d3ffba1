//! The token that a customer obtains with its credential and sends with its
//! calls.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::challenge::Keyring;
use crate::labels::{self, Label};
use crate::service::flow::Now;
use crate::service::jose::Claims;
use crate::service::jose::signed::{sign, verify};
use crate::service::tenant::{Customer, KeyVersion, is_customer_id};

/// The lifetime of a token in seconds: 24 h. The contract does not define it;
/// its clients read `exp`. The vendor's tokens have been seen to live for days
/// or years, which would only help a thief.
const LIFE_S: u64 = 24 * 3600;

/// The claims of the token in the header `authToken`: the customer, and the
/// version of the credential it authenticated with. Times are in seconds of Unix
/// time.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AuthToken {
    /// The `customerId`.
    pub(super) sub: String,
    aud: String,
    iat: u64,
    exp: u64,
    /// The version of the credential: a token is valid as long as that is.
    ver: u32,
}

impl Claims for AuthToken {
    const LABEL: Label<labels::Tokens> = labels::AUTH_TOKEN;
    const AUDIENCE: &'static str = "verifynow";
}

impl AuthToken {
    /// Issues a token to a customer that has authenticated with its credential.
    /// It expires no later than that credential.
    pub(super) fn issue(
        keyring: &Keyring,
        customer: &Customer,
        version: KeyVersion,
        now: Now,
    ) -> Option<String> {
        let iat = now.ms / 1000;
        let until = version.until_ms.map_or(u64::MAX, |ms| ms / 1000);
        let token = Self {
            sub: customer.settings().name.clone(),
            aud: Self::AUDIENCE.into(),
            iat,
            exp: iat.saturating_add(LIFE_S).min(until),
            ver: version.number,
        };
        sign(keyring, &token)
    }

    /// Verifies a token; `None` if it is invalid, expired, or void because the
    /// store was restored later.
    pub(super) fn read(keyring: &Keyring, text: &str, now: Now) -> Option<Self> {
        let token: Self = verify(keyring, text)?;
        let is_good = token.aud == Self::AUDIENCE
            && token.exp.saturating_mul(1000) > now.ms
            && !now.is_void(token.iat.saturating_mul(1000))
            && is_customer_id(&token.sub);
        is_good.then_some(token)
    }

    /// Whether the token was issued for a credential of the customer that is
    /// valid at a time.
    pub(super) fn is_current(&self, customer: &Customer, now_ms: u64) -> bool {
        !customer.is_revoked() && customer.valid_version(self.ver, now_ms).is_some()
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use base64ct::{Base64UrlUnpadded, Encoding};

    use super::*;
    use crate::service::jose::Token;
    use crate::service::settings::Settings;
    use crate::service::tenant::CustomerSettings;
    use crate::service::tenant::desk::created;

    const NOW: Now = Now {
        ms: 1_800_000_000_999,
        entropy: [5; 32],
        restored_at_ms: None,
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
        AuthToken::read(&keyring, &sign(&keyring, &token).unwrap(), NOW)
    }

    #[test]
    fn required_claims() {
        assert!(token(|_| ()).is_some());
        assert!(token(|token| token.exp -= 1).is_none());
        assert!(token(|token| token.aud = "camara".into()).is_none());
        assert!(token(|token| token.sub = "C-1".into()).is_none());
    }

    #[test]
    fn a_token_from_before_a_restore_is_void() {
        let keyring = Keyring::generate(&[7; 32]);
        let text = sign(&keyring, &good()).unwrap();
        let read = |at_ms| {
            let restored_at_ms = Some(at_ms);
            AuthToken::read(
                &keyring,
                &text,
                Now {
                    restored_at_ms,
                    ..NOW
                },
            )
        };
        // Times of tokens are whole seconds.
        assert!(read(good().iat * 1000).is_some());
        assert!(read(good().iat * 1000 + 1).is_none());
    }

    #[test]
    fn issued_claims() {
        let keyring = Keyring::generate(&[7; 32]);
        let settings = CustomerSettings::new("C-0123456789ABCDE");
        let created = created(&keyring, &settings.to_values(), 1, &[2; 32]).unwrap();
        let customer = Customer::open(&keyring, &created.store_key, &created.value).unwrap();
        let version = customer.valid_version(1, NOW.ms).unwrap();
        let text = AuthToken::issue(&keyring, &customer, version, NOW).unwrap();
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
        assert!(AuthToken::read(&keyring, &text, NOW).is_some());
    }

    #[test]
    fn a_sealed_token_of_the_same_type_is_rejected() {
        let keyring = Keyring::generate(&[7; 32]);
        let sealed = Token::new(good(), 300, NOW).seal(&keyring, NOW).unwrap();
        assert!(AuthToken::read(&keyring, &sealed, NOW).is_none());
        let signed = sign(&keyring, &good()).unwrap();
        assert!(Token::<AuthToken>::open(&keyring, &signed, NOW).is_err());
    }
}
