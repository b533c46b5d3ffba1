//! The number that a client claims for a device, and its comparison with the
//! device's number.

use alloc::string::String;

use serde::Deserialize;
use subtle::ConstantTimeEq;

use super::version::Version;
use crate::number::{HexDigest, PhoneNumber};
use crate::service::contracts::camara::commonalities;
use crate::service::host::{Reason, Request};

/// The most digits of a number (E.164), and the length of the arrays that are
/// compared.
const MOST_DIGITS: usize = 15;
/// The fewest digits of the contract's numbers.
const FEWEST_DIGITS: usize = 5;

/// A number to compare with that of the device, in plain text or as a hash.
pub(super) enum Claim {
    /// The digits of the number in canonical form, padded with zero bytes.
    Number([u8; MOST_DIGITS]),
    /// SHA-256 of the number.
    Hash(HexDigest),
}

/// The body: an object with exactly one of the two members, which is how serde
/// represents an enum variant in JSON. `null` is not a string and is rejected.
#[derive(Deserialize)]
enum Body {
    #[serde(rename = "phoneNumber")]
    Number(String),
    #[serde(rename = "hashedPhoneNumber")]
    Hash(String),
}

impl Claim {
    /// Parses the body of a request.
    pub(super) fn read(request: &Request<'_>, version: &Version) -> Result<Self, Reason> {
        match commonalities::body(request)? {
            Body::Number(text) => {
                let digits = match text.strip_prefix('+') {
                    Some(digits) => digits,
                    None if version.is_plus_optional => &text,
                    None => return Err(Reason::InvalidBody),
                };
                let is_number = (FEWEST_DIGITS..=MOST_DIGITS).contains(&digits.len())
                    && digits.bytes().all(|byte| byte.is_ascii_digit())
                    && !digits.starts_with('0');
                if !is_number {
                    return Err(Reason::InvalidBody);
                }
                // Digits of no number stay as they are: no device has them.
                Ok(Self::Number(match PhoneNumber::parse(digits, None) {
                    Ok(number) => padded(number.digits()),
                    Err(_) => padded(digits),
                }))
            }
            Body::Hash(text) => HexDigest::parse(&text)
                .map(Self::Hash)
                .map_err(|_| Reason::InvalidBody),
        }
    }

    /// Whether the claim is true for `number`, in constant time.
    pub(super) fn is(&self, number: &PhoneNumber, version: &Version) -> bool {
        let is_equal = match self {
            Self::Number(digits) => digits.ct_eq(&padded(number.digits())),
            Self::Hash(hash) if version.is_plus_optional => {
                hash.ct_eq(&number.sha256_hex()) | hash.ct_eq(&number.sha256_hex_without_plus())
            }
            Self::Hash(hash) => hash.ct_eq(&number.sha256_hex()),
        };
        is_equal.into()
    }
}

/// Digits in an array of fixed length, so that the time of a comparison does not
/// reveal how many there are.
fn padded(digits: &str) -> [u8; MOST_DIGITS] {
    let mut padded = [0; MOST_DIGITS];
    for (slot, digit) in padded.iter_mut().zip(digits.bytes()) {
        *slot = digit;
    }
    padded
}
