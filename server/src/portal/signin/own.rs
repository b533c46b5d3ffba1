//! What administrators change about themselves.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;

use super::answer::html;
use super::cookie::Cookie;
use super::form::Form;
use super::refusal::{self, Refusal};
use super::screen::Screen;
use super::session::{SignedIn, Way};
use crate::administrators::{LoginError, Permission, Problem};
use crate::portal::shared::Portal;

/// Who is signed in, with what one can do about it.
pub(super) async fn session(
    State(portal): State<Portal>,
    signed_in: SignedIn,
) -> Result<Response, Response> {
    signed_in.require(Permission::Read)?;
    let way = Way::of(&portal.state);
    let sessions = way.login().sessions.list(&signed_in.account);
    let screen = Screen::Session {
        name: &signed_in.account.name,
        sessions: &sessions.map_err(refusal::store)?,
    };
    Ok(html(StatusCode::OK, screen.render()))
}

/// Ends every session of the administrator, this one too.
pub(super) async fn sign_out_everywhere(
    State(portal): State<Portal>,
    signed_in: SignedIn,
) -> Response {
    let way = Way::of(&portal.state);
    let administrators = way.login().administrators;
    let ended = administrators.end_sessions(&signed_in.account.name).await;
    if let Err(error) = ended {
        tracing::error!(%error, "sessions were not ended");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    signed_out(&way, "session.end_all", &signed_in).await
}

/// Records that sessions have ended, and leads to the sign-in.
async fn signed_out(way: &Way<'_>, what: &'static str, signed_in: &SignedIn) -> Response {
    if let Err(error) = way.record(what, signed_in.actor()).await {
        return refusal::store(error);
    }
    let mut response = Redirect::to("/signin").into_response();
    Cookie::Session.clear(response.headers_mut());
    response
}

/// The form.
pub(super) async fn page(signed_in: SignedIn) -> Response {
    if let Err(answer) = signed_in.require_fresh() {
        return answer;
    }
    html(StatusCode::OK, Screen::Password { refusal: None }.render())
}

/// Sets another password, and ends every session, this one too.
pub(super) async fn set_password(
    State(portal): State<Portal>,
    signed_in: SignedIn,
    form: Form,
) -> Response {
    if let Err(answer) = signed_in.require_fresh() {
        return answer;
    }
    let way = Way::of(&portal.state);
    if let Err(refusal) = change(&portal, &signed_in, &form).await {
        let screen = Screen::Password {
            refusal: Some(refusal),
        };
        return refusal.with(screen.render());
    }
    signed_out(&way, "session.password", &signed_in).await
}

impl SignedIn {
    /// Compares the present password.
    ///
    /// # Errors
    /// Why it is not accepted.
    pub(crate) async fn confirm(&self, portal: &Portal, password: &str) -> Result<(), Refusal> {
        let way = Way::of(&portal.state);
        let login = way.login();
        let confirmed = login.confirm_password(&self.account, password, self.from);
        confirmed.await.map_err(Refusal::of)
    }
}

async fn change(portal: &Portal, signed_in: &SignedIn, form: &Form) -> Result<(), Refusal> {
    signed_in.confirm(portal, form.get("password")).await?;
    let way = Way::of(&portal.state);
    let (login, account) = (way.login(), &signed_in.account);
    let set = login
        .administrators
        .set_password(&account.name, form.get("new"));
    match set.await {
        Ok(_) => Ok(()),
        Err(Problem::WeakPassword) => Err(Refusal::WeakPassword),
        Err(Problem::Busy) => Err(Refusal::of(LoginError::Busy)),
        Err(error) => {
            tracing::error!(%error, "a password was not changed");
            Err(Refusal::Unavailable)
        }
    }
}
