//! The public documents: the provider's metadata (`OpenID` Connect Discovery 1.0
//! section 3, RFC 8414) and its public keys.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use super::host_keys::{is_genuine, known_signature, offered, signing_keys};
use super::oauth_error::OauthError;
use super::paths::{AUTHORIZE_PATH, JWKS_PATH, TOKEN_PATH};
use super::provider::Provider;
use crate::service::contract::Contract;
use crate::service::contracts::camara::grant::BY_NETWORK;
use crate::service::flow::{Flow, Now};
use crate::service::host::{Answer, Reason, Reply, Step};
use crate::service::jose::keys::Jwks;
use crate::service::tenant::Scope;

/// How long clients may cache a document, in seconds. A new record key must be in
/// the keyring, and so in the published keys, for longer than that before it
/// signs.
const MAX_AGE_S: u32 = 300;

#[derive(Serialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    scopes_supported: Vec<&'static str>,
    response_types_supported: [&'static str; 1],
    response_modes_supported: [&'static str; 1],
    grant_types_supported: [&'static str; 2],
    subject_types_supported: [&'static str; 1],
    id_token_signing_alg_values_supported: Vec<&'static str>,
    token_endpoint_auth_methods_supported: [&'static str; 3],
    token_endpoint_auth_signing_alg_values_supported: Vec<&'static str>,
    code_challenge_methods_supported: [&'static str; 1],
    prompt_values_supported: [&'static str; 1],
    claims_supported: [&'static str; 9],
    amr_values_supported: [&'static str; 1],
    authorization_response_iss_parameter_supported: bool,
    claims_parameter_supported: bool,
    request_parameter_supported: bool,
    request_uri_parameter_supported: bool,
}

impl Metadata {
    /// The metadata of a provider whose host signs with RS256 or does not, and
    /// checks signatures with RS256 or does not.
    fn of(provider: &Provider, is_signing: bool, is_checking: bool) -> Self {
        let scopes = Scope::ALL.iter().map(|scope| scope.name());
        Self {
            issuer: provider.issuer.clone(),
            authorization_endpoint: provider.url(AUTHORIZE_PATH),
            token_endpoint: provider.url(TOKEN_PATH),
            jwks_uri: provider.url(JWKS_PATH),
            scopes_supported: core::iter::once("openid").chain(scopes).collect(),
            response_types_supported: ["code"],
            response_modes_supported: ["query"],
            grant_types_supported: ["authorization_code", "client_credentials"],
            subject_types_supported: ["pairwise"],
            id_token_signing_alg_values_supported: offered(is_signing),
            token_endpoint_auth_methods_supported: [
                "client_secret_basic",
                "client_secret_post",
                "private_key_jwt",
            ],
            token_endpoint_auth_signing_alg_values_supported: offered(is_checking),
            code_challenge_methods_supported: ["S256"],
            prompt_values_supported: ["none"],
            claims_supported: [
                "iss",
                "sub",
                "aud",
                "exp",
                "iat",
                "auth_time",
                "nonce",
                "amr",
                "at_hash",
            ],
            amr_values_supported: [BY_NETWORK],
            authorization_response_iss_parameter_supported: true,
            claims_parameter_supported: false,
            request_parameter_supported: false,
            request_uri_parameter_supported: false,
        }
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Discovery,
    Jwks,
}

enum State {
    Start,
    ListingKeys,
    /// Finding out whether the host checks signatures; it signs or does not.
    Checking {
        is_signing: bool,
    },
    Over,
}

/// The exchange of a document.
pub(super) struct Document {
    provider: Provider,
    kind: Kind,
    state: State,
}

type Next = Result<Flow<Reply>, Reason>;

impl Document {
    pub(super) fn discovery(provider: Provider) -> Self {
        Self::new(provider, Kind::Discovery)
    }

    pub(super) fn jwks(provider: Provider) -> Self {
        Self::new(provider, Kind::Jwks)
    }

    fn new(provider: Provider, kind: Kind) -> Self {
        Self {
            provider,
            kind,
            state: State::Start,
        }
    }

    fn step(&mut self, state: State, step: Step) -> Next {
        self.state = state;
        Ok(Flow::Step(step))
    }
}

impl Contract for Document {
    fn next(&mut self, answer: Answer, _: Now) -> Next {
        match core::mem::replace(&mut self.state, State::Over) {
            State::Start if answer == Answer::Begin => {
                self.step(State::ListingKeys, Step::SigningKeys)
            }
            State::ListingKeys => {
                let keys = signing_keys(answer)?;
                match self.kind {
                    Kind::Jwks => document(&Jwks::of(self.provider.keyring(), &keys)?),
                    Kind::Discovery => {
                        let is_signing = !keys.is_empty();
                        let step = Step::CheckSignature(known_signature()?);
                        self.step(State::Checking { is_signing }, step)
                    }
                }
            }
            State::Checking { is_signing } => {
                let is_checking = is_genuine(&answer)?;
                document(&Metadata::of(&self.provider, is_signing, is_checking))
            }
            State::Start | State::Over => Err(Reason::WrongAnswer),
        }
    }

    fn reply(&self, reason: Reason) -> Reply {
        OauthError::of(reason.into()).json(reason)
    }
}

fn document(body: &impl Serialize) -> Next {
    Ok(Flow::Done(Reply {
        status: 200,
        headers: alloc::vec![
            ("Content-Type", "application/json".to_string()),
            (
                "Cache-Control",
                alloc::format!("public, max-age={MAX_AGE_S}")
            ),
        ],
        body: serde_json::to_vec(body).map_err(|_| Reason::HostFailed)?,
        reason: Reason::DocumentTold,
        tenant: None,
        calling_code: None,
    }))
}
