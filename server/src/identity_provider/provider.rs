//! An OpenID provider: where it is reached, and a sign-in with it by authorization
//! code and PKCE (OpenID Connect Core section 3.1, RFC 7636, RFC 9700).

use core::fmt;
use core::time::Duration;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use form_urlencoded::Serializer;
use mpass_core::challenge::Keyring;
use serde::{Deserialize, Deserializer};
use tokio::sync::{Mutex, Semaphore};
use url::Url;
use zeroize::Zeroizing;

use super::config::{IdentityProviderConfig, is_web};
use super::fetch::{DEADLINE, FetchError, Fetcher, Post};
use super::id_token::{Expected, Flaw, Unverified};
use super::keys::Keys;
use super::transaction::Transaction;
use crate::clock;
use crate::egress::EgressConfig;
use crate::outgoing;
use crate::outgoing::Authorities;

/// How long metadata and keys are kept.
const KEPT_FOR: Duration = Duration::from_secs(3600);
/// How many requests of browsers may wait for the provider at a time.
const MOST_WAITING: usize = 8;
const CA_CERTIFICATES: &str = "portal.oidc.ca_certificates";

/// Why nobody has signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProviderError {
    /// Too many wait for the provider.
    Busy,
    /// The way back is not that of this browser, or it took too long.
    OtherBrowser,
    /// The provider, or the person there, has refused.
    Refused,
    /// The provider cannot be reached, or does not accept the code.
    Fetch(&'static str, FetchError),
    /// What the provider says about itself cannot be used.
    Metadata(&'static str),
    /// The ID token is not one of this sign-in.
    Token(Flaw),
    /// The random source failed.
    Entropy,
}

/// The reason for the log: nothing in it is from outside.
impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("too many wait for it"),
            Self::OtherBrowser => f.write_str("the way back is not that of this browser"),
            Self::Refused => f.write_str("it has refused"),
            Self::Fetch(what, error) => write!(f, "{what}: {error}"),
            Self::Metadata(what) => write!(f, "its metadata: {what}"),
            Self::Token(flaw) => write!(f, "its ID token: {}", flaw.name()),
            Self::Entropy => f.write_str("the system's random source failed"),
        }
    }
}

/// What the provider says about itself (OpenID Connect Discovery section 3).
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    #[serde(deserialize_with = "url_of")]
    authorization_endpoint: Url,
    #[serde(deserialize_with = "url_of")]
    token_endpoint: Url,
    #[serde(deserialize_with = "url_of")]
    jwks_uri: Url,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
    /// RFC 9207.
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// Something that was fetched, for a while.
struct Kept<T>(Mutex<Option<(Instant, Arc<T>)>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

/// Who has signed in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SignedInThere {
    /// The provider's issuer identifier.
    pub(crate) issuer: String,
    /// The provider's name for the person.
    pub(crate) subject: String,
    /// Whether the provider has compared a second factor, as the configuration has
    /// it.
    pub(crate) has_second_factor: bool,
    /// The page of the portal that it leads to.
    pub(crate) next: String,
}

/// A way to the provider.
pub(crate) struct Way {
    /// Where the browser goes.
    pub(crate) url: Url,
    /// The cookie that it needs to come back.
    pub(crate) cookie: Zeroizing<String>,
}

/// An identity provider. `Debug` shows no secret.
pub(crate) struct IdentityProvider {
    config: IdentityProviderConfig,
    secret: Option<Zeroizing<String>>,
    authorities: Option<Authorities>,
    fetcher: Fetcher,
    metadata: Kept<Metadata>,
    keys: Kept<Keys>,
    waiting: Semaphore,
}

impl fmt::Debug for IdentityProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityProvider").finish_non_exhaustive()
    }
}

impl IdentityProvider {
    /// Reads what the configuration refers to. Connects to nothing.
    ///
    /// # Errors
    /// When the secret or a certificate cannot be read, or the address is refused.
    pub(crate) fn open(
        config: &IdentityProviderConfig,
        egress: &Arc<EgressConfig>,
    ) -> anyhow::Result<Self> {
        let secret = config.client_secret.as_ref();
        let secret = secret.map(|source| source.read("portal.oidc.client_secret"));
        let authorities =
            outgoing::authorities(config.ca_certificates.as_deref(), CA_CERTIFICATES)?;
        let tls = outgoing::client(authorities.as_ref(), CA_CERTIFICATES)?;
        let issuer = Url::parse(&config.issuer).context("portal.oidc.issuer")?;
        egress.guard(&issuer).context("portal.oidc.issuer")?;
        Ok(Self {
            config: config.clone(),
            secret: secret.transpose()?,
            authorities,
            fetcher: Fetcher {
                egress: Arc::clone(egress),
                tls,
                deadline: DEADLINE,
            },
            metadata: Kept::default(),
            keys: Kept::default(),
            waiting: Semaphore::new(MOST_WAITING),
        })
    }

    /// Whether this is the same provider with the same secrets as another one.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.config == other.config
            && self.secret == other.secret
            && self.authorities == other.authorities
            && self.fetcher.egress == other.fetcher.egress
    }

    /// Its issuer identifier.
    pub(crate) fn issuer(&self) -> &str {
        &self.config.issuer
    }

    /// The host that a page names.
    pub(crate) fn host(&self) -> &str {
        let rest = self
            .config
            .issuer
            .split_once("://")
            .map_or("", |(_, rest)| rest);
        rest.split('/').next().unwrap_or_default()
    }

    /// The way to the provider, and then to a page of the portal.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub(crate) async fn begin(&self, keyring: &Keyring, next: &str) -> Result<Way, ProviderError> {
        let _place = self
            .waiting
            .try_acquire()
            .map_err(|_| ProviderError::Busy)?;
        let metadata = self.metadata().await?;
        let transaction = Transaction::begin(next, clock::now_ms());
        let transaction = transaction.map_err(|_| ProviderError::Entropy)?;
        let verifier = transaction.verifier(keyring);
        let digest = ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes());
        let mut url = metadata.authorization_endpoint.clone();
        let mut query = url.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.config.client_id)
            .append_pair("redirect_uri", &self.config.redirect_uri)
            .append_pair("scope", &self.config.scope)
            .append_pair("state", &transaction.state(keyring))
            .append_pair("nonce", &transaction.nonce(keyring))
            .append_pair("code_challenge_method", "S256")
            .append_pair(
                "code_challenge",
                &Base64UrlUnpadded::encode_string(digest.as_ref()),
            );
        if !self.config.acr_values.is_empty() {
            query.append_pair("acr_values", &self.config.acr_values.join(" "));
        }
        drop(query);
        let cookie = Zeroizing::new(transaction.cookie().to_owned());
        Ok(Way { url, cookie })
    }

    /// Who has come back, with the cookie of [`Way`] and the query of the address.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub(crate) async fn finish(
        &self,
        keyring: &Keyring,
        cookie: Option<&str>,
        query: &str,
    ) -> Result<SignedInThere, ProviderError> {
        let answer = Answer::parse(query).ok_or(ProviderError::OtherBrowser)?;
        let transaction = cookie.and_then(Transaction::parse);
        let transaction = transaction.ok_or(ProviderError::OtherBrowser)?;
        if !transaction.is_of(keyring, &answer.state, clock::now_ms()) {
            return Err(ProviderError::OtherBrowser);
        }
        let _place = self
            .waiting
            .try_acquire()
            .map_err(|_| ProviderError::Busy)?;
        let metadata = self.metadata().await?;
        let is_named = answer
            .iss
            .as_deref()
            .is_some_and(|iss| iss == metadata.issuer);
        let must_be_named = metadata.authorization_response_iss_parameter_supported;
        if !is_named && (must_be_named || answer.iss.is_some()) {
            return Err(ProviderError::Refused);
        }
        let code = answer.code.ok_or(ProviderError::Refused)?;
        let token = self
            .redeem(&metadata, &code, &transaction.verifier(keyring))
            .await?;
        let token = Unverified::parse(&token).map_err(ProviderError::Token)?;
        let keys = self.keys(&metadata, token.key_id()).await?;
        let identity = token.verify(
            &keys,
            &Expected {
                issuer: &self.config.issuer,
                client_id: &self.config.client_id,
                nonce: &transaction.nonce(keyring),
                now_ms: clock::now_ms(),
            },
        );
        let identity = identity.map_err(ProviderError::Token)?;
        let acr = identity
            .acr
            .iter()
            .any(|acr| self.config.acr_values.contains(acr));
        let amr = identity.amr.iter().any(|amr| self.config.amr.contains(amr));
        Ok(SignedInThere {
            issuer: self.config.issuer.clone(),
            subject: identity.subject,
            has_second_factor: acr || amr,
            next: transaction.next().to_owned(),
        })
    }

    async fn metadata(&self) -> Result<Arc<Metadata>, ProviderError> {
        let mut kept = self.metadata.0.lock().await;
        if let Some((since, metadata)) = &*kept
            && since.elapsed() < KEPT_FOR
        {
            return Ok(Arc::clone(metadata));
        }
        let issuer = self.config.issuer.trim_end_matches('/');
        let url = Url::parse(&format!("{issuer}/.well-known/openid-configuration"));
        let url = url.map_err(|_| ProviderError::Metadata("issuer"))?;
        let json = self.fetcher.fetch(&url, None).await;
        let json = json.map_err(|error| ProviderError::Fetch("discovery", error))?;
        let metadata: Metadata =
            serde_json::from_slice(&json).map_err(|_| ProviderError::Metadata("malformed"))?;
        metadata.check(&self.config.issuer)?;
        let metadata = Arc::new(metadata);
        *kept = Some((Instant::now(), Arc::clone(&metadata)));
        Ok(metadata)
    }

    /// The keys; fetched anew if none has this id, which a new key has.
    async fn keys(
        &self,
        metadata: &Metadata,
        id: Option<&str>,
    ) -> Result<Arc<Keys>, ProviderError> {
        let mut kept = self.keys.0.lock().await;
        if let Some((since, keys)) = &*kept
            && since.elapsed() < KEPT_FOR
            && keys.has(id)
        {
            return Ok(Arc::clone(keys));
        }
        let json = self.fetcher.fetch(&metadata.jwks_uri, None).await;
        let json = json.map_err(|error| ProviderError::Fetch("keys", error))?;
        let keys = Keys::parse(&json).ok_or(ProviderError::Metadata("keys"))?;
        let keys = Arc::new(keys);
        *kept = Some((Instant::now(), Arc::clone(&keys)));
        Ok(keys)
    }

    /// The ID token for a code.
    async fn redeem(
        &self,
        metadata: &Metadata,
        code: &str,
        verifier: &str,
    ) -> Result<Zeroizing<String>, ProviderError> {
        let post = self.post(metadata, code, verifier);
        let json = self.fetcher.fetch(&metadata.token_endpoint, Some(post));
        let json = json.await;
        let json = json.map_err(|error| ProviderError::Fetch("code", error))?;
        let answer: TokenAnswer =
            serde_json::from_slice(&json).map_err(|_| ProviderError::Token(Flaw::Malformed))?;
        Ok(answer.id_token)
    }

    fn post(&self, metadata: &Metadata, code: &str, verifier: &str) -> Post {
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &self.config.redirect_uri)
            .append_pair("code_verifier", verifier);
        let id = &self.config.client_id;
        let mut authorization = None;
        match &self.secret {
            Some(secret) if metadata.takes_basic() => authorization = Some(basic(id, secret)),
            Some(secret) => {
                form.append_pair("client_id", id)
                    .append_pair("client_secret", secret);
            }
            None => {
                form.append_pair("client_id", id);
            }
        }
        Post {
            form: Zeroizing::new(form.finish()),
            authorization,
        }
    }
}

fn url_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    let text = String::deserialize(deserializer)?;
    Url::parse(&text).map_err(serde::de::Error::custom)
}

#[derive(Deserialize)]
struct TokenAnswer {
    id_token: Zeroizing<String>,
}

impl Metadata {
    fn check(&self, issuer: &str) -> Result<(), ProviderError> {
        // Discovery section 4.3: exactly the one that was asked.
        if self.issuer != issuer {
            return Err(ProviderError::Metadata("it is of another issuer"));
        }
        let scheme = if issuer.starts_with("https:") {
            "https"
        } else {
            "http"
        };
        let endpoints = [
            &self.authorization_endpoint,
            &self.token_endpoint,
            &self.jwks_uri,
        ];
        // Those of a provider with https have it, too.
        let is_right =
            |url: &Url| is_web(url) && (url.scheme() == "https" || url.scheme() == scheme);
        match endpoints.into_iter().all(is_right) {
            true => Ok(()),
            false => Err(ProviderError::Metadata("an endpoint is no URL of https")),
        }
    }

    /// The default (Discovery section 3).
    fn takes_basic(&self) -> bool {
        let methods = &self.token_endpoint_auth_methods_supported;
        methods.is_empty() || methods.iter().any(|method| method == "client_secret_basic")
    }
}

/// What the browser brings back, each parameter once.
struct Answer {
    state: String,
    code: Option<Zeroizing<String>>,
    iss: Option<String>,
}

impl Answer {
    fn parse(query: &str) -> Option<Self> {
        let [mut state, mut code, mut iss] = [None, None, None];
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let slot = match &*name {
                "state" => &mut state,
                "code" => &mut code,
                "iss" => &mut iss,
                _ => continue,
            };
            // RFC 6749 section 3.1.
            if slot.replace(value.into_owned()).is_some() {
                return None;
            }
        }
        Some(Self {
            state: state?,
            code: code.map(Zeroizing::new),
            iss,
        })
    }
}

/// HTTP basic authentication of a client (RFC 6749 section 2.3.1).
fn basic(id: &str, secret: &str) -> Zeroizing<String> {
    let encode =
        |text: &str| -> String { form_urlencoded::byte_serialize(text.as_bytes()).collect() };
    let pair = Zeroizing::new(format!("{}:{}", encode(id), encode(secret)));
    let encoded = Zeroizing::new(Base64::encode_string(pair.as_bytes()));
    Zeroizing::new(format!("Basic {}", *encoded))
}

#[cfg(test)]
impl IdentityProvider {
    pub(super) fn set_deadline(&mut self, deadline: Duration) {
        self.fetcher.deadline = deadline;
    }
}
