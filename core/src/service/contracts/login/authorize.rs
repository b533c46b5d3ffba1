//! The authorization endpoint: a user agent calls it from the device's address
//! and is redirected with an authorization code or an error.
//!
//! A redirect is sent only to a URI that is registered for the client.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::IpAddr;

use super::code::{CodeClaims, LIFE_S, PkceChallenge};
use super::id_token;
use super::oauth_error::{OauthError, page_headers};
use super::parameters::{
    LONGEST_CLIENT, LONGEST_SCOPE, LONGEST_TOKEN, LONGEST_URI, optional, required,
};
use super::provider::Provider;
use crate::number::PhoneNumber;
use crate::service::contract::Contract;
use crate::service::flow::{Flow, Now, loaded};
use crate::service::host::{Answer, Parameter, Reason, Reply, Request, Step};
use crate::service::jose::Token;
use crate::service::tenant::{Client, Scope};
use crate::store::{Kind, StoreKey};

const LONGEST_STATE: usize = 2048;
const LONGEST_NONCE: usize = 512;
const LONGEST_WORD: usize = 128;

/// The exchange of an authorization request.
pub(super) struct Exchange {
    provider: Provider,
    peer: IpAddr,
    /// The redirect URI for errors, once it is known to be the client's.
    error_uri: Option<String>,
    /// The parameter `state`, which the redirect repeats.
    client_state: Option<String>,
    state: State,
}

enum State {
    Start(
        Result<ClientReference, Reason>,
        Result<AuthorizationRequest, Reason>,
    ),
    LoadingClient(
        StoreKey,
        ClientReference,
        Result<AuthorizationRequest, Reason>,
    ),
    Resolving(Client, ClientReference, AuthorizationRequest),
    Over,
}

/// The client of a request and its redirect URI. Until both are checked, errors
/// are not redirected.
struct ClientReference {
    client: String,
    redirect_uri: String,
}

/// The other parameters of an authorization request.
struct AuthorizationRequest {
    scopes: Vec<Scope>,
    challenge: PkceChallenge,
    nonce: Option<String>,
    /// The parameter `id_token_hint`.
    hint: Option<String>,
}

type Next = Result<Flow<Reply>, Reason>;

impl Exchange {
    pub(super) fn new(provider: Provider, request: &Request<'_>) -> Self {
        Self {
            provider,
            peer: request.peer,
            error_uri: None,
            client_state: text(request, "state", LONGEST_STATE).ok().flatten(),
            state: State::Start(client_reference(request), authorization_request(request)),
        }
    }

    fn step(&mut self, state: State, step: Step) -> Next {
        self.state = state;
        Ok(Flow::Step(step))
    }

    /// Checks the client and its redirect URI, then reports errors in the rest of
    /// the request to that URI.
    fn admit(
        &mut self,
        store_key: &StoreKey,
        reference: ClientReference,
        request: Result<AuthorizationRequest, Reason>,
        value: Option<Vec<u8>>,
    ) -> Next {
        let value = value.ok_or(Reason::UnknownCredential)?;
        let client = Client::open(self.provider.keyring(), store_key, &value)?;
        if client.is_revoked() {
            return Err(Reason::Revoked);
        }
        if !client
            .settings()
            .redirect_uris
            .contains(&reference.redirect_uri)
        {
            return Err(Reason::RedirectRefused);
        }
        self.error_uri = Some(reference.redirect_uri.clone());
        let request = request?;
        if !request
            .scopes
            .iter()
            .all(|scope| client.allows_scope(*scope))
        {
            return Err(Reason::ScopeRefused);
        }
        let step = Step::Resolve(self.peer);
        self.step(State::Resolving(client, reference, request), step)
    }

    fn log_in(
        &self,
        client: &Client,
        reference: ClientReference,
        request: AuthorizationRequest,
        answer: Answer,
        now: Now,
    ) -> Next {
        let number = resolved(answer)?;
        if let Some(hint) = request.hint
            && !id_token::is_for(&self.provider, &hint, client, number.as_str())
        {
            return Err(Reason::OtherSubject);
        }
        let scopes: Vec<_> = request.scopes.iter().map(|scope| scope.name()).collect();
        let claims = CodeClaims {
            client: reference.client,
            version: client.key_version(),
            redirect_uri: reference.redirect_uri.clone(),
            challenge: request.challenge,
            nonce: request.nonce,
            number: number.as_str().to_string(),
            scope: scopes.join(" "),
            auth_time: now.ms / 1000,
        };
        let code = Token::new(claims, LIFE_S, now)
            .seal(self.provider.keyring(), now)
            .ok_or(Reason::HostFailed)?;
        let answer = [("code", &*code)];
        Ok(Flow::Done(self.redirect(
            &reference.redirect_uri,
            &answer,
            Reason::LoggedIn,
        )))
    }

    /// Redirects the user agent (RFC 6749 section 4.1.2), with the issuer of RFC
    /// 9207.
    fn redirect(&self, uri: &str, answer: &[(&str, &str)], reason: Reason) -> Reply {
        let separator = if uri.contains('?') { '&' } else { '?' };
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(answer);
        if let Some(state) = &self.client_state {
            query.append_pair("state", state);
        }
        query.append_pair("iss", &self.provider.issuer);
        let mut headers = page_headers();
        let location = alloc::format!("{uri}{separator}{}", query.finish());
        headers.push(("Location", location));
        Reply {
            status: 302,
            headers,
            body: Vec::new(),
            reason,
        }
    }
}

impl Contract for Exchange {
    fn next(&mut self, answer: Answer, now: Now) -> Next {
        match core::mem::replace(&mut self.state, State::Over) {
            State::Start(reference, request) if answer == Answer::Begin => {
                let reference = reference?;
                let key = Client::store_key(self.provider.keyring(), &reference.client);
                let kind = Kind::Document;
                let state = State::LoadingClient(key, reference, request);
                self.step(state, Step::Load { kind, key })
            }
            State::LoadingClient(store_key, reference, request) => {
                self.admit(&store_key, reference, request, loaded(answer)?)
            }
            State::Resolving(client, reference, request) => {
                self.log_in(&client, reference, request, answer, now)
            }
            State::Start(..) | State::Over => Err(Reason::WrongAnswer),
        }
    }

    fn reply(&self, reason: Reason) -> Reply {
        let error = OauthError::of(reason);
        match &self.error_uri {
            Some(uri) => {
                let answer = [
                    ("error", error.error),
                    ("error_description", error.description),
                ];
                self.redirect(uri, &answer, reason)
            }
            None => error.page(reason),
        }
    }
}

fn resolved(answer: Answer) -> Result<PhoneNumber, Reason> {
    match answer {
        Answer::Resolved(Some(number)) => Ok(number),
        Answer::Resolved(None) | Answer::Unsupported => Err(Reason::UnknownDevice),
        Answer::Failed | Answer::Unknown => Err(Reason::HostFailed),
        _ => Err(Reason::WrongAnswer),
    }
}

fn client_reference(request: &Request<'_>) -> Result<ClientReference, Reason> {
    Ok(ClientReference {
        client: required(request, "client_id", LONGEST_CLIENT)?.into_owned(),
        redirect_uri: required(request, "redirect_uri", LONGEST_URI)?.into_owned(),
    })
}

fn authorization_request(request: &Request<'_>) -> Result<AuthorizationRequest, Reason> {
    for (name, reason) in [
        ("request", Reason::RequestObject),
        ("request_uri", Reason::RequestUri),
        ("registration", Reason::Registration),
    ] {
        match request.parameter(name) {
            Parameter::Absent => {}
            // RFC 6749 section 3.1.
            Parameter::Once(value) if value.is_empty() => {}
            Parameter::Once(_) | Parameter::Repeated => return Err(reason),
        }
    }
    text(request, "state", LONGEST_STATE)?;
    if required(request, "response_type", LONGEST_WORD)? != "code" {
        return Err(Reason::UnsupportedResponse);
    }
    if optional(request, "response_mode", LONGEST_WORD)?.is_some_and(|mode| mode != "query") {
        return Err(Reason::InvalidParameter);
    }
    if let Some(prompt) = optional(request, "prompt", LONGEST_WORD)? {
        check_prompt(&prompt)?;
    }
    let scopes = scopes(&required(request, "scope", LONGEST_SCOPE)?)?;
    // Without the parameter the method would be `plain`.
    if required(request, "code_challenge_method", LONGEST_WORD)? != "S256" {
        return Err(Reason::InvalidParameter);
    }
    let challenge = required(request, "code_challenge", LONGEST_WORD)?;
    Ok(AuthorizationRequest {
        scopes,
        challenge: PkceChallenge::parse(&challenge).ok_or(Reason::InvalidParameter)?,
        nonce: text(request, "nonce", LONGEST_NONCE)?,
        hint: optional(request, "id_token_hint", LONGEST_TOKEN)?.map(Into::into),
    })
}

/// A text of printable ASCII that a reply repeats (RFC 6749 appendix A.5).
fn text(request: &Request<'_>, name: &str, longest: usize) -> Result<Option<String>, Reason> {
    match optional(request, name, longest)? {
        Some(value) if !value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) => {
            Err(Reason::InvalidParameter)
        }
        value => Ok(value.map(Into::into)),
    }
}

/// Checks the parameter `prompt` (`OpenID` Connect Core section 3.1.2.1). Only
/// `none` is supported, which is also the behaviour without the parameter.
fn check_prompt(prompt: &str) -> Result<(), Reason> {
    match prompt {
        "none" => Ok(()),
        // `none` must be the only value.
        prompt if prompt.split(' ').any(|word| word == "none") => Err(Reason::InvalidParameter),
        prompt => Err(match prompt.split(' ').next() {
            Some("login") => Reason::LoginAsked,
            Some("consent") => Reason::ConsentAsked,
            Some("select_account") => Reason::AccountChoiceAsked,
            _ => Reason::InvalidParameter,
        }),
    }
}

/// The requested scopes other than `openid`, which is required. Unknown scopes
/// are ignored (section 3.1.2.1). The scope of OTP Validation is refused, because
/// it does not concern a device.
fn scopes(text: &str) -> Result<Vec<Scope>, Reason> {
    let is_openid = text.split(' ').any(|name| name == "openid");
    let mut scopes: Vec<Scope> = Vec::new();
    for scope in text.split(' ').filter_map(|name| Scope::parse(name).ok()) {
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    if is_openid && !scopes.is_empty() && !scopes.contains(&Scope::SendValidate) {
        Ok(scopes)
    } else {
        Err(Reason::ScopeRefused)
    }
}
