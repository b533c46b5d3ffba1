//! Signing in with name, password and code, and signing out.

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, StatusCode};
use zeroize::Zeroizing;

use super::answer::html;
use super::cookie::Cookie;
use super::destination;
use super::form::Form;
use super::refusal::{self, Refusal};
use super::screen::Screen;
use super::session::{self, SignedIn, Way};
use crate::administrators::{Credentials, Factor};
use crate::http::Peer;
use crate::portal::shared::Portal;

/// The page of a query.
pub(super) fn next(query: Option<&str>) -> String {
    let query = query.unwrap_or_default().as_bytes();
    let next = form_urlencoded::parse(query).find(|(name, _)| name == "next");
    next.map_or_else(
        || "/".to_owned(),
        |(_, next)| destination::own(&next).to_owned(),
    )
}

/// A code of the authenticator has digits only; a recovery code has letters, too.
pub(super) fn factor(text: &str) -> Factor {
    let has_letter = text.chars().any(char::is_alphabetic);
    let text = Zeroizing::new(text.to_owned());
    match has_letter {
        true => Factor::Recovery(text),
        false => Factor::Code(text),
    }
}

/// The form, or the page that it leads to for whoever is signed in.
pub(super) async fn page(
    State(portal): State<Portal>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let next = next(query.as_deref());
    match session::of(&portal, &headers).await {
        Ok(Some(_)) => Redirect::to(&next).into_response(),
        Ok(None) => html(StatusCode::OK, sign_in_page(&portal, &next, None)),
        Err(error) => refusal::store(error),
    }
}

pub(super) fn sign_in_page(portal: &Portal, next: &str, refusal: Option<Refusal>) -> String {
    let setup = portal.state.setup.load();
    let provider = setup.identity_provider.as_ref().map(|it| it.host());
    let screen = Screen::SignIn {
        next,
        provider,
        refusal,
    };
    screen.render()
}

/// Compares name, password and code, which come together, so that nothing tells which
/// of them is wrong.
pub(super) async fn sign_in(
    State(portal): State<Portal>,
    Extension(Peer(from)): Extension<Peer>,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let next = destination::own(form.get("next"));
    let credentials = Credentials {
        name: form.get("name").to_owned(),
        password: Zeroizing::new(form.get("password").to_owned()),
        factor: factor(form.get("code")),
    };
    let way = Way::of(&portal.state);
    match way.login().login(&credentials, from).await {
        Ok((secret, _, account)) => {
            begun(
                &way,
                &headers,
                &secret,
                (&account.name, "session.begin"),
                from,
                || Redirect::to(&kept_page(next)).into_response(),
            )
            .await
        }
        Err(error) => {
            let refusal = Refusal::of(error);
            // A name that nobody has may be a password in the wrong field.
            tracing::warn!(target: "mpass", %from, status = refusal.status().as_u16(), "a sign-in was refused");
            refusal.with(sign_in_page(&portal, next, Some(refusal)))
        }
    }
}

fn kept_page(next: &str) -> String {
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("/signin/kept?next={next}")
}

/// Hands the secret of a new session to the browser. The session that it had before
/// ends.
pub(super) async fn begun(
    way: &Way<'_>,
    headers: &HeaderMap,
    secret: &str,
    (name, what): (&str, &'static str),
    from: core::net::IpAddr,
    answer: impl FnOnce() -> Response + Send,
) -> Response {
    let sessions = way.login().sessions;
    if let Err(error) = way.record(what, session::actor(name, from)).await {
        // Nobody has its secret.
        let _ = sessions.end(secret).await;
        return refusal::store(error);
    }
    if let Some(before) = Cookie::Session.read(headers)
        && let Err(error) = sessions.end(before).await
    {
        return refusal::store(error);
    }
    let mut response = answer();
    Cookie::Session.set(response.headers_mut(), secret, None);
    response
}

/// Whether the browser has kept the cookie, which a few do not over plain http.
pub(super) async fn kept(
    State(portal): State<Portal>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    match session::of(&portal, &headers).await {
        Ok(Some(_)) => Redirect::to(&next(query.as_deref())).into_response(),
        Ok(None) => html(StatusCode::FORBIDDEN, Screen::NotKept.render()),
        Err(error) => refusal::store(error),
    }
}

/// Ends the session.
pub(super) async fn sign_out(State(portal): State<Portal>, signed_in: SignedIn) -> Response {
    let way = Way::of(&portal.state);
    if let Err(error) = way.login().sessions.end(&signed_in.secret).await {
        return refusal::store(error);
    }
    if let Err(error) = way.record("session.end", signed_in.actor()).await {
        return refusal::store(error);
    }
    let mut response = Redirect::to("/signin").into_response();
    Cookie::Session.clear(response.headers_mut());
    response
}
