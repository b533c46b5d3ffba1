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
    let SignedIn {
        account,
        secret,
        from,
        ..
    } = &signed_in;
    let next = destination::own(form.get("next"));
    let way = Way::of(&portal.state);
    let factor = factor(form.get("code"));
    match way.login().prove(secret, account, &factor, *from).await {
        Ok(()) => Redirect::to(next).into_response(),
        Err(error) => {
            let refusal = Refusal::of(error);
            let screen = Screen::Prove {
                next,
                refusal: Some(refusal),
            };
            refusal.with(screen.render())
        }
    }
}
