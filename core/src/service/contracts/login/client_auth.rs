//! Client authentication at the token endpoint: `client_secret_basic`,
//! `client_secret_post` or `private_key_jwt` (`OpenID` Connect Core 1.0
//! section 9).

use alloc::string::String;
use alloc::vec::Vec;

use base64ct::{Base64, Encoding};
use p256::ecdsa::VerifyingKey;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::parameters::{LONGEST_CLIENT, LONGEST_TOKEN, optional, required};
use super::paths::TOKEN_PATH;
use super::provider::Provider;
use crate::labels;
use crate::service::flow::Now;
use crate::service::host::{Reason, Request};
use crate::service::jose::es256::Unverified;
use crate::service::tenant::{Client, KeyVersion};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const LONGEST_SECRET: usize = 128;
/// The longest `Authorization` header that is read, in bytes.
const LONGEST_HEADER: usize = 1024;
/// The longest remaining lifetime of an assertion, in milliseconds.
const LONGEST_ASSERTION_MS: u64 = 300_000;
/// How far a client's clock may be ahead of ours, in milliseconds.
const SKEW_MS: u64 = 30_000;
/// The label under which the use of an assertion is recorded.
pub(super) const ASSERTION_USE: &str = labels::ASSERTION_USE.text();

/// The client that a request claims to come from, with its proof.
pub(super) struct Credential {
    pub(super) client: String,
    proof: Proof,
}

enum Proof {
    Secret(Zeroizing<String>),
    Assertion(Unverified, Assertion),
}

/// The claims of RFC 7523 section 3.
#[derive(Deserialize)]
struct Assertion {
    iss: String,
    sub: String,
    aud: Audience,
    exp: u64,
    nbf: Option<u64>,
    iat: Option<u64>,
    jti: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// A valid assertion, whose single use must still be recorded.
pub(super) struct AssertionUse {
    /// Identifies the assertion among those of all clients.
    pub(super) name: String,
    pub(super) expires_at_ms: u64,
}

impl Credential {
    /// Reads the credential of a request, which must use exactly one method.
    pub(super) fn of(request: &Request<'_>) -> Result<Self, Reason> {
        let named = optional(request, "client_id", LONGEST_CLIENT)?;
        let secret = optional(request, "client_secret", LONGEST_SECRET)?;
        let assertion = optional(request, "client_assertion", LONGEST_TOKEN)?;
        let credential = match (request.header("Authorization"), secret, assertion) {
            (Some(header), None, None) => basic(header)?,
            (None, Some(secret), None) => Self {
                client: named.as_deref().ok_or(Reason::MissingParameter)?.into(),
                proof: Proof::Secret(Zeroizing::new(secret.into_owned())),
            },
            (None, None, Some(text)) => {
                if required(request, "client_assertion_type", LONGEST_SECRET)? != ASSERTION_TYPE {
                    return Err(Reason::UnknownCredential);
                }
                assertion_of(&text).ok_or(Reason::UnknownCredential)?
            }
            (None, None, None) => return Err(Reason::UnknownCredential),
            // RFC 6749 section 2.3: only one method in each request.
            _ => return Err(Reason::RepeatedParameter),
        };
        if named.is_some_and(|named| named != credential.client) {
            return Err(Reason::UnknownCredential);
        }
        Ok(credential)
    }

    /// Checks that the credential is that of `client`, and returns its version.
    /// If the proof is an assertion, the caller must also record its use.
    pub(super) fn check(
        &self,
        provider: &Provider,
        client: &Client,
        now: Now,
    ) -> Result<(KeyVersion, Option<AssertionUse>), Reason> {
        let checked = match &self.proof {
            Proof::Secret(secret) => {
                secret_version(provider, client, secret, now).map(|version| (version, None))
            }
            Proof::Assertion(token, claims) => {
                assertion_version(client, token, now).and_then(|version| {
                    let is_valid = claims.is_for(provider) && claims.is_valid_at(now);
                    is_valid.then(|| (version, Some(claims.to_use())))
                })
            }
        };
        checked.ok_or(Reason::UnknownCredential)
    }
}

/// The version of the credential that a secret is.
fn secret_version(
    provider: &Provider,
    client: &Client,
    secret: &str,
    now: Now,
) -> Option<KeyVersion> {
    let keyring = provider.keyring();
    let key = Client::parse_key(keyring, &client.settings().name, secret).ok()?;
    client.authenticate(keyring, &key, now.ms)
}

/// The current version of the credential, valid as long as the public key that
/// verifies the assertion.
fn assertion_version(client: &Client, token: &Unverified, now: Now) -> Option<KeyVersion> {
    let number = client.key_version();
    client.public_keys(now.ms).find_map(|(point, until_ms)| {
        let key = VerifyingKey::from_sec1_bytes(&point).ok()?;
        token
            .is_signed_by(&key)
            .then_some(KeyVersion { number, until_ms })
    })
}

impl Assertion {
    /// Whether the assertion is only for this provider. Any other audience could
    /// replay it here.
    fn is_for(&self, provider: &Provider) -> bool {
        let endpoint = provider.url(TOKEN_PATH);
        let is_ours = |audience: &String| *audience == provider.issuer || *audience == endpoint;
        match &self.aud {
            Audience::One(audience) => is_ours(audience),
            Audience::Several(audiences) => !audiences.is_empty() && audiences.iter().all(is_ours),
        }
    }

    /// Whether the assertion is valid at a time, and not void because the store
    /// was restored after it was issued.
    fn is_valid_at(&self, now: Now) -> bool {
        let now_ms = now.ms;
        let exp_ms = self.exp.saturating_mul(1000);
        let nbf_ms = self.nbf.unwrap_or(0).saturating_mul(1000);
        exp_ms > now_ms
            && exp_ms <= now_ms.saturating_add(LONGEST_ASSERTION_MS + SKEW_MS)
            && nbf_ms <= now_ms.saturating_add(SKEW_MS)
            && !now.is_void(self.issued_at_ms())
    }

    /// When the assertion was issued, in milliseconds of Unix time. Without
    /// `iat`, the earliest time at which it was valid.
    fn issued_at_ms(&self) -> u64 {
        let exp_ms = self.exp.saturating_mul(1000);
        match self.iat {
            Some(iat) => iat.saturating_mul(1000),
            None => exp_ms.saturating_sub(LONGEST_ASSERTION_MS + SKEW_MS),
        }
    }

    fn to_use(&self) -> AssertionUse {
        AssertionUse {
            // A client's name cannot contain a line break.
            name: alloc::format!("{}\n{}", self.sub, self.jti),
            expires_at_ms: self.exp.saturating_mul(1000),
        }
    }
}

/// Parses an assertion; its signature and validity are checked later.
fn assertion_of(text: &str) -> Option<Credential> {
    let token = Unverified::parse(text)?;
    let claims: Assertion = token.claimed()?;
    let is_whole = claims.iss == claims.sub
        && (1..=LONGEST_CLIENT).contains(&claims.sub.len())
        && !claims.jti.is_empty();
    is_whole.then(|| Credential {
        client: claims.sub.clone(),
        proof: Proof::Assertion(token, claims),
    })
}

/// Parses HTTP Basic authentication (RFC 7617) with form-encoded parts (RFC 6749
/// section 2.3.1).
fn basic(header: &str) -> Result<Credential, Reason> {
    let read = || {
        let (scheme, text) = header.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("Basic") || header.len() > LONGEST_HEADER {
            return None;
        }
        let pair = Zeroizing::new(Base64::decode_vec(text.trim()).ok()?);
        let (client, secret) = core::str::from_utf8(&pair).ok()?.split_once(':')?;
        Some(Credential {
            client: form_decoded(client)?,
            proof: Proof::Secret(Zeroizing::new(form_decoded(secret)?)),
        })
    };
    read().ok_or(Reason::UnknownCredential)
}

fn form_decoded(text: &str) -> Option<String> {
    let spaced = Zeroizing::new(text.replace('+', " "));
    let decoded = percent_decode_str(&spaced).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basic_of(pair: &str) -> Option<(String, String)> {
        let header = alloc::format!("Basic {}", Base64::encode_string(pair.as_bytes()));
        match basic(&header).ok()? {
            Credential {
                client,
                proof: Proof::Secret(secret),
            } => Some((client, secret.as_str().into())),
            Credential { .. } => None,
        }
    }

    #[test]
    fn an_assertion_from_before_a_restore_is_void() {
        const NOW_S: u64 = 1_800_000_000;
        let is_valid = |iat, restored_at_ms| {
            let assertion = Assertion {
                iss: "app".into(),
                sub: "app".into(),
                aud: Audience::One(String::new()),
                exp: NOW_S + 300,
                nbf: None,
                iat,
                jti: "1".into(),
            };
            assertion.is_valid_at(Now {
                ms: NOW_S * 1000,
                entropy: [5; 32],
                restored_at_ms,
            })
        };
        for (iat, issued_s) in [(Some(NOW_S - 5), NOW_S - 5), (None, NOW_S - 30)] {
            assert!(is_valid(iat, None));
            assert!(is_valid(iat, Some(issued_s * 1000)));
            assert!(!is_valid(iat, Some(issued_s * 1000 + 1)));
        }
    }

    #[test]
    fn basic_parts_are_form_encoded() {
        let read = |pair| basic_of(pair).map(|(client, secret)| [client, secret]);
        assert_eq!(
            read("app:se_cret"),
            Some(["app", "se_cret"].map(Into::into))
        );
        assert_eq!(
            read("my%2Dapp:a%3Ab+c%5Fd"),
            Some(["my-app", "a:b c_d"].map(Into::into))
        );
        // Only the first colon separates.
        assert_eq!(read("app:a:b"), Some(["app", "a:b"].map(Into::into)));
        assert_eq!(read("app"), None);
        assert_eq!(read("app:%FF"), None);
        for header in ["", "Basic", "Basic ", "Basic %", "Bearer YTpi", "YTpi"] {
            assert!(basic(header).is_err(), "{header}");
        }
    }
}
