//! The token endpoint: exchanges an authorization code, or only the client's
//! credential, for tokens.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::IpAddr;

use serde::Serialize;
use zeroize::Zeroizing;

use super::client_auth::{ASSERTION_USE, Credential};
use super::code::{CODE_USE, CodeClaims};
use super::id_token;
use super::oauth_error::OauthError;
use super::parameters::{LONGEST_SCOPE, LONGEST_TOKEN, LONGEST_URI, optional, required};
use super::provider::Provider;
use crate::challenge::Once;
use crate::number::PhoneNumber;
use crate::service::contract::Contract;
use crate::service::contracts::camara::grant::{Grant, Issued, LONGEST_NUMBER_LIFE_S};
use crate::service::flow::{Flow, Now, UseFlow, loaded, take_once};
use crate::service::host::{Answer, Reason, Reply, Request, Step};
use crate::service::jose::Token;
use crate::service::tenant::{Client, KeyVersion, Scope};
use crate::store::{Kind, StoreKey};

/// The lifetime of a token without a number, in seconds.
const CLIENT_LIFE_S: u64 = 3600;
const LONGEST_WORD: usize = 128;

/// The exchange of a token request.
pub(super) struct Exchange {
    provider: Provider,
    peer: IpAddr,
    /// The parsed request. An error in it is reported only to an authenticated
    /// client.
    request: Result<TokenRequest, Reason>,
    state: State,
}

enum State {
    Start(Result<Credential, Reason>),
    LoadingClient(StoreKey, Credential),
    UsingAssertion(UseFlow, Authenticated),
    UsingCode(UseFlow, Authenticated, Box<CodeClaims>),
    Over,
}

/// A client, and the version of the credential that it has authenticated with.
struct Authenticated {
    client: Client,
    version: KeyVersion,
}

/// A token request, by grant type.
enum TokenRequest {
    Code {
        code: Zeroizing<String>,
        redirect_uri: String,
        verifier: Zeroizing<String>,
    },
    ClientCredentials {
        scope: Option<String>,
    },
}

type Next = Result<Flow<Reply>, Reason>;

impl Exchange {
    pub(super) fn new(provider: Provider, request: &Request<'_>) -> Self {
        // RFC 6749 section 2.3.1: credentials in the URI are not accepted,
        // because URIs end up in logs and histories.
        let request = Request {
            query: "",
            ..*request
        };
        Self {
            provider,
            peer: request.peer,
            request: token_request(&request),
            state: State::Start(Credential::of(&request)),
        }
    }

    fn step(&mut self, state: State, step: Step) -> Next {
        self.state = state;
        Ok(Flow::Step(step))
    }

    fn authenticate(
        &mut self,
        store_key: &StoreKey,
        credential: &Credential,
        value: Option<Vec<u8>>,
        now: Now,
    ) -> Next {
        let value = value.ok_or(Reason::UnknownCredential)?;
        let client = Client::open(self.provider.keyring(), store_key, &value)?;
        let (version, assertion) = credential.check(&self.provider, &client, now)?;
        if client.is_revoked() {
            return Err(Reason::Revoked);
        }
        if !client.allows_address(self.peer) {
            return Err(Reason::AddressNotAllowed);
        }
        let client = Authenticated { client, version };
        let Some(assertion) = assertion else {
            return self.grant(client, now);
        };
        let name = assertion.name.as_bytes();
        let once = Once::new(self.provider.keyring(), ASSERTION_USE, name);
        let (using, step) = UseFlow::begin(&once, Some(assertion.expires_at_ms), now)?;
        self.step(State::UsingAssertion(using, client), step)
    }

    /// Answers the request of an authenticated client.
    fn grant(&mut self, client: Authenticated, now: Now) -> Next {
        match take_once(&mut self.request)? {
            TokenRequest::ClientCredentials { scope } => self.issue_to_client(&client, scope, now),
            TokenRequest::Code {
                code,
                redirect_uri,
                verifier,
            } => {
                let token = Token::<CodeClaims>::open(self.provider.keyring(), &code, now)
                    .map_err(|_| Reason::GrantRefused)?;
                let claims = token.claims;
                let version = client.client.valid_version(claims.version, now.ms);
                if claims.client != client.client.settings().name
                    || version.is_none()
                    || claims.redirect_uri != redirect_uri
                    || !claims.challenge.is_of(&verifier)
                {
                    return Err(Reason::GrantRefused);
                }
                let once = Once::new(self.provider.keyring(), CODE_USE, token.jti.as_bytes());
                let good_until_ms = token.exp.saturating_mul(1000);
                let (using, step) = UseFlow::begin(&once, Some(good_until_ms), now)?;
                self.step(State::UsingCode(using, client, Box::new(claims)), step)
            }
        }
    }

    /// Issues a token to a client for itself.
    fn issue_to_client(&self, client: &Authenticated, scope: Option<String>, now: Now) -> Next {
        let mine = Scope::SendValidate;
        let is_asked = scope.is_none_or(|scope| scope == mine.name());
        if !is_asked || !client.client.allows_scope(mine) {
            return Err(Reason::ScopeRefused);
        }
        let grant = Grant {
            scopes: alloc::vec![mine],
            number: None,
            is_by_network: false,
            life_s: CLIENT_LIFE_S,
        };
        let (token, life_s) = self.issue(&grant, client, now)?;
        Ok(Flow::Done(token_reply(&TokenReply {
            access_token: &token,
            token_type: "Bearer",
            expires_in: life_s,
            scope: mine.name().into(),
            id_token: None,
        })))
    }

    fn issue(&self, grant: &Grant, client: &Authenticated, now: Now) -> Result<Issued, Reason> {
        let Authenticated { client, version } = client;
        Ok(grant.token_for(self.provider.keyring(), client, *version, now)?)
    }

    /// Issues the tokens of a code whose use is stored.
    fn issue_for_code(&self, client: &Authenticated, code: &CodeClaims, now: Now) -> Next {
        let scopes: Vec<_> = code
            .scope
            .split(' ')
            .filter_map(|name| Scope::parse(name).ok())
            .filter(|scope| client.client.allows_scope(*scope))
            .collect();
        let names = scopes.iter().map(|scope| scope.name());
        let scope = core::iter::once("openid").chain(names).collect::<Vec<_>>();
        let scope = scope.join(" ");
        let number = PhoneNumber::parse(&code.number, None).map_err(|_| Reason::GrantRefused)?;
        let grant = Grant {
            scopes,
            number: Some(number),
            is_by_network: true,
            life_s: LONGEST_NUMBER_LIFE_S,
        };
        let (token, life_s) = self.issue(&grant, client, now)?;
        let id_token = id_token::write(&self.provider, &client.client, code, &token, now.ms);
        Ok(Flow::Done(token_reply(&TokenReply {
            access_token: &token,
            token_type: "Bearer",
            expires_in: life_s,
            scope,
            id_token: Some(id_token.ok_or(Reason::HostFailed)?),
        })))
    }
}

impl Contract for Exchange {
    fn next(&mut self, answer: Answer, now: Now) -> Next {
        match core::mem::replace(&mut self.state, State::Over) {
            State::Start(credential) if answer == Answer::Begin => {
                let credential = credential?;
                let key = Client::store_key(self.provider.keyring(), &credential.client);
                let kind = Kind::Document;
                let state = State::LoadingClient(key, credential);
                self.step(state, Step::Load { kind, key })
            }
            State::LoadingClient(store_key, credential) => {
                self.authenticate(&store_key, &credential, loaded(answer)?, now)
            }
            State::UsingAssertion(mut using, client) => match using.next(answer)? {
                Flow::Step(step) => self.step(State::UsingAssertion(using, client), step),
                Flow::Done(()) => self.grant(client, now),
            },
            State::UsingCode(mut using, client, code) => match using.next(answer) {
                Ok(Flow::Step(step)) => self.step(State::UsingCode(using, client, code), step),
                Ok(Flow::Done(())) => self.issue_for_code(&client, &code, now),
                Err(Reason::TokenUsed) => Err(Reason::GrantUsed),
                Err(reason) => Err(reason),
            },
            State::Start(_) | State::Over => Err(Reason::WrongAnswer),
        }
    }

    fn reply(&self, reason: Reason) -> Reply {
        OauthError::of(reason).json(reason)
    }
}

fn token_request(request: &Request<'_>) -> Result<TokenRequest, Reason> {
    match &*required(request, "grant_type", LONGEST_WORD)? {
        "authorization_code" => Ok(TokenRequest::Code {
            code: Zeroizing::new(required(request, "code", LONGEST_TOKEN)?.into_owned()),
            redirect_uri: required(request, "redirect_uri", LONGEST_URI)?.into_owned(),
            verifier: Zeroizing::new(
                required(request, "code_verifier", LONGEST_WORD)?.into_owned(),
            ),
        }),
        "client_credentials" => Ok(TokenRequest::ClientCredentials {
            scope: optional(request, "scope", LONGEST_SCOPE)?.map(Into::into),
        }),
        _ => Err(Reason::UnsupportedGrant),
    }
}

/// The body of RFC 6749 section 5.1, without a refresh token.
#[derive(Serialize)]
struct TokenReply<'a> {
    access_token: &'a str,
    token_type: &'a str,
    expires_in: u64,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
}

fn token_reply(body: &TokenReply<'_>) -> Reply {
    let mut reply = Reply::json(200, body, Reason::TokenIssued);
    reply.headers.push(("Pragma", "no-cache".to_string()));
    reply
}
