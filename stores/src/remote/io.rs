//! The runtime of a remote store, on which its connections run.

use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use std::io;
use std::sync::mpsc;

use tokio::runtime::{Builder, Handle, Runtime, RuntimeFlavor};

/// The runtime of the connections.
#[derive(Debug)]
pub(super) struct Io {
    /// `None` on a runtime of the host, and while being dropped.
    runtime: Option<Runtime>,
    handle: Handle,
}

impl Io {
    /// Uses the multi-threaded runtime that it is called in: a request then wakes the
    /// task of its connection, and is woken by it, without changing the thread. Anywhere
    /// else it starts a thread with a runtime, because one with a single thread would
    /// stand still while [`Self::block`] waits.
    pub(super) fn start(name: &str) -> io::Result<Self> {
        if let Ok(handle) = Handle::try_current()
            && handle.runtime_flavor() == RuntimeFlavor::MultiThread
        {
            return Ok(Self {
                runtime: None,
                handle,
            });
        }
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name(format!("{name} store"))
            .enable_all()
            .build()?;
        Ok(Self {
            handle: runtime.handle().clone(),
            runtime: Some(runtime),
        })
    }

    /// Runs a future in the caller's task, whatever executor that is of, with the timers
    /// of the runtime.
    pub(super) async fn here<T>(&self, future: impl Future<Output = T> + Send) -> T {
        let mut future = pin!(future);
        poll_fn(|context| {
            let _timers = self.handle.enter();
            future.as_mut().poll(context)
        })
        .await
    }

    /// Runs a task to its end, also if the future is dropped. `None` if it panics or
    /// the runtime ends.
    pub(super) fn run<T, F>(&self, task: F) -> impl Future<Output = Option<T>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        // A box, so that the type of a caller's future does not contain that of the task.
        let task: Pin<Box<dyn Future<Output = T> + Send>> = Box::pin(task);
        let running = self.handle.spawn(task);
        async move { running.await.ok() }
    }

    /// As [`Self::run`], and blocks the thread; other tasks of a multi-threaded
    /// runtime go on.
    pub(super) fn block<T: Send + 'static>(
        &self,
        task: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let (sender, receiver) = mpsc::sync_channel(1);
        self.handle.spawn(async move {
            // The receiver waits.
            let _ = sender.send(task.await);
        });
        let wait = || receiver.recv().ok();
        match Handle::try_current().map(|current| current.runtime_flavor()) {
            Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(wait),
            _ => wait(),
        }
    }

    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.handle.spawn(task);
    }
}

impl Drop for Io {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
