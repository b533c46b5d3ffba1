//! The token endpoint: a code, or a client's own credential, for tokens.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::IpAddr;

use serde::Serialize;
use zeroize::Zeroizing;

use super::client_auth::{ASSERTION_USE, Credential};
use super::code::{CODE_USE, CodeClaims};
use super::id_token;
use super::parameters::{LONGEST_SCOPE, LONGEST_TOKEN, LONGEST_URI, optional, required};
use super::provider::Provider;
use super::refusal::Refusal;
use crate::challenge::Once;
use crate::number::PhoneNumber;
use crate::service::contract::Contract;
use crate::service::contracts::camara::grant::{Grant, LONGEST_NUMBER_LIFE_S};
use crate::service::flow::{Flow, Now, UseFlow, loaded, take_once};
use crate::service::host::{Answer, Reason, Reply, Request, Step};
use crate::service::jose::Token;
use crate::service::tenant::{Client, Scope};
use crate::store::{Kind, StoreKey};

/// The life of a token without a number, in seconds.
const CLIENT_LIFE_S: u64 = 3600;
const LONGEST_WORD: usize = 128;

/// The exchange of a token.
pub(super) struct Exchange {
    provider: Provider,
    peer: IpAddr,
    asked: Result<Asked, Reason>,
    at: At,
}

enum At {
    Start(Result<Credential, Reason>),
    LoadingClient(StoreKey, Credential),
    UsingAssertion(UseFlow, Client),
    UsingCode(UseFlow, Client, Box<CodeClaims>),
    Over,
}

/// What is asked for, and by what right.
enum Asked {
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
        // RFC 6749 section 2.3.1: nothing of it stands in the URI, which is
        // logged and remembered.
        let request = Request {
            query: "",
            ..*request
        };
        Self {
            provider,
            peer: request.peer,
            asked: asked(&request),
            at: At::Start(Credential::of(&request)),
        }
    }

    fn step(&mut self, at: At, step: Step) -> Next {
        self.at = at;
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
        let assertion = credential.check(&self.provider, &client, now)?;
        if client.is_revoked() {
            return Err(Reason::Revoked);
        }
        if !client.allows_address(self.peer) {
            return Err(Reason::AddressNotAllowed);
        }
        let Some(assertion) = assertion else {
            return self.grant(client, now);
        };
        let name = assertion.name.as_bytes();
        let once = Once::new(self.provider.keyring(), ASSERTION_USE, name);
        let (using, step) = UseFlow::begin(&once, assertion.expires_at_ms, now)?;
        self.step(At::UsingAssertion(using, client), step)
    }

    /// What an authenticated client is given.
    fn grant(&mut self, client: Client, now: Now) -> Next {
        match take_once(&mut self.asked)? {
            Asked::ClientCredentials { scope } => self.give_to_client(&client, scope, now),
            Asked::Code {
                code,
                redirect_uri,
                verifier,
            } => {
                let token = Token::<CodeClaims>::open(self.provider.keyring(), &code, now.ms)
                    .map_err(|_| Reason::GrantRefused)?;
                let claims = token.claims;
                if claims.client != client.settings().name
                    || claims.version != client.key_version()
                    || claims.redirect_uri != redirect_uri
                    || !claims.challenge.is_of(&verifier)
                {
                    return Err(Reason::GrantRefused);
                }
                let once = Once::new(self.provider.keyring(), CODE_USE, token.jti.as_bytes());
                let good_until_ms = token.exp.saturating_mul(1000);
                let (using, step) = UseFlow::begin(&once, good_until_ms, now)?;
                self.step(At::UsingCode(using, client, Box::new(claims)), step)
            }
        }
    }

    fn give_to_client(&self, client: &Client, scope: Option<String>, now: Now) -> Next {
        let mine = Scope::SendValidate;
        let is_asked = scope.is_none_or(|scope| scope == mine.name());
        if !is_asked || !client.allows_scope(mine) {
            return Err(Reason::ScopeRefused);
        }
        let grant = Grant {
            scopes: alloc::vec![mine],
            number: None,
            is_by_network: false,
            life_s: CLIENT_LIFE_S,
        };
        let token = grant.token(self.provider.keyring(), client, now.ms, &now.entropy)?;
        Ok(Flow::Done(given_reply(&Given {
            access_token: &token,
            token_type: "Bearer",
            expires_in: CLIENT_LIFE_S,
            scope: mine.name().into(),
            id_token: None,
        })))
    }

    /// The tokens of a code, which is used by now.
    fn give_for_code(&self, client: &Client, code: &CodeClaims, now: Now) -> Next {
        let scopes: Vec<_> = code
            .scope
            .split(' ')
            .filter_map(|name| Scope::parse(name).ok())
            .filter(|scope| client.allows_scope(*scope))
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
        let token = grant.token(self.provider.keyring(), client, now.ms, &now.entropy)?;
        let id_token = id_token::write(&self.provider, client, code, &token, now.ms);
        Ok(Flow::Done(given_reply(&Given {
            access_token: &token,
            token_type: "Bearer",
            expires_in: LONGEST_NUMBER_LIFE_S,
            scope,
            id_token: Some(id_token.ok_or(Reason::HostFailed)?),
        })))
    }
}

impl Contract for Exchange {
    fn next(&mut self, answer: Answer, now: Now) -> Next {
        match core::mem::replace(&mut self.at, At::Over) {
            At::Start(credential) if answer == Answer::Begin => {
                let credential = credential?;
                let key = Client::store_key(self.provider.keyring(), &credential.client);
                let kind = Kind::Tenant;
                let at = At::LoadingClient(key, credential);
                self.step(at, Step::Load { kind, key })
            }
            At::LoadingClient(store_key, credential) => {
                self.authenticate(&store_key, &credential, loaded(answer)?, now)
            }
            At::UsingAssertion(mut using, client) => match using.next(answer)? {
                Flow::Step(step) => self.step(At::UsingAssertion(using, client), step),
                Flow::Done(()) => self.grant(client, now),
            },
            At::UsingCode(mut using, client, code) => match using.next(answer) {
                Ok(Flow::Step(step)) => self.step(At::UsingCode(using, client, code), step),
                Ok(Flow::Done(())) => self.give_for_code(&client, &code, now),
                Err(Reason::TokenUsed) => Err(Reason::GrantUsed),
                Err(reason) => Err(reason),
            },
            At::Start(_) | At::Over => Err(Reason::WrongAnswer),
        }
    }

    fn reply(&self, reason: Reason) -> Reply {
        Refusal::of(reason).json(reason)
    }
}

fn asked(request: &Request<'_>) -> Result<Asked, Reason> {
    match &*required(request, "grant_type", LONGEST_WORD)? {
        "authorization_code" => Ok(Asked::Code {
            code: Zeroizing::new(required(request, "code", LONGEST_TOKEN)?.into_owned()),
            redirect_uri: required(request, "redirect_uri", LONGEST_URI)?.into_owned(),
            verifier: Zeroizing::new(
                required(request, "code_verifier", LONGEST_WORD)?.into_owned(),
            ),
        }),
        "client_credentials" => Ok(Asked::ClientCredentials {
            scope: optional(request, "scope", LONGEST_SCOPE)?.map(Into::into),
        }),
        _ => Err(Reason::UnsupportedGrant),
    }
}

/// RFC 6749 section 5.1; never with a refresh token.
#[derive(Serialize)]
struct Given<'a> {
    access_token: &'a str,
    token_type: &'a str,
    expires_in: u64,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
}

fn given_reply(given: &Given<'_>) -> Reply {
    let mut reply = Reply::json(200, given, Reason::TokenIssued);
    reply.headers.push(("Pragma", "no-cache".to_string()));
    reply
}
