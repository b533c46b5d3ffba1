//! Who asks: the bearer of an API token. There is no other way, and no cookie: a page
//! of another site can have a browser send a cookie, but not this header.

use core::net::IpAddr;

use http::{HeaderMap, header};

use super::problem::Problem;
use crate::admin::{GatewayOperation, Operation};
use crate::administrators::{Administrators, ApiTokens, Granted, Login, Sessions};
use crate::audit::{Actor, Via};
use crate::state::State;

/// The header with a code of the authenticator.
pub(super) const CODE: &str = "mpass-totp";

/// What the bearer of the request's token may do.
pub(super) async fn granted(state: &State, headers: &HeaderMap) -> Result<Granted, Problem> {
    let secret = bearer(headers).ok_or(Problem::UNAUTHORIZED)?;
    let engine = state.engine.load_full();
    let keyring = engine.shared_keyring();
    let administrators = Administrators::new(&state.store, &keyring, &state.hasher);
    let tokens = ApiTokens::new(administrators, engine.restored_at_ms());
    match tokens.find(secret).await {
        Ok(Some(granted)) => Ok(granted),
        Ok(None) => Err(Problem::UNAUTHORIZED),
        Err(_) => Err(Problem::UNAVAILABLE),
    }
}

/// Who is recorded.
pub(super) fn actor(granted: &Granted, from: IpAddr) -> Actor {
    Actor {
        name: Some(granted.token.maker.clone()),
        token: Some(granted.token.id.clone()),
        from: Some(from),
        ..Actor::of(Via::Api)
    }
}

/// Whether a token is not enough for an operation: a stolen one must not turn messages
/// with codes to another place, nor make an administrator who could.
pub(super) fn needs_code(operation: &Operation) -> bool {
    match operation {
        Operation::Gateway(operation) => GatewayOperation::sets_target(operation),
        Operation::Administrator(operation) => operation.grants(),
        _ => false,
    }
}

/// Compares the code of the authenticator of the token's maker.
pub(super) async fn prove(
    state: &State,
    granted: &Granted,
    headers: &HeaderMap,
    from: IpAddr,
) -> Result<(), Problem> {
    let code = only(headers, CODE).ok_or(Problem::FRESH_CODE)?;
    let engine = state.engine.load_full();
    let keyring = engine.shared_keyring();
    let administrators = Administrators::new(&state.store, &keyring, &state.hasher);
    let restored_at_ms = engine.restored_at_ms();
    let account = administrators.read(&granted.token.maker).await;
    let account = account.map_err(|_| Problem::UNAVAILABLE)?;
    let account = account.ok_or(Problem::UNAUTHORIZED)?;
    let login = Login {
        administrators,
        sessions: Sessions::new(administrators, restored_at_ms),
        throttle: &state.throttle,
        restored_at_ms,
    };
    let proved = login.prove_without_session(&account, code, from).await;
    proved.map_err(Problem::from)
}

/// The secret of the only `Authorization` header.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, secret) = only(headers, header::AUTHORIZATION.as_str())?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(secret)
}

/// The value of a header that is there once.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    match values.next() {
        None => value.to_str().ok(),
        Some(_) => None,
    }
}
