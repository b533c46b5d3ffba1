//! What administrators have stopped: the server follows the list in the store.

use std::sync::{Arc, PoisonError};

use mpass_core::Error;
use mpass_core::service::{CutOff, CutOffs};
use mpass_core::store::{Kind, Store};

use crate::clock;
use crate::following;
use crate::gateway::masked;
use crate::state::{State, routes};
use crate::time;

/// Follows the list until `end`. While it cannot be read, the last one holds.
pub(crate) async fn watch(state: Arc<State>, end: impl Future<Output = ()>) {
    let failed = "cannot read the cut-offs: the last ones hold";
    following::watch(end, failed, || core::future::ready(follow(&state))).await;
}

/// Reads the list and applies it to new requests; logs what has changed, what has
/// ended by itself, and sets the metric.
///
/// # Errors
/// When the list cannot be read.
pub(crate) fn follow(state: &State) -> Result<(), Error> {
    // Held from the read on, so that an older list never replaces a newer one.
    let mut logged = state
        .cut_offs
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let engine = state.engine.load_full();
    let keyring = engine.keyring();
    let value = Store::load(&state.store, Kind::Document, &CutOffs::store_key(keyring));
    let value = value.inspect_err(|_| state.metrics.count_store_failure())?;
    let all = CutOffs::open(keyring, value.as_deref())?;
    let now_ms = clock::now_ms();
    let (setup, defined) = (state.setup.load_full(), state.defined.load_full());
    let names: Vec<&str> = routes(&setup, &defined).map(|one| one.name()).collect();
    let own = all.for_gateways(&names, now_ms);
    state.all_cut_offs.store(Arc::new(all.clone()));
    if own != **engine.cut_offs() {
        let own = Arc::new(own);
        state
            .engine
            .rcu(|engine| engine.with_cut_offs(Arc::clone(&own)));
    }
    let in_effect: Vec<CutOff> = all.in_effect(now_ms).cloned().collect();
    state.metrics.set_cut_offs(in_effect.len());
    for cut_off in logged.iter().filter(|one| !in_effect.contains(one)) {
        let is_replaced = in_effect.iter().any(|one| one.target == cut_off.target);
        let target = &cut_off.target;
        match cut_off.is_in_effect(now_ms) {
            true if is_replaced => {}
            true => tracing::info!(%target, "resumed"),
            false => tracing::info!(%target, "a cut-off has ended"),
        }
    }
    for cut_off in in_effect.iter().filter(|one| !logged.contains(one)) {
        log(cut_off);
    }
    *logged = in_effect;
    Ok(())
}

/// The log has no digits of the reason, which may be a number.
fn log(cut_off: &CutOff) {
    let CutOff {
        target,
        by,
        by_name,
        ..
    } = cut_off;
    let administrator = by_name.as_deref();
    let until = time::seconds(cut_off.until_ms);
    let why = cut_off.why.as_deref();
    let why = why.map(|why| masked(why.as_bytes(), &Default::default()));
    tracing::warn!(%target, until, by, administrator, why, "stopped");
}
