//! The end of connections while the server drains: a peer that is about to send
//! a request is given time, and what it has sent is answered, not reset.

use core::future::{Future, poll_fn};
use core::net::IpAddr;
use core::pin::{Pin, pin};
use core::sync::atomic::Ordering::Relaxed;
use core::sync::atomic::{AtomicBool, AtomicU64};
use core::task::Poll;
use core::time::Duration;
use std::sync::Arc;

use hyper_util::server::graceful::GracefulConnection;
use tokio::sync::Notify;

use crate::admission::Admitted;
use crate::callers::Announced;
use crate::handover::Drain;

/// The peer of a connection, and what the connection is doing.
pub(super) struct Client {
    pub(super) peer: IpAddr,
    pub(super) announced: Announced,
    pub(super) admitted: Arc<Admitted>,
    pub(super) traffic: Arc<Traffic>,
}

/// What passes over a connection, as far as its end depends on it.
#[derive(Default)]
pub(super) struct Traffic {
    /// Reads and writes that moved bytes.
    moves: AtomicU64,
    /// Whether the peer's window was full at the last write.
    pub(super) is_blocked: AtomicBool,
    /// Whether to look for unread bytes in the socket.
    pub(super) looks: AtomicBool,
    /// Whether there were any.
    pub(super) has_unread: AtomicBool,
    has_begun: AtomicBool,
    first: Notify,
}

impl Traffic {
    pub(super) fn moved(&self) {
        self.moves.fetch_add(1, Relaxed);
    }

    /// A request has begun.
    pub(super) fn begin(&self) {
        if !self.has_begun.swap(true, Relaxed) {
            self.first.notify_one();
        }
    }

    /// Resolves once a request has begun.
    async fn begun(&self) {
        if !self.has_begun.load(Relaxed) {
            self.first.notified().await;
        }
    }
}

impl Client {
    /// Whether the server waits for this peer to send, and not the other way
    /// round.
    fn is_waited_for(&self) -> bool {
        self.admitted.is_waiting() && !self.traffic.is_blocked.load(Relaxed)
    }

    /// Resolves once the server drains and has then waited for the peer for
    /// `grace` without anything coming.
    pub(super) async fn silent(&self, drain: &Drain, grace: Duration) {
        drain.closing().await;
        self.silent_for(grace).await;
    }

    async fn silent_for(&self, grace: Duration) {
        loop {
            let seen = self.traffic.moves.load(Relaxed);
            tokio::time::sleep(grace).await;
            if seen == self.traffic.moves.load(Relaxed) && self.is_waited_for() {
                return;
            }
        }
    }

    /// Polls a connection, and returns whether the peer had sent something that
    /// has not led to a request yet.
    async fn look<C: GracefulConnection>(
        &self,
        mut connection: Pin<&mut C>,
    ) -> Result<bool, Result<(), C::Error>> {
        let traffic = &self.traffic;
        let seen = traffic.moves.load(Relaxed);
        traffic.has_unread.store(false, Relaxed);
        traffic.looks.store(true, Relaxed);
        let polled = once(connection.as_mut()).await;
        traffic.looks.store(false, Relaxed);
        match polled {
            Poll::Ready(ended) => Err(ended),
            Poll::Pending => Ok(traffic.has_unread.load(Relaxed)
                || seen != traffic.moves.load(Relaxed)
                || !self.is_waited_for()),
        }
    }
}

/// Serves HTTP/1 to the end of the connection, which answers close while the
/// server drains; one whose peer sends nothing for `grace` is closed then.
pub(super) async fn http1<C: GracefulConnection>(
    connection: C,
    client: &Client,
    drain: &Drain,
    grace: Duration,
) -> Result<(), C::Error> {
    let mut connection = pin!(connection);
    loop {
        tokio::select! {
            biased;
            ended = connection.as_mut() => return ended,
            () = client.silent(drain, grace) => {}
        }
        // The runtime may not know yet what is in the socket: ask the socket,
        // and close it without a pause in between.
        match client.look(connection.as_mut()).await {
            Err(ended) => return ended,
            Ok(true) => {}
            Ok(false) => break,
        }
    }
    // Closes an idle connection. One that never had a request would wait for it.
    connection.as_mut().graceful_shutdown();
    match client.look(connection.as_mut()).await {
        Err(ended) => ended,
        Ok(true) => connection.await,
        Ok(false) => Ok(()),
    }
}

/// Serves HTTP/2 to the end of the connection: once the server drains, or the
/// connection was idle, with GOAWAY, and then to the end of its requests. A peer
/// that does not respond for `grace` is not waited for.
pub(super) async fn http2<C: GracefulConnection>(
    connection: C,
    client: &Client,
    drain: &Drain,
    grace: Duration,
    idle: impl Future<Output = ()>,
) -> Result<(), C::Error> {
    let mut connection = pin!(connection);
    let first = async {
        drain.closing().await;
        // A new connection is about to have its first request.
        let _ = tokio::time::timeout(grace, client.traffic.begun()).await;
    };
    tokio::select! {
        biased;
        ended = connection.as_mut() => return ended,
        () = first => {}
        () = idle => {}
    }
    connection.as_mut().graceful_shutdown();
    tokio::select! {
        biased;
        ended = connection.as_mut() => ended,
        () = client.silent_for(grace) => Ok(()),
    }
}

async fn once<F: Future + ?Sized>(mut future: Pin<&mut F>) -> Poll<F::Output> {
    poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await
}
