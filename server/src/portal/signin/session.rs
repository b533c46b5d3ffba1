//! Who is signed in: what the handlers of pages ask for.

use core::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Redirect, Response};
use form_urlencoded::byte_serialize;
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use mpass_core::challenge::Keyring;
use mpass_core::service::Engine;
use zeroize::Zeroizing;

use super::cookie::Cookie;
use super::refusal;
use crate::administrators::{Account, Administrators, Login, Permission, Session, Sessions};
use crate::audit::{Actor, AuditLog, Entry, Step, Via};
use crate::http::Peer;
use crate::portal::shared::Portal;
use crate::state::State;

/// The administrator of a request, as it is now.
pub(crate) struct SignedIn {
    /// The administrator.
    pub(crate) account: Account,
    /// The session.
    pub(crate) session: Session,
    /// The address that the request came from.
    pub(crate) from: IpAddr,
    pub(super) secret: Zeroizing<String>,
    /// Where the request leads, to come back to.
    here: String,
}

impl SignedIn {
    /// Refuses an administrator whose role does not have a permission.
    ///
    /// # Errors
    /// The answer 403.
    #[expect(clippy::result_large_err, reason = "an answer, which handlers return")]
    pub(crate) fn require(&self, permission: Permission) -> Result<(), Response> {
        match self.account.role.may(permission) {
            true => Ok(()),
            false => Err(StatusCode::FORBIDDEN.into_response()),
        }
    }

    /// Refuses a session whose second factor was proved long ago: what
    /// [`Operation::needs_fresh_factor`](crate::admin::Operation::needs_fresh_factor)
    /// names needs a fresh one.
    ///
    /// # Errors
    /// An answer that leads to the page where it is proved, and from there back.
    #[expect(clippy::result_large_err, reason = "an answer, which handlers return")]
    pub(crate) fn require_fresh(&self) -> Result<(), Response> {
        match self.session.is_fresh() {
            true => Ok(()),
            false => Err(Redirect::to(&to("/session/prove", &self.here)).into_response()),
        }
    }

    /// The actor of the operations of this request.
    pub(crate) fn actor(&self) -> Actor {
        actor(&self.account.name, self.from)
    }
}

/// An administrator of the portal in the audit log.
pub(super) fn actor(name: &str, from: IpAddr) -> Actor {
    Actor {
        name: Some(name.to_owned()),
        from: Some(from),
        ..Actor::of(Via::Portal)
    }
}

/// A page that leads to another one.
fn to(page: &str, next: &str) -> String {
    let next: String = byte_serialize(next.as_bytes()).collect();
    format!("{page}?next={next}")
}

impl FromRequestParts<Portal> for SignedIn {
    type Rejection = Response;

    /// Whoever is not signed in is led to the sign-in, and then back.
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Response> {
        let here = here(parts);
        let Some(&Peer(from)) = parts.extensions.get::<Peer>() else {
            return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response());
        };
        let found = of(portal, &parts.headers).await;
        match found {
            Ok(Some((secret, session, account))) => Ok(Self {
                account,
                session,
                from,
                secret,
                here,
            }),
            Ok(None) => Err(Redirect::to(&to("/signin", &here)).into_response()),
            Err(error) => Err(refusal::store(error)),
        }
    }
}

/// The page that the browser shows now or will show: a form is not sent again.
fn here(parts: &Parts) -> String {
    match (parts.method == Method::GET, parts.uri.path_and_query()) {
        (true, Some(path)) => path.as_str().to_owned(),
        _ => "/".to_owned(),
    }
}

/// The session of a request, if it has one.
pub(super) async fn of(
    portal: &Portal,
    headers: &HeaderMap,
) -> Result<Option<(Zeroizing<String>, Session, Account)>, mpass_core::Error> {
    let Some(secret) = Cookie::Session.read(headers) else {
        return Ok(None);
    };
    let way = Way::of(&portal.state);
    let found = way.login().sessions.find(secret).await?;
    let secret = Zeroizing::new(secret.to_owned());
    Ok(found.map(|(session, account)| (secret, session, account)))
}

/// What sessions and logins are compared with, for one request.
pub(super) struct Way<'a> {
    state: &'a State,
    engine: std::sync::Arc<Engine>,
}

impl<'a> Way<'a> {
    pub(super) fn of(state: &'a State) -> Self {
        Self {
            state,
            engine: state.engine.load_full(),
        }
    }

    pub(super) fn keyring(&self) -> &Keyring {
        self.engine.keyring()
    }

    pub(super) fn login(&self) -> Login<'_> {
        let State {
            store,
            hasher,
            throttle,
            ..
        } = self.state;
        let restored_at_ms = self.engine.restored_at_ms();
        let administrators = Administrators::new(store, self.keyring(), hasher);
        Login {
            administrators,
            sessions: Sessions::new(administrators, restored_at_ms),
            throttle,
            restored_at_ms,
        }
    }

    /// Records that somebody has signed in or out.
    ///
    /// # Errors
    /// When the audit log cannot be written: nobody signs in without it.
    pub(super) async fn record(
        &self,
        what: &'static str,
        actor: Actor,
    ) -> Result<(), mpass_core::Error> {
        let entry = Entry::new(Step::Event, actor, what);
        let log = AuditLog::new(&self.state.store, self.keyring());
        log.append(&entry).await.map(drop)
    }
}
