//! Tokens: sealed (JWE), signed with a key of the keyring (JWS with HS512),
//! and signed with a key that anybody can check (JWS with ES256).

#[cfg(feature = "login")]
pub(crate) mod es256;
#[cfg(feature = "login")]
pub(crate) mod keys;
mod sealed;
pub(crate) mod signed;

pub(crate) use sealed::{Claims, Token, Unsealed};
