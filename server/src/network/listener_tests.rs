//! The listener with a store that fails.

use core::sync::atomic::{AtomicUsize, Ordering};
use std::io::ErrorKind;
use std::sync::Arc;

use mpass_core::challenge::Keyring;
use mpass_core::store::{Kind, Listed, MemoryStore, Store, StoreKey, Swap, Swapped};

use super::super::recording::Keys;
use super::super::table::Resolved;
use super::*;
use crate::numbers::NumbersConfig;

/// A store of which one swap fails.
struct Failing {
    inner: MemoryStore,
    failing: usize,
    swaps: AtomicUsize,
}

impl AsyncStore for Failing {
    async fn load(&self, kind: Kind, key: StoreKey) -> Result<Option<Vec<u8>>, Error> {
        self.inner.load(kind, &key)
    }

    async fn swap(&self, swap: Swap, now_ms: u64) -> Result<Swapped, Error> {
        match self.swaps.fetch_add(1, Ordering::Relaxed) == self.failing {
            true => Err(Error::StoreFailed),
            false => self.inner.swap(&swap, now_ms),
        }
    }

    async fn list(&self, after: Option<StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        self.inner.list(after.as_ref(), limit)
    }
}

fn metric(metrics: &Metrics, outcome: &str) -> bool {
    let line = format!("mpass_accounting_total{{outcome=\"{outcome}\"}} 1");
    metrics.encode().unwrap().lines().any(|other| other == line)
}

/// A Start of now.
fn start() -> Vec<u8> {
    let at = u32::try_from(clock::now_ms() / 1000).unwrap();
    super::super::accountant::start_at(at)
}

#[tokio::test]
async fn a_failed_store_gives_no_response() {
    // The swap of the session, and that of its address.
    for failing in [0, 1] {
        let secret = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(secret.path(), "testing123\n").unwrap();
        let config: NetworkConfig = toml::from_str(&format!(
            "listen = '127.0.0.1:0'\n[[nas]]\naddress = '127.0.0.1'\n\
             secret = {{ file = '{}' }}\nmessage_authenticator = 'once-sent'\n",
            secret.path().display()
        ))
        .unwrap();
        let bound = AccountingListener::bind(&config, None).await;
        let listener = bound.unwrap().unwrap();
        let addr = listener.addr();
        let table = NetworkTable::new(config.limits());
        let keyring = Arc::new(Keyring::generate(&[1; 32]));
        let recorder = Recorder {
            store: Some(Failing {
                inner: MemoryStore::new(100),
                failing,
                swaps: AtomicUsize::new(0),
            }),
            keys: &|| Keys {
                keyring: Arc::clone(&keyring),
                restored_at_ms: None,
            },
        };
        let metrics = Metrics::default();
        let client = async {
            let client = UdpSocket::bind("127.0.0.1:0").await.unwrap();
            client.connect(addr).await.unwrap();
            let packet = start();
            client.send(&packet).await.unwrap();
            while !metric(&metrics, "not_stored") {
                tokio::task::yield_now().await;
            }
            client.send(&packet).await.unwrap();
            let mut response = [0; LONGEST];
            assert_eq!(client.recv(&mut response).await.unwrap(), 20);
            // It is the only one.
            let more = client.try_recv(&mut response).unwrap_err();
            assert_eq!(more.kind(), ErrorKind::WouldBlock);
        };
        let rules = Arc::new(Rules::open(&config, &NumbersConfig::default()).unwrap());
        let rules = || Arc::clone(&rules);
        let serve = listener.serve(&table, &recorder, &metrics, rules, client);
        serve.await;
        assert!(metric(&metrics, "taken") || metric(&metrics, "late"));
        let resolved = table.resolve("", [10, 0, 0, 1].into(), clock::now_ms());
        assert!(matches!(resolved, Resolved::Number(_)));
        // Session and address.
        let stored = recorder.store.unwrap().inner.list(None, 10).unwrap();
        assert_eq!(stored.len(), 2);
    }
}
