//! The token endpoint: exchanges an authorization code, or only the client's
//! credential, for tokens.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::IpAddr;

use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use super::client_auth::{ASSERTION_USE, AssertionUse, Checked, Credential, HostCheck};
use super::code::{CODE_USE, CodeClaims, PkceVerifier};
use super::host_keys::{is_genuine, signature, signing_keys};
use super::id_token::IdClaims;
use super::oauth_error::OauthError;
use super::parameters::{Fault, LONGEST_SCOPE, LONGEST_TOKEN, LONGEST_URI, optional, required};
use super::provider::Provider;
use crate::challenge::Once;
use crate::number::PhoneNumber;
use crate::service::contract::Contract;
use crate::service::contracts::camara::grant::{Grant, Issued, LONGEST_NUMBER_LIFE_S};
use crate::service::flow::{Flow, Now, UseFlow, loaded};
use crate::service::host::{
    Answer, Reason, Reply, Request, RsaPublicKey, SignatureAlgorithm, Step,
};
use crate::service::jose::Token;
use crate::service::jose::jws::Unsigned;
use crate::service::settings::Group;
use crate::service::tenant::{Client, KeyVersion, Scope};
use crate::store::{Kind, StoreKey};

/// The lifetime of a token without a number, in seconds.
const CLIENT_LIFE_S: u64 = 3600;
const LONGEST_WORD: usize = 128;
const VERIFIER: &str = "code_verifier";

/// The exchange of a token request.
pub(super) struct Exchange {
    provider: Provider,
    peer: IpAddr,
    /// The parsed request. An error in it is reported only to an authenticated
    /// client.
    request: Result<TokenRequest, Fault>,
    /// The parameter at fault, once the request is refused for one.
    parameter: Option<&'static str>,
    /// The name of the authenticated tenant.
    tenant: Option<String>,
    state: State,
}

enum State {
    Start(Result<Credential, Fault>),
    LoadingClient(StoreKey, Credential),
    CheckingSignature(HostCheck, Authenticated),
    UsingAssertion(UseFlow, Authenticated),
    /// Finding the key that signs the ID token, before the code is used.
    ListingKeys(Authenticated, Box<Token<CodeClaims>>),
    UsingCode(UseFlow, Authenticated, Box<CodeClaims>, IdTokenKey),
    Signing(Unsigned, TokenReply),
    Over,
}

/// What signs an ID token.
enum IdTokenKey {
    /// The newest key of the engine.
    Engine,
    /// A key of the host.
    Host(RsaPublicKey),
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
        verifier: PkceVerifier,
    },
    ClientCredentials {
        scope: Option<String>,
    },
}

type Next = Result<Flow<Reply>, Fault>;

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
            parameter: None,
            tenant: None,
            state: State::Start(credential(&request)),
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
        match credential.check(&self.provider, &client, now)? {
            Checked::Valid(version, assertion) => {
                let client = Authenticated { client, version };
                self.admit(client, assertion, now)
            }
            Checked::ByHost(mut check) => {
                let (step, version) = check.next()?;
                let client = Authenticated { client, version };
                self.step(State::CheckingSignature(check, client), step)
            }
        }
    }

    /// Admits an authenticated client, after the use of its assertion is stored.
    fn admit(&mut self, client: Authenticated, assertion: Option<AssertionUse>, now: Now) -> Next {
        self.tenant = Some(client.client.settings().name.clone());
        if client.client.is_revoked() {
            return Err(Reason::Revoked.into());
        }
        if !client.client.allows_address(self.peer) {
            return Err(Reason::AddressNotAllowed.into());
        }
        let name = &client.client.settings().name;
        let cut_offs = &self.provider.context.cut_offs;
        cut_offs.check_tenant(Group::Client, name, now.ms)?;
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
        let taken = Err(Reason::WrongAnswer.into());
        match core::mem::replace(&mut self.request, taken)? {
            TokenRequest::ClientCredentials { scope } => self.issue_to_client(&client, scope, now),
            TokenRequest::Code {
                code,
                redirect_uri,
                verifier,
            } => {
                let token = Token::<CodeClaims>::open(self.provider.keyring(), &code, now)
                    .map_err(|_| Reason::GrantRefused)?;
                let claims = &token.claims;
                let version = client.client.valid_version(claims.version, now.ms);
                if claims.client != client.client.settings().name
                    || version.is_none()
                    || claims.redirect_uri != redirect_uri
                    || !claims.challenge.is_of(&verifier)
                {
                    return Err(Reason::GrantRefused.into());
                }
                let token = Box::new(token);
                match client.client.settings().id_token_alg {
                    SignatureAlgorithm::Es256 => {
                        self.use_code(client, *token, IdTokenKey::Engine, now)
                    }
                    SignatureAlgorithm::Rs256 => {
                        self.step(State::ListingKeys(client, token), Step::SigningKeys)
                    }
                }
            }
        }
    }

    /// Stores the use of a code.
    fn use_code(
        &mut self,
        client: Authenticated,
        token: Token<CodeClaims>,
        key: IdTokenKey,
        now: Now,
    ) -> Next {
        let once = Once::new(self.provider.keyring(), CODE_USE, token.jti.as_bytes());
        let good_until_ms = token.exp.saturating_mul(1000);
        let (using, step) = UseFlow::begin(&once, Some(good_until_ms), now)?;
        let claims = Box::new(token.claims);
        self.step(State::UsingCode(using, client, claims, key), step)
    }

    /// Issues a token to a client for itself.
    fn issue_to_client(&self, client: &Authenticated, scope: Option<String>, now: Now) -> Next {
        let mine = Scope::SendValidate;
        let is_asked = scope.is_none_or(|scope| scope == mine.name());
        if !is_asked || !client.client.allows_scope(mine) {
            return Err(Reason::ScopeRefused.into());
        }
        let grant = Grant {
            scopes: alloc::vec![mine],
            number: None,
            is_by_network: false,
            life_s: CLIENT_LIFE_S,
        };
        let (token, life_s) = self.issue(&grant, client, now)?;
        Ok(Flow::Done(token_reply(&TokenReply {
            access_token: token,
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
    fn issue_for_code(
        &mut self,
        client: &Authenticated,
        code: &CodeClaims,
        key: IdTokenKey,
        now: Now,
    ) -> Next {
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
        let claims = IdClaims::of(&self.provider, &client.client, code, &token, now.ms);
        let mut reply = TokenReply {
            id_token: None,
            access_token: token,
            token_type: "Bearer",
            expires_in: life_s,
            scope,
        };
        match key {
            IdTokenKey::Engine => {
                let id_token = claims.sign(self.provider.keyring());
                reply.id_token = Some(id_token.ok_or(Reason::HostFailed)?);
                Ok(Flow::Done(token_reply(&reply)))
            }
            IdTokenKey::Host(key) => {
                let unsigned = claims.unsigned(&key).ok_or(Reason::HostFailed)?;
                let step = Step::Sign(unsigned.to_sign(key));
                self.step(State::Signing(unsigned, reply), step)
            }
        }
    }

    fn advance(&mut self, answer: Answer, now: Now) -> Next {
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
            State::CheckingSignature(mut check, mut client) => match is_genuine(&answer)? {
                true => self.admit(client, Some(check.assertion), now),
                false => {
                    let (step, version) = check.next()?;
                    client.version = version;
                    self.step(State::CheckingSignature(check, client), step)
                }
            },
            State::UsingAssertion(mut using, client) => match using.next(answer)? {
                Flow::Step(step) => self.step(State::UsingAssertion(using, client), step),
                Flow::Done(()) => self.grant(client, now),
            },
            State::ListingKeys(client, token) => {
                let first = signing_keys(answer)?.into_iter().next();
                let key = IdTokenKey::Host(first.ok_or(Reason::NoSigningKey)?);
                self.use_code(client, *token, key, now)
            }
            State::UsingCode(mut using, client, code, key) => match using.next(answer) {
                Ok(Flow::Step(step)) => self.step(State::UsingCode(using, client, code, key), step),
                Ok(Flow::Done(())) => self.issue_for_code(&client, &code, key, now),
                Err(Reason::TokenUsed) => Err(Reason::GrantUsed.into()),
                Err(reason) => Err(reason.into()),
            },
            State::Signing(unsigned, mut reply) => {
                reply.id_token = Some(unsigned.signed(&signature(answer)?));
                Ok(Flow::Done(token_reply(&reply)))
            }
            State::Start(_) | State::Over => Err(Reason::WrongAnswer.into()),
        }
    }
}

/// The credential of a request. A body that is not a form has none, and no other
/// parameter either.
fn credential(request: &Request<'_>) -> Result<Credential, Fault> {
    match request.has_form_or_no_body() {
        true => Credential::of(request),
        false => Err(Reason::InvalidBody.into()),
    }
}

impl Contract for Exchange {
    fn next(&mut self, answer: Answer, now: Now) -> Result<Flow<Reply>, Reason> {
        self.advance(answer, now).map_err(|fault| {
            self.parameter = fault.parameter;
            fault.reason
        })
    }

    fn reply(&self, reason: Reason) -> Reply {
        let parameter = self.parameter;
        OauthError::of(Fault { reason, parameter }).json(reason)
    }

    fn tenant(&self) -> Option<&str> {
        self.tenant.as_deref()
    }
}

fn token_request(request: &Request<'_>) -> Result<TokenRequest, Fault> {
    match &*required(request, "grant_type", LONGEST_WORD)? {
        "authorization_code" => Ok(TokenRequest::Code {
            code: Zeroizing::new(required(request, "code", LONGEST_TOKEN)?.into_owned()),
            redirect_uri: required(request, "redirect_uri", LONGEST_URI)?.into_owned(),
            verifier: PkceVerifier::parse(&required(request, VERIFIER, LONGEST_WORD)?)
                .ok_or(Fault::invalid(VERIFIER))?,
        }),
        "client_credentials" => Ok(TokenRequest::ClientCredentials {
            scope: optional(request, "scope", LONGEST_SCOPE)?.map(Into::into),
        }),
        _ => Err(Reason::UnsupportedGrant.into()),
    }
}

/// The body of RFC 6749 section 5.1, without a refresh token.
#[derive(Serialize)]
struct TokenReply {
    #[serde(serialize_with = "exposed")]
    access_token: Zeroizing<String>,
    token_type: &'static str,
    expires_in: u64,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
}

fn exposed<S: Serializer>(text: &Zeroizing<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

fn token_reply(body: &TokenReply) -> Reply {
    let mut reply = Reply::json(200, body, Reason::TokenIssued);
    reply.headers.push(("Pragma", "no-cache".to_string()));
    reply
}
