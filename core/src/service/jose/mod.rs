//! Tokens: encrypted (JWE), signed with a symmetric key (JWS with HS512), and
//! signed with a key pair whose public key is published (JWS with ES256 or
//! RS256).

#[cfg(feature = "login")]
pub(crate) mod jws;
#[cfg(feature = "login")]
pub(crate) mod keys;
mod sealed;
pub(crate) mod signed;

pub(crate) use sealed::{Claims, OpenError, Token};
