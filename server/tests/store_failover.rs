//! Fail-overs of the store under two servers: codes that were issued before stay valid
//! where the promoted node has everything, and are void where it may not; a used code
//! is never accepted again; service resumes by itself.

#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

#[path = "../../stores/tests/support/mod.rs"]
mod stores;
mod support;
mod two;

use std::fs;
use std::time::Instant;

use stores::cluster::Cluster;
use stores::postgres::Postgres;
use stores::sentinel::{PASSWORD, Watched};
use stores::wait_until;
use two::{Two, two};

/// What a primary needs whose swaps are not acknowledged.
const LAG: [&str; 4] = [
    "--min-replicas-to-write",
    "1",
    "--min-replicas-max-lag",
    "2",
];

/// Codes that were issued, and one that was used, before a fail-over.
struct Before {
    issued: (String, String),
    used: (String, String),
}

impl Before {
    async fn of(two: &Two) -> Self {
        two.share().await;
        let (issued, used) = (two.issue(&two.one).await, two.issue(&two.other).await);
        assert_eq!(two.verify(&two.one, &used.0, &used.1).await, "0");
        Self { issued, used }
    }

    /// After the fail-over, from which service resumes by itself.
    async fn then(self, two: &Two, is_covered: bool) {
        let begun = Instant::now();
        let restored = match is_covered {
            true => None,
            false => Some(two.first_restored().await),
        };
        two.resume().await;
        println!("resumed {:?} after the promotion", begun.elapsed());
        let Self { issued, used } = self;
        for server in [&two.one, &two.other] {
            assert_ne!(two.verify(server, &used.0, &used.1).await, "0");
        }
        let verdict = two.verify(&two.other, &issued.0, &issued.1).await;
        assert_eq!(verdict == "0", is_covered, "{verdict}");
        assert_ne!(two.verify(&two.one, &issued.0, &issued.1).await, "0");
        two.share().await;
        // One machine set it, and the other one followed.
        assert_eq!(two.agree().await, restored);
    }
}

fn in_redis(url: &str, acknowledge: u32) -> String {
    format!("kind = \"redis\"\nurl = \"{url}\"\nacknowledge = {acknowledge}\n")
}

async fn sentinels(acknowledge: u32) {
    let options: &[&str] = if acknowledge == 0 { &LAG } else { &[] };
    let mut watched = Watched::start(2, options);
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), PASSWORD).unwrap();
    let store = format!(
        "{}sentinel_password = {{ file = '{}' }}\n",
        in_redis(&watched.url(), acknowledge),
        file.path().display()
    );
    let two = two(&store).await;
    let before = Before::of(&two).await;
    two.away(|| watched.servers[0].process.kill()).await;
    watched.another_primary(0);
    watched.servers[0].restart();
    before.then(&two, acknowledge > 0).await;
    two.check().await;
    two.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sentinels_with_acknowledgement() {
    sentinels(2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sentinels_without_acknowledgement() {
    sentinels(0).await;
}

async fn cluster(acknowledge: u32) {
    let options: &[&str] = if acknowledge == 0 { &LAG } else { &[] };
    let mut cluster = Cluster::start(options);
    let two = two(&in_redis(&cluster.url(), acknowledge)).await;
    let before = Before::of(&two).await;
    let former = cluster.masters()[0];
    two.away(|| cluster.servers[former].process.kill()).await;
    wait_until("a replica is promoted", || {
        let masters = cluster.masters();
        masters.len() == 3 && !masters.contains(&former)
    });
    cluster.servers[former].restart();
    before.then(&two, acknowledge > 0).await;
    two.check().await;
    two.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_with_acknowledgement() {
    cluster(1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_without_acknowledgement() {
    cluster(0).await;
}

async fn standby(acknowledge: bool) {
    let mut primary = Postgres::start(&[]);
    let standby = primary.standby("one", &[]);
    if acknowledge {
        primary.psql("ALTER SYSTEM SET synchronous_standby_names = 'FIRST 1 (one)'");
        primary.psql("SELECT pg_reload_conf()");
    }
    let state = if acknowledge { "sync" } else { "async" };
    wait_until("the standby streams", || {
        primary.psql("SELECT sync_state FROM pg_stat_replication") == state
    });
    let store = format!(
        "kind = \"postgres\"\nurl = \"postgresql://mpass@127.0.0.1:{},127.0.0.1:{}/postgres\"\n\
         acknowledge = {acknowledge}\n",
        primary.port, standby.port
    );
    let two = two(&store).await;
    let before = Before::of(&two).await;
    two.away(|| primary.process.kill()).await;
    standby.promote();
    // The promoted one needs a standby, too.
    let _next = acknowledge.then(|| standby.standby("one", &[]));
    if acknowledge {
        standby.psql("ALTER SYSTEM SET synchronous_standby_names = 'FIRST 1 (one)'");
        standby.psql("SELECT pg_reload_conf()");
    }
    before.then(&two, acknowledge).await;
    two.check().await;
    two.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_synchronous_standby_is_promoted() {
    standby(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_asynchronous_standby_is_promoted() {
    standby(false).await;
}
