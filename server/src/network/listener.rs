//! The UDP socket for RADIUS accounting.

use core::future::Future;
use core::net::SocketAddr;
use core::time::Duration;
use std::sync::Arc;

use anyhow::Context;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use mpass_core::Error;
use mpass_core::store::AsyncStore;
use tokio::net::UdpSocket;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::accountant::{Accountant, Outcome, Rules, Taken};
use super::config::NetworkConfig;
use super::packet::LONGEST;
use super::recording::Recorder;
use super::table::NetworkTable;
use crate::clock;
use crate::memory;
use crate::metrics::Metrics;

/// How often expired entries are removed when nothing else happens. This also
/// bounds the time lost when the clock is set back.
const TIDY_INTERVAL: Duration = Duration::from_secs(1);
/// How many requests are being stored at the same time. They share commits, and the
/// swaps of verifications wait for no more than these. Further requests wait in the
/// socket.
const MOST_STORING: usize = 64;
/// How long storing a request may take: its NAS sends it again after some seconds.
const STORING: Duration = Duration::from_secs(5);
/// The pause after a failed read.
const PAUSE: Duration = Duration::from_millis(100);

/// The socket that receives accounting.
pub(crate) struct AccountingListener {
    socket: UdpSocket,
    accountant: Accountant,
    addr: SocketAddr,
}

impl AccountingListener {
    /// Listens on the configured address, on a socket that is bound to it if
    /// there is one; `None` without an address.
    pub(crate) async fn bind(
        config: &NetworkConfig,
        inherited: Option<std::net::UdpSocket>,
    ) -> anyhow::Result<Option<Self>> {
        let Some(listen) = config.listen else {
            return Ok(None);
        };
        let accountant = Accountant::new(config.freshness);
        let context = || format!("cannot listen for accounting on {listen}");
        let socket = match inherited {
            Some(socket) => UdpSocket::from_std(socket),
            None => UdpSocket::bind(listen).await,
        };
        let socket = socket.with_context(context)?;
        let addr = socket.local_addr().with_context(context)?;
        Ok(Some(Self {
            socket,
            accountant,
            addr,
        }))
    }

    /// The address it listens on.
    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Applies accounting to `table` until `shutdown`, each datagram by the rules of
    /// its time. What a request changes is stored before its response is sent; if
    /// that fails, there is none, and the NAS sends the request again.
    pub(crate) async fn serve<S: AsyncStore + Sync>(
        self,
        table: &NetworkTable,
        recorder: &Recorder<'_, S>,
        metrics: &Metrics,
        rules: impl Fn() -> Arc<Rules>,
        shutdown: impl Future<Output = ()>,
    ) {
        tokio::select! {
            () = self.take_all(table, recorder, metrics, rules) => {}
            () = shutdown => {}
        }
    }

    async fn take_all<S: AsyncStore + Sync>(
        mut self,
        table: &NetworkTable,
        recorder: &Recorder<'_, S>,
        metrics: &Metrics,
        rules: impl Fn() -> Arc<Rules>,
    ) {
        let mut tidy = interval(TIDY_INTERVAL);
        tidy.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // A longer datagram has padding, which is cut off.
        let mut buffer = [0; LONGEST];
        let mut storing = FuturesUnordered::new();
        loop {
            let received = tokio::select! {
                Some((taken, peer)) = storing.next() => {
                    self.end(taken, peer, metrics).await;
                    continue;
                }
                received = self.socket.recv_from(&mut buffer), if storing.len() < MOST_STORING => {
                    received
                }
                _ = tidy.tick() => {
                    metrics.set_network_sessions(table.tidy(clock::now_ms()));
                    continue;
                }
            };
            let (len, peer) = match received {
                Ok(received) => received,
                Err(error) => {
                    tracing::warn!(%error, "cannot receive accounting");
                    sleep(PAUSE).await;
                    continue;
                }
            };
            memory::use_stack();
            let datagram = buffer.get(..len).unwrap_or_default();
            let taken = self
                .accountant
                .take(&rules(), table, datagram, peer, clock::now_ms());
            storing.push(stored(recorder, taken, peer));
        }
    }

    /// Responds to a request whose changes are stored.
    async fn end(&mut self, taken: Taken, peer: SocketAddr, metrics: &Metrics) {
        self.accountant.stored(taken.receipt, clock::now_ms());
        let outcome = taken.outcome.name();
        metrics.count_accounting(outcome);
        tracing::debug!(peer = %peer.ip().to_canonical(), outcome, "accounting");
        if let Some(answer) = taken.answer
            && let Err(error) = self.socket.send_to(&answer, peer).await
        {
            // The NAS will retransmit.
            tracing::warn!(%error, "cannot respond to accounting");
        }
    }
}

/// Stores what a request changes. Without success there is no response.
async fn stored<S: AsyncStore + Sync>(
    recorder: &Recorder<'_, S>,
    mut taken: Taken,
    peer: SocketAddr,
) -> (Taken, SocketAddr) {
    let changes = core::mem::take(&mut taken.changes);
    let storing = timeout(STORING, recorder.store(changes)).await;
    if let Err(error) = storing.unwrap_or(Err(Error::StoreUnknown)) {
        tracing::error!(%error, "cannot store accounting");
        taken = Taken::unanswered(Outcome::NotStored);
    }
    (taken, peer)
}

#[cfg(test)]
#[path = "listener_tests.rs"]
mod tests;
