//! The login of Number Verification: the authorization code flow of `OpenID`
//! Connect without user interaction, for devices that their mobile network
//! identifies by their address.
//!
//! 1. A client's app sends its user agent to the authorization endpoint over the
//!    mobile network.
//! 2. The host resolves the address to a number
//!    ([`crate::service::Step::Resolve`]), and the user agent is redirected with
//!    an authorization code.
//! 3. The client's server exchanges the code for an access token and an ID token.
//!
//! The engine never fetches a URI of a client.
//!
//! Implements `OpenID` Connect Core 1.0 and Discovery 1.0, RFC 6749, PKCE (RFC
//! 7636, S256 only), RFC 7523 (`private_key_jwt`), RFC 9207 (`iss`) and RFC 9700.

mod authorize;
mod client_auth;
mod code;
mod documents;
mod host_keys;
mod id_token;
mod oauth_error;
mod parameters;
mod paths;
mod provider;
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
        // `OpenID` Connect Core section 3.1.2.1. `HEAD` is of no use here.
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

/// Begins an exchange of the provider; without an issuer, the path is not found.
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
