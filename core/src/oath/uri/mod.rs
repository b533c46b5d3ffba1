//! `otpauth://` key URIs, which authenticator apps scan as QR codes.
//!
//! There is no RFC. The common reference is the wiki page "Key Uri Format" of
//! google-authenticator. Where that page and existing readers differ, this
//! module behaves as follows. A caution after "read" means that a choice or a
//! repair is reported by [`KeyUri::cautions`] and refused by
//! [`KeyUri::parse_strict`].
//!
//! | point | readers | here |
//! |---|---|---|
//! | case of scheme and type | any (RFC 3986) | any |
//! | `otpauth-migration://` | Aegis and others import it | refused: [`Error::UriMigration`] |
//! | `steam://`, `motp://`, no scheme | Bitwarden and Aegis accept some | refused: [`Error::UriScheme`] |
//! | a URI in a link or another text, two URIs | refused | refused: [`Error::UriWithinText`], [`Error::UriSeveral`] |
//! | `#` | a fragment, which is ignored with all after it | refused: [`Error::UriFragment`] |
//! | user or port | ignored or refused | refused: [`Error::UriType`] |
//! | case of parameter names | otpauth, libcotp accept any | read: [`Caution::Spelling`] |
//! | `steam`, `yaotp`, `motp` as type | Aegis accepts them | refused: [`Error::UriType`] |
//! | `hotp` without counter | Google, FreeOTP and pyotp assume 0, others refuse | refused, as the page requires: [`Error::UriWithoutCounter`] |
//! | label prefix and `issuer` differ (Microsoft 365) | otphp, otpauth, pquerna/otp take the parameter; Aegis, libcotp the label; pyotp refuses | the parameter, [`Caution::IssuerDiffers`]; [`KeyUri::label_issuer`] is the prefix, which is written again |
//! | only one of the two | all accept it | accepted |
//! | empty `issuer` parameter, empty prefix (`:bar`) | all accept it | read as absent: [`Caution::EmptyIssuer`] |
//! | no account (`totp/?…`, `Foo:`, no slash) | pyotp, FreeOTP accept it | read: [`Caution::EmptyAccount`] |
//! | `%3A` and a literal colon in the label | text in pyotp, libcotp | text |
//! | `%3A` without a literal colon | a separator on the page, in otpauth, Google | a separator; unless the issuer confirms it, [`Caution::EncodedColon`] |
//! | more colons than separate | Aegis uses the whole label as account, others the first colon | a prefix equal to the parameter is the issuer; otherwise the whole label is the account, [`Caution::ColonInLabel`] |
//! | colon in an issuer or account | the page forbids it, FreeOTP refuses it | accepted, written as `%3A`: [`Caution::ColonInName`]; an account with a colon and no issuer is written after an empty prefix |
//! | `+` in the query | a space on Android, in Python and Go, a plus sign in JavaScript and C | a space, never written; as an issuer what the label confirms, else [`Caution::PlusAsSpace`] |
//! | `+` in the label | a plus sign | a plus sign, written as `%2B` |
//! | case of `algorithm`, `SHA-1` and `HmacSHA1` for `SHA1` | differs | read: [`Caution::Spelling`] |
//! | unknown `algorithm` | FreeOTP refuses, Google ignores | refused: [`Error::InvalidAlgorithm`] |
//! | `digits` | 6 and 8 on the page | 4 to 10 |
//! | leading zeros in numbers | decimal, or octal | decimal: [`Caution::Spelling`] |
//! | `period` | FreeOTP refuses below 5, libcotp above 120; KeePassXC limits it to 24 hours | 1 to 2^63 - 1; [`Caution::PeriodBelowFive`], [`Caution::PeriodAboveHour`] |
//! | `period=30000` | 8 hours and 20 minutes | refused: [`Error::StepInMilliseconds`] |
//! | `period=30.0`, `counter=-1`, empty values | some read 30, some the default | refused: [`Error::InvalidPeriod`], [`Error::InvalidCounter`] |
//! | spaces, hyphens, padding, lower case in `secret` | Aegis accepts them | read, never written: [`Caution::SecretForm`] |
//! | `encoder` (Steam) | KeePassXC, pyotp, pquerna/otp compute Steam's codes, others ignore it | refused: [`Error::UriEncoder`] |
//! | issuer Steam without `encoder` | ordinary codes in pyotp and KeePassXC, Steam's in FreeOTP | ordinary codes: [`Caution::SteamIssuer`] |
//! | `pin`, `pin_length`, `yandexpin` | Aegis, Yandex.Key, KeePassOTP use them | refused: [`Error::UriPin`] |
//! | `t0`, `epoch`, `start`, and names with `offset`, `skew` | ignored | refused: [`Error::UriTimeOrigin`] |
//! | names with `alg`, `digit`, `hash`, `hmac`, `step`, `interval`, `length`, `encoding`, `ocra` and others; `type=steam` | ignored, or used by one product | refused: [`Error::UriParameterChangesCode`] |
//! | ` digits`, `digits[]`, `time_step`, `algorithm%3DSHA256` | an unknown parameter | refused as these names |
//! | `period` for HOTP | FreeOTP writes 30 | 30 is kept, another is refused: [`Error::UriParameterChangesCode`] |
//! | other parameters (`image`, `color`, `lock`, `issuerAlt`) | FreeOTP reads them | kept in [`KeyUri::parameters`]: [`Caution::UnknownParameter`] |
//! | repeated parameter | first or last wins | read with equal values, [`Caution::RepeatedParameter`]; otherwise [`Error::UriRepeatedParameter`] |
//! | `&amp;` between parameters | an unknown parameter `amp;…` | read as `&` before a parameter of the page, `image` and the like: [`Caution::EscapedAmpersand`]; otherwise (`issuer=AT&amp;T`) [`Error::UriSeparator`] |
//! | `;`, `?` or another separator before `digits=` and the like | part of the value | refused: [`Error::UriSeparator`] |
//! | `&digits=` and the like in the label or an issuer, encoded or not | part of the name | refused: [`Error::UriSeparator`] |
//! | a name that was encoded twice (`Big%2520Co`) | decoded once | decoded once: [`Caution::EncodedTwice`] |
//! | white space and format characters at the ends | pquerna/otp drops white space | dropped: [`Caution::Trimmed`] |
//! | algorithm, digits or period other than the default | ignored by some, miscalculated by others | written; reported by [`KeyUri::cautions`] |
//!
//! [`Error::InvalidAlgorithm`]: crate::Error::InvalidAlgorithm
//! [`Error::InvalidCounter`]: crate::Error::InvalidCounter
//! [`Error::InvalidPeriod`]: crate::Error::InvalidPeriod
//! [`Error::StepInMilliseconds`]: crate::Error::StepInMilliseconds
//! [`Error::UriEncoder`]: crate::Error::UriEncoder
//! [`Error::UriFragment`]: crate::Error::UriFragment
//! [`Error::UriMigration`]: crate::Error::UriMigration
//! [`Error::UriParameterChangesCode`]: crate::Error::UriParameterChangesCode
//! [`Error::UriPin`]: crate::Error::UriPin
//! [`Error::UriRepeatedParameter`]: crate::Error::UriRepeatedParameter
//! [`Error::UriScheme`]: crate::Error::UriScheme
//! [`Error::UriSeparator`]: crate::Error::UriSeparator
//! [`Error::UriSeveral`]: crate::Error::UriSeveral
//! [`Error::UriTimeOrigin`]: crate::Error::UriTimeOrigin
//! [`Error::UriType`]: crate::Error::UriType
//! [`Error::UriWithinText`]: crate::Error::UriWithinText
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

mod applies;
mod caution;
mod key_uri;
mod kind;
mod label;
mod names;
mod parse;
mod parts;
mod query;
mod scheme;
mod separator;
mod strict;
mod text;
mod written;

pub use caution::Caution;
pub(in crate::oath) use caution::Cautions;
pub use key_uri::KeyUri;
pub use kind::Kind;
pub(in crate::oath) use scheme::{begins_key_uri, other_form};
pub use strict::NotStrict;
pub use text::Text;
