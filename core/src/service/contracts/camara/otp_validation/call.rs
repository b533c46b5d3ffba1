//! Parsing of the contract's requests.

use alloc::string::String;

use serde::Deserialize;
use zeroize::Zeroizing;

use super::errors::Operation;
use crate::number::PhoneNumber;
use crate::service::contracts::camara::commonalities;
use crate::service::host::{Reason, Request};
use crate::service::message::Template;
use crate::typed::TypedCode;

/// The longest `authenticationId`, in characters.
const LONGEST_ID: usize = 36;
/// The longest `code`, in characters.
const LONGEST_CODE: usize = 10;

/// A parsed request.
pub(super) enum Call {
    Send(SendCode),
    Validate(ValidateCode),
    /// An `authenticationId` longer than the contract allows.
    OutOfRange,
}

pub(super) struct SendCode {
    pub(super) number: PhoneNumber,
    pub(super) template: Template,
}

pub(super) struct ValidateCode {
    pub(super) id: String,
    /// `None` for a text that the contract allows, as its codes may have
    /// letters, but that is no code of this server: a wrong code.
    pub(super) code: Option<TypedCode>,
}

impl Call {
    pub(super) fn read(request: &Request<'_>, operation: Operation) -> Result<Self, Reason> {
        match operation {
            Operation::SendCode => SendCode::read(request).map(Self::Send),
            Operation::ValidateCode => Self::validate(request),
        }
    }

    fn validate(request: &Request<'_>) -> Result<Self, Reason> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Body {
            authentication_id: String,
            code: String,
        }
        let body: Body = commonalities::body(request)?;
        let code = Zeroizing::new(body.code);
        if body.authentication_id.is_empty() || code.is_empty() {
            return Err(Reason::MissingParameter);
        }
        // The contract's tests expect INVALID_ARGUMENT for a code that is too
        // long. That leaves OUT_OF_RANGE for the other value with a maximum
        // length.
        if code.chars().count() > LONGEST_CODE {
            return Err(Reason::InvalidParameter);
        }
        if body.authentication_id.chars().count() > LONGEST_ID {
            return Ok(Self::OutOfRange);
        }
        Ok(Self::Validate(ValidateCode {
            id: body.authentication_id,
            code: TypedCode::read(&code),
        }))
    }
}

impl SendCode {
    fn read(request: &Request<'_>) -> Result<Self, Reason> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Body {
            phone_number: String,
            message: String,
        }
        let body: Body = commonalities::body(request)?;
        let number = Zeroizing::new(body.phone_number);
        if !is_phone_number(&number) {
            return Err(Reason::InvalidNumber);
        }
        let number = PhoneNumber::parse(&number, None).map_err(|_| Reason::InvalidNumber)?;
        let template = Template::requested(&body.message).map_err(|_| Reason::InvalidParameter)?;
        Ok(Self { number, template })
    }
}

/// Whether a text matches `^\+[1-9][0-9]{4,14}$`.
fn is_phone_number(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (5..=15).contains(&digits.len())
            && digits.bytes().all(|digit| digit.is_ascii_digit())
            && !digits.starts_with('0')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_match_the_pattern() {
        for text in ["+12345", "+346661113334", "+123456789012345"] {
            assert!(is_phone_number(text), "{text}");
        }
        for text in [
            "",
            "+",
            "+1234",
            "+1234567890123456",
            "+0123456",
            "346661113334",
            "00346661113334",
            "+34 666111333",
            "++3466611133",
            "+٣٤٦٦٦١١١٣",
            "+34666111333\n",
        ] {
            assert!(!is_phone_number(text), "{text:?}");
        }
    }
}
