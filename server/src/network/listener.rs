//! The UDP socket for RADIUS accounting.

use core::future::Future;
use core::net::SocketAddr;
use core::time::Duration;

use anyhow::Context;
use tokio::net::UdpSocket;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::accountant::Accountant;
use super::config::NetworkConfig;
use super::packet::LONGEST;
use super::table::NetworkTable;
use crate::clock;
use crate::memory;
use crate::metrics::Metrics;
use crate::numbers::NumbersConfig;

/// How often expired entries are removed when nothing else happens. This also
/// bounds the time lost when the clock is set back.
const TIDY_INTERVAL: Duration = Duration::from_secs(1);
/// The pause after a failed read.
const PAUSE: Duration = Duration::from_millis(100);

/// The socket that receives accounting.
pub(crate) struct AccountingListener {
    socket: UdpSocket,
    accountant: Accountant,
    addr: SocketAddr,
}

impl AccountingListener {
    /// Listens on the configured address; `None` without one.
    pub(crate) async fn bind(
        config: &NetworkConfig,
        numbers: &NumbersConfig,
    ) -> anyhow::Result<Option<Self>> {
        let Some(listen) = config.listen else {
            return Ok(None);
        };
        let accountant = Accountant::open(config, numbers)?;
        let context = || format!("cannot listen for accounting on {listen}");
        let socket = UdpSocket::bind(listen).await.with_context(context)?;
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

    /// Applies accounting to `table` until `shutdown`.
    pub(crate) async fn serve(
        self,
        table: &NetworkTable,
        metrics: &Metrics,
        shutdown: impl Future<Output = ()>,
    ) {
        tokio::select! {
            () = self.take_all(table, metrics) => {}
            () = shutdown => {}
        }
    }

    async fn take_all(self, table: &NetworkTable, metrics: &Metrics) {
        let Self {
            socket,
            mut accountant,
            ..
        } = self;
        let mut tidy = interval(TIDY_INTERVAL);
        tidy.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // A longer datagram has padding, which is cut off.
        let mut buffer = [0; LONGEST];
        loop {
            let received = tokio::select! {
                received = socket.recv_from(&mut buffer) => received,
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
            let (outcome, answer) = accountant.take(table, datagram, peer, clock::now_ms());
            let outcome = outcome.name();
            metrics.count_accounting(outcome);
            tracing::debug!(peer = %peer.ip().to_canonical(), outcome, "accounting");
            if let Some(answer) = answer
                && let Err(error) = socket.send_to(&answer, peer).await
            {
                // The NAS will retransmit.
                tracing::warn!(%error, "cannot respond to accounting");
            }
        }
    }
}
