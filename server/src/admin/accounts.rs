//! An administrator's operations on administrators and API tokens.

use mpass_core::challenge::Keyring;

use super::administrators::AdministratorOperation;
use super::failure::Failure;
use super::outcome::Outcome;
use super::tokens::TokenOperation;
use crate::administrators::Hasher;
use crate::store::AnyStore;

/// Performs an operation on administrators.
///
/// # Errors
/// A [`Failure`] without a secret.
pub(super) async fn perform(
    _store: &AnyStore,
    _keyring: &Keyring,
    _operation: AdministratorOperation,
    _hasher: &Hasher,
) -> Result<Outcome, Failure> {
    Err(Failure::new("not supported yet"))
}

/// Performs an operation on API tokens.
///
/// # Errors
/// A [`Failure`] without a secret.
pub(super) async fn perform_token(
    _store: &AnyStore,
    _keyring: &Keyring,
    _operation: TokenOperation,
    _hasher: &Hasher,
) -> Result<Outcome, Failure> {
    Err(Failure::new("not supported yet"))
}
