//! The login of Number Verification: `OpenID` Connect's authorization code
//! flow without anybody taking part, for devices that their mobile network
//! knows by their address.
//!
//! A client's app sends its user agent to the authorization endpoint over the
//! mobile network; the host resolves the address to a number
//! ([`crate::service::Step::Resolve`]) and the user agent is sent back with a
//! code; the client's server exchanges the code for an access token and an ID
//! token.
//! Nothing is asked of the person and no URI of a client is ever fetched.
//!
//! `OpenID` Connect Core 1.0 and Discovery 1.0, RFC 6749, PKCE (RFC 7636, S256
//! only), RFC 7523 (`private_key_jwt`), RFC 9207 (`iss`), RFC 9700.

mod authorize;
mod client_auth;
mod code;
mod documents;
mod id_token;
mod parameters;
mod paths;
mod provider;
mod refusal;
mod token;

use alloc::boxed::Box;

use self::paths::{AUTHORIZE_PATH, DISCOVERY_PATH, JWKS_PATH, TOKEN_PATH};
use self::provider::Provider;
use crate::service::contract::{Context, Contract, Route, not_found};

/// The paths of the login.
pub(crate) const ROUTES: &[Route] = &[
    Route {
        path: DISCOVERY_PATH,
        methods: &["GET", "HEAD"],
        begin: |context, _| begin(context, documents::Document::discovery),
    },
    Route {
        path: JWKS_PATH,
        methods: &["GET", "HEAD"],
        begin: |context, _| begin(context, documents::Document::jwks),
    },
    Route {
        path: AUTHORIZE_PATH,
        // `OpenID` Connect Core section 3.1.2.1; no `HEAD`, which would spend
        // nothing and give nothing.
        methods: &["GET", "POST"],
        begin: |context, request| {
            begin(context, |provider| {
                authorize::Exchange::new(provider, request)
            })
        },
    },
    Route {
        path: TOKEN_PATH,
        methods: &["POST"],
        begin: |context, request| {
            begin(context, |provider| token::Exchange::new(provider, request))
        },
    },
];

/// An exchange of the provider, where there is one.
fn begin<C: Contract + 'static>(
    context: &Context,
    exchange: impl FnOnce(Provider) -> C,
) -> Box<dyn Contract> {
    match context.settings.issuer.clone() {
        Some(issuer) => Box::new(exchange(Provider {
            context: context.clone(),
            issuer,
        })),
        None => not_found(),
    }
}
