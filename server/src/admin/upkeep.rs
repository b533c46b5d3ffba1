//! What a server does for its tenants after its keys have changed.

use anyhow::anyhow;

use super::operations;
use crate::state::State;

/// Encrypts the tenants that an earlier version wrote, or that are sealed with an
/// older record key.
///
/// # Errors
/// When the store fails.
pub(crate) async fn encrypt_tenants(state: &State) -> anyhow::Result<()> {
    let engine = state.engine.load_full();
    let encrypted = operations::encrypt_tenants(&state.store, &engine.shared_keyring()).await;
    let count = encrypted.map_err(|error| anyhow!("cannot encrypt the tenants: {error}"))?;
    if count > 0 {
        tracing::info!(count, "encrypted tenants with the newest record key");
    }
    Ok(())
}

/// Logs an error if there is a login, clients have RS256 and the server has no key
/// for it.
///
/// # Errors
/// When the store fails.
pub(crate) async fn check_rs256(state: &State) -> anyhow::Result<()> {
    let engine = state.engine.load_full();
    if engine.settings().issuer.is_none() || !state.setup.load().signing.is_empty() {
        return Ok(());
    }
    let counted = operations::count_rs256(&state.store, &engine.shared_keyring()).await;
    let clients = counted.map_err(|error| anyhow!("cannot list the clients: {error}"))?;
    if clients > 0 {
        tracing::error!(
            clients,
            "clients with id_token_alg RS256 cannot log in: login.signing_keys is not set"
        );
    }
    Ok(())
}
