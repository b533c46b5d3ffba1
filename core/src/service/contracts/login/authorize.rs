//! The authorization endpoint: a user agent comes from its device's address
//! and goes back with a code, or with the reason why there is none.
//!
//! Nothing is sent to a redirect URI before it is known to be the client's.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::IpAddr;

use super::code::{CodeClaims, LIFE_S, PkceChallenge};
use super::id_token;
use super::parameters::{
    LONGEST_CLIENT, LONGEST_SCOPE, LONGEST_TOKEN, LONGEST_URI, optional, required,
};
use super::provider::Provider;
use super::refusal::{Refusal, page_headers};
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

/// The exchange of a login.
pub(super) struct Exchange {
    provider: Provider,
    peer: IpAddr,
    /// Where a refusal is sent to, once that is the client's.
    back: Option<String>,
    state: Option<String>,
    at: At,
}

enum At {
    Start(Result<AuthorizationRequest, Reason>, Result<Asked, Reason>),
    LoadingClient(StoreKey, AuthorizationRequest, Result<Asked, Reason>),
    Resolving(Client, AuthorizationRequest, Asked),
    Over,
}

/// Who asks.
struct AuthorizationRequest {
    client: String,
    redirect_uri: String,
}

/// What is asked.
struct Asked {
    scopes: Vec<Scope>,
    challenge: PkceChallenge,
    nonce: Option<String>,
    hint: Option<String>,
}

type Next = Result<Flow<Reply>, Reason>;

impl Exchange {
    pub(super) fn new(provider: Provider, request: &Request<'_>) -> Self {
        Self {
            provider,
            peer: request.peer,
            back: None,
            state: text(request, "state", LONGEST_STATE).ok().flatten(),
            at: At::Start(from(request), asked(request)),
        }
    }

    fn step(&mut self, at: At, step: Step) -> Next {
        self.at = at;
        Ok(Flow::Step(step))
    }

    /// Knows the client and where it may be answered, then tells what is
    /// wrong with the rest.
    fn admit(
        &mut self,
        store_key: &StoreKey,
        from: AuthorizationRequest,
        asked: Result<Asked, Reason>,
        value: Option<Vec<u8>>,
    ) -> Next {
        let value = value.ok_or(Reason::UnknownCredential)?;
        let client = Client::open(self.provider.keyring(), store_key, &value)?;
        if client.is_revoked() {
            return Err(Reason::Revoked);
        }
        if !client.settings().redirect_uris.contains(&from.redirect_uri) {
            return Err(Reason::RedirectRefused);
        }
        self.back = Some(from.redirect_uri.clone());
        let asked = asked?;
        if !asked.scopes.iter().all(|scope| client.allows_scope(*scope)) {
            return Err(Reason::ScopeRefused);
        }
        let step = Step::Resolve(self.peer);
        self.step(At::Resolving(client, from, asked), step)
    }

    fn log_in(
        &self,
        client: &Client,
        from: AuthorizationRequest,
        asked: Asked,
        answer: Answer,
        now: Now,
    ) -> Next {
        let number = resolved(answer)?;
        if let Some(hint) = asked.hint
            && !id_token::is_for(&self.provider, &hint, client, number.as_str())
        {
            return Err(Reason::OtherSubject);
        }
        let scopes: Vec<_> = asked.scopes.iter().map(|scope| scope.name()).collect();
        let claims = CodeClaims {
            client: from.client,
            version: client.key_version(),
            redirect_uri: from.redirect_uri.clone(),
            challenge: asked.challenge,
            nonce: asked.nonce,
            number: number.as_str().to_string(),
            scope: scopes.join(" "),
            auth_time: now.ms / 1000,
        };
        let code = Token::new(claims, LIFE_S, now)
            .seal(self.provider.keyring(), now)
            .ok_or(Reason::HostFailed)?;
        let answer = [("code", &*code)];
        Ok(Flow::Done(self.send_back(
            &from.redirect_uri,
            &answer,
            Reason::LoggedIn,
        )))
    }

    /// RFC 6749 section 4.1.2, with the issuer of RFC 9207.
    fn send_back(&self, uri: &str, answer: &[(&str, &str)], reason: Reason) -> Reply {
        let separator = if uri.contains('?') { '&' } else { '?' };
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(answer);
        if let Some(state) = &self.state {
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
        match core::mem::replace(&mut self.at, At::Over) {
            At::Start(from, asked) if answer == Answer::Begin => {
                let from = from?;
                let key = Client::store_key(self.provider.keyring(), &from.client);
                let kind = Kind::Tenant;
                let at = At::LoadingClient(key, from, asked);
                self.step(at, Step::Load { kind, key })
            }
            At::LoadingClient(store_key, from, asked) => {
                self.admit(&store_key, from, asked, loaded(answer)?)
            }
            At::Resolving(client, from, asked) => self.log_in(&client, from, asked, answer, now),
            At::Start(..) | At::Over => Err(Reason::WrongAnswer),
        }
    }

    fn reply(&self, reason: Reason) -> Reply {
        let refusal = Refusal::of(reason);
        match &self.back {
            Some(uri) => {
                let answer = [
                    ("error", refusal.error),
                    ("error_description", refusal.description),
                ];
                self.send_back(uri, &answer, reason)
            }
            None => refusal.page(reason),
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

fn from(request: &Request<'_>) -> Result<AuthorizationRequest, Reason> {
    Ok(AuthorizationRequest {
        client: required(request, "client_id", LONGEST_CLIENT)?.into_owned(),
        redirect_uri: required(request, "redirect_uri", LONGEST_URI)?.into_owned(),
    })
}

fn asked(request: &Request<'_>) -> Result<Asked, Reason> {
    for (name, reason) in [
        ("request", Reason::RequestObject),
        ("request_uri", Reason::RequestUri),
        ("registration", Reason::Registration),
    ] {
        if !matches!(request.parameter(name), Parameter::Absent) {
            return Err(reason);
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
    // The method of a challenge that names none is `plain`.
    if required(request, "code_challenge_method", LONGEST_WORD)? != "S256" {
        return Err(Reason::InvalidParameter);
    }
    let challenge = required(request, "code_challenge", LONGEST_WORD)?;
    Ok(Asked {
        scopes,
        challenge: PkceChallenge::parse(&challenge).ok_or(Reason::InvalidParameter)?,
        nonce: text(request, "nonce", LONGEST_NONCE)?,
        hint: optional(request, "id_token_hint", LONGEST_TOKEN)?.map(Into::into),
    })
}

/// A text of printable ASCII that is given back (RFC 6749 appendix A.5).
fn text(request: &Request<'_>, name: &str, longest: usize) -> Result<Option<String>, Reason> {
    match optional(request, name, longest)? {
        Some(value) if !value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) => {
            Err(Reason::InvalidParameter)
        }
        value => Ok(value.map(Into::into)),
    }
}

/// `OpenID` Connect Core section 3.1.2.1: `none` is what is always done.
fn check_prompt(prompt: &str) -> Result<(), Reason> {
    match prompt {
        "none" => Ok(()),
        // `none` with others contradicts itself.
        prompt if prompt.split(' ').any(|word| word == "none") => Err(Reason::InvalidParameter),
        prompt => Err(match prompt.split(' ').next() {
            Some("login") => Reason::LoginAsked,
            Some("consent") => Reason::ConsentAsked,
            Some("select_account") => Reason::AccountChoiceAsked,
            _ => Reason::InvalidParameter,
        }),
    }
}

/// The scopes of ours beside `openid`; others are passed over (section
/// 3.1.2.1). One that no device is asked about is refused.
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
