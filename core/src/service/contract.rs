//! Which contract a request belongs to, and what every contract can do.

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::sync::Arc;

use super::flow::{Flow, Now};
#[cfg(feature = "login")]
use super::login;
use super::reply::{Reason, Reply};
use super::request::Request;
use super::settings::EngineSettings;
use super::step::Answer;
use super::{mpass, number_verification, otp_validation, verify_now};
use crate::challenge::Keyring;

/// What every exchange of an engine shares.
#[derive(Clone, Debug)]
pub(super) struct Context {
    pub(super) keyring: Arc<Keyring>,
    pub(super) settings: Arc<EngineSettings>,
}

/// The exchange of one contract.
pub(super) trait Contract: Send + Sync {
    /// Takes what came of the last step and says what is next.
    fn next(&mut self, answer: Answer, now: Now) -> Result<Flow<Reply>, Reason>;

    /// The contract's answer for a reason.
    fn reply(&self, reason: Reason) -> Reply;
}

/// A path of a contract.
pub(super) struct Route {
    pub(super) path: &'static str,
    pub(super) methods: &'static [&'static str],
    pub(super) begin: fn(&Context, &Request<'_>) -> Box<dyn Contract>,
}

/// Every path of every contract, by the name that logs and metrics call it.
const CONTRACTS: &[(&str, &[Route])] = &[
    ("mpass", mpass::ROUTES),
    ("number_verification", number_verification::ROUTES),
    ("otp_validation", otp_validation::ROUTES),
    ("verify_now", verify_now::ROUTES),
    #[cfg(feature = "login")]
    ("login", login::ROUTES),
];

/// The contract and the route of a path.
fn route(path: &str) -> Option<(&'static str, &'static Route)> {
    CONTRACTS.iter().find_map(|(contract, routes)| {
        let route = routes.iter().find(|route| route.path == path)?;
        Some((*contract, route))
    })
}

/// The contract that a path belongs to, by the name that suits logs and
/// metrics: `mpass`, `number_verification`, `verify_now`, `otp_validation` or
/// `login`. A host with paths of its own asks here which ones are the
/// engine's.
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

/// How the exchange of a request begins.
pub(super) struct Begun {
    pub(super) contract: Box<dyn Contract>,
    /// Why there is nothing to exchange: known from the request alone, or
    /// because it is over.
    pub(super) refused: Option<Reason>,
    /// What may be done at the path.
    pub(super) methods: &'static [&'static str],
}

/// Begins the exchange of a request.
pub(super) fn begin(context: &Context, request: &Request<'_>) -> Begun {
    let Some((_, route)) = route(request.path) else {
        return Begun {
            contract: nobody(),
            refused: Some(Reason::NotFound),
            methods: &[],
        };
    };
    if request.is_too_large() {
        // Nothing of it is looked at.
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

/// The headers of every JSON answer.
pub(super) fn json_headers() -> alloc::vec::Vec<(&'static str, alloc::string::String)> {
    alloc::vec![
        ("Content-Type", "application/json".to_string()),
        ("Cache-Control", "no-store".to_string()),
    ]
}

/// The exchange of a path that no contract has.
pub(super) fn nobody() -> Box<dyn Contract> {
    Box::new(Nobody)
}

struct Nobody;

impl Contract for Nobody {
    fn next(&mut self, _: Answer, _: Now) -> Result<Flow<Reply>, Reason> {
        Err(Reason::NotFound)
    }

    fn reply(&self, reason: Reason) -> Reply {
        Reply {
            status: 404,
            headers: json_headers(),
            body: br#"{"status":404,"code":"NOT_FOUND","message":"There is nothing here."}"#
                .to_vec(),
            reason,
        }
    }
}

#[cfg(test)]
#[path = "contract_tests.rs"]
mod tests;
