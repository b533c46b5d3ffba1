//! The differences between the versions of the contract.

use crate::service::contracts::camara::commonalities::{ErrorInfo, common_error};
use crate::service::host::Reason;

/// One version of the contract.
pub(super) struct Version {
    /// Whether a correlator must match the pattern of the Commonalities.
    pub(super) correlator_has_pattern: bool,
    /// Whether a number may lack its `+`, both in plain text and when hashed.
    pub(super) is_plus_optional: bool,
    errors: Errors,
}

/// The error replies of a version.
struct Errors {
    invalid_argument: ErrorInfo,
    unauthenticated: ErrorInfo,
    permission_denied: ErrorInfo,
    not_by_network: ErrorInfo,
    without_number: ErrorInfo,
    internal: ErrorInfo,
    unavailable: ErrorInfo,
    timeout: ErrorInfo,
}

/// Version 0.4.0-wip, as published from January to March 2024.
pub(super) static V0: Version = Version {
    correlator_has_pattern: false,
    is_plus_optional: true,
    errors: Errors {
        invalid_argument: INVALID_ARGUMENT,
        unauthenticated: error(
            401,
            "UNAUTHENTICATED",
            "Request not authenticated due to missing, invalid, or expired credentials",
        ),
        permission_denied: error(
            403,
            "PERMISSION_DENIED",
            "Client does not have sufficient permissions to perform this action",
        ),
        not_by_network: NOT_BY_NETWORK,
        without_number: error(
            403,
            "NUMBER_VERIFICATION.INVALID_TOKEN_CONTEXT",
            "Phone number cannot be deducted from access token context",
        ),
        internal: error(500, "INTERNAL", "Server error"),
        unavailable: error(503, "UNAVAILABLE", "Service unavailable"),
        timeout: error(504, "TIMEOUT", "Request timeout exceeded. Try later."),
    },
};

/// Version 2.1.0. Messages that it leaves to the Commonalities are taken from
/// these.
pub(super) static V2: Version = Version {
    correlator_has_pattern: true,
    is_plus_optional: false,
    errors: Errors {
        invalid_argument: INVALID_ARGUMENT,
        unauthenticated: error(
            401,
            "UNAUTHENTICATED",
            "Request not authenticated due to missing, invalid, or expired credentials. \
                 A new authentication is required.",
        ),
        permission_denied: PERMISSION_DENIED,
        not_by_network: NOT_BY_NETWORK,
        // This version no longer has INVALID_TOKEN_CONTEXT; a token without a
        // number lacks the permission.
        without_number: PERMISSION_DENIED,
        internal: error(
            500,
            "INTERNAL",
            "Unknown server error. Typically a server bug.",
        ),
        unavailable: error(503, "UNAVAILABLE", "Service Unavailable."),
        timeout: error(504, "TIMEOUT", "Request timeout exceeded."),
    },
};

const INVALID_ARGUMENT: ErrorInfo = error(
    400,
    "INVALID_ARGUMENT",
    "Client specified an invalid argument, request body or query param",
);
const PERMISSION_DENIED: ErrorInfo = error(
    403,
    "PERMISSION_DENIED",
    "Client does not have sufficient permissions to perform this action.",
);
const NOT_BY_NETWORK: ErrorInfo = error(
    403,
    "NUMBER_VERIFICATION.USER_NOT_AUTHENTICATED_BY_MOBILE_NETWORK",
    "Client must authenticate via the mobile network to use this service",
);

const fn error(status: u16, code: &'static str, message: &'static str) -> ErrorInfo {
    ErrorInfo {
        status,
        code,
        message,
    }
}

impl Version {
    /// The version's error reply for a reason.
    pub(super) const fn error(&self, reason: Reason) -> ErrorInfo {
        let errors = &self.errors;
        match reason {
            Reason::InvalidToken | Reason::TokenUsed | Reason::Revoked => errors.unauthenticated,
            Reason::MissingScope | Reason::AddressNotAllowed => errors.permission_denied,
            Reason::NotByNetwork => errors.not_by_network,
            Reason::TokenWithoutNumber => errors.without_number,
            Reason::InvalidBody | Reason::InvalidCorrelator | Reason::TooLarge => {
                errors.invalid_argument
            }
            Reason::MethodNotAllowed | Reason::Prefetch => common_error(reason),
            Reason::StoreFailed
            | Reason::StoreClosed
            | Reason::StoreExpired
            | Reason::HostFailed
            | Reason::TenantStopped => errors.unavailable,
            Reason::TooOld => errors.timeout,
            _ => errors.internal,
        }
    }
}
