//! Phone numbers: one canonical E.164 form before anything is keyed or hashed,
//! and the two hashes. No allocation.
//!
//! Whether a number exists, and is a mobile one, is the host's to say: core
//! reads the form, the country code and the trunk prefix.
//!
//! ```
//! use mpass_core::number::{CallingCode, PhoneNumber};
//!
//! let saudi = CallingCode::new(966)?;
//! let number = PhoneNumber::parse("050 000 0000", Some(saudi))?;
//! assert_eq!(number.as_str(), "+966500000000");
//! assert_eq!(number.to_string(), "+9665*****00");
//! assert_eq!(number, PhoneNumber::parse("00966-500-000-000", None)?);
//! # Ok::<(), mpass_core::Error>(())
//! ```

mod batch;
mod calling_code;
mod hash;
mod parse;
mod phone_number;
mod plans;

pub use batch::{hash_batch, keyed_hash_batch};
pub use calling_code::CallingCode;
pub use hash::HexDigest;
pub use phone_number::PhoneNumber;
