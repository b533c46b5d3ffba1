//! One-time passwords of OATH: HOTP (RFC 4226), TOTP (RFC 6238) and OCRA
//! (RFC 6287, in [`ocra`]), their secrets and their key URIs (in [`uri`]). No
//! allocation, and no panic on any input.
//!
//! A verifier fixes the length of a code; a text of another length or with
//! another character is simply not the code. Windows are computed whole, in a
//! time that depends on their size alone, and tell which counter or step
//! matched, which a caller keeps to refuse it the next time.
//!
//! ```
//! use mpass_core::oath::{Algorithm, Digits, Hotp, Key};
//!
//! let key = Key::new(Algorithm::Sha1, b"12345678901234567890")?;
//! let hotp = Hotp::new(key, Digits::SIX);
//! assert_eq!(hotp.generate(1).as_str(), "287082");
//! # Ok::<(), mpass_core::Error>(())
//! ```

mod attempt;
mod batch;
mod code;
mod digits;
#[cfg(feature = "alloc")]
mod exposed;
mod hotp;
mod key;
pub mod ocra;
mod packed;
mod secret;
mod totp;
pub mod uri;
mod window;

pub use crate::algorithm::Algorithm;
pub use attempt::Attempt;
pub use batch::{generate_batch, verify_batch};
pub use code::Code;
pub(crate) use code::fold_digit;
pub use digits::Digits;
#[cfg(feature = "alloc")]
pub use exposed::exposed;
pub use hotp::Hotp;
pub use key::Key;
pub use packed::PackedText;
pub use secret::{ExposedBase32, ExposedHex, Secret};
pub use totp::Totp;
pub use window::LARGEST_WINDOW;
