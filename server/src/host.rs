//! The server as the engine's host.

use core::net::IpAddr;
use core::sync::atomic::{AtomicU32, Ordering};
use std::sync::Arc;
use std::time::Instant;

use mpass_core::Error;
use mpass_core::service::{Answer, Assess, AsyncHost, CheckSignature, Sign, Sms};
use mpass_core::store::{AsyncStore, Kind, Listed, StoreKey, Swap, Swapped};

use crate::clock;
use crate::gateways;
use crate::network::Resolved;
use crate::setup::Setup;
use crate::signing;
use crate::state::State;
use crate::store::OnLink;
use crate::tenants::Moment;

/// The engine's host for the requests of one listener.
pub(crate) struct ListenerHost<'a> {
    pub(crate) state: &'a State,
    /// What was set up when the request began.
    pub(crate) setup: Arc<Setup>,
    /// The connections of the store when the request began, before its engine was taken;
    /// 0 without any.
    pub(crate) link: u64,
    /// The realm of the network table for its callers.
    pub(crate) realm: &'a str,
    /// The segments of the message that was passed to the gateways.
    pub(crate) segments: AtomicU32,
}

impl ListenerHost<'_> {
    /// Loads a document, which is the tenant of a request.
    async fn tenant(&self, key: StoreKey) -> Result<Option<Vec<u8>>, Error> {
        let (store, tenants) = (self.store(), &self.state.tenants);
        if !self.state.store.can_keep() {
            return store.load(Kind::Document, key).await;
        }
        let begun = Moment::now();
        if let Some(kept) = tenants.get(&key, begun) {
            return Ok(Some(kept));
        }
        let loaded = store.load(Kind::Document, key).await?;
        // Absent ones are not kept: keys that do not exist have no bound.
        if let Some(value) = &loaded {
            tenants.keep(key, begun, value.clone());
        }
        Ok(loaded)
    }
}

impl AsyncStore for ListenerHost<'_> {
    async fn load(&self, kind: Kind, key: StoreKey) -> Result<Option<Vec<u8>>, Error> {
        if kind == Kind::Document {
            let tenant = self.tenant(key).await;
            return self.state.note(tenant);
        }
        let result = self.store().load(kind, key).await;
        self.state.note(result)
    }

    async fn swap(&self, swap: Swap, now_ms: u64) -> Result<Swapped, Error> {
        let swapped = self.store().swap(swap, now_ms).await;
        if let Ok(Swapped::Conflict(_)) = swapped {
            self.state.metrics.count_conflict();
        }
        self.state.note(swapped)
    }

    async fn list(&self, after: Option<StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        let listed = self.store().list(after, limit).await;
        self.state.note(listed)
    }
}

impl ListenerHost<'_> {
    /// The store, as long as its connections are those that the request began on.
    fn store(&self) -> OnLink<'_> {
        self.state.store.on_link(self.link)
    }
}

impl AsyncHost for ListenerHost<'_> {
    fn now_ms(&self) -> u64 {
        clock::now_ms()
    }

    async fn assess(&self, assess: Assess) -> Answer {
        Answer::Assessed(self.setup.numbers.assess(&assess.number))
    }

    async fn resolve(&self, address: IpAddr) -> Answer {
        let network = &self.state.network;
        let resolved = network.resolve(self.realm, address, self.now_ms());
        Answer::Resolved(match resolved {
            Resolved::Number(number) => Some(number),
            Resolved::Unknown | Resolved::Shared => None,
        })
    }

    async fn signing_keys(&self) -> Answer {
        self.setup.signing.list()
    }

    async fn sign(&self, sign: Sign) -> Answer {
        self.setup.signing.sign(&sign)
    }

    async fn check_signature(&self, check: CheckSignature) -> Answer {
        signing::check(&check)
    }

    /// An exchange may have begun before an administrator stopped its message.
    /// Then nothing is sent, and the engine refunds it.
    async fn deliver(&self, sms: Sms) -> Answer {
        let engine = self.state.engine.load();
        if engine
            .cut_offs()
            .of_send(Some(&sms.to), self.now_ms())
            .is_some()
        {
            self.state.metrics.count_stopped_delivery();
            return Answer::Refused;
        }
        let segments = u32::try_from(sms.segments).unwrap_or(u32::MAX);
        self.segments.fetch_add(segments, Ordering::Relaxed);
        let begun = Instant::now();
        // Boxed, because its future is several times as large as those of all
        // other steps together, and most requests send nothing.
        let answer = Box::pin(gateways::deliver(self.state, &self.setup, &sms)).await;
        self.state.metrics.count_delivery(&answer, begun.elapsed());
        answer
    }
}

impl State {
    fn note<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &result {
            self.metrics.count_store_failure();
            tracing::error!(%error, "the store failed");
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use mpass_core::challenge::Keyring;
    use mpass_core::number::PhoneNumber;
    use mpass_core::service::{Alphabet, CutOffTarget, CutOffs, Language, NewCutOff};
    use mpass_core::store::MemoryStore;

    use super::*;
    use crate::gateway::{Gateway, Outbox};
    use crate::setup::Setup;
    use crate::store::AnyStore;

    /// The exchange may have begun before the cut-off.
    #[tokio::test]
    async fn a_stopped_message_is_not_passed_to_the_gateway() {
        let outbox = Arc::<Outbox>::default();
        let keyring = Keyring::generate(&[7; 32]);
        let gateway = Gateway::Outbox(Arc::clone(&outbox));
        let state = State::of_test(AnyStore::Memory(MemoryStore::new(10)), keyring.clone());
        let setup = Setup {
            gateways: vec![gateway.into()],
            ..Setup::clone(&state.setup.load())
        };
        state.setup.store(setup.clone().into());
        let host = ListenerHost {
            state: &state,
            setup: setup.into(),
            link: 0,
            realm: "",
            segments: AtomicU32::new(0),
        };
        let sms = |to: &str| Sms {
            to: PhoneNumber::parse(to, None).unwrap(),
            text: "a text".to_owned().into(),
            sender: None,
            language: Language::English,
            alphabet: Alphabet::Gsm7,
            segments: 1,
        };
        let new = NewCutOff {
            target: CutOffTarget::Prefix("+966".parse().unwrap()),
            life_ms: 3_600_000,
            by: None,
            by_name: None,
            why: None,
        };
        let environment = (clock::now_ms, || Ok([1; 32]));
        let stopping = CutOffs::stopping(&keyring, new.clone());
        stopping
            .run_async(&state.store, &environment)
            .await
            .unwrap();
        let (stopped, other) = (sms("+966500000000"), sms("+971500000000"));
        assert_eq!(host.deliver(stopped.clone()).await, Answer::Delivered);
        crate::cut_offs::follow(&state).unwrap();
        assert_eq!(host.deliver(stopped.clone()).await, Answer::Refused);
        assert_eq!(host.deliver(other).await, Answer::Delivered);
        assert_eq!(outbox.messages().len(), 2);
        let has = |line: &str| state.metrics.encode().unwrap().contains(line);
        assert!(has("mpass_deliveries_total{outcome=\"stopped\"} 1\n"));
        assert!(has("mpass_cut_offs 1\n"));
        // It is resumed, and what stops another gateway stops nothing here.
        let elsewhere = NewCutOff {
            target: CutOffTarget::Gateway(Some("other".to_owned())),
            ..new.clone()
        };
        let stopping = CutOffs::stopping(&keyring, elsewhere);
        stopping
            .run_async(&state.store, &environment)
            .await
            .unwrap();
        let resuming = CutOffs::resuming(&keyring, Some(new.target));
        resuming
            .run_async(&state.store, &environment)
            .await
            .unwrap();
        crate::cut_offs::follow(&state).unwrap();
        assert_eq!(host.deliver(stopped).await, Answer::Delivered);
        assert!(has("mpass_cut_offs 1\n"));
    }
}
