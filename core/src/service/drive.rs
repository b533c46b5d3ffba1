//! Drivers: an exchange carried to its reply by a host.

use alloc::vec::Vec;
use core::future::Future;
use core::net::IpAddr;

use super::exchange::Exchange;
use super::host::{Answer, Assess, Introspect, Reply, Step};
use super::message::Sms;
use crate::Error;
use crate::store::{Kind, Store, StoreKey, Swap, Swapped};

/// What a blocking host brings besides its [`Store`].
pub trait Host: Store {
    /// The time in milliseconds of Unix time.
    fn now_ms(&self) -> u64;

    /// The host's word on a number: [`Answer::Assessed`] or
    /// [`Answer::Unsupported`], which leaves it to the engine's own rules.
    fn assess(&self, assess: &Assess) -> Answer {
        let _ = assess;
        Answer::Unsupported
    }

    /// Hands a message to the gateway: [`Answer::Delivered`],
    /// [`Answer::Refused`] or [`Answer::Unknown`].
    fn deliver(&self, sms: &Sms) -> Answer;

    /// The host's word on a token of its own: [`Answer::Introspected`] or
    /// [`Answer::Unsupported`].
    fn introspect(&self, introspect: &Introspect) -> Answer {
        let _ = introspect;
        Answer::Unsupported
    }

    /// The number behind a network address: [`Answer::Resolved`] or
    /// [`Answer::Unsupported`].
    fn resolve(&self, address: IpAddr) -> Answer {
        let _ = address;
        Answer::Unsupported
    }
}

/// Carries an exchange to its reply.
pub fn drive(host: &impl Host, mut exchange: Exchange) -> Reply {
    let mut answer = Answer::Begin;
    loop {
        answer = match exchange.next(answer, host.now_ms()) {
            Step::Load { kind, key } => loaded(host.load(kind, &key)),
            Step::Swap(swap) => swapped(host.swap(&swap, host.now_ms())),
            Step::Assess(assess) => host.assess(&assess),
            Step::Deliver(sms) => host.deliver(&sms),
            Step::Introspect(introspect) => host.introspect(&introspect),
            Step::Resolve(address) => host.resolve(address),
            Step::Reply(reply) => return reply,
        };
    }
}

/// An asynchronous host; each method as in [`Store`] and [`Host`].
pub trait AsyncHost {
    /// The time in milliseconds of Unix time.
    fn now_ms(&self) -> u64;

    /// The value at a key.
    fn load(
        &self,
        kind: Kind,
        key: StoreKey,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, Error>> + Send;

    /// Replaces a value if it is still the expected one.
    fn swap(&self, swap: Swap, now_ms: u64) -> impl Future<Output = Result<Swapped, Error>> + Send;

    /// The host's word on a number.
    fn assess(&self, assess: Assess) -> impl Future<Output = Answer> + Send;

    /// Hands a message to the gateway.
    fn deliver(&self, sms: Sms) -> impl Future<Output = Answer> + Send;

    /// The host's word on a token of its own.
    fn introspect(&self, introspect: Introspect) -> impl Future<Output = Answer> + Send {
        let _ = introspect;
        core::future::ready(Answer::Unsupported)
    }

    /// The number behind a network address.
    fn resolve(&self, address: IpAddr) -> impl Future<Output = Answer> + Send {
        let _ = address;
        core::future::ready(Answer::Unsupported)
    }
}

/// Carries an exchange to its reply. Dropping the future ends the exchange
/// where it stands: what it stored stays spent.
pub async fn drive_async(host: &impl AsyncHost, mut exchange: Exchange) -> Reply {
    let mut answer = Answer::Begin;
    loop {
        answer = match exchange.next(answer, host.now_ms()) {
            Step::Load { kind, key } => loaded(host.load(kind, key).await),
            Step::Swap(swap) => swapped(host.swap(swap, host.now_ms()).await),
            Step::Assess(assess) => host.assess(assess).await,
            Step::Deliver(sms) => host.deliver(sms).await,
            Step::Introspect(introspect) => host.introspect(introspect).await,
            Step::Resolve(address) => host.resolve(address).await,
            Step::Reply(reply) => return reply,
        };
    }
}

fn loaded(result: Result<Option<Vec<u8>>, Error>) -> Answer {
    result.map_or(Answer::Failed, Answer::Loaded)
}

fn swapped(result: Result<Swapped, Error>) -> Answer {
    match result {
        Ok(Swapped::Stored) => Answer::Stored,
        Ok(Swapped::Conflict(current)) => Answer::Conflict(current),
        Err(Error::StoreUnknown) => Answer::Unknown,
        Err(_) => Answer::Failed,
    }
}
