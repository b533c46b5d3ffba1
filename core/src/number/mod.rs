//! Phone numbers: the canonical E.164 form, which is required before a number
//! is used as a key or hashed, and two hashes. No allocation.
//!
//! The canonical form is a function of a table with a version,
//! [`TABLE_VERSION`], and of nothing else.
//!
//! Core checks only the form, the country code and the national prefixes, which it
//! drops or moves. Whether a number exists and is a mobile number is for the host to
//! decide. Letters, extensions and prefixes for calls abroad other than `+` and `00`
//! are not read; docs/DESIGN.md has the reasons.
//!
//! ```
//! use mpass_core::number::{CallingCode, PhoneNumber};
//!
//! let saudi = CallingCode::new(966)?;
//! let number = PhoneNumber::parse("050 000 0000", Some(saudi))?;
//! assert_eq!(number.as_str(), "+966500000000");
//! assert_eq!(number.to_string(), "+9665*****00");
//! assert_eq!(number, PhoneNumber::parse("00966-500-000-000", None)?);
//! // Within Argentina, 15 marks a mobile number; from abroad, 9 does.
//! let argentina = CallingCode::new(54)?;
//! let number = PhoneNumber::parse("011 15-2345-6789", Some(argentina))?;
//! assert_eq!(number.as_str(), "+5491123456789");
//! # Ok::<(), mpass_core::Error>(())
//! ```

mod abroad;
mod argentina;
mod batch;
mod calling_code;
mod digits;
mod hash;
mod parse;
mod phone_number;
mod plans;
mod prefix;
mod prefixes;
mod table;

pub use batch::{hash_batch, keyed_hash_batch};
pub use calling_code::CallingCode;
pub use hash::HexDigest;
pub use parse::Reading;
pub use phone_number::PhoneNumber;
pub use prefix::NumberPrefix;
pub use table::TABLE_VERSION;
