//! Tests of the sign-in with a provider, which is sometimes an attacker.

mod provider;
pub(crate) mod stand_in;
mod tokens;
