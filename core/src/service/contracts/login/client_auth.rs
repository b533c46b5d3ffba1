//! Client authentication at the token endpoint: `client_secret_basic`,
//! `client_secret_post` or `private_key_jwt` (`OpenID` Connect Core 1.0
//! section 9).

use alloc::string::String;
use alloc::vec::{self, Vec};

use base64ct::{Base64, Encoding};
use p256::ecdsa::VerifyingKey;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::parameters::{Fault, LONGEST_CLIENT, LONGEST_TOKEN, optional, required};
use super::paths::TOKEN_PATH;
use super::provider::Provider;
use crate::labels;
use crate::service::flow::Now;
use crate::service::host::{CheckSignature, Reason, Request, Step};
use crate::service::jose::jws::Unverified;
use crate::service::tenant::{Client, ClientKey, KeyVersion};

const ASSERTION_TYPE_NAME: &str = "client_assertion_type";
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const LONGEST_SECRET: usize = 128;
/// The longest `Authorization` header that is read, in bytes.
const LONGEST_HEADER: usize = 1024;
/// The longest lifetime of an assertion, in milliseconds.
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
    exp: NumericDate,
    nbf: Option<NumericDate>,
    iat: Option<NumericDate>,
    jti: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// A time in seconds of Unix time (RFC 7519 section 2), which may have a
/// fraction.
#[derive(Clone, Copy, Deserialize)]
#[serde(transparent)]
struct NumericDate(f64);

impl NumericDate {
    /// In milliseconds of Unix time, to the nearest one. A time before 1970
    /// counts as 0.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the conversion saturates"
    )]
    const fn ms(self) -> u64 {
        (self.0 * 1000.0 + 0.5) as u64
    }
}

/// A valid assertion, whose single use must still be recorded.
pub(super) struct AssertionUse {
    /// Identifies the assertion among those of all clients.
    pub(super) name: String,
    pub(super) expires_at_ms: u64,
}

/// What is known about a credential.
pub(super) enum Checked {
    /// It is that of the client, with this version. The use of an assertion must
    /// still be recorded.
    Valid(KeyVersion, Option<AssertionUse>),
    /// The host has to check the signature of an assertion.
    ByHost(HostCheck),
}

/// An assertion whose signature the host checks with each of the client's keys
/// until one is that of the signature.
pub(super) struct HostCheck {
    pub(super) assertion: AssertionUse,
    /// With the version of the credential that each key stands for.
    checks: vec::IntoIter<(CheckSignature, KeyVersion)>,
}

impl HostCheck {
    /// The next check, and the version of the credential if the signature is
    /// genuine. Fails after the last key.
    pub(super) fn next(&mut self) -> Result<(Step, KeyVersion), Reason> {
        let (check, version) = self.checks.next().ok_or(Reason::UnknownCredential)?;
        Ok((Step::CheckSignature(check), version))
    }
}

impl Credential {
    /// Reads the credential of a request, which must use exactly one method.
    pub(super) fn of(request: &Request<'_>) -> Result<Self, Fault> {
        let named = optional(request, "client_id", LONGEST_CLIENT)?;
        let secret = optional(request, "client_secret", LONGEST_SECRET)?;
        let assertion = optional(request, "client_assertion", LONGEST_TOKEN)?;
        let credential = match (request.header("Authorization"), secret, assertion) {
            (Some(header), None, None) => basic(header)?,
            (None, Some(secret), None) => Self {
                client: named
                    .as_deref()
                    .ok_or(Fault::of("client_id", Reason::MissingParameter))?
                    .into(),
                proof: Proof::Secret(Zeroizing::new(secret.into_owned())),
            },
            (None, None, Some(text)) => {
                if required(request, ASSERTION_TYPE_NAME, LONGEST_SECRET)? != ASSERTION_TYPE {
                    return Err(Fault::invalid(ASSERTION_TYPE_NAME));
                }
                assertion_of(&text).ok_or(Reason::UnknownCredential)?
            }
            (None, None, None) => {
                return Err(
                    match optional(request, ASSERTION_TYPE_NAME, LONGEST_SECRET)? {
                        Some(_) => Fault::of("client_assertion", Reason::MissingParameter),
                        None => Reason::UnknownCredential.into(),
                    },
                );
            }
            // RFC 6749 section 2.3: only one method in each request.
            _ => return Err(Reason::RepeatedParameter.into()),
        };
        if named.is_some_and(|named| named != credential.client) {
            return Err(Reason::UnknownCredential.into());
        }
        Ok(credential)
    }

    /// Checks that the credential is that of `client`.
    pub(super) fn check(
        &self,
        provider: &Provider,
        client: &Client,
        now: Now,
    ) -> Result<Checked, Reason> {
        let checked = match &self.proof {
            Proof::Secret(secret) => secret_version(provider, client, secret, now)
                .map(|version| Checked::Valid(version, None)),
            Proof::Assertion(token, claims) => {
                match claims.is_for(provider) && claims.is_valid_at(now) {
                    true => check_assertion(client, token, claims.to_use(), now),
                    false => None,
                }
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

/// Checks the signature of an assertion with the client's keys, each of which
/// has an algorithm. The version is the current one of the credential, valid as
/// long as the key.
fn check_assertion(
    client: &Client,
    token: &Unverified,
    assertion: AssertionUse,
    now: Now,
) -> Option<Checked> {
    let number = client.key_version();
    let mut by_host = Vec::new();
    for (key, until_ms) in client.public_keys(now.ms) {
        let version = KeyVersion { number, until_ms };
        match key {
            ClientKey::P256(point) => {
                let key = VerifyingKey::from_sec1_bytes(point).ok()?;
                if token.is_signed_by(&key) {
                    return Some(Checked::Valid(version, Some(assertion)));
                }
            }
            ClientKey::Rsa(key) => {
                let check = token.to_check(key.clone());
                by_host.extend(check.map(|check| (check, version)));
            }
        }
    }
    (!by_host.is_empty()).then(|| {
        Checked::ByHost(HostCheck {
            assertion,
            checks: by_host.into_iter(),
        })
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
    /// was restored after it was issued. It lives for at most 300 s from `iat`,
    /// without which it is from now on (CAMARA Security and Interoperability
    /// Profile, "Client Authentication").
    fn is_valid_at(&self, now: Now) -> bool {
        let latest_ms = now.ms.saturating_add(SKEW_MS);
        let exp_ms = self.exp.ms();
        let from_ms = self.iat.map_or(now.ms, NumericDate::ms);
        let is_begun = |date: Option<NumericDate>| date.is_none_or(|date| date.ms() <= latest_ms);
        exp_ms > now.ms
            && exp_ms.saturating_sub(from_ms) <= LONGEST_ASSERTION_MS
            && is_begun(self.iat)
            && is_begun(self.nbf)
            && !now.is_void(self.issued_at_ms())
    }

    /// When the assertion was issued, in milliseconds of Unix time. Without
    /// `iat`, the earliest time at which it was valid.
    fn issued_at_ms(&self) -> u64 {
        match self.iat {
            Some(iat) => iat.ms(),
            None => self.exp.ms().saturating_sub(LONGEST_ASSERTION_MS + SKEW_MS),
        }
    }

    fn to_use(&self) -> AssertionUse {
        AssertionUse {
            // A client's name cannot contain a line break.
            name: alloc::format!("{}\n{}", self.sub, self.jti),
            expires_at_ms: self.exp.ms(),
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
        const NOW_S: u32 = 1_800_000_000;
        let date = |seconds: u32| NumericDate(seconds.into());
        let ms = |seconds: u32| u64::from(seconds) * 1000;
        let is_valid = |iat: Option<u32>, restored_at_ms| {
            let assertion = Assertion {
                iss: "app".into(),
                sub: "app".into(),
                aud: Audience::One(String::new()),
                exp: date(NOW_S + 300),
                nbf: None,
                iat: iat.map(date),
                jti: "1".into(),
            };
            assertion.is_valid_at(Now {
                ms: ms(NOW_S),
                entropy: [5; 32],
                restored_at_ms,
            })
        };
        for (iat, issued_s) in [(Some(NOW_S), NOW_S), (None, NOW_S - 30)] {
            assert!(is_valid(iat, None));
            assert!(is_valid(iat, Some(ms(issued_s))));
            assert!(!is_valid(iat, Some(ms(issued_s) + 1)));
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
