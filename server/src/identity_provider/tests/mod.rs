//! Tests of the sign-in with a provider, which is sometimes an attacker.

mod provider;
mod stand_in;
mod tokens;
