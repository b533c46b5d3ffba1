//! The identity provider with which administrators may sign in: an OpenID provider of
//! their organization.

mod config;
mod fetch;
mod id_token;
mod keys;
mod provider;
#[cfg(test)]
pub(crate) mod tests;
mod transaction;

pub use config::IdentityProviderConfig;
pub(crate) use config::RETURN_PATH;
pub(crate) use provider::{IdentityProvider, ProviderError, SignedInThere};
pub(crate) use transaction::LIFE;
