//! ID tokens (`OpenID` Connect Core 1.0 section 2).

use alloc::string::String;
use alloc::vec::Vec;

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
use crate::service::host::{CheckSignature, RsaPublicKey};
use crate::service::jose::jws::{self, Unsigned, Unverified};
use crate::service::jose::keys;
use crate::service::tenant::Client;

/// The claims of an ID token.
#[derive(Serialize)]
pub(super) struct IdClaims<'a> {
    iss: &'a str,
    sub: String,
    aud: &'a str,
    exp: u64,
    iat: u64,
    auth_time: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    amr: [&'a str; 1],
    at_hash: String,
}

impl<'a> IdClaims<'a> {
    /// The claims that are issued with the access token of a code.
    pub(super) fn of(
        provider: &'a Provider,
        client: &'a Client,
        code: &'a CodeClaims,
        access_token: &str,
        now_ms: u64,
    ) -> Self {
        let digest = hash(Algorithm::Sha256, &[access_token.as_bytes()]);
        let iat = now_ms / 1000;
        Self {
            iss: &provider.issuer,
            sub: subject(provider.keyring(), client, &code.number),
            aud: &client.settings().name,
            exp: iat.saturating_add(LONGEST_NUMBER_LIFE_S),
            iat,
            auth_time: code.auth_time,
            nonce: code.nonce.as_deref(),
            amr: [BY_NETWORK],
            at_hash: Base64UrlUnpadded::encode_string(&digest.truncated::<16>()),
        }
    }

    /// The ID token, signed with ES256.
    pub(super) fn sign(&self, keyring: &Keyring) -> Option<String> {
        jws::sign(&keys::newest(keyring).ok()?, self)
    }

    /// The ID token for the host to sign with RS256.
    pub(super) fn unsigned(&self, key: &RsaPublicKey) -> Option<Unsigned> {
        Unsigned::rs256(key, self)
    }
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

/// The parameter `id_token_hint`: an ID token, expired or not. The client's
/// setting determines the algorithm, and the token's `kid` which of this
/// provider's keys.
pub(super) struct Hint {
    token: Unverified,
    claims: HintClaims,
}

impl Hint {
    /// Parses a hint; `None` if it is not a signed token with claims.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let token = Unverified::parse(text)?;
        let claims = token.claimed()?;
        Some(Self { token, claims })
    }

    /// Whether this provider signed it with ES256.
    pub(super) fn is_signed_by_engine(&self, keyring: &Keyring) -> bool {
        let kid = self.token.kid.as_deref();
        kid.and_then(|kid| keys::find(keyring, kid))
            .is_some_and(|key| self.token.is_signed_by(&key))
    }

    /// What the host has to check; `None` if none of its keys can have signed it.
    pub(super) fn to_check(&self, keys: Vec<RsaPublicKey>) -> Option<CheckSignature> {
        let kid = self.token.kid.as_deref()?;
        let key = keys.into_iter().find(|key| keys::rsa_key_id(key) == kid)?;
        self.token.to_check(key)
    }

    /// Whether a signed hint was issued to this client for this number.
    pub(super) fn is_for(&self, provider: &Provider, client: &Client, number: &str) -> bool {
        let subject = subject(provider.keyring(), client, number);
        self.claims.iss == provider.issuer
            && self.claims.aud == client.settings().name
            && bool::from(self.claims.sub.as_bytes().ct_eq(subject.as_bytes()))
    }
}
