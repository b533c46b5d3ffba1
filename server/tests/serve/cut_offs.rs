//! A cut-off that another machine wrote into the store.

use mpass_core::service::{CutOffTarget, CutOffs, NewCutOff};
use mpass_server::clock;

use crate::support::{Manner, StandIn, start, until};

/// The server reads the list by itself, without its admin socket.
#[tokio::test]
async fn the_server_follows_the_store() {
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let running = start(&gateway, "").await;
    let state = &running.state;
    assert_eq!(running.send(&running.key).await, (200, "0".into()));

    let keyring = state.engine.load().shared_keyring();
    let environment = (clock::now_ms, || Ok([1; 32]));
    let new = NewCutOff {
        target: CutOffTarget::Gateway(Some("main".into())),
        life_ms: 3_600_000,
        by: None,
        by_name: None,
        why: None,
    };
    let stopping = CutOffs::stopping(&*keyring, new);
    stopping
        .run_async(&state.store, &environment)
        .await
        .unwrap();
    let is_stopped = || {
        let engine = state.engine.load();
        engine.cut_offs().is_any_in_effect(clock::now_ms())
    };
    until("the cut-off", is_stopped).await;
    let sent = gateway.requests().len();
    assert_eq!(running.send(&running.key).await, (200, "100".into()));
    assert_eq!(gateway.requests().len(), sent);

    let resuming = CutOffs::resuming(&*keyring, None);
    resuming
        .run_async(&state.store, &environment)
        .await
        .unwrap();
    until("the end of the cut-off", || !is_stopped()).await;
    assert_eq!(running.send(&running.key).await, (200, "0".into()));
}
