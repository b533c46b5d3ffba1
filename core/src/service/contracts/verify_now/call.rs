//! What a request asks for, with everything that can be checked without the
//! customer. Why something cannot is told only to a caller that is known.

use alloc::borrow::Cow;
use alloc::string::String;

use base64ct::{Base64Unpadded, Encoding};
use zeroize::Zeroizing;

use super::route::Version;
use super::verification_id::VerificationId;
use crate::challenge::Keyring;
use crate::number::{CallingCode, PhoneNumber};
use crate::oath::Digits;
use crate::service::host::{Reason, Request};
use crate::service::tenant::{Customer, TenantKey, is_customer_id};

/// Longest values, in bytes of UTF-8.
const LONGEST_WORD: usize = 32;
const LONGEST_KEY: usize = 128;
const LONGEST_NUMBER: usize = 48;
const LONGEST_CODE: usize = 40;

/// What is wrong with a request, in words where the reason does not say it.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) reason: Reason,
    pub(super) words: Option<String>,
}

impl From<Reason> for Problem {
    fn from(reason: Reason) -> Self {
        Self {
            reason,
            words: None,
        }
    }
}

impl Problem {
    pub(super) fn new(reason: Reason, words: impl Into<String>) -> Self {
        Self {
            reason,
            words: Some(words.into()),
        }
    }

    /// A parameter that is not as it should be.
    fn of(name: &str, reason: Reason) -> Self {
        let words = match reason {
            Reason::MissingParameter => "is missing",
            Reason::RepeatedParameter => "is given twice",
            _ => "is not valid",
        };
        Self::new(reason, alloc::format!("{name} {words}"))
    }
}

/// What a send asks for.
pub(super) struct SendCall {
    pub(super) number: PhoneNumber,
    /// The length of its code; the customer's own where it names none.
    pub(super) digits: Option<Digits>,
}

/// What a validation asks for. Vendor samples name the number as well; the id
/// alone says which it is.
pub(super) struct ValidateCall {
    pub(super) id: VerificationId,
    pub(super) code: Zeroizing<String>,
}

/// The credential that a token is asked for with: `customerId`, and the
/// secret of [`TenantKey::expose_secret`] in base64 as `key`. `scope`,
/// `country` and `email` change nothing.
pub(super) fn credential(request: &Request<'_>, keyring: &Keyring) -> Result<TenantKey, Problem> {
    let id = required(request, "customerId", LONGEST_WORD)?;
    let key = Zeroizing::new(required(request, "key", LONGEST_KEY)?.into_owned());
    if !is_customer_id(&id) {
        return Err(Reason::UnknownCredential.into());
    }
    let store_key = Customer::store_key(keyring, &id);
    // Base64 of a credential's letters never has a `+`, which would arrive as
    // a space.
    Base64Unpadded::decode_vec(key.trim_end_matches('='))
        .ok()
        .map(Zeroizing::new)
        .and_then(|secret| {
            let secret = core::str::from_utf8(&secret).ok()?;
            TenantKey::parse_secret(store_key, secret).ok()
        })
        .ok_or_else(|| Reason::UnknownCredential.into())
}

/// The customer that a request names: in version 2 it has to, in version 3 it
/// may.
pub(super) fn customer_id(
    request: &Request<'_>,
    version: Version,
) -> Result<Option<String>, Problem> {
    const NAME: &str = "customerId";
    match optional(request, NAME) {
        Err(problem) if problem.reason == Reason::InvalidParameter => {
            Err(Reason::UnknownCredential.into())
        }
        Ok(None) if version == Version::Two => Err(Problem::of(NAME, Reason::MissingParameter)),
        id => Ok(id?.map(Cow::into_owned)),
    }
}

/// Reads a send. `email` and `langID` change nothing: messages are in English.
pub(super) fn send(request: &Request<'_>) -> Result<SendCall, Problem> {
    if let Some(kind) = optional(request, "type")?
        && kind != "OTP"
    {
        // The same path with `type=SMS` is another product of the vendor's.
        let words = "type: only OTP is offered";
        return Err(Problem::new(Reason::InvalidParameter, words));
    }
    if required(request, "flowType", LONGEST_WORD)? != "SMS" {
        let words = "flowType: only SMS is offered";
        return Err(Problem::new(Reason::InvalidParameter, words));
    }
    let digits = optional(request, "otpLength")?
        .map(|text| match text.as_bytes() {
            [digit @ b'4'..=b'8'] => Digits::new(digit - b'0').ok(),
            _ => None,
        })
        .map(|digits| digits.ok_or_else(|| otp_length(4)))
        .transpose()?;
    let country = match required(request, "countryCode", LONGEST_WORD) {
        Ok(text) => country(&text).ok_or(Reason::UnknownCountry)?,
        Err(problem) if problem.reason == Reason::InvalidParameter => {
            return Err(Reason::UnknownCountry.into());
        }
        Err(problem) => return Err(problem),
    };
    let national = Zeroizing::new(required(request, "mobileNumber", LONGEST_NUMBER)?.into_owned());
    // A `+` that was not percent-encoded arrives as a space; this is the
    // national number.
    let number = match national.starts_with(' ') {
        true => None,
        false => PhoneNumber::from_national(country, &national).ok(),
    };
    Ok(SendCall {
        number: number.ok_or(Reason::InvalidNumber)?,
        digits,
    })
}

/// A length that the customer may not choose.
pub(super) fn otp_length(fewest: u8) -> Problem {
    let words = alloc::format!("otpLength is from {fewest} to 8");
    Problem::new(Reason::InvalidParameter, words)
}

/// Reads a validation. `flowType`, `langid`, `countryCode` and
/// `mobileNumber` change nothing.
pub(super) fn validate(request: &Request<'_>) -> Result<ValidateCall, Problem> {
    let code = Zeroizing::new(required(request, "code", LONGEST_CODE)?.into_owned());
    let id = match required(request, "verificationId", LONGEST_WORD) {
        Ok(text) => VerificationId::parse(&text).ok_or(Reason::UnknownId)?,
        Err(problem) if problem.reason == Reason::InvalidParameter => {
            return Err(Reason::UnknownId.into());
        }
        Err(problem) => return Err(problem),
    };
    Ok(ValidateCall { id, code })
}

fn required<'a>(
    request: &'a Request<'_>,
    name: &str,
    longest: usize,
) -> Result<Cow<'a, str>, Problem> {
    let value = request.parameter(name).required(longest);
    value.map_err(|reason| Problem::of(name, reason))
}

fn optional<'a>(request: &'a Request<'_>, name: &str) -> Result<Option<Cow<'a, str>>, Problem> {
    let value = request.parameter(name).optional(LONGEST_WORD);
    value.map_err(|reason| Problem::of(name, reason))
}

/// A country code of digits alone: no `+`, no `00`.
fn country(text: &str) -> Option<CallingCode> {
    let is_bare = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    is_bare.then(|| text.parse().ok()).flatten()
}
