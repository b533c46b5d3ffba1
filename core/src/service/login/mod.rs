//! The login of Number Verification: `OpenID` Connect's authorization code
//! flow without anybody taking part, for devices that their mobile network
//! knows by their address.
//!
//! A client's app sends its user agent to the authorization endpoint over the
//! mobile network; the host says which number is behind the address
//! ([`super::Step::Resolve`]) and the user agent is sent back with a code; the
//! client's server changes the code for an access token and an ID token.
//! Nothing is asked of the person and no URI of a client is ever fetched.
//!
//! `OpenID` Connect Core 1.0 and Discovery 1.0, RFC 6749, PKCE (RFC 7636, S256
//! only), RFC 7523 (`private_key_jwt`), RFC 9207 (`iss`), RFC 9700.

mod authorize;
mod client_auth;
mod code;
mod documents;
mod id_token;
mod jws;
mod keys;
mod refusal;
mod token;

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;

use super::contract::{Context, Contract, Route, nobody};
use super::reply::Reason;
use super::request::{Parameter, Request};
use crate::challenge::Keyring;

const DISCOVERY_PATH: &str = "/.well-known/openid-configuration";
const JWKS_PATH: &str = "/oauth2/jwks";
const AUTHORIZE_PATH: &str = "/oauth2/authorize";
const TOKEN_PATH: &str = "/oauth2/token";

/// Longest values, in bytes of UTF-8.
const LONGEST_CLIENT: usize = 64;
const LONGEST_URI: usize = 255;
const LONGEST_SCOPE: usize = 1024;
const LONGEST_TOKEN: usize = 4096;

/// The paths of the login.
pub(super) const ROUTES: &[Route] = &[
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
        None => nobody(),
    }
}

/// Who gives the tokens.
struct Provider {
    context: Context,
    issuer: String,
}

impl Provider {
    fn keyring(&self) -> &Keyring {
        &self.context.keyring
    }

    fn url(&self, path: &str) -> String {
        alloc::format!("{}{path}", self.issuer)
    }
}

/// A parameter that may be given once; without a value it counts as absent
/// (RFC 6749 section 3.1).
fn optional<'a>(
    request: &'a Request<'_>,
    name: &str,
    longest: usize,
) -> Result<Option<Cow<'a, str>>, Reason> {
    match request.parameter(name) {
        Parameter::Once(value) if value.is_empty() => Ok(None),
        parameter => parameter.optional(longest),
    }
}

/// A parameter that must be there.
fn required<'a>(
    request: &'a Request<'_>,
    name: &str,
    longest: usize,
) -> Result<Cow<'a, str>, Reason> {
    optional(request, name, longest)?.ok_or(Reason::MissingParameter)
}
