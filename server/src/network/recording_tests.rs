//! How the changes of a request reach a store.

use core::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Mutex;

use futures_util::FutureExt;
use mpass_core::network::{Endpoint, Held, NameHash, Nas, NasKey, OpenedRecord, Report, Stop};
use mpass_core::number::PhoneNumber;
use mpass_core::store::{Listed, MemoryStore, Store, StoreKey, Swap, Swapped, run};

use super::*;

const LIFE_MS: u64 = 600_000;

/// What another writer does meanwhile.
type Between = Box<dyn FnOnce(&MemoryStore) + Send>;

/// A store whose swaps wait until the task has nothing else to do.
struct Slow {
    inner: MemoryStore,
    waiting: AtomicUsize,
    most_waiting: AtomicUsize,
    /// What another packet does after the first load.
    between: Mutex<Option<Between>>,
}

impl AsyncStore for Slow {
    async fn load(&self, kind: Kind, key: StoreKey) -> Result<Option<Vec<u8>>, Error> {
        let loaded = self.inner.load(kind, &key);
        let between = self.between.lock().unwrap().take();
        if let Some(between) = between {
            between(&self.inner);
        }
        loaded
    }

    async fn swap(&self, swap: Swap, now_ms: u64) -> Result<Swapped, Error> {
        let waiting = self.waiting.fetch_add(1, Ordering::Relaxed) + 1;
        self.most_waiting.fetch_max(waiting, Ordering::Relaxed);
        tokio::task::yield_now().await;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        self.inner.swap(&swap, now_ms)
    }

    async fn list(&self, after: Option<StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        self.inner.list(after.as_ref(), limit)
    }
}

fn key() -> SessionKey {
    SessionKey {
        nas: NasKey {
            source: [192, 0, 2, 1].into(),
            realm: "".into(),
            name: NameHash::NONE,
        },
        id: NameHash::of(b"a session"),
    }
}

fn endpoints() -> [Endpoint; 3] {
    ["10.0.0.1", "10.0.0.2", "2001:db8:1:2::/64"].map(|text| text.parse().unwrap())
}

fn now() -> (u32, u64) {
    let now_ms = clock::now_ms();
    (u32::try_from(now_ms / 1000).unwrap(), now_ms)
}

fn number() -> PhoneNumber {
    PhoneNumber::parse("+966500000001", None).unwrap()
}

fn started(endpoints: &[Endpoint]) -> Session {
    let (at, now_ms) = now();
    let report = Report {
        at: at - 5,
        is_interim: false,
        is_dated: true,
        until: now_ms + LIFE_MS,
        at_most: now_ms + LIFE_MS,
        number: Some(number()),
    };
    Session::reported(report, endpoints)
}

struct Fixture {
    recorder: Recorder<'static, Slow>,
    keyring: Arc<Keyring>,
}

/// Time and keys are the same for all.
fn fixture(ahead: Option<u64>) -> Fixture {
    let keyring = Arc::new(Keyring::generate(&[1; 32]));
    let of_recorder = Arc::clone(&keyring);
    let keys = move || Keys {
        keyring: Arc::clone(&of_recorder),
        restored_at_ms: ahead,
    };
    let store = Slow {
        inner: MemoryStore::new(100),
        waiting: AtomicUsize::new(0),
        most_waiting: AtomicUsize::new(0),
        between: Mutex::default(),
    };
    Fixture {
        recorder: Recorder {
            store: Some(store),
            keys: Box::leak(Box::new(keys)),
        },
        keyring,
    }
}

impl Fixture {
    fn store(&self) -> &Slow {
        self.recorder.store.as_ref().unwrap()
    }

    async fn record(&self, event: Session) {
        let changes = Changes {
            session: Some((key(), event)),
            ..Changes::default()
        };
        self.recorder.store(changes).await.unwrap();
    }

    fn held(&self, endpoint: Endpoint) -> Held {
        let records = StoredRecords::new(&self.keyring, None, 0);
        let resolving = records.resolving("", endpoint);
        run(&self.store().inner, &System, resolving).unwrap()
    }
}

#[tokio::test]
async fn a_session_and_its_addresses_are_stored_at_the_same_time() {
    let fixture = fixture(None);
    fixture.record(started(&endpoints())).await;
    assert_eq!(fixture.store().most_waiting.load(Ordering::Relaxed), 4);
    for endpoint in endpoints() {
        assert_eq!(fixture.held(endpoint), Held::By(Some(number())));
    }
    assert_eq!(fixture.store().inner.list(None, 10).unwrap().len(), 4);
}

/// The Start of a session is recorded after its Stop has read the record: the
/// Stop reaches the addresses that it could not know.
#[tokio::test]
async fn another_packet_that_comes_between_is_taken_into_account() {
    let fixture = fixture(None);
    let here = endpoints()[0];
    let keyring = Arc::clone(&fixture.keyring);
    let start = move |store: &MemoryStore| {
        let records = StoredRecords::new(&keyring, None, 0);
        let merging = records.merging_session(key(), started(&[here]));
        let session = merging.run(store, &System).unwrap();
        let holder = session.at(here).unwrap();
        let address = Address::of(Arc::new(key()), holder);
        let merging = records.merging_address("".into(), here, address);
        merging.run(store, &System).unwrap();
    };
    *fixture.store().between.lock().unwrap() = Some(Box::new(start));
    let (at, now_ms) = now();
    let stop = Stop {
        at,
        until: now_ms + LIFE_MS,
    };
    fixture.record(stop.into()).await;
    assert_eq!(fixture.held(here), Held::ByNobody);
}

#[tokio::test]
async fn records_of_nases_are_stored_and_what_a_restore_made_void_is_not_continued() {
    let (at, now_ms) = now();
    let fixture = fixture(Some(now_ms + LIFE_MS / 2));
    let here = endpoints()[0];
    fixture.record(started(&[here])).await;
    let interim = Report {
        at,
        is_interim: true,
        is_dated: true,
        until: now_ms + LIFE_MS,
        at_most: now_ms + LIFE_MS,
        number: None,
    };
    fixture.record(Session::reported(interim, &[here])).await;
    let restart = Nas {
        restart: at,
        restart_until: now_ms + LIFE_MS,
        ..Nas::default()
    };
    let changes = Changes {
        ahead_ms: 5000,
        nases: vec![(key().nas, restart)],
        session: None,
    };
    fixture.recorder.store(changes).await.unwrap();
    let records = StoredRecords::new(&fixture.keyring, None, 0);
    let listed = fixture.store().inner.list(None, 10).unwrap();
    let opened: Vec<_> = listed
        .iter()
        .filter_map(|(key, value)| records.open(key, value).unwrap())
        .collect();
    assert_eq!(opened.len(), 2);
    for stored in opened {
        match stored.record {
            // Its Start is not known.
            OpenedRecord::Session(_, session) => {
                assert_eq!(session, Session::reported(interim, &[here]));
            }
            OpenedRecord::Nas(_, nas) => {
                assert_eq!(nas, restart);
                assert!(stored.table_ms >= now_ms + 5000, "by the table's clock");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_store_that_does_not_outlive_the_table_is_not_written() {
    let mut fixture = fixture(None);
    fixture.recorder.store = None;
    let changes = Changes {
        session: Some((key(), started(&endpoints()))),
        ..Changes::default()
    };
    let stored = fixture.recorder.store(changes).now_or_never();
    assert_eq!(stored, Some(Ok(())));
}
