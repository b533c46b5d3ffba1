//! An in-memory host that drives complete exchanges.

use core::cell::{Cell, RefCell};

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::service::settings::Settings as _;
use mpass_core::service::{
    Answer, ChannelSettings, Engine, Exchange, Host, Reply, Request, Sms, TenantAdmin, drive,
};
use mpass_core::store::{Kind, Listed, MemoryStore, Store, StoreKey, Swap, Swapped, run};

/// Noon of a day in 2026, in milliseconds of Unix time.
pub const NOON: u64 = 1_795_348_800_000;
/// How far the clock advances with each challenge, so that the store holds some
/// tens of thousands of records and drops as many as it gains.
const TICK_MS: u64 = 20;

/// A service with one channel, and a gateway that keeps the newest message.
pub struct MemoryHost {
    store: MemoryStore,
    engine: Engine,
    apikey: String,
    now_ms: Cell<u64>,
    draws: Cell<u64>,
    sent: RefCell<Option<Sms>>,
}

impl MemoryHost {
    /// A service whose channel has default settings.
    ///
    /// # Panics
    /// If the channel cannot be created.
    #[must_use]
    pub fn new() -> Self {
        let store = MemoryStore::new(1_000_000);
        let engine = Engine::new(Keyring::generate(&[42; 32]));
        let settings = ChannelSettings::new("bench");
        let admin = TenantAdmin::new(engine.shared_keyring());
        let host = (|| NOON, || Ok([1; 32]));
        let created = admin
            .create(&settings.to_values(), &[1; 32])
            .and_then(|create| run(&store, &host, create))
            .expect("a new channel");
        let apikey = created.credential.to_string();
        Self {
            store,
            engine,
            apikey,
            now_ms: Cell::new(NOON),
            draws: Cell::new(0),
            sent: RefCell::new(None),
        }
    }

    /// The query of a request for a code to the next number.
    #[must_use]
    pub fn next_send(&self) -> String {
        self.now_ms.set(self.now_ms.get() + TICK_MS);
        let number = 966_500_000_000 + self.now_ms.get() / TICK_MS % 100_000_000;
        format!("apikey={}&dest=%2B{number}", self.apikey)
    }

    /// Sends a code as `query` asks.
    pub fn send(&self, query: &str) -> Reply {
        self.get("/mpass-web/rest/mv/msg", query)
    }

    /// Sends a code to the next number and returns the query that verifies it.
    ///
    /// # Panics
    /// If nothing was sent.
    #[must_use]
    pub fn next_verify(&self) -> String {
        let query = self.next_send();
        self.send(&query);
        let sms = self.sent.take().expect("a message");
        let code = sms
            .text
            .split(|letter: char| !letter.is_ascii_digit())
            .max_by_key(|run| run.len())
            .unwrap_or_default();
        format!("{query}&otp={code}")
    }

    /// Verifies a code as `query` asks.
    pub fn verify(&self, query: &str) -> Reply {
        self.get("/mpass-web/rest/mv/verify", query)
    }

    fn get(&self, path: &str, query: &str) -> Reply {
        drive(self, self.begin(path, query))
    }

    fn begin(&self, path: &str, query: &str) -> Exchange {
        let request = Request {
            method: "GET",
            path,
            query,
            headers: &[],
            body: &[],
            peer: [127, 0, 0, 1].into(),
        };
        let mut entropy = [0xe5; 32];
        let draw = self.draws.get();
        self.draws.set(draw + 1);
        entropy[..8].copy_from_slice(&draw.to_be_bytes());
        self.engine.begin(&request, self.now_ms.get(), &entropy)
    }
}

impl Default for MemoryHost {
    fn default() -> Self {
        Self::new()
    }
}

impl Store for MemoryHost {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        self.store.load(kind, key)
    }

    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error> {
        self.store.swap(swap, now_ms)
    }

    fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        self.store.list(after, limit)
    }
}

impl Host for MemoryHost {
    fn now_ms(&self) -> u64 {
        self.now_ms.get()
    }

    fn deliver(&self, sms: &Sms) -> Answer {
        self.sent.replace(Some(sms.clone()));
        Answer::Delivered
    }
}
