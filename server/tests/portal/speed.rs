//! How long pages take.

use std::time::Instant;

use mpass_core::service::ChannelSettings;
use mpass_server::administrators::Role;

use crate::browser::{Browser, links};
use crate::scene::Scene;
use crate::support;

const CHANNELS: usize = 10_000;
const REQUESTS: usize = 400;
/// The longest that 95 of 100 requests may take, in milliseconds.
const MOST_MS: u128 = 50;

/// Pages over HTTP with 10,000 channels in the embedded store, each one after the
/// other on one connection. Prints the percentiles.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement, for a build that is optimized: cargo test --release -p mpass-server --test portal -- --ignored pages_with --nocapture"]
async fn pages_with_10_000_channels() {
    let scene = Scene::start("embedded").await;
    for number in 0..CHANNELS {
        let settings = ChannelSettings::new(format!("channel-{number:05}"));
        support::tenant(&scene.running.state, &settings).await;
    }
    let browser = Browser::signed_in(&scene, "anna", Role::Administrator).await;
    let first = browser.get("/channels").await;
    let second = links(&first.text)
        .into_iter()
        .find(|link| link.contains("?after="))
        .unwrap();
    for path in [
        "/",
        "/?window=90d",
        "/channels",
        second.as_str(),
        "/channels/channel-05000",
        "/new/channel",
        "/gateways",
        "/stops",
        "/audit",
        "/administrators",
        "/all-tokens",
        "/settings",
    ] {
        let mut took = Vec::with_capacity(REQUESTS);
        for _ in 0..REQUESTS {
            let begun = Instant::now();
            let page = browser.get(path).await;
            took.push(begun.elapsed());
            assert_eq!(page.status, 200, "{path}");
        }
        took.sort_unstable();
        let of = |percent: usize| took[REQUESTS * percent / 100 - 1];
        println!(
            "{path}: p50 {:?}, p95 {:?}, p99 {:?}",
            of(50),
            of(95),
            of(99)
        );
        assert!(of(95).as_millis() < MOST_MS, "{path}: {:?}", of(95));
    }
}
