//! A cut-off that another machine wrote into the store.

use core::time::Duration;

use mpass_core::service::{CutOffTarget, CutOffs, NewCutOff};
use mpass_server::clock;

use crate::support::{Manner, PATIENCE, StandIn, start};

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
        why: None,
    };
    let stopping = CutOffs::stopping(&*keyring, new);
    stopping
        .run_async(&state.store, &environment)
        .await
        .unwrap();
    let answered = async |status: &str| {
        let asking = async {
            while running.send(&running.key).await.1 != status {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let answered = tokio::time::timeout(PATIENCE, asking).await;
        assert!(answered.is_ok(), "status {status} does not come");
    };
    answered("100").await;
    let sent = gateway.requests().len();
    running.send(&running.key).await;
    assert_eq!(gateway.requests().len(), sent);

    let resuming = CutOffs::resuming(&*keyring, None);
    resuming
        .run_async(&state.store, &environment)
        .await
        .unwrap();
    answered("0").await;
}
