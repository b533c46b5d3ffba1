//! The routes of every contract: the only file that lists the contracts.

use alloc::boxed::Box;

use super::contract::{Context, Contract, Route, not_found};
use super::contracts::camara::{number_verification, otp_validation};
#[cfg(feature = "login")]
use super::contracts::login;
use super::contracts::{mpass, verify_now};
use super::host::{Reason, Request};

/// The routes of every contract, with the name of the contract in logs and
/// metrics.
const CONTRACTS: &[(&str, &[Route])] = &[
    ("mpass", mpass::ROUTES),
    ("number_verification", number_verification::ROUTES),
    ("otp_validation", otp_validation::ROUTES),
    ("verify_now", verify_now::ROUTES),
    #[cfg(feature = "login")]
    ("login", login::ROUTES),
];

/// The contract name and the route of a path.
fn route(path: &str) -> Option<(&'static str, &'static Route)> {
    CONTRACTS.iter().find_map(|(contract, routes)| {
        let route = routes.iter().find(|route| route.path == path)?;
        Some((*contract, route))
    })
}

/// The name of the contract that a path belongs to: `mpass`,
/// `number_verification`, `otp_validation`, `verify_now` or `login`.
///
/// The name is suitable for logs and metrics. A host that serves other paths as
/// well uses this to find out which ones belong to the engine.
///
/// ```
/// # use mpass_core::service::contract_of;
/// assert_eq!(contract_of("/number-verification/v2/verify"), Some("number_verification"));
/// assert_eq!(contract_of("/index.html"), None);
/// ```
#[must_use]
pub fn contract_of(path: &str) -> Option<&'static str> {
    route(path).map(|(contract, _)| contract)
}

/// The start of an exchange.
pub(super) struct Begun {
    pub(super) contract: Box<dyn Contract>,
    /// The reason that ends the exchange without asking the contract: known
    /// from the request alone, or set when the exchange is over.
    pub(super) refused: Option<Reason>,
    /// The methods that the path allows.
    pub(super) methods: &'static [&'static str],
}

/// Begins the exchange of a request.
pub(super) fn begin(context: &Context, request: &Request<'_>) -> Begun {
    let Some((_, route)) = route(request.path) else {
        return Begun {
            contract: not_found(),
            refused: Some(Reason::NotFound),
            methods: &[],
        };
    };
    if request.is_too_large() {
        // Query, headers and body are not parsed.
        let bare = Request {
            query: "",
            headers: &[],
            body: &[],
            ..*request
        };
        return Begun {
            contract: (route.begin)(context, &bare),
            refused: Some(Reason::TooLarge),
            methods: route.methods,
        };
    }
    let refused = if !route.methods.contains(&request.method) {
        Some(Reason::MethodNotAllowed)
    } else if request.is_prefetch() {
        Some(Reason::Prefetch)
    } else {
        None
    };
    Begun {
        contract: (route.begin)(context, request),
        refused,
        methods: route.methods,
    }
}

#[cfg(test)]
#[path = "router_tests.rs"]
mod tests;
