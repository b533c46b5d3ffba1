//! Operations on a running server: recorded, performed on what it has open, and in
//! effect when they return.

use core::fmt;
use std::sync::Arc;

use super::collect;
use super::cut_off::StopTarget;
use super::explain::{NumberQuestion, Rules, explain};
use super::failure::Failure;
use super::gateways::{Local, LocalGateways};
use super::keys::{KeyList, KeyOperation};
use super::operations;
use super::outcome::Outcome;
use super::protocol::Operation;
use super::recording::Recording;
use super::store;
use crate::audit::Actor;
use crate::cut_offs;
use crate::fleet::keys::{activate, usable};
use crate::gateways;
use crate::keyring_file;
use crate::reload::Reloader;
use crate::state::{State, routes};

/// Performs an operation for an actor, records it in the audit log, and logs it with
/// `by`. What the actor may do is checked by the caller
/// ([`Operation::permission`]).
///
/// # Errors
/// As [`operations::perform_in`], and when the audit log cannot be written.
pub(crate) async fn perform(
    state: &State,
    reloader: &Reloader,
    actor: &Actor,
    by: &(impl fmt::Display + Sync),
    mut operation: Operation,
) -> Result<Outcome, Failure> {
    let name = operation.name();
    let named = operation.tenant().map(str::to_owned);
    let settings = operation.settings();
    let result = match operation.asked_by(actor) {
        Ok(()) => recorded(state, reloader, actor, operation).await,
        Err(failure) => Err(failure),
    };
    match &result {
        // The name of a tenant that exists. One that does not may be a credential
        // or a number that was typed in its stead.
        Ok(outcome) => {
            let tenant = match outcome {
                Outcome::Key(new) => Some(new.name.as_str()),
                _ => named.as_deref(),
            };
            tracing::info!(target: "mpass", operation = name.as_str(), tenant, settings, %by, "administration");
        }
        Err(failure) => log_failure(&name, by, failure),
    }
    result
}

pub(super) fn log_failure(operation: &str, by: &impl fmt::Display, failure: &Failure) {
    tracing::warn!(target: "mpass", operation, %by, error = %failure, "administration");
}

async fn recorded(
    state: &State,
    reloader: &Reloader,
    actor: &Actor,
    operation: Operation,
) -> Result<Outcome, Failure> {
    let keyring = state.engine.load().shared_keyring();
    let recording = Recording::begin(&state.store, &keyring, actor, &operation).await?;
    let result = match operation {
        Operation::Reload => reload(reloader).await,
        Operation::Status => match collect::status(state, reloader).await {
            Some(status) => Ok(Outcome::Status(Box::new(status))),
            None => Err(Failure::new("the server is starting")),
        },
        Operation::ExplainNumber(question) => explain_number(state, &question),
        operation => perform_in(state, operation).await,
    };
    let keyring = state.engine.load().shared_keyring();
    recording.sealed_with(&keyring).end(result).await
}

/// Explains a number by the rules in use.
fn explain_number(state: &State, question: &NumberQuestion) -> Result<Outcome, Failure> {
    let engine = state.engine.load_full();
    let setup = state.setup.load_full();
    let defined = state.defined.load_full();
    let routes: Vec<&str> = routes(&setup, &defined).map(|one| one.route()).collect();
    let routes = routes.join(", then ");
    let rules = Rules {
        numbers: &setup.numbers,
        route: Some(&routes),
        restored_at_ms: engine.restored_at_ms(),
        is_store_closed: engine.is_store_closed(),
        cut_offs: Arc::clone(engine.cut_offs()),
    };
    let store = Some((&state.store, engine.keyring()));
    let explained = explain(store, &rules, question)?;
    Ok(Outcome::Number(Box::new(explained)))
}

async fn perform_in(state: &State, operation: Operation) -> Result<Outcome, Failure> {
    let _change = match operation {
        Operation::ReloadKeyring => {
            let change = state.keyring_change.lock().await;
            reload_keyring(state)?;
            Some(change)
        }
        _ if operation.sets_rs256() && state.setup.load().signing.is_empty() => {
            return Err(Failure::new(
                "id_token_alg: RS256 requires a key: set login.signing_keys and reload the server",
            ));
        }
        Operation::Stop {
            target: StopTarget::Gateway {
                name: Some(ref name),
            },
            ..
        } => {
            gateways::check_name(state, name).map_err(Failure::new)?;
            None
        }
        Operation::Key(KeyOperation::Activate { id }) => return activate_key(state, id).await,
        Operation::Statistics(_) => {
            // What cannot be written now is missing in the answer.
            if let Err(error) = state.write_statistics().await {
                tracing::warn!(target: "mpass", %error, "the statistics cannot be written: they are kept");
            }
            None
        }
        _ => None,
    };
    let engine = state.engine.load_full();
    let changes_header = operation.changes_header();
    let changes_cut_offs = operation.changes_cut_offs();
    let changes_gateways = operation.changes_gateways();
    let setup = state.setup.load_full();
    let local = Local {
        hasher: &state.hasher,
        egress: &setup.egress,
        numbers: &setup.numbers,
        gateways: LocalGateways::Running(&setup.gateways),
    };
    let keyring = engine.shared_keyring();
    let result = operations::perform_in(&state.store, &keyring, operation, &local).await;
    match result {
        Ok(_) if changes_gateways => {
            let followed = gateways::follow(state).await.map_err(Failure::from);
            followed?;
            let followed = cut_offs::follow(state).map_err(Failure::from);
            followed.and(result)
        }
        Ok(_) if changes_cut_offs => {
            let followed = cut_offs::follow(state).map_err(Failure::from);
            followed.and(result)
        }
        _ if changes_header => follow(state).and(result),
        _ => result,
    }
}

async fn reload(reloader: &Reloader) -> Result<Outcome, Failure> {
    match reloader.reload().await {
        Ok(names) => Ok(Outcome::Reloaded(
            names.into_iter().map(str::to_owned).collect(),
        )),
        Err(error) => Err(Failure::new(format!("{error:#}"))),
    }
}

/// Reloads the keyring from its file, if that is a later state of the one in
/// use.
fn reload_keyring(state: &State) -> Result<(), Failure> {
    let path = state.keyring_file.as_ref().ok_or_else(|| {
        Failure::new("the server's keyring comes from the environment: restart the server")
    })?;
    let keyring = keyring_file::load(path).map_err(|error| Failure::new(format!("{error:#}")))?;
    state.replace_keyring(&usable(&state.store, keyring)?);
    Ok(())
}

/// Activates a record key in the header of a store that machines share, then in the
/// keyring's file, which only the next [`Header`](mpass_core::challenge::Header) of a
/// new store is made by.
async fn activate_shared_key(state: &State, id: u16) -> Result<Outcome, Failure> {
    let _change = state.keyring_change.lock().await;
    let engine = state.engine.load_full();
    let keyring = activate(&state.store, engine.keyring(), Some(&state.machine), id).await?;
    state.replace_keyring(&keyring);
    if let Some(path) = state.keyring_file.clone() {
        let activate = move || keyring_file::change(&path, |it| keyring_file::activate(it, id));
        let changed = tokio::task::spawn_blocking(activate).await;
        if let Ok(Err(error)) = changed {
            let error = format!("{error:#}");
            tracing::warn!(error, "the keyring's file does not name the active key");
        }
    }
    let keyring = Arc::new(keyring);
    operations::encrypt_tenants(&state.store, &keyring).await?;
    Ok(Outcome::Keys(KeyList::of(&keyring)))
}

/// Activates a record key in the keyring's file, then uses it.
async fn activate_key(state: &State, id: u16) -> Result<Outcome, Failure> {
    if state.store.is_shared() {
        return activate_shared_key(state, id).await;
    }
    let path = state.keyring_file.clone().ok_or_else(|| {
        Failure::new("the server's keyring comes from the environment: change it there")
    })?;
    let activate = move || keyring_file::change(&path, |it| keyring_file::activate(it, id));
    let changed = tokio::task::spawn_blocking(activate).await;
    let changed = changed.map_err(|error| Failure::new(error.to_string()))?;
    changed.map_err(|error| Failure::new(format!("{error:#}")))?;
    Box::pin(perform_in(state, Operation::ReloadKeyring)).await?;
    Ok(Outcome::Keys(KeyList::of(state.engine.load().keyring())))
}

/// Applies the header of the store to the engine.
fn follow(state: &State) -> Result<(), Failure> {
    let engine = state.engine.load_full();
    let header = store::compare(&state.store, engine.keyring())?;
    if let Some(header) = header {
        state.apply(&header);
    }
    Ok(())
}
