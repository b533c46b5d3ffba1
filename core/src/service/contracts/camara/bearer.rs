//! Authentication of a CAMARA call by its bearer token (RFC 6750), issued by the
//! engine or by the host.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::IpAddr;

use zeroize::Zeroizing;

use super::grant::{AccessClaims, BY_NETWORK};
use crate::challenge::{Keyring, Once};
use crate::labels;
use crate::number::PhoneNumber;
use crate::service::contract::Context;
use crate::service::flow::{Flow, Now, UseFlow, loaded};
use crate::service::host::{Answer, Introspect, Introspection, Reason, Request, Step, TokenUse};
use crate::service::jose::{OpenError, Token};
use crate::service::settings::Group;
use crate::service::tenant::{Client, Scope};
use crate::store::{Kind, StoreKey};

/// The longest token that is accepted, in bytes.
const LONGEST_TOKEN: usize = 8192;
/// How long a token of the host is taken to live if the host does not give the
/// time at which it was issued, in milliseconds.
const LONGEST_HOST_TOKEN_MS: u64 = 24 * 3_600_000;
/// The labels under which the use of a token is recorded: a token of the engine
/// by its `jti`, a token of the host by its `jti` or, without one, its text.
const OWN_TOKEN: &str = labels::OWN_TOKEN_USE.text();
const HOST_TOKEN: &str = labels::HOST_TOKEN_USE.text();

/// An authenticated caller.
pub(super) struct Caller {
    /// The client, if the store has it. The host may issue tokens to clients that
    /// the store does not have.
    pub(super) client: Option<Client>,
    /// The client's store key, whether or not the store has the client.
    pub(super) store_key: StoreKey,
    scopes: Vec<Scope>,
    /// The number of the device that the token was issued for.
    pub(super) number: Option<PhoneNumber>,
    /// Whether the mobile network or the SIM authenticated the device.
    pub(super) is_by_network: bool,
    /// Identifies the token among those with the same `token_kind`.
    token_id: Zeroizing<String>,
    token_kind: &'static str,
    /// `None` if the host does not state it.
    expires_at_ms: Option<u64>,
}

impl Caller {
    /// Checks that the token has a scope.
    pub(super) fn check_scope(&self, scope: Scope) -> Result<(), Reason> {
        if self.scopes.contains(&scope) {
            Ok(())
        } else {
            Err(Reason::MissingScope)
        }
    }

    /// The name of its client, if the store has it.
    pub(super) fn tenant(&self) -> Option<String> {
        let client = self.client.as_ref();
        client.map(|client| client.settings().name.clone())
    }

    /// Begins to record the use of the token; `None` if the settings allow a
    /// token to be used more than once. Fails if the token has expired since it
    /// was read.
    pub(super) fn use_token(
        &self,
        context: &Context,
        now: Now,
    ) -> Result<Option<(UseFlow, Step)>, Reason> {
        if is_over(self.expires_at_ms, now) {
            return Err(Reason::InvalidToken);
        }
        if context.settings.token_use == TokenUse::WithinLife {
            return Ok(None);
        }
        let id = self.token_id.as_bytes();
        let once = Once::new(&context.keyring, self.token_kind, id);
        UseFlow::begin(&once, self.expires_at_ms, now).map(Some)
    }
}

/// The flow from a request's `Authorization` header to its caller.
pub(super) struct BearerFlow {
    context: Context,
    peer: IpAddr,
    state: State,
}

enum State {
    Start(Option<Zeroizing<String>>),
    LoadingForOwnToken(StoreKey, Token<AccessClaims>),
    Introspecting(Zeroizing<String>),
    LoadingForHostToken(StoreKey, Introspection, Zeroizing<String>),
    Over,
}

type Next = Result<Flow<Caller>, Reason>;

impl BearerFlow {
    pub(super) fn new(context: &Context, request: &Request<'_>) -> Self {
        Self {
            context: context.clone(),
            peer: request.peer,
            state: State::Start(token(request)),
        }
    }

    pub(super) fn next(&mut self, answer: Answer, now: Now) -> Next {
        match core::mem::replace(&mut self.state, State::Over) {
            State::Start(token) if answer == Answer::Begin => self.read(token, now),
            State::LoadingForOwnToken(store_key, token) => {
                self.own_token(&store_key, &token, loaded(answer)?, now)
            }
            State::Introspecting(token) => self.introspected(token, answer, now),
            State::LoadingForHostToken(store_key, introspection, token) => {
                self.host_token(&store_key, introspection, token, loaded(answer)?, now)
            }
            State::Start(_) | State::Over => Err(Reason::WrongAnswer),
        }
    }

    fn step(&mut self, state: State, step: Step) -> Next {
        self.state = state;
        Ok(Flow::Step(step))
    }

    fn keyring(&self) -> &Keyring {
        &self.context.keyring
    }

    fn read(&mut self, token: Option<Zeroizing<String>>, now: Now) -> Next {
        let text = token.ok_or(Reason::InvalidToken)?;
        match Token::<AccessClaims>::open(self.keyring(), &text, now) {
            Ok(token) => {
                let key = Client::store_key(self.keyring(), &token.claims.client);
                let kind = Kind::Document;
                self.step(
                    State::LoadingForOwnToken(key, token),
                    Step::Load { kind, key },
                )
            }
            Err(OpenError::Expired) => Err(Reason::InvalidToken),
            Err(OpenError::Invalid) => {
                let token = text.clone();
                let step = Step::Introspect(Introspect { token });
                self.step(State::Introspecting(text), step)
            }
        }
    }

    fn own_token(
        &self,
        store_key: &StoreKey,
        token: &Token<AccessClaims>,
        value: Option<Vec<u8>>,
        now: Now,
    ) -> Next {
        let value = value.ok_or(Reason::InvalidToken)?;
        let client = Client::open(self.keyring(), store_key, &value)?;
        let version = token.claims.version;
        if client.valid_version(version, now.ms).is_none() {
            return Err(Reason::InvalidToken);
        }
        let number = match &token.claims.number {
            None => None,
            Some(number) => {
                let number = PhoneNumber::parse(number, None).map_err(|_| Reason::InvalidToken)?;
                Some(number)
            }
        };
        let name = client.settings().name.clone();
        let caller = Caller {
            client: Some(client),
            store_key: *store_key,
            scopes: scopes(token.claims.scope.split(' ')),
            number,
            is_by_network: token.claims.amr.iter().any(|method| method == BY_NETWORK),
            token_id: Zeroizing::new(token.jti.clone()),
            token_kind: OWN_TOKEN,
            expires_at_ms: Some(token.exp.saturating_mul(1000)),
        };
        self.admit(caller, &name, now)
    }

    fn introspected(&mut self, token: Zeroizing<String>, answer: Answer, now: Now) -> Next {
        let introspection = match answer {
            Answer::Introspected(Some(introspection)) => introspection,
            Answer::Introspected(None) | Answer::Unsupported => return Err(Reason::InvalidToken),
            Answer::Failed | Answer::Unknown => return Err(Reason::HostFailed),
            _ => return Err(Reason::WrongAnswer),
        };
        let issued_at_ms = introspection.issued_at_ms.unwrap_or_else(|| {
            let end_ms = introspection.expires_at_ms.unwrap_or(now.ms);
            end_ms.saturating_sub(LONGEST_HOST_TOKEN_MS)
        });
        if is_over(introspection.expires_at_ms, now) || now.is_void(issued_at_ms) {
            return Err(Reason::InvalidToken);
        }
        let key = Client::store_key(self.keyring(), &introspection.client);
        let kind = Kind::Document;
        let state = State::LoadingForHostToken(key, introspection, token);
        self.step(state, Step::Load { kind, key })
    }

    fn host_token(
        &self,
        store_key: &StoreKey,
        introspection: Introspection,
        token: Zeroizing<String>,
        value: Option<Vec<u8>>,
        now: Now,
    ) -> Next {
        let client = match value {
            None => None,
            Some(value) => Some(Client::open(self.keyring(), store_key, &value)?),
        };
        let name = introspection.client;
        let caller = Caller {
            client,
            store_key: *store_key,
            scopes: scopes(introspection.scopes.iter().map(String::as_str)),
            number: introspection.number,
            is_by_network: introspection.is_by_network,
            token_id: introspection.id.map_or(token, Zeroizing::new),
            token_kind: HOST_TOKEN,
            expires_at_ms: introspection.expires_at_ms,
        };
        self.admit(caller, &name, now)
    }

    /// Checks a client that the store has: it may have been revoked, may call
    /// from another address, or may have fewer scopes than the token. Any client
    /// may be stopped.
    fn admit(&self, mut caller: Caller, name: &str, now: Now) -> Next {
        if let Some(client) = &caller.client {
            if client.is_revoked() {
                return Err(Reason::Revoked);
            }
            if !client.allows_address(self.peer) {
                return Err(Reason::AddressNotAllowed);
            }
            caller.scopes.retain(|scope| client.allows_scope(*scope));
        }
        let cut_offs = &self.context.cut_offs;
        cut_offs.check_tenant(Group::Client, name, now.ms)?;
        Ok(Flow::Done(caller))
    }
}

/// Whether a token has expired.
fn is_over(expires_at_ms: Option<u64>, now: Now) -> bool {
    expires_at_ms.is_some_and(|at| at <= now.ms)
}

/// The token of `Authorization: Bearer`; `None` if absent or malformed.
fn token(request: &Request<'_>) -> Option<Zeroizing<String>> {
    let (scheme, token) = request.header("Authorization")?.split_once(' ')?;
    let token = token.trim_start();
    let is_token = scheme.eq_ignore_ascii_case("Bearer")
        && (1..=LONGEST_TOKEN).contains(&token.len())
        && token
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte));
    is_token.then(|| Zeroizing::new(token.to_string()))
}

/// The scopes that the engine knows; others are ignored.
fn scopes<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Scope> {
    names.filter_map(|name| Scope::parse(name).ok()).collect()
}

#[cfg(test)]
mod tests {
    use alloc::sync::Arc;

    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::labels::Label;
    use crate::service::host::EngineSettings;
    use crate::service::jose::Claims;
    use crate::service::settings::Settings;
    use crate::service::tenant::ClientSettings;
    use crate::service::tenant::desk::created;

    /// Has the claims of an access token but is another kind of token.
    #[derive(Serialize, Deserialize)]
    #[serde(transparent)]
    struct OtherClaims(AccessClaims);

    impl Claims for OtherClaims {
        const LABEL: Label<labels::Tokens> = Label::of_test("other+jwe");
        const AUDIENCE: &'static str = AccessClaims::AUDIENCE;
    }

    const NOW: Now = Now {
        ms: 1_800_000_000_000,
        entropy: [5; 32],
        restored_at_ms: None,
    };

    fn context() -> Context {
        Context {
            keyring: Arc::new(Keyring::generate(&[7; 32])),
            settings: Arc::new(EngineSettings::default()),
            restored_at_ms: None,
            cut_offs: Arc::default(),
        }
    }

    fn flow(context: &Context, token: &str) -> BearerFlow {
        let headers = [("Authorization", alloc::format!("Bearer {token}"))];
        let headers = headers
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        let request = Request {
            method: "GET",
            path: "/",
            query: "",
            headers: &headers,
            body: &[],
            peer: [127, 0, 0, 1].into(),
        };
        BearerFlow::new(context, &request)
    }

    fn step(next: Next) -> Step {
        match next {
            Ok(Flow::Step(step)) => step,
            Ok(Flow::Done(_)) => panic!("admitted"),
            Err(reason) => panic!("{reason:?}"),
        }
    }

    fn first_step(context: &Context, token: &str) -> Step {
        step(flow(context, token).next(Answer::Begin, NOW))
    }

    fn claims() -> AccessClaims {
        AccessClaims {
            client: "app".into(),
            version: 1,
            scope: Scope::Verify.name().into(),
            number: Some("+966500000000".into()),
            amr: alloc::vec![BY_NETWORK.into()],
        }
    }

    /// The store key under which the use of a token is recorded, with these
    /// answers to its steps.
    fn store_key_of_use(context: &Context, token: &str, answers: [Answer; 2]) -> StoreKey {
        let mut flow = flow(context, token);
        step(flow.next(Answer::Begin, NOW));
        for answer in answers {
            if let Ok(Flow::Done(caller)) = flow.next(answer, NOW) {
                let (_, step) = caller.use_token(context, NOW).unwrap().unwrap();
                let Step::Swap(swap) = step else { panic!() };
                return swap.key;
            }
        }
        panic!("not admitted")
    }

    #[test]
    fn a_token_id_of_the_host_does_not_collide_with_an_own_one() {
        let context = context();
        let settings = ClientSettings::new("app");
        let client = created(&context.keyring, &settings.to_values(), 1, &[2; 32]).unwrap();
        let client = Answer::Loaded(Some(client.value));
        let token = Token::new(claims(), 300, NOW);
        let text = token.seal(&context.keyring, NOW).unwrap();
        let own = store_key_of_use(&context, &text, [client, Answer::Begin]);
        let introspected = Answer::Introspected(Some(Introspection {
            id: Some(token.jti),
            client: "app".into(),
            scopes: Vec::new(),
            number: None,
            is_by_network: true,
            issued_at_ms: None,
            expires_at_ms: None,
        }));
        let answers = [introspected, Answer::Loaded(None)];
        assert_ne!(store_key_of_use(&context, "opaque", answers), own);
    }

    #[test]
    fn a_token_of_the_host_from_before_a_restore_is_void() {
        let context = context();
        let day_ms = LONGEST_HOST_TOKEN_MS;
        for (issued_at_ms, expires_at_ms) in [
            (Some(NOW.ms), Some(NOW.ms + 1000)),
            (Some(NOW.ms), None),
            (None, Some(NOW.ms + day_ms)),
        ] {
            let introspected = |restored_at_ms| {
                let now = Now {
                    restored_at_ms,
                    ..NOW
                };
                let mut flow = flow(&context, "opaque");
                step(flow.next(Answer::Begin, now));
                let answer = Answer::Introspected(Some(Introspection {
                    id: None,
                    client: "app".into(),
                    scopes: Vec::new(),
                    number: None,
                    is_by_network: true,
                    issued_at_ms,
                    expires_at_ms,
                }));
                flow.next(answer, now).map(|_| ()).err()
            };
            assert_eq!(introspected(None), None);
            assert_eq!(introspected(Some(NOW.ms)), None);
            let void = introspected(Some(NOW.ms + 1));
            assert_eq!(void, Some(Reason::InvalidToken));
        }
    }

    #[test]
    fn a_token_of_another_kind_is_not_an_access_token() {
        let context = context();
        let own = Token::new(claims(), 300, NOW).seal(&context.keyring, NOW);
        let step = first_step(&context, &own.unwrap());
        assert!(matches!(
            step,
            Step::Load {
                kind: Kind::Document,
                ..
            }
        ));
        let other = Token::new(OtherClaims(claims()), 300, NOW).seal(&context.keyring, NOW);
        let step = first_step(&context, &other.unwrap());
        assert!(matches!(step, Step::Introspect(_)));
    }
}
