//! Tests of the statistics of a store.

use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::documents::{Family, HostDocument};
use mpass_core::service::{Answer, Reason};
use mpass_core::store::{Environment, MAX_DOCUMENT_LEN, MemoryStore};
use proptest::prelude::*;

use super::slot::{MOST_COUNTRIES, MOST_GATEWAYS, MOST_TENANTS};
use super::{
    Counts, Event, Recorder, Shards, StatisticsAnswer, StatisticsQuestion, TenantName, Window,
};
use crate::store::{AnyStore, EmbeddedStore, documents};

const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;
/// At the beginning of an hour.
const BEGIN_MS: u64 = 500_000 * HOUR_MS;

/// A clock that a test sets.
struct Clock(AtomicU64);

impl Environment for &Clock {
    fn now_ms(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn entropy(&self) -> Result<[u8; 32], Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| Error::EntropyFailed)?;
        Ok(bytes)
    }
}

/// A machine with a store and a clock.
struct Machine<'a> {
    store: &'a AnyStore,
    keyring: &'a Keyring,
    clock: &'a Clock,
    name: &'static str,
    recorder: Recorder,
}

impl Machine<'_> {
    fn count(&self, tenant: &str, code: u16, reason: Reason) {
        let event = Event {
            contract: "mpass",
            tenant: Some(tenant),
            calling_code: Some(code),
            segments: u64::from(reason == Reason::Sent),
            reason,
            took: Duration::from_millis(3),
        };
        self.recorder.count(&event, self.clock.now_ms());
    }

    fn shards(&self) -> Shards<'_, &Clock> {
        Shards::at(self.store, self.keyring, self.clock)
    }

    async fn flush(&self) {
        self.recorder
            .flush(&self.shards(), self.name)
            .await
            .unwrap();
    }

    async fn read(&self, question: &StatisticsQuestion) -> StatisticsAnswer {
        self.shards().read(question).await.unwrap()
    }

    async fn all(&self, window: Window) -> StatisticsAnswer {
        let question = StatisticsQuestion {
            window,
            ..StatisticsQuestion::default()
        };
        self.read(&question).await
    }

    /// Messages sent and codes accepted in each window.
    async fn sums(&self) -> Vec<(u64, u64)> {
        let mut sums = Vec::new();
        for window in Window::ALL {
            let answer = self.all(*window).await;
            let (mut sends, mut accepted) = (0, 0);
            for point in &answer.points {
                sends += point.counts.sends;
                accepted += point.counts.accepted;
            }
            let total = answer.total.counts;
            assert_eq!((sends, accepted), (total.sends, total.accepted));
            sums.push((sends, accepted));
        }
        sums
    }
}

fn machine<'a>(
    store: &'a AnyStore,
    keyring: &'a Keyring,
    clock: &'a Clock,
    name: &'static str,
) -> Machine<'a> {
    Machine {
        store,
        keyring,
        clock,
        name,
        recorder: Recorder::default(),
    }
}

fn memory() -> AnyStore {
    AnyStore::Memory(MemoryStore::new(100_000))
}

fn keyring() -> Keyring {
    Keyring::generate(&[7; 32])
}

fn advance(clock: &Clock, ms: u64) {
    clock.0.fetch_add(ms, Ordering::Relaxed);
}

#[tokio::test]
async fn windows_on_both_stores() {
    let dir = tempfile::tempdir().unwrap();
    let embedded = AnyStore::Embedded(EmbeddedStore::open(dir.path()).unwrap());
    for store in [memory(), embedded] {
        let (keyring, clock) = (keyring(), Clock(AtomicU64::new(BEGIN_MS)));
        let one = machine(&store, &keyring, &clock, "one");
        one.count("shop", 966, Reason::Sent);
        one.count("shop", 966, Reason::Accepted);
        one.flush().await;
        assert_eq!(one.sums().await, [(1, 1); 3]);
        let hour = one.all(Window::Hour).await;
        assert_eq!(hour.points.len(), 60);
        assert_eq!(hour.points[59].start_ms, BEGIN_MS);
        assert_eq!(hour.points[59].counts.sends, 1);
        // The last minute of the hour, and of the quarter of an hour.
        advance(&clock, HOUR_MS - MINUTE_MS);
        one.count("bank", 971, Reason::Sent);
        one.flush().await;
        assert_eq!(one.sums().await, [(2, 1); 3]);
        // The next hour begins: the first minute leaves the window of an hour.
        advance(&clock, MINUTE_MS);
        one.count("bank", 971, Reason::WrongCode);
        one.flush().await;
        assert_eq!(one.sums().await, [(1, 0), (2, 1), (2, 1)]);
        assert_eq!(
            one.all(Window::NinetyDays).await.points[2159].counts.wrong,
            1
        );
        let day = one.all(Window::Day).await;
        assert_eq!(
            day.points[95].start_ms - day.points[94].start_ms,
            15 * MINUTE_MS
        );
        advance(&clock, DAY_MS);
        assert_eq!(one.sums().await, [(0, 0), (0, 0), (2, 1)]);
        advance(&clock, 89 * DAY_MS);
        assert_eq!(one.sums().await, [(0, 0); 3]);
    }
}

#[tokio::test]
async fn by_tenant_country_and_gateway() {
    let (store, keyring, clock) = (memory(), keyring(), Clock(AtomicU64::new(BEGIN_MS)));
    let one = machine(&store, &keyring, &clock, "one");
    for _ in 0..3 {
        one.count("shop", 966, Reason::Sent);
        one.count("bank", 971, Reason::Sent);
    }
    one.count("shop", 966, Reason::Accepted);
    one.count("shop", 966, Reason::WrongCode);
    let took = Duration::from_millis(40);
    for answer in [Answer::Refused, Answer::Unknown, Answer::Delivered] {
        one.recorder.count_attempt("main", &answer, took, BEGIN_MS);
    }
    one.flush().await;
    let all = one.all(Window::Hour).await;
    let names = |rows: &[super::Row]| rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&all.tenants), ["channel:shop", "channel:bank"]);
    assert_eq!(names(&all.countries), ["966", "971"]);
    assert_eq!(all.tenants[0].conversion, Some(3333));
    assert_eq!(all.total.counts.segments, 6);
    let latency = all.total.latency.unwrap();
    assert!(latency.p50_ms > 2.0 && latency.p99_ms <= 4.0, "{latency:?}");
    let gateway = &all.gateways[0];
    assert_eq!(
        (gateway.delivered, gateway.refused, gateway.unknown),
        (1, 1, 1)
    );
    assert!(gateway.latency.unwrap().p50_ms > 32.0);
    let of_tenant = StatisticsQuestion {
        tenant: Some("channel:shop".parse().unwrap()),
        ..StatisticsQuestion::default()
    };
    let shop = one.read(&of_tenant).await;
    assert_eq!((shop.total.counts.sends, shop.total.counts.wrong), (3, 1));
    assert!(shop.tenants.is_empty() && shop.countries.is_empty() && shop.total.latency.is_none());
    let of_country = StatisticsQuestion {
        country: Some(971),
        ..StatisticsQuestion::default()
    };
    assert_eq!(one.read(&of_country).await.total.counts.sends, 3);
    for text in ["shop", "shop:", "desk:shop", ":shop", ""] {
        assert!(text.parse::<TenantName>().is_err(), "{text}");
    }
}

/// Two machines add to shards of their own, a restarted one continues its own, and one
/// with the same name as another loses nothing.
#[tokio::test]
async fn machines_are_added_up() {
    let (store, keyring, clock) = (memory(), keyring(), Clock(AtomicU64::new(BEGIN_MS)));
    for name in ["one", "two", "one"] {
        let machine = machine(&store, &keyring, &clock, name);
        machine.count("shop", 966, Reason::Sent);
        machine.flush().await;
        // Nothing is written twice.
        machine.flush().await;
    }
    let reader = machine(&store, &keyring, &clock, "reader");
    assert_eq!(reader.sums().await, [(3, 0); 3]);
    assert_eq!(reader.all(Window::Hour).await.machines, 2);
    let twins = [0, 1].map(|_| machine(&store, &keyring, &clock, "twin"));
    for twin in &twins {
        twin.count("shop", 966, Reason::Sent);
    }
    tokio::join!(twins[0].flush(), twins[1].flush());
    assert_eq!(reader.sums().await, [(5, 0); 3]);
}

#[tokio::test]
async fn a_clock_that_goes_back_adds_to_earlier_intervals() {
    let (store, keyring, clock) = (memory(), keyring(), Clock(AtomicU64::new(BEGIN_MS)));
    let one = machine(&store, &keyring, &clock, "one");
    one.count("shop", 966, Reason::Sent);
    clock.0.fetch_sub(10 * MINUTE_MS, Ordering::Relaxed);
    one.count("shop", 966, Reason::Sent);
    one.flush().await;
    advance(&clock, 10 * MINUTE_MS);
    assert_eq!(one.sums().await, [(2, 0); 3]);
    let points = one.all(Window::Hour).await.points;
    assert_eq!((points[49].counts.sends, points[59].counts.sends), (1, 1));
}

/// What cannot be written is kept, and written later.
#[tokio::test]
async fn a_store_that_fails_loses_nothing() {
    let (keyring, clock) = (keyring(), Clock(AtomicU64::new(BEGIN_MS)));
    let (full, store) = (AnyStore::Memory(MemoryStore::new(2)), memory());
    let one = machine(&full, &keyring, &clock, "one");
    one.count("shop", 966, Reason::Sent);
    let flushed = one.recorder.flush(&one.shards(), "one").await;
    assert_eq!(flushed, Err(Error::StoreFull));
    one.count("shop", 966, Reason::Sent);
    // Of three intervals, the first one was written to the store that is full.
    let shards = Shards::at(&store, &keyring, &clock);
    one.recorder.flush(&shards, "one").await.unwrap();
    let reader = machine(&store, &keyring, &clock, "reader");
    assert_eq!(reader.sums().await, [(1, 0), (2, 0), (2, 0)]);
}

/// 10,000 tenants, 240 countries and 100 gateways: documents stay within their limit
/// and name the largest ones.
#[tokio::test]
async fn documents_are_bounded() {
    let (store, keyring, clock) = (memory(), keyring(), Clock(AtomicU64::new(BEGIN_MS)));
    let one = machine(&store, &keyring, &clock, "one");
    for round in 0..3 {
        for _ in 0..10 {
            one.count("the largest", 966, Reason::Sent);
        }
        for index in 0..10_000_u16 {
            let name = format!("{index:064}");
            one.count(&name, 1 + index % 240, Reason::Sent);
            if index % 100 == 0 {
                let name = format!("{name:.60}{}", index / 100);
                let took = Duration::from_millis(1);
                one.recorder
                    .count_attempt(&name, &Answer::Delivered, took, BEGIN_MS);
            }
        }
        one.flush().await;
        let all = one.all(Window::Hour).await;
        assert_eq!(all.total.counts.sends, (round + 1) * 10_010);
        assert_eq!(all.tenants[0].name, "channel:the largest");
        assert_eq!(all.tenants[0].counts.sends, (round + 1) * 10);
        assert!(
            all.tenants.len() <= MOST_TENANTS + 1,
            "{}",
            all.tenants.len()
        );
        assert!(all.countries.len() <= MOST_COUNTRIES + 1);
        assert!(all.gateways.len() <= MOST_GATEWAYS + 1);
        let sum = |rows: &[super::Row]| rows.iter().map(|row| row.counts.sends).sum::<u64>();
        assert_eq!(sum(&all.tenants), all.total.counts.sends);
        assert_eq!(sum(&all.countries), all.total.counts.sends);
    }
    let values = documents(&store).unwrap();
    // Three intervals, and the list of machines.
    assert_eq!(values.len(), 4);
    for (_, value) in values {
        assert_eq!(Family::of(&value), Some(Family::Statistics));
        assert!(value.len() <= MAX_DOCUMENT_LEN, "{}", value.len());
    }
}

/// A tenant that is not among the largest ones at first is named once it is.
#[tokio::test]
async fn a_tenant_that_grows_is_named() {
    let (store, keyring, clock) = (memory(), keyring(), Clock(AtomicU64::new(BEGIN_MS)));
    let one = machine(&store, &keyring, &clock, "one");
    for index in 0..MOST_TENANTS {
        for _ in 0..100 {
            one.count(&format!("early-{index}"), 966, Reason::Sent);
        }
    }
    one.flush().await;
    for _ in 0..50 {
        for _ in 0..10 {
            one.count("late", 966, Reason::Sent);
        }
        one.flush().await;
    }
    let all = one.all(Window::Hour).await;
    let late = (all.tenants[0].name.as_str(), all.tenants[0].counts.sends);
    assert_eq!(late, ("channel:late", 500));
    let sum: u64 = all.tenants.iter().map(|row| row.counts.sends).sum();
    assert_eq!(sum, all.total.counts.sends);
}

/// Nothing of a number but its country code is in the documents.
#[tokio::test]
async fn documents_have_no_number() {
    let (store, keyring, clock) = (memory(), keyring(), Clock(AtomicU64::new(BEGIN_MS)));
    let one = machine(&store, &keyring, &clock, "one");
    one.count("shop", 966, Reason::Sent);
    one.flush().await;
    for (key, _) in documents(&store).unwrap() {
        let document = HostDocument::listed(&keyring, Family::Statistics, key);
        let read = document.reading().run_async(&store, &&clock).await;
        let contents = read.unwrap().unwrap();
        let text = String::from_utf8(contents.bytes().to_vec()).unwrap();
        let has_long = text.split(|c: char| !c.is_ascii_digit()).any(|digits| {
            // The time of a machine is the longest number.
            digits.len() > 13 || digits.starts_with("9665")
        });
        assert!(!has_long, "{text}");
    }
}

/// Every reason is counted once.
#[test]
fn every_reason_is_one_count() {
    for reason in Reason::ALL {
        let counts = Counts::of(*reason, 0, false);
        assert_eq!(counts.requests(), 1, "{reason:?}");
    }
    assert_eq!(Counts::of(Reason::Sent, 2, true).credits, 1);
    assert_eq!(Counts::of(Reason::GatewayRefused, 2, true).credits, 0);
    assert_eq!(Counts::of(Reason::GatewayUnknown, 2, true).credits, 1);
    // New reasons must not be taken for others.
    let others = Reason::ALL
        .iter()
        .filter(|reason| Counts::of(**reason, 0, false).other == 1);
    let names: Vec<&str> = others.map(|reason| reason.name()).collect();
    assert!(
        names.contains(&"token_issued") && !names.contains(&"store_failed"),
        "{names:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whatever is counted whenever, no window has more or less than that.
    #[test]
    fn nothing_is_lost_or_counted_twice(
        events in proptest::collection::vec((0..50 * MINUTE_MS, 0..4_usize, 0..3_usize, any::<bool>()), 1..60)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (store, keyring) = (memory(), keyring());
            let clock = Clock(AtomicU64::new(BEGIN_MS));
            let machines = ["one", "two", "three"].map(|name| machine(&store, &keyring, &clock, name));
            let (mut sends, mut accepted) = (0, 0);
            for (after_ms, kind, at, flushes) in events {
                clock.0.store(BEGIN_MS + after_ms, Ordering::Relaxed);
                let (reason, count) = match kind {
                    0 | 1 => (Reason::Sent, &mut sends),
                    _ => (Reason::Accepted, &mut accepted),
                };
                *count += 1;
                machines[at].count("shop", 966, reason);
                if flushes {
                    machines[at].flush().await;
                }
            }
            clock.0.store(BEGIN_MS + 50 * MINUTE_MS, Ordering::Relaxed);
            for machine in &machines {
                machine.flush().await;
            }
            assert_eq!(machines[0].sums().await, [(sends, accepted); 3]);
        });
    }
}
