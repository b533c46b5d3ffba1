//! Signing in with the identity provider.

use core::net::IpAddr;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, StatusCode};

use super::answer::html;
use super::cookie::Cookie;
use super::destination;
use super::form::Form;
use super::password::{begun, factor, next, sign_in_page};
use super::refusal::Refusal;
use super::screen::Screen;
use super::session::Way;
use crate::administrators::{Account, Identity, LoginError};
use crate::http::Peer;
use crate::identity_provider::{IdentityProvider, LIFE, ProviderError, SignedInThere};
use crate::portal::shared::Portal;

/// How long the code may take after the provider, in seconds.
const HALF_LIFE: u64 = 300;
const BEGUN: &str = "session.begin_with_provider";

fn provider(portal: &Portal) -> Result<Arc<IdentityProvider>, StatusCode> {
    let provider = portal.state.setup.load().identity_provider.clone();
    provider.ok_or(StatusCode::NOT_FOUND)
}

/// Leads the browser to the provider.
pub(super) async fn begin(
    State(portal): State<Portal>,
    Extension(Peer(from)): Extension<Peer>,
    RawQuery(query): RawQuery,
) -> Response {
    let provider = match provider(&portal) {
        Ok(provider) => provider,
        Err(status) => return status.into_response(),
    };
    let next = next(query.as_deref());
    let way = Way::of(&portal.state);
    if let Err(error) = way.login().admit(from) {
        return refused(&portal, &next, Refusal::of(error));
    }
    match provider.begin(way.keyring(), &next).await {
        Ok(there) => {
            let mut response = Redirect::to(there.url.as_str()).into_response();
            Cookie::Provider.set(response.headers_mut(), &there.cookie, Some(LIFE));
            response
        }
        Err(error) => failed(&portal, &next, error, from),
    }
}

/// The browser has come back.
pub(super) async fn finish(
    State(portal): State<Portal>,
    Extension(Peer(from)): Extension<Peer>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let provider = match provider(&portal) {
        Ok(provider) => provider,
        Err(status) => return status.into_response(),
    };
    let way = Way::of(&portal.state);
    let mut response = match way.login().admit(from) {
        Ok(()) => {
            let cookie = Cookie::Provider.read(&headers);
            let query = query.unwrap_or_default();
            let finished = provider.finish(way.keyring(), cookie, &query).await;
            match finished {
                Ok(there) => identified(&portal, &way, &headers, there, from).await,
                Err(error) => failed(&portal, "/", error, from),
            }
        }
        Err(error) => refused(&portal, "/", Refusal::of(error)),
    };
    Cookie::Provider.clear(response.headers_mut());
    response
}

/// Begins a session for an administrator who is bound to the person, or asks for a code
/// first.
async fn identified(
    portal: &Portal,
    way: &Way<'_>,
    headers: &HeaderMap,
    there: SignedInThere,
    from: IpAddr,
) -> Response {
    let SignedInThere {
        issuer,
        subject,
        has_second_factor,
        next,
    } = there;
    let next = destination::own(&next).to_owned();
    let identity = Identity { issuer, subject };
    let account = match way.login().identified(&identity).await {
        Ok(account) => account,
        Err(error) => {
            if error == LoginError::Wrong {
                // The operator needs it for `mpass admin bind`.
                tracing::warn!(target: "mpass", %from, subject = ?identity.subject, "the identity provider has identified somebody who is no administrator");
                return refused(portal, &next, Refusal::Provider);
            }
            return refused(portal, &next, Refusal::of(error));
        }
    };
    match has_second_factor {
        true => signed_in(portal, way, headers, &account, &next, from).await,
        false => match way.login().half(&account) {
            Ok(half) => {
                let screen = Screen::Code {
                    next: &next,
                    refusal: None,
                };
                let mut response = html(StatusCode::OK, screen.render());
                Cookie::Half.set(response.headers_mut(), &half, Some(HALF_LIFE));
                response
            }
            Err(error) => refused(portal, &next, Refusal::of(error.into())),
        },
    }
}

async fn signed_in(
    portal: &Portal,
    way: &Way<'_>,
    headers: &HeaderMap,
    account: &Account,
    next: &str,
    from: IpAddr,
) -> Response {
    match way.login().begin_identified(account, from).await {
        Ok((secret, _)) => {
            begun(way, headers, &secret, (&account.name, BEGUN), from, || {
                html(StatusCode::OK, Screen::Continue { next }.render())
            })
            .await
        }
        Err(error) => refused(portal, next, Refusal::of(error)),
    }
}

/// Compares the code after the provider.
pub(super) async fn complete(
    State(portal): State<Portal>,
    Extension(Peer(from)): Extension<Peer>,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let next = destination::own(form.get("next"));
    let way = Way::of(&portal.state);
    let half = Cookie::Half.read(&headers).unwrap_or_default();
    let factor = factor(form.get("code"));
    match way.login().complete(half, &factor, from).await {
        Ok((secret, _, account)) => {
            let answer = || Redirect::to(next).into_response();
            let subject = (account.name.as_str(), BEGUN);
            let mut response = begun(&way, &headers, &secret, subject, from, answer).await;
            Cookie::Half.clear(response.headers_mut());
            response
        }
        Err(error) => {
            let refusal = Refusal::of(error);
            let screen = Screen::Code {
                next,
                refusal: Some(refusal),
            };
            refusal.with(screen.render())
        }
    }
}

fn failed(portal: &Portal, next: &str, error: ProviderError, from: IpAddr) -> Response {
    tracing::warn!(target: "mpass", %from, reason = %error, "a sign-in with the identity provider failed");
    let refusal = match error {
        ProviderError::Busy => Refusal::of(LoginError::Busy),
        _ => Refusal::Provider,
    };
    refused(portal, next, refusal)
}

fn refused(portal: &Portal, next: &str, refusal: Refusal) -> Response {
    refusal.with(sign_in_page(portal, next, Some(refusal)))
}
