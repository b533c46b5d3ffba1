//! Parsing of the contract's requests, checked as far as possible without the
//! customer. Errors are reported only to an authenticated caller.

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
use crate::typed::{TYPED_BYTES, TypedCode};

/// The longest values of parameters, in bytes of UTF-8.
const LONGEST_WORD: usize = 32;
const LONGEST_KEY: usize = 128;
const LONGEST_NUMBER: usize = TYPED_BYTES;
const LONGEST_CODE: usize = TYPED_BYTES;

/// An error in a request, with a text if the reason alone does not determine
/// it.
#[derive(Debug)]
pub(super) struct RequestError {
    pub(super) reason: Reason,
    pub(super) text: Option<String>,
}

impl From<Reason> for RequestError {
    fn from(reason: Reason) -> Self {
        Self { reason, text: None }
    }
}

impl RequestError {
    pub(super) fn new(reason: Reason, text: impl Into<String>) -> Self {
        Self {
            reason,
            text: Some(text.into()),
        }
    }

    /// A missing, repeated or invalid parameter.
    fn of(name: &str, reason: Reason) -> Self {
        let text = match reason {
            Reason::MissingParameter => "is missing",
            Reason::RepeatedParameter => "is given twice",
            _ => "is not valid",
        };
        Self::new(reason, alloc::format!("{name} {text}"))
    }
}

/// A parsed send.
pub(super) struct SendCall {
    pub(super) number: PhoneNumber,
    /// The requested length of the code; `None` for the customer's default.
    pub(super) digits: Option<Digits>,
}

/// A parsed validation. The vendor's samples also contain the number, but the
/// id alone determines it.
pub(super) struct ValidateCall {
    pub(super) id: VerificationId,
    pub(super) code: TypedCode,
}

/// Parses the credential of a token request: `customerId`, and the secret of
/// [`TenantKey::expose_secret`] in base64 as `key`. `scope`, `country` and
/// `email` are ignored.
pub(super) fn credential(
    request: &Request<'_>,
    keyring: &Keyring,
) -> Result<TenantKey, RequestError> {
    let id = required(request, "customerId", LONGEST_WORD)?;
    let key = Zeroizing::new(required(request, "key", LONGEST_KEY)?.into_owned());
    if !is_customer_id(&id) {
        return Err(Reason::UnknownCredential.into());
    }
    let store_key = Customer::store_key(keyring, &id);
    // The base64 of a secret's characters never contains a `+`, which would
    // arrive as a space.
    Base64Unpadded::decode_vec(key.trim_end_matches('='))
        .ok()
        .map(Zeroizing::new)
        .and_then(|secret| {
            let secret = core::str::from_utf8(&secret).ok()?;
            TenantKey::parse_secret(store_key, secret).ok()
        })
        .ok_or_else(|| Reason::UnknownCredential.into())
}

/// The `customerId` of a request: required in version 2, optional in version 3.
pub(super) fn customer_id(
    request: &Request<'_>,
    version: Version,
) -> Result<Option<String>, RequestError> {
    const NAME: &str = "customerId";
    match optional(request, NAME) {
        Err(error) if error.reason == Reason::InvalidParameter => {
            Err(Reason::UnknownCredential.into())
        }
        Ok(None) if version == Version::Two => {
            Err(RequestError::of(NAME, Reason::MissingParameter))
        }
        id => Ok(id?.map(Cow::into_owned)),
    }
}

/// Parses a send. `email` and `langID` are ignored: messages are in English.
pub(super) fn send(request: &Request<'_>) -> Result<SendCall, RequestError> {
    if let Some(kind) = optional(request, "type")?
        && kind != "OTP"
    {
        // With `type=SMS`, the same path is another product of the vendor.
        let text = "type: only OTP is offered";
        return Err(RequestError::new(Reason::InvalidParameter, text));
    }
    if required(request, "flowType", LONGEST_WORD)? != "SMS" {
        let text = "flowType: only SMS is offered";
        return Err(RequestError::new(Reason::InvalidParameter, text));
    }
    let digits = optional(request, "otpLength")?
        .map(|text| match text.as_bytes() {
            [digit @ b'4'..=b'8'] => Digits::new(digit - b'0').ok(),
            _ => None,
        })
        .map(|digits| digits.ok_or_else(|| otp_length(4)))
        .transpose()?;
    let country = match required(request, "countryCode", LONGEST_WORD) {
        Ok(text) => text
            .parse::<CallingCode>()
            .map_err(|_| Reason::UnknownCountry)?,
        Err(error) if error.reason == Reason::InvalidParameter => {
            return Err(Reason::UnknownCountry.into());
        }
        Err(error) => return Err(error),
    };
    let national = Zeroizing::new(required(request, "mobileNumber", LONGEST_NUMBER)?.into_owned());
    // A leading space is a `+` that was not percent-encoded, but the number must
    // be in national form.
    let number = match national.starts_with(' ') {
        true => None,
        false => PhoneNumber::from_national(country, &national).ok(),
    };
    Ok(SendCall {
        number: number.ok_or(Reason::InvalidNumber)?,
        digits,
    })
}

/// The error for a code length that the customer's policy does not allow.
pub(super) fn otp_length(fewest: u8) -> RequestError {
    let text = alloc::format!("otpLength is from {fewest} to 8");
    RequestError::new(Reason::InvalidParameter, text)
}

/// Parses a validation. `flowType`, `langid`, `countryCode` and `mobileNumber`
/// are ignored.
pub(super) fn validate(request: &Request<'_>) -> Result<ValidateCall, RequestError> {
    let code = match required(request, "code", LONGEST_CODE) {
        Ok(text) => TypedCode::read(&text),
        Err(error) if error.reason == Reason::InvalidParameter => None,
        Err(error) => return Err(error),
    };
    let malformed = || RequestError::new(Reason::MalformedCode, "code is not valid");
    let code = code.ok_or_else(malformed)?;
    let id = match required(request, "verificationId", LONGEST_WORD) {
        Ok(text) => VerificationId::parse(&text).ok_or(Reason::UnknownId)?,
        Err(error) if error.reason == Reason::InvalidParameter => {
            return Err(Reason::UnknownId.into());
        }
        Err(error) => return Err(error),
    };
    Ok(ValidateCall { id, code })
}

fn required<'a>(
    request: &'a Request<'_>,
    name: &str,
    longest: usize,
) -> Result<Cow<'a, str>, RequestError> {
    let value = request.parameter(name).required(longest);
    value.map_err(|reason| RequestError::of(name, reason))
}

fn optional<'a>(
    request: &'a Request<'_>,
    name: &str,
) -> Result<Option<Cow<'a, str>>, RequestError> {
    let value = request.parameter(name).optional(LONGEST_WORD);
    value.map_err(|reason| RequestError::of(name, reason))
}
