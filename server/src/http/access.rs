//! One request from its header to its reply, with its line in the log.

use core::net::IpAddr;
use core::time::Duration;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use http::{Method, Request, Response, StatusCode};
use mpass_core::service::Reason;
use tower::ServiceExt;

use super::Peer;
use crate::state::State;

/// Answers a request, counts it and logs it: method, path without query,
/// status, reason, duration and peer, never a value that it carries.
pub(super) async fn answer(
    router: Router,
    state: &State,
    peer: IpAddr,
    mut request: Request<Body>,
) -> Response<Body> {
    let begun = Instant::now();
    let method = method_name(request.method());
    let path = request.uri().path().to_owned();
    request.extensions_mut().insert(Peer(peer));
    let response = match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    let took = begun.elapsed();
    let reason = response.extensions().get::<Reason>().copied();
    if let Some(reason) = reason {
        state
            .metrics
            .count_request(contract_name(&path), reason, took);
    }
    log(method, &path, response.status(), reason, took, peer);
    response
}

fn log(
    method: &str,
    path: &str,
    status: StatusCode,
    reason: Option<Reason>,
    took: Duration,
    peer: IpAddr,
) {
    let is_known = match reason {
        Some(reason) => !matches!(reason, Reason::NotFound | Reason::TooLarge),
        None => status != StatusCode::NOT_FOUND,
    };
    // A path that nobody serves is free text, and may hold anything.
    let path = if is_known { path } else { "-" };
    let reason = reason.map_or("-", Reason::name);
    let status = status.as_u16();
    let ms = took.as_secs_f64() * 1000.0;
    let ms = (ms * 1000.0).round() / 1000.0;
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(target: "mpass::access", method, path, status, reason, ms, %peer)
        };
    }
    if is_known && matches!(path, "/healthz" | "/metrics") {
        line!(debug);
    } else {
        line!(info);
    }
}

/// The method, or `OTHER`: an unknown one is free text.
fn method_name(method: &Method) -> &'static str {
    const KNOWN: [Method; 9] = [
        Method::GET,
        Method::POST,
        Method::HEAD,
        Method::PUT,
        Method::DELETE,
        Method::OPTIONS,
        Method::PATCH,
        Method::TRACE,
        Method::CONNECT,
    ];
    const NAMES: [&str; 9] = [
        "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT",
    ];
    KNOWN
        .iter()
        .zip(NAMES)
        .find(|(known, _)| *known == method)
        .map_or("OTHER", |(_, name)| name)
}

fn contract_name(path: &str) -> &'static str {
    const CONTRACTS: [(&str, &str); 7] = [
        ("/mpass-web/", "mpass"),
        ("/number-verification/", "number_verification"),
        ("/verification/", "verify_now"),
        ("/auth/v1/", "verify_now"),
        ("/one-time-password-sms/", "otp_validation"),
        ("/oauth2/", "login"),
        ("/.well-known/", "login"),
    ];
    CONTRACTS
        .iter()
        .find(|(prefix, _)| path.starts_with(prefix))
        .map_or("none", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_contract_has_its_name() {
        for (path, name) in [
            ("/mpass-web/rest/mv/msg", "mpass"),
            ("/number-verification/v2/verify", "number_verification"),
            ("/verification/v3/send", "verify_now"),
            ("/verification/v2/verification/validateOtp", "verify_now"),
            ("/auth/v1/authentication/token", "verify_now"),
            ("/one-time-password-sms/v1/send-code", "otp_validation"),
            ("/oauth2/token", "login"),
            ("/.well-known/openid-configuration", "login"),
            ("/healthz", "none"),
        ] {
            assert_eq!(contract_name(path), name, "{path}");
        }
    }
}
