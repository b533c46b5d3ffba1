//! ID tokens (`OpenID` Connect Core 1.0 section 2).

use alloc::string::String;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::code::CodeClaims;
use super::provider::Provider;
use crate::challenge::Keyring;
use crate::kernel::hash;
use crate::labels;
use crate::oath::Algorithm;
use crate::service::contracts::camara::grant::{BY_NETWORK, LONGEST_NUMBER_LIFE_S};
use crate::service::jose::es256::{self, Unverified};
use crate::service::jose::keys;
use crate::service::tenant::Client;

#[derive(Serialize)]
struct IdClaims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    exp: u64,
    iat: u64,
    auth_time: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    amr: [&'a str; 1],
    at_hash: String,
}

/// Writes the ID token that is issued with the access token of a code.
pub(super) fn write(
    provider: &Provider,
    client: &Client,
    code: &CodeClaims,
    access_token: &str,
    now_ms: u64,
) -> Option<String> {
    let digest = hash(Algorithm::Sha256, &[access_token.as_bytes()]);
    let iat = now_ms / 1000;
    let claims = IdClaims {
        iss: &provider.issuer,
        sub: &subject(provider.keyring(), client, &code.number),
        aud: &client.settings().name,
        exp: iat.saturating_add(LONGEST_NUMBER_LIFE_S),
        iat,
        auth_time: code.auth_time,
        nonce: code.nonce.as_deref(),
        amr: [BY_NETWORK],
        at_hash: Base64UrlUnpadded::encode_string(&digest.truncated::<16>()),
    };
    es256::sign(&keys::newest(provider.keyring()).ok()?, &claims)
}

/// The pairwise subject identifier of a number for one client: a keyed hash, so
/// that clients cannot correlate subjects and the number cannot be derived
/// without the keyring. Each client is its own sector (section 8.1).
fn subject(keyring: &Keyring, client: &Client, number: &str) -> String {
    let parts: [&[u8]; 2] = [client.id(), number.as_bytes()];
    let hash = keyring.credential_hash(labels::PAIRWISE_SUBJECT, parts);
    Base64UrlUnpadded::encode_string(&hash)
}

#[derive(Deserialize)]
struct HintClaims {
    iss: String,
    sub: String,
    aud: String,
}

/// Whether a hint is an ID token of this provider, expired or not, that was
/// issued to this client for this number.
pub(super) fn is_for(provider: &Provider, hint: &str, client: &Client, number: &str) -> bool {
    let claims = || {
        let token = Unverified::parse(hint)?;
        let key = keys::find(provider.keyring(), token.kid.as_deref()?)?;
        let claims: HintClaims = token.claimed()?;
        token.is_signed_by(&key).then_some(claims)
    };
    claims().is_some_and(|claims| {
        let subject = subject(provider.keyring(), client, number);
        claims.iss == provider.issuer
            && claims.aud == client.settings().name
            && bool::from(claims.sub.as_bytes().ct_eq(subject.as_bytes()))
    })
}
