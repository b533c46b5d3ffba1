//! Sign-ins that were refused, as answers. They do not say which part was wrong.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use mpass_core::Error;

use super::answer;
use crate::administrators::LoginError;
use crate::clock;

/// The seconds to wait where the time is not known.
const SOME_SECONDS: u64 = 60;
/// The seconds to wait while passwords of others are computed.
const A_MOMENT: u64 = 2;

/// Why nobody was signed in, as a page shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A part was wrong, or another administrator is meant.
    Wrong,
    /// Too many attempts; the seconds to wait.
    Wait(u64),
    /// Too many at a time; the seconds to wait.
    Busy(u64),
    /// The sign-in with the identity provider failed, or took too long.
    Provider,
    /// The new password is too short, too long, or the name.
    WeakPassword,
    /// The server cannot read or write its store.
    Unavailable,
}

impl Refusal {
    pub(super) fn of(error: LoginError) -> Self {
        match error {
            LoginError::Wait(at_ms) => {
                let left_ms = at_ms.map(|at_ms| at_ms.saturating_sub(clock::now_ms()));
                Self::Wait(left_ms.map_or(SOME_SECONDS, |left_ms| left_ms.div_ceil(1000).max(1)))
            }
            LoginError::Busy => Self::Busy(A_MOMENT),
            LoginError::Store(error) => {
                tracing::error!(%error, "the store failed");
                Self::Unavailable
            }
            _ => Self::Wrong,
        }
    }

    /// The status of its page.
    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::Wrong | Self::Provider => StatusCode::FORBIDDEN,
            Self::Wait(_) | Self::Busy(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::WeakPassword => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// A page with its status.
    pub(super) fn with(self, page: String) -> Response {
        let mut response = answer::html(self.status(), page);
        if let Self::Wait(seconds) | Self::Busy(seconds) = self {
            let seconds = HeaderValue::from(seconds);
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}

/// The answer while the store fails.
pub(super) fn store(error: Error) -> Response {
    tracing::error!(%error, "the store failed");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
