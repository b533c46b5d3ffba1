//! Swaps that are requested at the same time, as one group for the writer.

use std::sync::{Mutex, PoisonError};

use mpass_core::Error;
use mpass_core::store::Swapped;
use tokio::sync::{mpsc, oneshot};

use super::job::{Job, Work};

/// Gathers jobs: those that one task requests without waiting in between reach the
/// writer together and share a commit, although it is idle.
pub(super) struct Gathering {
    jobs: Mutex<Vec<Job>>,
    /// Its length is bounded by how many requests are recorded at a time.
    writer: mpsc::UnboundedSender<Vec<Job>>,
}

/// Passes the gathered jobs on when it is dropped, also because the first job is
/// not waited for any more.
struct PassOn<'a>(&'a Gathering);

impl Drop for PassOn<'_> {
    fn drop(&mut self) {
        let jobs = core::mem::take(&mut *self.0.jobs());
        // Without a writer they end unanswered.
        let _ = self.0.writer.send(jobs);
    }
}

impl Gathering {
    pub(super) fn new() -> (Self, mpsc::UnboundedReceiver<Vec<Job>>) {
        let (writer, groups) = mpsc::unbounded_channel();
        let jobs = Mutex::default();
        (Self { jobs, writer }, groups)
    }

    /// Performs a job with the others of its time.
    pub(super) async fn perform(&self, work: Work) -> Result<Swapped, Error> {
        let (answer, answered) = oneshot::channel();
        let is_first = {
            let mut jobs = self.jobs();
            jobs.push(Job { work, answer });
            jobs.len() == 1
        };
        if is_first {
            let pass_on = PassOn(self);
            // Until the others of this task are there.
            tokio::task::yield_now().await;
            drop(pass_on);
        }
        // A writer that ends without answering may have stored it.
        answered.await.unwrap_or(Err(Error::StoreUnknown))
    }

    fn jobs(&self) -> std::sync::MutexGuard<'_, Vec<Job>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use futures_util::future::{join, join3};

    use super::*;

    const STORED: Result<Swapped, Error> = Ok(Swapped::Stored);

    #[tokio::test]
    async fn what_one_task_requests_is_one_group() {
        let (gathering, mut groups) = Gathering::new();
        let perform = || gathering.perform(Work::ForgetDropped);
        let writer = async {
            let mut lengths = Vec::new();
            for _ in 0..2 {
                let group = groups.recv().await.unwrap();
                lengths.push(group.len());
                for job in group {
                    job.answer.send(STORED).unwrap();
                }
            }
            lengths
        };
        let requests = async {
            assert_eq!(join3(perform(), perform(), perform()).await.2, STORED);
            assert_eq!(perform().await, STORED);
        };
        assert_eq!(join(writer, requests).await.0, [3, 1]);
    }

    #[tokio::test]
    async fn a_first_that_is_dropped_leaves_none_behind() {
        let (gathering, mut groups) = Gathering::new();
        let mut first = Box::pin(gathering.perform(Work::ForgetDropped));
        let mut second = Box::pin(gathering.perform(Work::ForgetDropped));
        assert!(first.as_mut().now_or_never().is_none());
        assert!(second.as_mut().now_or_never().is_none());
        assert!(groups.try_recv().is_err());
        drop(first);
        let group = groups.try_recv().unwrap();
        assert_eq!(group.len(), 2);
        for job in group {
            // Nobody waits for the first.
            let _ = job.answer.send(STORED);
        }
        assert_eq!(second.await, STORED);
    }
}
