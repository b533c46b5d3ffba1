//! Tenants of a shared store, which a server loads once a second.

#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

#[path = "../../stores/tests/support/mod.rs"]
mod stores;
mod support;

use core::time::Duration;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::time::Instant;

use mpass_core::challenge::{Header, Keyring};
use mpass_core::service::TenantAdmin;
use mpass_core::service::settings::Group;
use mpass_core::store::{AsyncStore, run_async};
use mpass_server::{clock, entropy};
use mpass_stores::redis::{RedisSettings, RedisStore};
use mpass_stores::remote::Admission;

use stores::redis::Redis;
use support::{Manner, PATIENCE, Running, StandIn, channel, options, start_with, until};

/// The contract's answer to a number that is none.
const NO_NUMBER: &str = "not-a-number";

async fn revoke(store: &impl AsyncStore, keyring: &Arc<Keyring>, name: &str) {
    let admin = TenantAdmin::new(Arc::clone(keyring));
    let entropy = entropy::fresh().unwrap();
    let revoke = admin.revoke(Group::Channel, name, &entropy).unwrap();
    let host = (clock::now_ms, || Ok(*entropy));
    run_async(store, &host, revoke).await.unwrap();
}

async fn told(server: &Running, key: &str, number: &str) -> (u16, String) {
    let path = support::SEND;
    server
        .get(&format!("{path}?apikey={key}&dest={number}"))
        .await
}

/// A server on a store that another program changes, too.
async fn shared(server: &Redis) -> (Running, RedisStore, Arc<Keyring>) {
    let keyring = Arc::new(Keyring::generate(&entropy::fresh().unwrap()));
    let store = RedisStore::open(RedisSettings {
        admission: Admission::Any,
        ..RedisSettings::new(server.url())
    });
    let store = store.unwrap();
    let environment = (clock::now_ms, || Ok(*entropy::fresh().unwrap()));
    let initializing = Header::initializing(Arc::clone(&keyring));
    initializing.run_async(&store, &environment).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("keyring");
    fs::write(&file, keyring.expose().to_string()).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let table = format!("[store]\nkind = \"redis\"\nurl = \"{}\"\n", server.url());
    let options = options(&dir, gateway.addr, &table);
    (start_with(options, dir).await, store, keyring)
}

/// It ends a second after the change, although it is used all the time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenant_that_another_machine_revokes() {
    let redis = Redis::start(&[]);
    let (server, store, keyring) = shared(&redis).await;
    let before = told(&server, &server.key, NO_NUMBER).await;
    let unknown = told(&server, "unknown-key", NO_NUMBER).await;
    assert_ne!(before, unknown);
    revoke(&store, &keyring, "test-0").await;
    let begun = Instant::now();
    loop {
        let now = told(&server, &server.key, NO_NUMBER).await;
        if now != before {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "it is still used");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    server.end().await;
}

/// A change by this server is in effect at once, and so is a revocation.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenant_that_this_machine_revokes() {
    let redis = Redis::start(&[]);
    let (server, _, keyring) = shared(&redis).await;
    for round in 1..=8 {
        let time = Duration::from_millis(round);
        let key = channel(&server.state, time).await;
        let before = told(&server, &key, NO_NUMBER).await;
        revoke(&server.state.store, &keyring, &format!("test-{round}")).await;
        assert_ne!(told(&server, &key, NO_NUMBER).await, before);
    }
    server.end().await;
}

/// Nothing is decided on a tenant that was loaded before the store was away.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_is_away() {
    let mut redis = Redis::start(&[]);
    let (server, ..) = shared(&redis).await;
    let before = told(&server, &server.key, NO_NUMBER).await;
    redis.process.kill();
    let state = &server.state;
    until("a failure", || state.store.write_failure().is_some()).await;
    assert_ne!(told(&server, &server.key, NO_NUMBER).await, before);
    redis.restart();
    let begun = Instant::now();
    while told(&server, &server.key, NO_NUMBER).await != before {
        assert!(begun.elapsed() < PATIENCE, "it does not resume");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    server.end().await;
}
