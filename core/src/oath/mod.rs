//! OATH one-time passwords: HOTP (RFC 4226), TOTP (RFC 6238) and OCRA (RFC
//! 6287, in [`ocra`]), secrets, and key URIs (in [`uri`]). No function here
//! allocates or panics, except that [`exposed`] allocates.
//!
//! A verifier fixes the length of its codes. Typed text is read by
//! [`Code::parse`]; text of another number of digits or with other characters
//! never matches. A window is always computed completely, in a
//! time that depends only on its size. The result is the counter or time step
//! that matched, which the caller stores in order to refuse replays.
//!
//! ```
//! use mpass_core::oath::{Algorithm, Digits, Hotp, Key};
//!
//! let key = Key::new(Algorithm::Sha1, b"12345678901234567890")?;
//! let hotp = Hotp::new(key, Digits::SIX);
//! assert_eq!(hotp.generate(1).as_str(), "287082");
//! # Ok::<(), mpass_core::Error>(())
//! ```

pub(crate) mod alphabet;
pub(crate) mod as_text;
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
mod secret_text;
mod totp;
pub mod uri;
mod window;

pub use crate::algorithm::Algorithm;
pub use as_text::Written;
pub use attempt::Attempt;
pub use batch::{generate_batch, verify_batch};
pub use code::Code;
pub use digits::Digits;
#[cfg(feature = "alloc")]
pub use exposed::{exposed, written};
pub use hotp::Hotp;
pub use key::Key;
pub use packed::PackedText;
pub use secret::{ExposedBase32, ExposedHex, Place, Secret, SecretFault};
pub use secret_text::{SecretForm, SecretText, StatedCodes};
pub use totp::Totp;
pub use window::LARGEST_WINDOW;
