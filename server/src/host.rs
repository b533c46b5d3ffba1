//! The server as the engine's host.

use core::net::IpAddr;
use std::time::Instant;

use mpass_core::Error;
use mpass_core::service::{Answer, Assess, AsyncHost, CheckSignature, Sign, Sms};
use mpass_core::store::{AsyncStore, Kind, Listed, StoreKey, Swap, Swapped};

use crate::clock;
use crate::network::Resolved;
use crate::signing;
use crate::state::State;

/// The engine's host for the requests of one listener.
pub(crate) struct ListenerHost<'a> {
    pub(crate) state: &'a State,
    /// The realm of the network table for its callers.
    pub(crate) realm: &'a str,
}

impl AsyncStore for ListenerHost<'_> {
    async fn load(&self, kind: Kind, key: StoreKey) -> Result<Option<Vec<u8>>, Error> {
        let result = self.state.store.load(kind, key).await;
        self.state.note(result)
    }

    async fn swap(&self, swap: Swap, now_ms: u64) -> Result<Swapped, Error> {
        let swapped = self.state.store.swap(swap, now_ms).await;
        if let Ok(Swapped::Conflict(_)) = swapped {
            self.state.metrics.count_conflict();
        }
        self.state.note(swapped)
    }

    async fn list(&self, after: Option<StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        let listed = self.state.store.list(after, limit).await;
        self.state.note(listed)
    }
}

impl AsyncHost for ListenerHost<'_> {
    fn now_ms(&self) -> u64 {
        clock::now_ms()
    }

    async fn assess(&self, assess: Assess) -> Answer {
        Answer::Assessed(self.state.numbers.assess(&assess.number))
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
        self.state.signing.list()
    }

    async fn sign(&self, sign: Sign) -> Answer {
        self.state.signing.sign(&sign)
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
        let begun = Instant::now();
        let answer = self.state.gateway.deliver(&sms).await;
        self.state.metrics.count_delivery(&answer, begun.elapsed());
        answer
    }
}

impl State {
    pub(crate) fn note<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &result {
            self.metrics.count_store_failure();
            tracing::error!(%error, "the store failed");
        }
        result
    }
}
