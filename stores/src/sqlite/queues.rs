//! The queues of the writer, and what it commits next.

use std::collections::VecDeque;

use tokio::sync::mpsc;

use super::job::Job;

/// The maximum number of jobs in one commit, without those of the network.
const BATCH: usize = 512;
/// The maximum number of jobs of the network in one commit: the others wait for no
/// more than these, and the two of every request that is being recorded fit.
const NETWORK_BATCH: usize = 128;

/// The queues of the writer. Jobs of the network are many and not urgent, so they
/// have a queue of their own.
pub(super) struct Queues {
    jobs: mpsc::Receiver<Job>,
    network: mpsc::UnboundedReceiver<Vec<Job>>,
    /// Jobs of the network that were received.
    waiting: VecDeque<Job>,
}

impl Queues {
    pub(super) fn new(
        jobs: mpsc::Receiver<Job>,
        network: mpsc::UnboundedReceiver<Vec<Job>>,
    ) -> Self {
        Self {
            jobs,
            network,
            waiting: VecDeque::new(),
        }
    }

    /// Waits for jobs and adds them to an empty batch. `false` once every sender is
    /// dropped and the queues are empty.
    pub(super) fn next(&mut self, batch: &mut Vec<Job>) -> bool {
        if self.waiting.is_empty() {
            pollster::block_on(self.wait(batch));
        }
        while batch.len() < BATCH {
            let Ok(job) = self.jobs.try_recv() else { break };
            batch.push(job);
        }
        while let Ok(group) = self.network.try_recv() {
            self.waiting.extend(group);
        }
        let share = self.waiting.len().min(NETWORK_BATCH);
        batch.extend(self.waiting.drain(..share));
        !batch.is_empty()
    }

    async fn wait(&mut self, batch: &mut Vec<Job>) {
        tokio::select! {
            biased;
            Some(job) = self.jobs.recv() => batch.push(job),
            Some(group) = self.network.recv() => self.waiting.extend(group),
            else => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use mpass_core::store::{Kind, StoreKey, Swap};
    use tokio::sync::oneshot;

    use super::super::job::Work;
    use super::*;

    fn job(work: impl FnOnce(Swap, u64) -> Work) -> Job {
        let swap = Swap {
            kind: Kind::Document,
            key: StoreKey([0; 16]),
            expected: None,
            value: Vec::new(),
            expires_at_ms: None,
        };
        Job {
            work: work(swap, 0),
            answer: oneshot::channel().0,
        }
    }

    /// How many jobs of the network a batch has, and how many others.
    fn counts(batch: &[Job]) -> (usize, usize) {
        let is_network = |job: &&Job| matches!(job.work, Work::SwapNetwork(..));
        let network = batch.iter().filter(is_network).count();
        (network, batch.len() - network)
    }

    #[test]
    fn a_flood_of_the_network_has_a_share_of_each_commit() {
        let (jobs, queued) = mpsc::channel(2000);
        let (network, groups) = mpsc::unbounded_channel();
        let mut queues = Queues::new(queued, groups);
        for _ in 0..1000 {
            network.send(vec![job(Work::SwapNetwork)]).unwrap();
        }
        let mut next = |waiting: usize| {
            for _ in 0..waiting {
                assert!(jobs.try_send(job(Work::Swap)).is_ok());
            }
            let mut batch = Vec::new();
            assert!(queues.next(&mut batch));
            counts(&batch)
        };
        // A job that comes later is in the next commit all the same.
        assert_eq!(next(0), (NETWORK_BATCH, 0));
        assert_eq!(next(1), (NETWORK_BATCH, 1));
        // A flood of others does not keep the network out either.
        assert_eq!(next(BATCH + 1), (NETWORK_BATCH, BATCH));
        assert_eq!(next(0), (NETWORK_BATCH, 1));
    }

    #[test]
    fn what_is_queued_is_committed_before_the_end() {
        let (jobs, queued) = mpsc::channel(10);
        let (network, groups) = mpsc::unbounded_channel();
        let mut queues = Queues::new(queued, groups);
        assert!(jobs.try_send(job(Work::Swap)).is_ok());
        let many = (0..NETWORK_BATCH + 1).map(|_| job(Work::SwapNetwork));
        network.send(many.collect()).unwrap();
        drop((jobs, network));
        let mut batches = Vec::new();
        let mut batch = Vec::new();
        while queues.next(&mut batch) {
            batches.push(counts(&batch));
            batch.clear();
        }
        assert_eq!(batches, [(NETWORK_BATCH, 1), (1, 0)]);
    }
}
