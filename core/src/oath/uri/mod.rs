//! `otpauth://` key URIs, which authenticator apps scan as QR codes.
//!
//! There is no RFC. The common reference is the wiki page "Key Uri Format" of
//! google-authenticator. Where that page and existing readers differ, this
//! module behaves as follows:
//!
//! | point | readers | here |
//! |---|---|---|
//! | `hotp` without counter | Google and FreeOTP assume 0, Aegis rejects | rejected, as the page requires: [`Error::UriWithoutCounter`] |
//! | label prefix and `issuer` differ | Aegis ignores the parameter | rejected: [`Error::UriIssuerMismatch`] |
//! | only one of the two | all accept it | accepted |
//! | empty `issuer` parameter | all accept it | treated as absent |
//! | two colons or more in the label | Aegis uses the whole label as account | a prefix equal to the `issuer` parameter is the issuer; otherwise the whole label is the account |
//! | colon in an issuer | the page forbids it | rejected: [`Error::InvalidLabel`] |
//! | `+` in the query | a space on Android and in Python, a plus sign elsewhere | a space, never written |
//! | `+` in the label | a plus sign | a plus sign, written as `%2B` |
//! | case of `algorithm`, `SHA-1` for `SHA1` | differs | all accepted |
//! | unknown `algorithm` | FreeOTP rejects, Google ignores | rejected: [`Error::InvalidAlgorithm`] |
//! | `digits` | 6 and 8 on the page | 4 to 10 |
//! | `period` | FreeOTP rejects below 5 | 1 or more; [`Caution::PeriodBelowFive`] |
//! | spaces, hyphens, padding, lower case in `secret` | Aegis accepts them | accepted, never written |
//! | `steam`, `yandex`, `motp` | Aegis accepts them | rejected: [`Error::InvalidUri`] |
//! | other parameters (`image`, `color`, `lock`, `issuerAlt`) | FreeOTP reads them | kept, see [`KeyUri::parameters`] |
//! | repeated parameter | first or last wins | rejected: [`Error::UriRepeatedParameter`] |
//! | algorithm, digits or period other than the default | ignored by some, miscalculated by others | written; reported by [`KeyUri::cautions`] |
//!
//! [`Error::InvalidAlgorithm`]: crate::Error::InvalidAlgorithm
//! [`Error::InvalidLabel`]: crate::Error::InvalidLabel
//! [`Error::InvalidUri`]: crate::Error::InvalidUri
//! [`Error::UriIssuerMismatch`]: crate::Error::UriIssuerMismatch
//! [`Error::UriRepeatedParameter`]: crate::Error::UriRepeatedParameter
//! [`Error::UriWithoutCounter`]: crate::Error::UriWithoutCounter
//!
//! ```
//! use mpass_core::oath::Secret;
//! use mpass_core::oath::uri::{KeyUri, Kind};
//!
//! let uri = KeyUri::parse(
//!     "otpauth://totp/Example:alice@google.com?secret=JBSWY3DPEHPK3PXP&issuer=Example",
//! )?;
//! assert_eq!(uri.kind(), Kind::Totp { period: 30 });
//! assert_eq!(uri.account(), "alice@google.com");
//!
//! let secret = Secret::from_bytes(b"12345678901234567890")?;
//! let uri = KeyUri::new(Kind::Totp { period: 30 }, "alice", secret)?.with_issuer("ACME Co")?;
//! assert_eq!(
//!     uri.expose().to_string(),
//!     "otpauth://totp/ACME%20Co:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=ACME%20Co",
//! );
//! # Ok::<(), mpass_core::Error>(())
//! ```

mod caution;
mod key_uri;
mod kind;
mod parse;
mod query;
mod text;

pub use caution::Caution;
pub use key_uri::KeyUri;
pub use kind::Kind;
pub use text::Text;
