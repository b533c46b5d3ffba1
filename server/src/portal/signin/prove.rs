//! A fresh second factor in a session, for what touches secrets.

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;

use super::answer::html;
use super::destination;
use super::form::Form;
use super::password::{factor, next};
use super::refusal::Refusal;
use super::screen::Screen;
use super::session::{SignedIn, Way};
use crate::portal::shared::Portal;

/// The form.
pub(super) async fn page(RawQuery(query): RawQuery, _: SignedIn) -> Response {
    let next = next(query.as_deref());
    let screen = Screen::Prove {
        next: &next,
        refusal: None,
    };
    html(StatusCode::OK, screen.render())
}

/// Compares the code.
pub(super) async fn prove(
    State(portal): State<Portal>,
    signed_in: SignedIn,
    form: Form,
) -> Response {
    let next = destination::own(form.get("next"));
    match signed_in.prove(&portal, form.get("code")).await {
        Ok(()) => Redirect::to(next).into_response(),
        Err(refusal) => {
            let screen = Screen::Prove {
                next,
                refusal: Some(refusal),
            };
            refusal.with(screen.render())
        }
    }
}

impl SignedIn {
    /// Compares a code of the second factor, which is fresh then.
    ///
    /// # Errors
    /// Why it is not accepted.
    pub(crate) async fn prove(&self, portal: &Portal, code: &str) -> Result<(), Refusal> {
        let way = Way::of(&portal.state);
        let (login, factor) = (way.login(), factor(code));
        let proved = login.prove(&self.secret, &self.account, &factor, self.from);
        proved.await.map_err(Refusal::of)
    }
}
