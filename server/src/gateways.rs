//! Gateways that are defined while the server runs: it follows those in the store.

use core::time::Duration;
use std::sync::Arc;

use anyhow::{Context, ensure};
use mpass_core::service::{Answer, Sms};

use crate::clock;
use crate::following;
use crate::gateway::{self, BUDGET, DefinitionError, Definitions, Gateway};
use crate::options::NO_GATEWAY;
use crate::setup::Setup;
use crate::state::{State, routes};

/// Follows the gateways of the store until `end`. While they cannot be read, the last
/// ones are in use.
pub(crate) async fn watch(state: Arc<State>, end: impl Future<Output = ()>) {
    let failed = "cannot read the gateways: the last ones stay in use";
    let followed = || {
        let state = Arc::clone(&state);
        async move { follow(&state).await }
    };
    following::watch(end, failed, followed).await;
}

/// Reads the gateways of the store and uses them for new messages.
///
/// # Errors
/// When they cannot be read.
pub(crate) async fn follow(state: &State) -> Result<(), DefinitionError> {
    // An older state never replaces a newer one.
    let _defining = state.defining.lock().await;
    let (engine, setup) = (state.engine.load_full(), state.setup.load_full());
    let definitions = Definitions::new(&state.store, engine.keyring(), &setup.egress);
    let present = state.defined.load_full();
    let followed = present.followed(definitions, &setup.egress).await;
    let followed = followed.inspect_err(|_| state.metrics.count_store_failure())?;
    let Some(defined) = followed else {
        return Ok(());
    };
    for (name, reason) in defined.unusable() {
        tracing::error!(gateway = name, reason, "a gateway cannot be used");
    }
    let names: Vec<&str> = defined.gateways().map(|one| one.name()).collect();
    let names_of_file = setup.gateways.iter().map(|one| one.name());
    for name in names_of_file.filter(|name| names.contains(name)) {
        tracing::warn!(
            gateway = name,
            "the gateway of the configuration is used, and not that of the store with its name"
        );
    }
    tracing::info!(gateways = names.join(", "), "gateways of the store");
    state.defined.store(Arc::new(defined));
    Ok(())
}

/// Reads the gateways at the start, and refuses a server that has none.
///
/// # Errors
/// When they cannot be read, or there is none.
pub(crate) async fn begin(state: &State) -> anyhow::Result<()> {
    let read = follow(state).await;
    read.context("cannot read the gateways of the store")?;
    let (setup, defined) = (state.setup.load(), state.defined.load());
    ensure!(
        !setup.gateways.is_empty() || !defined.is_empty(),
        NO_GATEWAY
    );
    Ok(())
}

/// Refuses the name of a gateway that the server does not have.
pub(crate) fn check_name(state: &State, name: &str) -> Result<(), String> {
    let (setup, defined) = (state.setup.load_full(), state.defined.load_full());
    let usable = routes(&setup, &defined).map(|one| one.name());
    let unusable = defined.unusable().map(|(name, _)| name);
    let names: Vec<&str> = usable.chain(unusable).collect();
    if names.contains(&name) {
        return Ok(());
    }
    let names = match names.as_slice() {
        [] => "it has none".to_owned(),
        [one] => format!("its gateway is {one}"),
        several => format!("its gateways are {}", several.join(", ")),
    };
    Err(format!("the server has no gateway of this name: {names}"))
}

/// Passes a message to the gateways that are not stopped, in turn.
pub(crate) async fn deliver(state: &State, setup: &Setup, sms: &Sms) -> Answer {
    let (defined, cut_offs) = (state.defined.load_full(), state.all_cut_offs.load_full());
    let now_ms = clock::now_ms();
    let mut gateways: Vec<&Gateway> = Vec::with_capacity(4);
    for gateway in routes(setup, &defined) {
        if cut_offs.of_gateway(gateway.name(), now_ms).is_none() {
            gateways.push(gateway);
        }
    }
    let note = |gateway: &Gateway, answer: &Answer, took: Duration| {
        state.metrics.count_attempt(gateway.name(), answer);
        let (statistics, name) = (&state.statistics, gateway.name());
        statistics.count_attempt(name, answer, took, clock::now_ms());
    };
    gateway::deliver(&gateways, sms, BUDGET, note).await
}
