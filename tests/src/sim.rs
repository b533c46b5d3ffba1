//! A simulated host: the whole service in memory, with a controllable clock,
//! store and gateway, without sockets or sleeps.

// A world that cannot be set up is a bug in the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use core::net::IpAddr;
use core::sync::atomic::{AtomicU64, Ordering};
use std::collections::HashMap;
use std::collections::VecDeque;

use std::sync::{Mutex, MutexGuard, PoisonError};

use mpass_core::Error;
use mpass_core::challenge::{Keyring, Policy, PolicySettings};
use mpass_core::service::settings::{Group, Refused, Settings};
use mpass_core::service::{
    Answer, Assess, Assessment, ChannelSettings, CheckSignature, Client, ClientSettings, Engine,
    EngineSettings, Exchange, Host, Introspect, Overlap, Reply, Request, Sign, Sms, TenantAdmin,
    drive,
};
use mpass_core::store::{Kind, Listed, Operation, Store, StoreKey, Swap, Swapped, run};

use crate::tenants::stored;

use crate::signing::Signer;

/// Noon of a day in 2026, in milliseconds of Unix time.
pub const NOON: u64 = 1_795_348_800_000;

/// A fault of one operation of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It fails and nothing is stored.
    Fail,
    /// It takes this many milliseconds.
    Delay(u64),
    /// A swap reports a conflict although nothing changed.
    Conflict,
    /// A swap is stored, but the outcome is reported as unknown.
    StoredUnknown,
    /// A swap is not stored, and the outcome is reported as unknown.
    LostUnknown,
    /// A swap is stored, and then the store fails.
    StoredFail,
    /// A load returns a value with one bit flipped.
    Flip,
}

/// How the gateway responds to messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GatewayMode {
    /// Accepts them.
    Take,
    /// Definitely refuses them.
    Refuse,
    /// Accepts them without confirming.
    Hang,
}

type Values = HashMap<(Kind, StoreKey), Vec<u8>>;

/// A host.
pub struct World {
    /// The engine under test.
    pub engine: Engine,
    now_ms: AtomicU64,
    draws: AtomicU64,
    values: Mutex<Values>,
    faults: Mutex<VecDeque<Option<Fault>>>,
    outbox: Mutex<Vec<Sms>>,
    gateway: Mutex<GatewayMode>,
    introspection: Mutex<Answer>,
    assessments: Mutex<HashMap<String, Assessment>>,
    network: Mutex<HashMap<IpAddr, Answer>>,
    signer: Mutex<Signer>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Default for World {
    fn default() -> Self {
        Self::new(Keyring::generate(&[42; 32]))
    }
}

impl World {
    /// A world with these keys, at [`NOON`].
    #[must_use]
    pub fn new(keyring: Keyring) -> Self {
        Self::with_settings(keyring, EngineSettings::default())
    }

    /// A world with these keys and settings, at [`NOON`].
    #[must_use]
    pub fn with_settings(keyring: Keyring, settings: EngineSettings) -> Self {
        Self {
            engine: Engine::with_settings(keyring, settings).unwrap(),
            now_ms: AtomicU64::new(NOON),
            draws: AtomicU64::new(0),
            values: Mutex::default(),
            faults: Mutex::default(),
            outbox: Mutex::default(),
            gateway: Mutex::new(GatewayMode::Take),
            introspection: Mutex::new(Answer::Unsupported),
            assessments: Mutex::default(),
            network: Mutex::default(),
            signer: Mutex::new(Signer::Unsupported),
        }
    }

    /// Performs an operation of an administrator, who gets fresh entropy.
    ///
    /// # Errors
    /// As [`Operation::next`].
    pub fn administer<O: Operation<Error = Refused>>(
        &self,
        operation: impl FnOnce(&TenantAdmin, &[u8; 32]) -> Result<O, Refused>,
    ) -> Result<O::Outcome, Error> {
        let admin = TenantAdmin::new(self.engine.shared_keyring());
        let host = (|| self.now(), || Ok(self.entropy()));
        Ok(run(self, &host, operation(&admin, &self.entropy())?)?)
    }

    /// Creates a tenant with these settings and returns its credential.
    pub fn create(&self, settings: &impl Settings) -> String {
        let values = settings.to_values();
        let created = self.administer(|admin, entropy| admin.create(&values, entropy));
        created.unwrap().credential.to_string()
    }

    /// Replaces the credential of a tenant, without an overlap, and returns the
    /// new one.
    pub fn rotate(&self, group: Group, name: &str) -> String {
        let overlap = Overlap::NONE;
        let rotated = self.administer(|admin, entropy| admin.rotate(group, name, overlap, entropy));
        rotated.unwrap().credential.to_string()
    }

    /// Revokes a tenant.
    pub fn revoke(&self, group: Group, name: &str) {
        let revoked = self.administer(|admin, entropy| admin.revoke(group, name, entropy));
        revoked.unwrap();
    }

    /// Creates a channel and returns its key.
    #[expect(clippy::needless_pass_by_value, reason = "most are made for the call")]
    pub fn channel(&self, settings: ChannelSettings) -> String {
        self.create(&settings)
    }

    /// A stored client and its `client_secret`.
    #[expect(clippy::needless_pass_by_value, reason = "most are made for the call")]
    pub fn client(&self, settings: ClientSettings) -> (Client, String) {
        let secret = self.create(&settings);
        (self.stored_client(&settings.name), secret)
    }

    /// A client as it is stored.
    #[must_use]
    pub fn stored_client(&self, name: &str) -> Client {
        stored(self, self.engine.keyring(), name)
    }

    /// Stores a write that must not conflict.
    pub fn store(&self, swap: &Swap) {
        assert_eq!(self.swap(swap, self.now()), Ok(Swapped::Stored));
    }

    /// A channel without limits on sends, for tests of other things.
    pub fn generous_channel(&self, name: &str) -> String {
        self.channel(ChannelSettings {
            policy: generous_policy(),
            ..ChannelSettings::new(name)
        })
    }

    /// The time in milliseconds.
    pub fn now(&self) -> u64 {
        self.now_ms.load(Ordering::SeqCst)
    }

    /// Sets the clock, in either direction.
    pub fn set_clock(&self, now_ms: u64) {
        self.now_ms.store(now_ms, Ordering::SeqCst);
    }

    /// Advances the clock by milliseconds.
    pub fn pass(&self, ms: u64) {
        self.now_ms.fetch_add(ms, Ordering::SeqCst);
    }

    /// Deterministic entropy: different bytes for each call, the same in every
    /// run.
    pub fn entropy(&self) -> [u8; 32] {
        let mut entropy = [0xe5; 32];
        let draw = self.draws.fetch_add(1, Ordering::SeqCst);
        entropy[..8].copy_from_slice(&draw.to_be_bytes());
        entropy
    }

    /// Sets the faults of the next operations of the store, in order.
    pub fn plan_faults(&self, faults: impl IntoIterator<Item = Option<Fault>>) {
        *lock(&self.faults) = faults.into_iter().collect();
    }

    /// Sets how the gateway behaves from now on.
    pub fn set_gateway(&self, mode: GatewayMode) {
        *lock(&self.gateway) = mode;
    }

    /// Sets the host's answer for tokens that were not issued by the engine.
    pub fn set_introspection(&self, answer: Answer) {
        *lock(&self.introspection) = answer;
    }

    /// Sets the host's assessment of a number in E.164 form. Other numbers have
    /// none.
    pub fn set_assessment(&self, e164: &str, assessment: Assessment) {
        lock(&self.assessments).insert(e164.to_string(), assessment);
    }

    /// Sets how the host signs with RS256 and checks such signatures. Without it,
    /// it does not support either.
    pub fn set_signer(&self, signer: Signer) {
        *lock(&self.signer) = signer;
    }

    /// Sets the number that the host resolves an address to. Other addresses
    /// have none.
    pub fn set_resolution(&self, address: IpAddr, answer: Answer) {
        lock(&self.network).insert(address, answer);
    }

    /// All messages that reached the gateway, oldest first.
    pub fn outbox(&self) -> Vec<Sms> {
        lock(&self.outbox).clone()
    }

    /// The code in the newest message: its longest run of digits.
    pub fn last_code(&self) -> String {
        let outbox = lock(&self.outbox);
        let text = &outbox.last().expect("a message").text;
        text.split(|letter: char| !letter.is_ascii_digit())
            .max_by_key(|run| run.len())
            .unwrap_or_default()
            .to_string()
    }

    /// All stored values.
    pub fn stored(&self) -> Vec<Vec<u8>> {
        lock(&self.values).values().cloned().collect()
    }

    /// Loses a stored value.
    pub fn lose(&self, kind: Kind, key: StoreKey) {
        lock(&self.values).remove(&(kind, key));
    }

    /// A request from loopback.
    pub fn get(&self, path_and_query: &str) -> Reply {
        let (path, query) = path_and_query
            .split_once('?')
            .unwrap_or((path_and_query, ""));
        self.request(&Request {
            method: "GET",
            path,
            query,
            headers: &[],
            body: &[],
            peer: [127, 0, 0, 1].into(),
        })
    }

    /// Any request.
    pub fn request(&self, request: &Request<'_>) -> Reply {
        drive(self, self.begin(request))
    }

    /// The exchange of a request, not yet started.
    pub fn begin(&self, request: &Request<'_>) -> Exchange {
        self.engine.begin(request, self.now(), &self.entropy())
    }

    fn fault(&self) -> Option<Fault> {
        let fault = lock(&self.faults).pop_front().flatten();
        if let Some(Fault::Delay(ms)) = fault {
            self.pass(ms);
        }
        fault
    }
}

/// A policy with send limits that tests do not reach.
#[must_use]
pub fn generous_policy() -> Policy {
    let limit = mpass_core::challenge::Limit::new(10_000, 3_600_000, 10_000).unwrap();
    Policy::new(PolicySettings {
        resend_interval_ms: 0,
        sends: limit,
        guesses: limit,
        ..PolicySettings::default()
    })
    .unwrap()
}

impl Store for World {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        let fault = self.fault();
        let value = lock(&self.values).get(&(kind, *key)).cloned();
        match (fault, value) {
            (Some(Fault::Fail | Fault::LostUnknown), _) => Err(Error::StoreFailed),
            (Some(Fault::Flip), Some(mut value)) => {
                let at = value.len() / 2;
                value[at] ^= 0x10;
                Ok(Some(value))
            }
            (_, value) => Ok(value),
        }
    }

    fn swap(&self, swap: &Swap, _now_ms: u64) -> Result<Swapped, Error> {
        let fault = self.fault();
        let mut values = lock(&self.values);
        let slot = (swap.kind, swap.key);
        let current = values.get(&slot).cloned();
        match fault {
            Some(Fault::Fail) => return Err(Error::StoreFailed),
            Some(Fault::LostUnknown) => return Err(Error::StoreUnknown),
            Some(Fault::Conflict) => return Ok(Swapped::Conflict(current)),
            _ => {}
        }
        if current != swap.expected {
            return Ok(Swapped::Conflict(current));
        }
        values.insert(slot, swap.value.clone());
        match fault {
            Some(Fault::StoredUnknown) => Err(Error::StoreUnknown),
            Some(Fault::StoredFail) => Err(Error::StoreFailed),
            _ => Ok(Swapped::Stored),
        }
    }

    fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        match self.fault() {
            None => {}
            Some(_) => return Err(Error::StoreFailed),
        }
        let values = lock(&self.values);
        let is_listed = |kind, key| kind == Kind::Document && after.is_none_or(|after| key > after);
        let mut listed: Vec<Listed> = values
            .iter()
            .filter(|((kind, key), _)| is_listed(*kind, key))
            .map(|((_, key), value)| (*key, value.clone()))
            .collect();
        listed.sort();
        listed.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(listed)
    }
}

impl Host for World {
    fn now_ms(&self) -> u64 {
        self.now()
    }

    fn assess(&self, assess: &Assess) -> Answer {
        let found = lock(&self.assessments).get(assess.number.as_str()).copied();
        found.map_or(Answer::Unsupported, Answer::Assessed)
    }

    fn deliver(&self, sms: &Sms) -> Answer {
        let mode = *lock(&self.gateway);
        if mode != GatewayMode::Refuse {
            lock(&self.outbox).push(sms.clone());
        }
        match mode {
            GatewayMode::Take => Answer::Delivered,
            GatewayMode::Refuse => Answer::Refused,
            GatewayMode::Hang => Answer::Unknown,
        }
    }

    fn introspect(&self, _introspect: &Introspect) -> Answer {
        lock(&self.introspection).clone()
    }

    fn resolve(&self, address: IpAddr) -> Answer {
        let known = lock(&self.network).get(&address).cloned();
        known.unwrap_or(Answer::Unsupported)
    }

    fn signing_keys(&self) -> Answer {
        lock(&self.signer).signing_keys()
    }

    fn sign(&self, sign: &Sign) -> Answer {
        lock(&self.signer).sign(sign)
    }

    fn check_signature(&self, check: &CheckSignature) -> Answer {
        lock(&self.signer).check(check)
    }
}
