//! The reply to a request, and the reasons why an exchange ended.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use crate::Error;
use crate::challenge::{RefusalReason, Verdict};
use crate::list::list;
use crate::number::CallingCode;

/// The HTTP response to a request, with the reason for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Header names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty for a `HEAD` request.
    pub body: Vec<u8>,
    /// Why the exchange ended so, for metrics and audit logs. Never sent to the
    /// caller.
    pub reason: Reason,
    /// The name of the tenant whose credential or token the request had, for
    /// audit logs; `None` if it had none that is valid. Never sent to the caller.
    pub tenant: Option<String>,
    /// The country code of the number that the request was about, for statistics;
    /// `None` if it was about none, or none is known. Never sent to the caller.
    pub calling_code: Option<CallingCode>,
}

/// The body of a reply whose own body failed to serialize.
const SERIALIZATION_FAILED: &[u8] = br#"{"status":500,"code":"INTERNAL","message":"Server error"}"#;

impl Reply {
    /// A reply with a JSON body that must not be cached.
    ///
    /// The bodies are plain structs of texts and numbers, so serializing them
    /// does not fail. If it ever did, the reply would be a server error and not
    /// an empty success.
    pub(crate) fn json(status: u16, body: &impl Serialize, reason: Reason) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => Self::json_text(status, body, reason),
            Err(_) => Self::json_text(500, SERIALIZATION_FAILED.to_vec(), Reason::HostFailed),
        }
    }

    /// A reply with a body that already is JSON and must not be cached.
    pub(crate) fn json_text(status: u16, body: Vec<u8>, reason: Reason) -> Self {
        Self {
            status,
            headers: alloc::vec![
                ("Content-Type", "application/json".to_string()),
                ("Cache-Control", "no-store".to_string()),
            ],
            body,
            reason,
            tenant: None,
            calling_code: None,
        }
    }

    /// Adds `Retry-After`, in whole seconds and at least 1 (RFC 9110 section
    /// 10.2.3), unless waiting does not help.
    pub(crate) fn retry_after(mut self, at_ms: Option<u64>, now_ms: u64) -> Self {
        if let Some(at_ms) = at_ms {
            let seconds = at_ms.saturating_sub(now_ms).div_ceil(1000).max(1);
            self.headers.push(("Retry-After", seconds.to_string()));
        }
        self
    }
}

list! {
    /// Why an exchange ended. Numbers and names are stable; the names are used
    /// as metric labels and in logs.
    #[non_exhaustive]
    pub enum Reason: u16 {
        /// The gateway took the message.
        Sent = 1, "sent";
        /// The code was correct.
        Accepted = 2, "accepted";
        /// The number was compared and is that of the device.
        NumberVerified = 3, "number_verified";
        /// The number was compared and is not that of the device.
        NumberNotVerified = 4, "number_not_verified";
        /// The device's number was returned to the client.
        NumberShared = 5, "number_shared";
        /// A token was issued.
        TokenIssued = 6, "token_issued";
        /// The network recognised the device and its user agent was redirected with an authorization code.
        LoggedIn = 7, "logged_in";
        /// A public document was returned.
        DocumentTold = 8, "document_told";

        /// The code was wrong.
        WrongCode = 10, "wrong_code";
        /// No tries were left.
        Exhausted = 11, "exhausted";
        /// The challenge had expired.
        Expired = 12, "expired";
        /// The code had already been accepted.
        Used = 13, "used";
        /// The number had no challenge.
        NoChallenge = 14, "no_challenge";
        /// The number was locked.
        Locked = 15, "locked";
        /// The number's guesses were used up.
        Limited = 16, "limited";
        /// No challenge has this id.
        UnknownId = 17, "unknown_id";
        /// The text cannot be a code; it was not counted as a guess.
        MalformedCode = 18, "malformed_code";

        /// The credential is missing or unknown.
        UnknownCredential = 20, "unknown_credential";
        /// The tenant may not call from this address.
        AddressNotAllowed = 21, "address_not_allowed";
        /// The tenant is revoked.
        Revoked = 22, "revoked";
        /// The tenant may not send for this application.
        AppNotAllowed = 23, "app_not_allowed";
        /// The token is missing, invalid or expired.
        InvalidToken = 24, "invalid_token";
        /// The token is valid for a single use and was already used.
        TokenUsed = 25, "token_used";
        /// The token lacks the scope that the operation requires.
        MissingScope = 26, "missing_scope";
        /// The token was not issued for a device that the mobile network or its SIM authenticated.
        NotByNetwork = 27, "not_by_network";
        /// The token carries no number.
        TokenWithoutNumber = 28, "token_without_number";
        /// The mobile network does not know the address of the device.
        UnknownDevice = 29, "unknown_device";

        /// A parameter was missing or empty.
        MissingParameter = 30, "missing_parameter";
        /// A parameter occurred more than once.
        RepeatedParameter = 31, "repeated_parameter";
        /// A parameter was too long or malformed.
        InvalidParameter = 32, "invalid_parameter";
        /// The number is not a valid phone number.
        InvalidNumber = 33, "invalid_number";
        /// The number cannot take messages.
        NotMobile = 34, "not_mobile";
        /// The policy or the host does not allow messages to this number.
        NumberNotAllowed = 35, "number_not_allowed";
        /// The body does not have the form that the contract requires.
        InvalidBody = 36, "invalid_body";
        /// The correlator was malformed.
        InvalidCorrelator = 37, "invalid_correlator";
        /// The number is barred from receiving messages.
        NumberBlocked = 38, "number_blocked";
        /// The number belongs to another operator.
        ForeignNumber = 39, "foreign_number";

        /// The resend interval had not passed.
        ResendInterval = 40, "resend_interval";
        /// The number's sends were used up.
        SendLimit = 41, "send_limit";
        /// The number's guesses were used up, so no challenge was issued.
        GuessLimit = 42, "guess_limit";
        /// The tenant's spend limit was used up.
        SpendLimit = 43, "spend_limit";
        /// The number was locked, so no challenge was issued.
        NumberLocked = 44, "number_locked";
        /// The tenant's credits were used up.
        NoCredits = 45, "no_credits";
        /// The number's challenge is still live.
        StillLive = 46, "still_live";
        /// The country code is not assigned.
        UnknownCountry = 47, "unknown_country";

        /// The path belongs to no contract.
        NotFound = 50, "not_found";
        /// The path does not allow this method.
        MethodNotAllowed = 51, "method_not_allowed";
        /// The request was a prefetch, which never sends a code or counts an attempt.
        Prefetch = 52, "prefetch";
        /// The request was larger than 64 KiB.
        TooLarge = 53, "too_large";

        /// The store failed, or the outcome of a swap stayed unknown.
        StoreFailed = 60, "store_failed";
        /// The stored value was malformed, not authentic, or written under an unknown key.
        RecordRefused = 61, "record_refused";
        /// A record changed more than 256 times during the exchange.
        TooManyConflicts = 62, "too_many_conflicts";
        /// The exchange took longer than 10 s.
        TooOld = 63, "too_old";
        /// The gateway definitely refused the message.
        GatewayRefused = 64, "gateway_refused";
        /// It is unknown whether the message was sent.
        GatewayUnknown = 65, "gateway_unknown";
        /// The host's answer did not fit the step.
        WrongAnswer = 66, "wrong_answer";
        /// The host failed to carry out a step.
        HostFailed = 67, "host_failed";
        /// The store was restored from a backup and is closed until an administrator confirms its tenants, or until the time of the restore.
        StoreClosed = 68, "store_closed";
        /// The value would expire before values that the store has already dropped: the clock is behind, or was far ahead before.
        StoreExpired = 69, "store_expired";

        /// The redirect URI is not registered for the client.
        RedirectRefused = 70, "redirect_refused";
        /// The client may not request this scope, or the operation does not grant it.
        ScopeRefused = 71, "scope_refused";
        /// The response type was not `code`.
        UnsupportedResponse = 72, "unsupported_response";
        /// The client requested an interactive login, which is not supported.
        LoginAsked = 73, "login_asked";
        /// The client requested a consent prompt, which is not supported.
        ConsentAsked = 74, "consent_asked";
        /// The client requested an account selection, which is not supported.
        AccountChoiceAsked = 75, "account_choice_asked";
        /// The client sent a request object, which is not supported.
        RequestObject = 76, "request_object";
        /// The client sent the URI of a request object, which is never fetched.
        RequestUri = 77, "request_uri";
        /// The client sent a registration within the request, which is not supported.
        Registration = 78, "registration";
        /// The ID token hint is not for the subject of this device.
        OtherSubject = 79, "other_subject";
        /// The authorization code was invalid, expired, or issued for another client, redirect URI or PKCE verifier.
        GrantRefused = 80, "grant_refused";
        /// The authorization code was already used.
        GrantUsed = 81, "grant_used";
        /// The grant type is not supported.
        UnsupportedGrant = 82, "unsupported_grant";
        /// The client's ID tokens are signed with RS256, and the host has no key for it.
        NoSigningKey = 83, "no_signing_key";

        /// An administrator has stopped all messages for a while.
        SendsStopped = 90, "sends_stopped";
        /// An administrator has stopped the gateway for a while.
        GatewayStopped = 91, "gateway_stopped";
        /// An administrator has stopped the tenant for a while.
        TenantStopped = 92, "tenant_stopped";
        /// An administrator has stopped messages to the number's prefix for a while.
        PrefixStopped = 93, "prefix_stopped";
    }
}

impl Reason {
    /// Whether an administrator has stopped what was requested.
    pub(crate) const fn is_cut_off(self) -> bool {
        matches!(
            self,
            Self::SendsStopped | Self::GatewayStopped | Self::TenantStopped | Self::PrefixStopped
        )
    }
}

impl From<Verdict> for Reason {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Accept => Self::Accepted,
            Verdict::Wrong => Self::WrongCode,
            Verdict::Exhausted => Self::Exhausted,
            Verdict::Expired => Self::Expired,
            Verdict::Used | Verdict::Replayed => Self::Used,
            // Challenges have no counter.
            Verdict::NoChallenge | Verdict::Resynchronize => Self::NoChallenge,
            Verdict::Locked => Self::Locked,
            Verdict::Limited => Self::Limited,
            Verdict::Malformed => Self::MalformedCode,
        }
    }
}

impl From<Error> for Reason {
    fn from(error: Error) -> Self {
        match error {
            Error::RecordFormat | Error::RecordForged | Error::UnknownRecordKey => {
                Self::RecordRefused
            }
            Error::StoreClosed | Error::RestoredLater => Self::StoreClosed,
            Error::StoreExpired => Self::StoreExpired,
            Error::TooManyConflicts => Self::TooManyConflicts,
            _ => Self::StoreFailed,
        }
    }
}

impl From<RefusalReason> for Reason {
    fn from(reason: RefusalReason) -> Self {
        match reason {
            RefusalReason::ResendInterval => Self::ResendInterval,
            RefusalReason::Sends => Self::SendLimit,
            RefusalReason::Guesses => Self::GuessLimit,
            RefusalReason::Locked => Self::NumberLocked,
            RefusalReason::Spend => Self::SpendLimit,
            RefusalReason::Credits => Self::NoCredits,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_fails_to_serialize_is_a_server_error() {
        struct Failing;
        impl Serialize for Failing {
            fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
                Err(serde::ser::Error::custom("failing"))
            }
        }
        let reply = Reply::json(200, &Failing, Reason::Accepted);
        assert_eq!((reply.status, reply.reason), (500, Reason::HostFailed));
        assert!(!reply.body.is_empty());
    }

    #[test]
    fn numbers_ascend() {
        for pair in Reason::ALL.windows(2) {
            assert!(pair[0].number() < pair[1].number(), "{:?}", pair[1]);
        }
    }
}
