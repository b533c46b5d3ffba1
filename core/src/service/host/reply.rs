//! The answer to a request, and the reasons why an exchange ended.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use crate::Error;
use crate::challenge::{RefusalReason, Verdict};
use crate::list::list;

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Header names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty for a `HEAD` request.
    pub body: Vec<u8>,
    /// Why, for metrics and audit; never sent.
    pub reason: Reason,
}

/// The body of an answer whose own body failed to serialize.
const SERIALIZATION_FAILED: &[u8] = br#"{"status":500,"code":"INTERNAL","message":"Server error"}"#;

impl Reply {
    /// An answer with a JSON body, not to be cached.
    ///
    /// The bodies are plain structures of texts and numbers, so serializing
    /// them does not fail. If it ever did, the answer would be a server error
    /// and not an empty success.
    pub(crate) fn json(status: u16, body: &impl Serialize, reason: Reason) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => Self::json_text(status, body, reason),
            Err(_) => Self::json_text(500, SERIALIZATION_FAILED.to_vec(), Reason::HostFailed),
        }
    }

    /// An answer with a body that already is JSON, not to be cached.
    pub(crate) fn json_text(status: u16, body: Vec<u8>, reason: Reason) -> Self {
        Self {
            status,
            headers: alloc::vec![
                ("Content-Type", "application/json".to_string()),
                ("Cache-Control", "no-store".to_string()),
            ],
            body,
            reason,
        }
    }

    /// The same, with the whole seconds until it may be asked again
    /// (RFC 9110 section 10.2.3).
    pub(crate) fn retry_after(mut self, at_ms: u64, now_ms: u64) -> Self {
        let seconds = at_ms.saturating_sub(now_ms).div_ceil(1000).max(1);
        self.headers.push(("Retry-After", seconds.to_string()));
        self
    }
}

list! {
    /// Why an exchange ended as it did. Numbers are stable; names are metric
    /// labels and words of the log.
    #[non_exhaustive]
    pub enum Reason: u16 {
        /// The gateway took the message.
        Sent = 1, "sent";
        /// The code was right.
        Accepted = 2, "accepted";
        /// The number was compared and is the device's.
        NumberVerified = 3, "number_verified";
        /// The number was compared and is not the device's.
        NumberNotVerified = 4, "number_not_verified";
        /// The device's number was told.
        NumberShared = 5, "number_shared";
        /// A token was given.
        TokenIssued = 6, "token_issued";
        /// The device was recognised by its network and its user agent sent back.
        LoggedIn = 7, "logged_in";
        /// A public document was given.
        DocumentTold = 8, "document_told";

        /// The code was wrong.
        WrongCode = 10, "wrong_code";
        /// No tries were left.
        Exhausted = 11, "exhausted";
        /// The challenge was past its lifetime.
        Expired = 12, "expired";
        /// The challenge was accepted before.
        Used = 13, "used";
        /// There was no challenge.
        NoChallenge = 14, "no_challenge";
        /// The number was locked.
        Locked = 15, "locked";
        /// The number's guesses were used up.
        Limited = 16, "limited";
        /// Nobody has a challenge of this id.
        UnknownId = 17, "unknown_id";

        /// No credential, or one that nobody has.
        UnknownCredential = 20, "unknown_credential";
        /// The credential was used from another address.
        AddressNotAllowed = 21, "address_not_allowed";
        /// The tenant is revoked.
        Revoked = 22, "revoked";
        /// The tenant may not send for this application.
        AppNotAllowed = 23, "app_not_allowed";
        /// No token, or none that is valid.
        InvalidToken = 24, "invalid_token";
        /// A token of single use that was used.
        TokenUsed = 25, "token_used";
        /// The token has not the scope that the operation asks for.
        MissingScope = 26, "missing_scope";
        /// The token does not come from an authentication by the network.
        NotByNetwork = 27, "not_by_network";
        /// The token has no number.
        TokenWithoutNumber = 28, "token_without_number";
        /// The network does not know the caller's address.
        UnknownDevice = 29, "unknown_device";

        /// A parameter was missing or empty.
        MissingParameter = 30, "missing_parameter";
        /// A parameter was given twice.
        RepeatedParameter = 31, "repeated_parameter";
        /// A parameter was too long or not of its form.
        InvalidParameter = 32, "invalid_parameter";
        /// The number was no number.
        InvalidNumber = 33, "invalid_number";
        /// The number cannot take messages.
        NotMobile = 34, "not_mobile";
        /// The policy or the host does not send to this number.
        NumberNotAllowed = 35, "number_not_allowed";
        /// The body was not what the contract says.
        InvalidBody = 36, "invalid_body";
        /// The correlator was not of its form.
        InvalidCorrelator = 37, "invalid_correlator";
        /// The number is barred from receiving messages.
        NumberBlocked = 38, "number_blocked";
        /// The number is not one of the operator's.
        ForeignNumber = 39, "foreign_number";

        /// The resend interval had not passed.
        ResendInterval = 40, "resend_interval";
        /// The number's sends were used up.
        SendLimit = 41, "send_limit";
        /// The number's guesses were used up, so no challenge was issued.
        GuessLimit = 42, "guess_limit";
        /// The tenant's sends were used up.
        SpendLimit = 43, "spend_limit";
        /// The number was locked, so no challenge was issued.
        NumberLocked = 44, "number_locked";
        /// The tenant's credits were used up.
        NoCredits = 45, "no_credits";
        /// The number's challenge is still live.
        StillLive = 46, "still_live";
        /// The country code was none.
        UnknownCountry = 47, "unknown_country";

        /// The path has no contract.
        NotFound = 50, "not_found";
        /// The method is not of the contract.
        MethodNotAllowed = 51, "method_not_allowed";
        /// A prefetch, which never sends or spends.
        Prefetch = 52, "prefetch";
        /// The request was larger than 64 KiB.
        TooLarge = 53, "too_large";

        /// The store failed, or nobody knows what it did.
        StoreFailed = 60, "store_failed";
        /// The store held something that is not ours.
        RecordRefused = 61, "record_refused";
        /// One record changed 256 times under the exchange.
        TooManyConflicts = 62, "too_many_conflicts";
        /// The exchange was older than 10 s.
        TooOld = 63, "too_old";
        /// The gateway definitely refused the message.
        GatewayRefused = 64, "gateway_refused";
        /// Nobody knows whether the message was sent.
        GatewayUnknown = 65, "gateway_unknown";
        /// The host answered what was not asked.
        WrongAnswer = 66, "wrong_answer";
        /// The host could not say what it was asked.
        HostFailed = 67, "host_failed";

        /// The redirect URI is none of the client's.
        RedirectRefused = 70, "redirect_refused";
        /// A scope that the client has not, or none that the operation gives.
        ScopeRefused = 71, "scope_refused";
        /// A response type other than `code`.
        UnsupportedResponse = 72, "unsupported_response";
        /// The client asked for a login that somebody takes part in.
        LoginAsked = 73, "login_asked";
        /// The client asked for somebody's consent.
        ConsentAsked = 74, "consent_asked";
        /// The client asked for a choice between accounts.
        AccountChoiceAsked = 75, "account_choice_asked";
        /// A request object, which is not read.
        RequestObject = 76, "request_object";
        /// A request object by its URI, which is never fetched.
        RequestUri = 77, "request_uri";
        /// A registration within a request, which is not read.
        Registration = 78, "registration";
        /// The ID token of the client's hint is for another than the device.
        OtherSubject = 79, "other_subject";
        /// An authorization code that is none, expired, or was given for
        /// something else than it was sent with.
        GrantRefused = 80, "grant_refused";
        /// An authorization code that was used.
        GrantUsed = 81, "grant_used";
        /// A grant type that is not given.
        UnsupportedGrant = 82, "unsupported_grant";
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
            Verdict::NoChallenge => Self::NoChallenge,
            Verdict::Locked => Self::Locked,
            Verdict::Limited => Self::Limited,
        }
    }
}

impl From<Error> for Reason {
    fn from(error: Error) -> Self {
        match error {
            Error::RecordFormat | Error::RecordForged | Error::UnknownRecordKey => {
                Self::RecordRefused
            }
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
