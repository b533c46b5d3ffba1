//! The contract's error tables, with their literal messages.

use crate::service::contracts::camara::commonalities::{ErrorInfo, common_error};
use crate::service::host::Reason;

/// An operation of the contract. Some of their messages differ by a full stop.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    SendCode,
    ValidateCode,
}

impl Operation {
    /// The operation's error reply for a reason.
    pub(super) fn error(self, reason: Reason) -> ErrorInfo {
        match reason {
            Reason::MissingParameter
            | Reason::InvalidParameter
            | Reason::MalformedCode
            | Reason::InvalidBody
            | Reason::InvalidCorrelator
            | Reason::InvalidNumber
            | Reason::TooLarge => self.invalid_argument(),
            Reason::InvalidToken | Reason::Revoked => UNAUTHENTICATED,
            Reason::AddressNotAllowed | Reason::MissingScope => self.permission_denied(),
            Reason::NotMobile | Reason::NumberNotAllowed => NUMBER_NOT_ALLOWED,
            Reason::NumberBlocked => NUMBER_BLOCKED,
            Reason::ForeignNumber | Reason::UnknownId => common_error(Reason::NotFound),
            // Not PHONE_NUMBER_BLOCKED: unlike the barring of a line, a lock ends
            // by itself.
            Reason::SendLimit | Reason::GuessLimit | Reason::NumberLocked => TOO_MANY_CODES,
            // In a validation, `Limited` and `Locked` mean that the code was not
            // compared; the id may be used again after the wait.
            Reason::SpendLimit | Reason::Limited => QUOTA_EXCEEDED,
            Reason::ResendInterval | Reason::Locked => RATE_LIMITED,
            Reason::WrongCode => INVALID_OTP,
            Reason::Exhausted => VERIFICATION_FAILED,
            Reason::Expired | Reason::Used | Reason::NoChallenge => VERIFICATION_EXPIRED,
            // Nothing was sent, so the caller may try again immediately.
            Reason::GatewayRefused => common_error(Reason::HostFailed),
            Reason::GatewayUnknown => common_error(Reason::TooOld),
            reason => common_error(reason),
        }
    }

    const fn invalid_argument(self) -> ErrorInfo {
        let message = match self {
            Self::SendCode => "Client specified an invalid argument, request body or query param.",
            Self::ValidateCode => {
                "Client specified an invalid argument, request body or query param"
            }
        };
        error(400, "INVALID_ARGUMENT", message)
    }

    const fn permission_denied(self) -> ErrorInfo {
        let message = match self {
            Self::SendCode => "Client does not have sufficient permissions to perform this action",
            Self::ValidateCode => {
                "Client does not have sufficient permissions to perform this action."
            }
        };
        error(403, "PERMISSION_DENIED", message)
    }
}

const fn error(status: u16, code: &'static str, message: &'static str) -> ErrorInfo {
    ErrorInfo {
        status,
        code,
        message,
    }
}

pub(super) const OUT_OF_RANGE: ErrorInfo =
    error(400, "OUT_OF_RANGE", "Client specified an invalid range.");
const INVALID_OTP: ErrorInfo = error(
    400,
    "ONE_TIME_PASSWORD_SMS.INVALID_OTP",
    "The provided OTP is not valid for this authenticationId",
);
const VERIFICATION_FAILED: ErrorInfo = error(
    400,
    "ONE_TIME_PASSWORD_SMS.VERIFICATION_FAILED",
    "The maximum number of attempts for this authenticationId was exceeded without providing a valid OTP",
);
const VERIFICATION_EXPIRED: ErrorInfo = error(
    400,
    "ONE_TIME_PASSWORD_SMS.VERIFICATION_EXPIRED",
    "The authenticationId is no longer valid",
);
const UNAUTHENTICATED: ErrorInfo = error(
    401,
    "UNAUTHENTICATED",
    "Request not authenticated due to missing, invalid, or expired credentials.",
);
const TOO_MANY_CODES: ErrorInfo = error(
    403,
    "ONE_TIME_PASSWORD_SMS.MAX_OTP_CODES_EXCEEDED",
    "Too many OTPs have been requested for this MSISDN. Try later.",
);
const NUMBER_NOT_ALLOWED: ErrorInfo = error(
    403,
    "ONE_TIME_PASSWORD_SMS.PHONE_NUMBER_NOT_ALLOWED",
    "Phone_number can't receive an SMS due to business reasons in the operator.",
);
const NUMBER_BLOCKED: ErrorInfo = error(
    403,
    "ONE_TIME_PASSWORD_SMS.PHONE_NUMBER_BLOCKED",
    "Phone_number is blocked to receive SMS due to any blocking business reason in the operator.",
);
const QUOTA_EXCEEDED: ErrorInfo = error(429, "QUOTA_EXCEEDED", "Out of resource quota.");
const RATE_LIMITED: ErrorInfo = error(429, "TOO_MANY_REQUESTS", "Rate limit reached.");
