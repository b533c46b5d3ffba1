//! Drivers: they run an exchange to its reply with the steps that a host
//! implements.

use alloc::vec::Vec;
use core::future::Future;
use core::net::IpAddr;

use super::exchange::Exchange;
use super::host::{Answer, Assess, CheckSignature, Introspect, Reply, Sign, Step};
use super::message::Sms;
use crate::Error;
use crate::store::{AsyncStore, LocalAsyncStore, Store, Swapped};

/// A blocking host: a [`Store`], a clock, a gateway and, optionally, what the
/// host knows about numbers, tokens and addresses.
pub trait Host: Store {
    /// The current time, in milliseconds of Unix time.
    fn now_ms(&self) -> u64;

    /// Assesses a number: [`Answer::Assessed`], or [`Answer::Unsupported`] (the
    /// default) to leave it to the engine's own rules.
    fn assess(&self, assess: &Assess) -> Answer {
        let _ = assess;
        Answer::Unsupported
    }

    /// Passes a message to the gateway: [`Answer::Delivered`],
    /// [`Answer::Refused`] or [`Answer::Unknown`].
    fn deliver(&self, sms: &Sms) -> Answer;

    /// Introspects a token that the host may have issued itself:
    /// [`Answer::Introspected`], or [`Answer::Unsupported`] (the default) for a
    /// host that issues no tokens.
    fn introspect(&self, introspect: &Introspect) -> Answer {
        let _ = introspect;
        Answer::Unsupported
    }

    /// Resolves the network address of a device to its number:
    /// [`Answer::Resolved`], or [`Answer::Unsupported`] (the default) for a host
    /// that has no access to a mobile network.
    fn resolve(&self, address: IpAddr) -> Answer {
        let _ = address;
        Answer::Unsupported
    }

    /// Lists the public keys of the pairs that sign with RS256, the one that signs
    /// first: [`Answer::SigningKeys`], or [`Answer::Unsupported`] (the default)
    /// for a host that has none.
    fn signing_keys(&self) -> Answer {
        Answer::Unsupported
    }

    /// Signs with RS256 (RSASSA-PKCS1-v1_5 with SHA-256):
    /// [`Answer::Signed`], or [`Answer::Unsupported`] (the default).
    fn sign(&self, sign: &Sign) -> Answer {
        let _ = sign;
        Answer::Unsupported
    }

    /// Checks a signature with RS256: [`Answer::Genuine`], [`Answer::Forged`], or
    /// [`Answer::Unsupported`] (the default).
    fn check_signature(&self, check: &CheckSignature) -> Answer {
        let _ = check;
        Answer::Unsupported
    }
}

/// Runs an exchange to its reply.
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
            Step::SigningKeys => host.signing_keys(),
            Step::Sign(sign) => host.sign(&sign),
            Step::CheckSignature(check) => host.check_signature(&check),
            Step::Reply(reply) => return reply,
        };
    }
}

/// An asynchronous host whose futures are `Send`. Each method has the same
/// contract as in [`Host`].
///
/// A host whose futures are not `Send` implements [`LocalAsyncHost`], which is
/// implemented for every `AsyncHost`.
pub trait AsyncHost: AsyncStore {
    /// The current time, in milliseconds of Unix time.
    fn now_ms(&self) -> u64;

    /// Assesses a number; see [`Host::assess`].
    fn assess(&self, assess: Assess) -> impl Future<Output = Answer> + Send;

    /// Passes a message to the gateway; see [`Host::deliver`].
    fn deliver(&self, sms: Sms) -> impl Future<Output = Answer> + Send;

    /// Introspects a token of the host; see [`Host::introspect`].
    fn introspect(&self, introspect: Introspect) -> impl Future<Output = Answer> + Send {
        let _ = introspect;
        core::future::ready(Answer::Unsupported)
    }

    /// Resolves a network address to a number; see [`Host::resolve`].
    fn resolve(&self, address: IpAddr) -> impl Future<Output = Answer> + Send {
        let _ = address;
        core::future::ready(Answer::Unsupported)
    }

    /// Lists the keys that sign with RS256; see [`Host::signing_keys`].
    fn signing_keys(&self) -> impl Future<Output = Answer> + Send {
        core::future::ready(Answer::Unsupported)
    }

    /// Signs with RS256; see [`Host::sign`].
    fn sign(&self, sign: Sign) -> impl Future<Output = Answer> + Send {
        let _ = sign;
        core::future::ready(Answer::Unsupported)
    }

    /// Checks a signature with RS256; see [`Host::check_signature`].
    fn check_signature(&self, check: CheckSignature) -> impl Future<Output = Answer> + Send {
        let _ = check;
        core::future::ready(Answer::Unsupported)
    }
}

/// An asynchronous host. Each method has the same contract as in [`Host`].
#[expect(async_fn_in_trait, reason = "the futures may or may not be Send")]
pub trait LocalAsyncHost: LocalAsyncStore {
    /// The current time, in milliseconds of Unix time.
    fn now_ms(&self) -> u64;

    /// Assesses a number; see [`Host::assess`].
    async fn assess(&self, assess: Assess) -> Answer;

    /// Passes a message to the gateway; see [`Host::deliver`].
    async fn deliver(&self, sms: Sms) -> Answer;

    /// Introspects a token of the host; see [`Host::introspect`].
    async fn introspect(&self, introspect: Introspect) -> Answer {
        let _ = introspect;
        Answer::Unsupported
    }

    /// Resolves a network address to a number; see [`Host::resolve`].
    async fn resolve(&self, address: IpAddr) -> Answer {
        let _ = address;
        Answer::Unsupported
    }

    /// Lists the keys that sign with RS256; see [`Host::signing_keys`].
    async fn signing_keys(&self) -> Answer {
        Answer::Unsupported
    }

    /// Signs with RS256; see [`Host::sign`].
    async fn sign(&self, sign: Sign) -> Answer {
        let _ = sign;
        Answer::Unsupported
    }

    /// Checks a signature with RS256; see [`Host::check_signature`].
    async fn check_signature(&self, check: CheckSignature) -> Answer {
        let _ = check;
        Answer::Unsupported
    }
}

impl<H: AsyncHost> LocalAsyncHost for H {
    fn now_ms(&self) -> u64 {
        AsyncHost::now_ms(self)
    }

    fn assess(&self, assess: Assess) -> impl Future<Output = Answer> {
        AsyncHost::assess(self, assess)
    }

    fn deliver(&self, sms: Sms) -> impl Future<Output = Answer> {
        AsyncHost::deliver(self, sms)
    }

    fn introspect(&self, introspect: Introspect) -> impl Future<Output = Answer> {
        AsyncHost::introspect(self, introspect)
    }

    fn resolve(&self, address: IpAddr) -> impl Future<Output = Answer> {
        AsyncHost::resolve(self, address)
    }

    fn signing_keys(&self) -> impl Future<Output = Answer> {
        AsyncHost::signing_keys(self)
    }

    fn sign(&self, sign: Sign) -> impl Future<Output = Answer> {
        AsyncHost::sign(self, sign)
    }

    fn check_signature(&self, check: CheckSignature) -> impl Future<Output = Answer> {
        AsyncHost::check_signature(self, check)
    }
}

/// Runs an exchange to its reply. The future is `Send` if those of the host are.
///
/// Dropping the future cancels the exchange; swaps that are already stored,
/// such as a counted attempt, stay stored.
pub async fn drive_async(host: &impl LocalAsyncHost, mut exchange: Exchange) -> Reply {
    let mut answer = Answer::Begin;
    loop {
        answer = match exchange.next(answer, host.now_ms()) {
            Step::Load { kind, key } => loaded(host.load(kind, key).await),
            Step::Swap(swap) => swapped(host.swap(swap, host.now_ms()).await),
            Step::Assess(assess) => host.assess(assess).await,
            Step::Deliver(sms) => host.deliver(sms).await,
            Step::Introspect(introspect) => host.introspect(introspect).await,
            Step::Resolve(address) => host.resolve(address).await,
            Step::SigningKeys => host.signing_keys().await,
            Step::Sign(sign) => host.sign(sign).await,
            Step::CheckSignature(check) => host.check_signature(check).await,
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
        Ok(Swapped::Expired) => Answer::Expired,
        Err(Error::StoreUnknown) => Answer::Unknown,
        Err(_) => Answer::Failed,
    }
}
