use alloc::string::String;

use serde::{Deserialize, Serialize};

use super::super::customer::{Customer, is_customer_id};
use super::super::flow::Now;
use super::super::sealed_token::Claims;
use super::super::signed_token::{sign, verify};
use crate::challenge::Keyring;

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
    use super::*;

    const NOW: Now = Now {
        ms: 1_800_000_000_999,
        entropy: [5; 32],
    };

    fn token(change: impl FnOnce(&mut AuthToken)) -> Option<AuthToken> {
        let keyring = Keyring::generate(&[7; 32]);
        let mut token = AuthToken {
            sub: "C-0123456789ABCDE".into(),
            aud: "verifynow".into(),
            iat: NOW.ms / 1000,
            exp: NOW.ms / 1000 + 1,
            ver: 1,
        };
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
}
