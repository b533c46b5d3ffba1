//! Stores and servers that are killed under parallel sends and guesses, with a shadow
//! model of what the callers were told. `MPASS_KILLS` is the number of kills of each
//! store; a few without it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a panic fails the test"
)]

mod callers;
mod gateway;
mod model;
mod scene;
#[path = "../../../stores/tests/support/mod.rs"]
mod stores;

use core::fmt;
use core::time::Duration;
use std::sync::Arc;
use std::time::Instant;

use callers::Callers;
use model::{Told, Violations};
use scene::{CREDITS, SENDS, Scene, TRIES};
use stores::victims::{OnePostgres, OneRedis, TwoPostgres, TwoRedis, Victim};

/// Callers at the same time.
const CALLERS: usize = 10;

/// Whether servers compare the node of their store with the last one, as they do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nodes {
    Compared,
    /// They forget the last one, to measure what the comparison prevents.
    Forgotten,
}

/// What happened in a run.
struct Outcome {
    kills: usize,
    challenges: usize,
    guesses: usize,
    accepts: usize,
    lost_answers: usize,
    messages: usize,
    /// Credits that were taken without a message: at most that of each send in progress.
    lost_credits: usize,
    violations: Violations,
    /// The longest time from the return of the store until the servers were ready.
    longest_absence: Duration,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} kills, {} challenges, {} guesses, {} accepts, {} answers lost, {} messages, \
             {} credits lost, ready after at most {} ms: {:?}",
            self.kills,
            self.challenges,
            self.guesses,
            self.accepts,
            self.lost_answers,
            self.messages,
            self.lost_credits,
            self.longest_absence.as_millis(),
            self.violations,
        )
    }
}

/// The embedded store, which dies with its server.
struct Embedded;

impl Victim for Embedded {
    fn url(&self) -> String {
        String::new()
    }

    fn kill(&mut self) {}

    fn revive(&mut self, _: usize) {}
}

/// The setting of a store; nothing for the embedded one.
fn setting(victim: &impl Victim) -> String {
    let url = victim.url();
    let kind = match url.split_once(':') {
        None => return String::new(),
        Some(("redis", _)) => "redis",
        Some(_) => "postgres",
    };
    let acknowledge = match (victim.acknowledges(), kind) {
        (false, _) => "",
        (true, "redis") => "acknowledge = 1\n",
        (true, _) => "acknowledge = true\n",
    };
    format!("kind = \"{kind}\"\nurl = \"{url}\"\n{acknowledge}")
}

/// A pause of an irregular length, up to about a second.
fn pause(round: usize) -> Duration {
    Duration::from_millis(300 + (round as u64 * 7919 + u64::from(std::process::id())) % 700)
}

/// Kills a store `kills` times.
async fn run(name: &str, mut victim: impl Victim, kills: usize, nodes: Nodes) -> Outcome {
    let is_embedded = victim.url().is_empty();
    let servers = if is_embedded { 1 } else { 2 };
    let callers = Callers::new(Scene::start(&setting(&victim), servers).await);
    let tasks: Vec<_> = (0..CALLERS)
        .map(|_| tokio::spawn(Arc::clone(&callers).run()))
        .collect();
    let scene = &callers.scene;
    let mut longest = Duration::ZERO;
    for round in 0..kills {
        let begun = Instant::now();
        // Longer than what is lost, so that the tenants stay.
        tokio::time::sleep(pause(round) + victim.loses()).await;
        tokio::task::block_in_place(|| victim.kill());
        // A server, too, in every second round.
        let killed = is_embedded || round % 2 == 1;
        if killed {
            scene.kill(round / 2 % servers);
        }
        tokio::time::sleep(pause(round + 1) / 4).await;
        if nodes == Nodes::Forgotten {
            (0..servers).for_each(|server| scene.forget_node(server));
        }
        tokio::task::block_in_place(|| victim.revive(round));
        if killed {
            scene.serve(round / 2 % servers);
        }
        let absence = scene.wait(0..servers).await;
        longest = longest.max(if killed { Duration::ZERO } else { absence });
        callers.try_again(begun).await;
    }
    callers.end();
    for task in tasks {
        task.await.unwrap();
    }
    let outcome = judged(&callers, kills, longest);
    println!("{name}, {nodes:?}: {outcome}");
    outcome
}

/// Compares what was told with the model.
fn judged(callers: &Callers, kills: usize, longest_absence: Duration) -> Outcome {
    let mut violations = Violations::default();
    let challenges = callers.challenges.lock().unwrap();
    for challenge in challenges.iter() {
        challenge.judge(TRIES, &mut violations);
    }
    let messages = callers.scene.gateway.messages();
    violations.messages = model::over_limit(&messages, SENDS);
    let paid = messages
        .iter()
        .filter(|(number, _)| number.starts_with("+91"));
    let paid: usize = paid.map(|(_, count)| count).sum();
    let taken = CREDITS - callers.scene.credits();
    violations.unpaid = paid.saturating_sub(taken);
    let count = |told| {
        challenges
            .iter()
            .map(|challenge| challenge.count(told))
            .sum()
    };
    Outcome {
        kills,
        challenges: challenges.len(),
        guesses: challenges
            .iter()
            .map(|challenge| challenge.guesses.len())
            .sum(),
        accepts: count(Told::Accepted),
        lost_answers: count(Told::Lost) + count(Told::Nothing),
        messages: messages.values().sum(),
        lost_credits: taken.saturating_sub(paid),
        violations,
        longest_absence,
    }
}

/// The number of kills in this run.
fn kills(few: usize) -> usize {
    let given = std::env::var("MPASS_KILLS").ok();
    given.map_or(few, |text| text.parse().expect("MPASS_KILLS is a number"))
}

/// Kills a store that keeps what it reports as stored.
async fn holds(name: &str, victim: impl Victim) {
    let outcome = run(name, victim, kills(2), Nodes::Compared).await;
    assert_eq!(outcome.violations, Violations::default(), "{outcome}");
    // It was used, and the kills were felt.
    assert!(
        outcome.accepts > outcome.kills && outcome.lost_answers > 0,
        "{outcome}"
    );
    assert!(outcome.lost_credits <= outcome.kills * CALLERS, "{outcome}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_embedded_store() {
    holds("embedded", Embedded).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_redis_with_aof_always() {
    holds("redis, always", OneRedis::new(&[], None)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_with_acknowledgement() {
    holds("redis, acknowledged", TwoRedis::new(true)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_postgres() {
    holds("postgres", OnePostgres::new(&[])).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_with_a_synchronous_standby() {
    holds("postgres, synchronous", TwoPostgres::new(true)).await;
}

/// Kills a store that loses what it reported as stored: codes from before are void, so
/// that none is accepted again. Counts, limits and credits are those that are left.
async fn voids(name: &str, victim: impl Victim) {
    let outcome = run(name, victim, kills(1), Nodes::Compared).await;
    let left = Violations {
        messages: outcome.violations.messages,
        unpaid: outcome.violations.unpaid,
        ..Violations::default()
    };
    assert_eq!(outcome.violations, left, "{outcome}");
    assert!(outcome.accepts > 0 && outcome.lost_answers > 0, "{outcome}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_with_aof_everysec() {
    voids("redis, everysec, power lost", OneRedis::everysec()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_without_acknowledgement() {
    voids("redis, asynchronous replica", TwoRedis::new(false)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_with_an_asynchronous_standby() {
    voids("postgres, asynchronous standby", TwoPostgres::new(false)).await;
}

/// Nothing is left, also no header: the servers stay closed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_without_aof() {
    let mut victim = OneRedis::new(&["--appendonly", "no"], None);
    let scene = Scene::start(&setting(&victim), 1).await;
    let send = format!(
        "/mpass-web/rest/mv/msg?apikey={}&dest=%2B966500000001",
        scene.channel
    );
    let sent = scene.get(0, &send).await;
    assert_eq!(sent.unwrap().1["status"], "0");
    tokio::task::block_in_place(|| {
        victim.kill();
        victim.revive(0);
    });
    stores::wait_until("the header is missed", || {
        scene.log(0).contains("no header")
    });
    assert!(!scene.is_ready(0).await);
    let verify = send.replace("/msg", "/verify") + "&otp=12345678";
    for path in [&send, &verify] {
        let (status, body) = scene.get(0, path).await.unwrap();
        assert_eq!(body["status"], "100", "{status} {body}");
    }
    assert_eq!(scene.gateway.messages().len(), 1);
}

/// What the settings lose that keep less than they report, with the comparison of nodes
/// and without it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement of several minutes, for docs/THREATS.md"]
async fn figures() {
    let kills = kills(25);
    for nodes in [Nodes::Compared, Nodes::Forgotten] {
        run(
            "redis, everysec, power lost",
            OneRedis::everysec(),
            kills,
            nodes,
        )
        .await;
        run("redis, no, power lost", OneRedis::never(), kills, nodes).await;
        run(
            "redis, asynchronous replica",
            TwoRedis::new(false),
            kills,
            nodes,
        )
        .await;
        run(
            "postgres, asynchronous standby",
            TwoPostgres::new(false),
            kills,
            nodes,
        )
        .await;
    }
}
