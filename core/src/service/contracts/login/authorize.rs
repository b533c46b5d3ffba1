//! The authorization endpoint: a user agent calls it from the device's address
//! and is redirected with an authorization code or an error.
//!
//! A redirect is sent only to a URI that is registered for the client.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::IpAddr;

use super::code::{CodeClaims, LIFE_S, PkceChallenge};
use super::host_keys::{is_genuine, signing_keys};
use super::id_token::Hint;
use super::oauth_error::{OauthError, page_headers};
use super::parameters::{
    Fault, LONGEST_CLIENT, LONGEST_SCOPE, LONGEST_TOKEN, LONGEST_URI, optional, required,
};
use super::provider::Provider;
use crate::number::PhoneNumber;
use crate::service::contract::Contract;
use crate::service::flow::{Flow, Now, loaded};
use crate::service::host::{
    Answer, Parameter, Reason, Reply, Request, RsaPublicKey, SignatureAlgorithm, Step,
};
use crate::service::jose::Token;
use crate::service::settings::Group;
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
    /// The parameter at fault, once the request is refused for one.
    parameter: Option<&'static str>,
    state: State,
}

enum State {
    Start(
        Result<ClientReference, Fault>,
        Result<AuthorizationRequest, Fault>,
    ),
    LoadingClient(
        StoreKey,
        ClientReference,
        Result<AuthorizationRequest, Fault>,
    ),
    Resolving(Client, ClientReference, AuthorizationRequest),
    /// Listing the host's keys, for a client with RS256: the host must have one
    /// that signs, and one of them may have signed the hint.
    ListingKeys(Login, Option<Hint>),
    CheckingHint(Login),
    Over,
}

/// A request of a device whose number is known.
struct Login {
    client: Client,
    reference: ClientReference,
    request: AuthorizationRequest,
    number: PhoneNumber,
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

type Next = Result<Flow<Reply>, Fault>;

impl Exchange {
    pub(super) fn new(provider: Provider, request: &Request<'_>) -> Self {
        Self {
            provider,
            peer: request.peer,
            error_uri: None,
            parameter: None,
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
        request: Result<AuthorizationRequest, Fault>,
        value: Option<Vec<u8>>,
        now: Now,
    ) -> Next {
        let value = value.ok_or(Reason::UnknownCredential)?;
        let client = Client::open(self.provider.keyring(), store_key, &value)?;
        if client.is_revoked() {
            return Err(Reason::Revoked.into());
        }
        if !client
            .settings()
            .redirect_uris
            .contains(&reference.redirect_uri)
        {
            return Err(Reason::RedirectRefused.into());
        }
        self.error_uri = Some(reference.redirect_uri.clone());
        let cut_offs = &self.provider.context.cut_offs;
        cut_offs.check_tenant(Group::Client, &reference.client, now.ms)?;
        let request = request?;
        if !request
            .scopes
            .iter()
            .all(|scope| client.allows_scope(*scope))
        {
            return Err(Reason::ScopeRefused.into());
        }
        let step = Step::Resolve(self.peer);
        self.step(State::Resolving(client, reference, request), step)
    }

    /// Checks the hint, if there is one, for the device whose number is known.
    fn check_hint(&mut self, login: Login, now: Now) -> Next {
        let Login { client, number, .. } = &login;
        let hint = match &login.request.hint {
            None => None,
            Some(hint) => Some(
                Hint::parse(hint)
                    .filter(|hint| hint.is_for(&self.provider, client, number.as_str()))
                    .ok_or(Reason::OtherSubject)?,
            ),
        };
        if client.settings().id_token_alg == SignatureAlgorithm::Rs256 {
            return self.step(State::ListingKeys(login, hint), Step::SigningKeys);
        }
        match hint.is_none_or(|hint| hint.is_signed_by_engine(self.provider.keyring())) {
            true => self.log_in(login, now),
            false => Err(Reason::OtherSubject.into()),
        }
    }

    /// Goes on with the host's keys, one of which will sign the ID token.
    fn check_keys(
        &mut self,
        login: Login,
        hint: Option<Hint>,
        keys: Vec<RsaPublicKey>,
        now: Now,
    ) -> Next {
        // Its code could never be redeemed.
        if keys.is_empty() {
            return Err(Reason::NoSigningKey.into());
        }
        let Some(hint) = hint else {
            return self.log_in(login, now);
        };
        let check = hint.to_check(keys).ok_or(Reason::OtherSubject)?;
        self.step(State::CheckingHint(login), Step::CheckSignature(check))
    }

    /// Redirects the user agent with a code.
    fn log_in(&self, login: Login, now: Now) -> Next {
        let Login {
            client,
            reference,
            request,
            number,
        } = login;
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
            tenant: None,
            calling_code: None,
        }
    }
}

impl Exchange {
    fn advance(&mut self, answer: Answer, now: Now) -> Next {
        match core::mem::replace(&mut self.state, State::Over) {
            State::Start(reference, request) if answer == Answer::Begin => {
                let reference = reference?;
                let key = Client::store_key(self.provider.keyring(), &reference.client);
                let kind = Kind::Document;
                let state = State::LoadingClient(key, reference, request);
                self.step(state, Step::Load { kind, key })
            }
            State::LoadingClient(store_key, reference, request) => {
                self.admit(&store_key, reference, request, loaded(answer)?, now)
            }
            State::Resolving(client, reference, request) => {
                let number = resolved(answer)?;
                let login = Login {
                    client,
                    reference,
                    request,
                    number,
                };
                self.check_hint(login, now)
            }
            State::ListingKeys(login, hint) => {
                self.check_keys(login, hint, signing_keys(answer)?, now)
            }
            State::CheckingHint(login) => match is_genuine(&answer)? {
                true => self.log_in(login, now),
                false => Err(Reason::OtherSubject.into()),
            },
            State::Start(..) | State::Over => Err(Reason::WrongAnswer.into()),
        }
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
        let error = OauthError::of(Fault { reason, parameter });
        match &self.error_uri {
            Some(uri) => {
                let answer = [
                    ("error", error.error),
                    ("error_description", &*error.description),
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

fn client_reference(request: &Request<'_>) -> Result<ClientReference, Fault> {
    Ok(ClientReference {
        client: required(request, "client_id", LONGEST_CLIENT)?.into_owned(),
        redirect_uri: required(request, "redirect_uri", LONGEST_URI)?.into_owned(),
    })
}

fn authorization_request(request: &Request<'_>) -> Result<AuthorizationRequest, Fault> {
    for (name, reason) in [
        ("request", Reason::RequestObject),
        ("request_uri", Reason::RequestUri),
        ("registration", Reason::Registration),
    ] {
        match request.parameter(name) {
            Parameter::Absent => {}
            // RFC 6749 section 3.1.
            Parameter::Once(value) if value.is_empty() => {}
            Parameter::Once(_) | Parameter::Repeated => return Err(reason.into()),
        }
    }
    text(request, "state", LONGEST_STATE)?;
    if required(request, "response_type", LONGEST_WORD)? != "code" {
        return Err(Reason::UnsupportedResponse.into());
    }
    if optional(request, "response_mode", LONGEST_WORD)?.is_some_and(|mode| mode != "query") {
        return Err(Fault::invalid("response_mode"));
    }
    if let Some(prompt) = optional(request, "prompt", LONGEST_WORD)? {
        check_prompt(&prompt)?;
    }
    let scopes = scopes(&required(request, "scope", LONGEST_SCOPE)?)?;
    let challenge = required(request, "code_challenge", LONGEST_WORD)?;
    let challenge = PkceChallenge::parse(&challenge).ok_or(Fault::invalid("code_challenge"))?;
    // Without the parameter the method would be `plain`.
    if required(request, "code_challenge_method", LONGEST_WORD)? != "S256" {
        return Err(Fault::invalid("code_challenge_method"));
    }
    Ok(AuthorizationRequest {
        scopes,
        challenge,
        nonce: text(request, "nonce", LONGEST_NONCE)?,
        hint: optional(request, "id_token_hint", LONGEST_TOKEN)?.map(Into::into),
    })
}

/// A text of printable ASCII that a reply repeats (RFC 6749 appendix A.5).
fn text(
    request: &Request<'_>,
    name: &'static str,
    longest: usize,
) -> Result<Option<String>, Fault> {
    match optional(request, name, longest)? {
        Some(value) if !value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) => {
            Err(Fault::invalid(name))
        }
        value => Ok(value.map(Into::into)),
    }
}

/// Checks the parameter `prompt` (`OpenID` Connect Core section 3.1.2.1). Only
/// `none` is supported, which is also the behaviour without the parameter.
fn check_prompt(prompt: &str) -> Result<(), Fault> {
    match prompt {
        "none" => Ok(()),
        // `none` must be the only value.
        prompt if prompt.split(' ').any(|word| word == "none") => Err(Fault::invalid("prompt")),
        prompt => Err(match prompt.split(' ').next() {
            Some("login") => Reason::LoginAsked.into(),
            Some("consent") => Reason::ConsentAsked.into(),
            Some("select_account") => Reason::AccountChoiceAsked.into(),
            _ => Fault::invalid("prompt"),
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
