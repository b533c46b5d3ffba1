//! Servers on the source and on the target of a copy.

use core::time::Duration;
use std::fs;
use std::time::Instant;

use mpass_server::config::Config;
use mpass_server::serve::ServeOptions;

use crate::places::{Home, Place, Running};
use crate::stores::postgres::Postgres;
use crate::stores::redis::Redis;
use crate::support::{self, Manner, PATIENCE, StandIn, contract_status};

fn options(place: &Place) -> ServeOptions {
    let text = fs::read_to_string(&place.config).unwrap();
    let config = Config::parse(&text).unwrap();
    ServeOptions::new(config, None, Some(place.data.clone()), false).unwrap()
}

/// A server on a store, with the key of its channel.
struct Server<'a> {
    running: support::Running,
    gateway: &'a StandIn,
}

impl<'a> Server<'a> {
    async fn start(place: &Place, gateway: &'a StandIn, key: Option<&str>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let running = match key {
            Some(key) => support::start_again(options(place), dir, key.to_owned()).await,
            None => support::start_with(options(place), dir).await,
        };
        Self { running, gateway }
    }

    async fn ask(&self, path: &str, number: &str, more: &str) -> String {
        let key = &self.running.key;
        let path = format!("{path}?apikey={key}&dest={number}{more}");
        contract_status(&self.running.get(&path).await.1)
    }

    /// Sends a code to a number; returns it.
    async fn send(&self, number: &str) -> String {
        assert_eq!(self.ask(support::SEND, number, "").await, "0");
        self.gateway.last_code()
    }

    async fn verify(&self, number: &str, code: &str) -> String {
        let more = format!("&otp={code}");
        self.ask(support::VERIFY, number, &more).await
    }
}

/// Copies while servers run on the source; a code that was used there stays used, and
/// one that was not is accepted at the target, once.
async fn used(home: &Home, gateway: &StandIn, from: &Place, to: &Place) {
    let source = Server::start(from, gateway, None).await;
    let [used, unused] = ["%2B966500000001", "%2B966500000002"];
    let used_code = source.send(used).await;
    assert_eq!(source.verify(used, &used_code).await, "0");
    let code = source.send(unused).await;
    let wrong = if code == "00000000" {
        "11111111"
    } else {
        "00000000"
    };
    assert_ne!(source.verify(unused, wrong).await, "0");
    // Requests of running servers need some time to end.
    let mut copying = Running::start(home.copying(from, to, &["--wait", "4s"]));
    copying.wait_for("the source is closed");
    let begun = Instant::now();
    while source.running.get("/readyz").await.0 == 200 {
        assert!(begun.elapsed() < PATIENCE, "the source does not close");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let took = begun.elapsed();
    // Every contract answers that the service is unavailable.
    let refused = source.verify(unused, &code).await;
    assert!(!["0", "1", "3"].contains(&&*refused), "{refused}");
    let ended = tokio::task::spawn_blocking(|| copying.end()).await.unwrap();
    ended.0.done();
    let key = source.running.key.clone();
    let target = Server::start(to, gateway, Some(&key)).await;
    assert_eq!(target.verify(used, &used_code).await, "3");
    assert_eq!(target.verify(unused, &code).await, "0");
    assert_eq!(target.verify(unused, &code).await, "3");
    for (number, code) in [(used, &used_code), (unused, &code)] {
        let refused = source.verify(number, code).await;
        assert!(!["0", "1", "3"].contains(&&*refused), "{refused}");
    }
    println!("the running server of the source closed within {took:?}");
    source.running.end().await;
    target.running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_used_code_stays_used() {
    let (redis, postgres) = (Redis::start(&[]), Postgres::start(&[]));
    let gateway = StandIn::start(Manner::Answer(200, "")).await;
    let home = Home::new();
    let at = gateway.addr.to_string();
    postgres.psql("CREATE DATABASE p1");
    let in_redis = crate::places::in_redis(redis.port, "r1:");
    let in_postgres = crate::places::in_postgres(postgres.port, "p1");
    let from = home.place_with("r1", &in_redis, &at);
    let to = home.place_with("p1", &in_postgres, &at);
    // The first command creates the keyring.
    home.run(&["store", "init"], &from).done();
    used(&home, &gateway, &from, &to).await;
    postgres.psql("CREATE DATABASE p2");
    let back = crate::places::in_redis(redis.port, "r2:");
    let back = home.place_with("r2", &back, &at);
    let again = crate::places::in_postgres(postgres.port, "p2");
    let again = home.place_with("p2", &again, &at);
    home.run(&["store", "init"], &again).done();
    used(&home, &gateway, &again, &back).await;
}
