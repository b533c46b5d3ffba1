//! The swaps of one connection, in groups: what is requested while a group is on its way
//! is the next one, so that many swaps share a commit.

use std::collections::HashSet;
use std::sync::Arc;

use futures_util::future::join;
use mpass_core::store::{Kind, Swap};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::connection::Session;
use super::swaps::{Answer, Swaps};
use crate::remote::Failed;

/// The capacity of the queue; further swaps wait.
const QUEUE: usize = 1024;
/// The longest group.
const GROUP: usize = 128;

type Job = (Swap, oneshot::Sender<Answer>);

/// The writer of a connection. Dropping it ends what was not sent; what was sent has an
/// unknown outcome.
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
    swaps: Swaps,
    task: JoinHandle<()>,
}

impl Writer {
    pub(super) fn start(session: Arc<Session>, swaps: Swaps) -> Self {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let task = tokio::spawn(run(session, swaps, queue));
        Self { jobs, swaps, task }
    }

    /// Performs a swap. Its time-out is the caller's.
    pub(super) async fn swap(&self, swap: Swap) -> Answer {
        let (answer, answered) = oneshot::channel();
        let ended = || Failed::broken("the connection of swaps was closed");
        let sent = self.jobs.send((swap, answer)).await;
        sent.map_err(|_| ended())?;
        // It may have been sent before.
        let uncertain = |_| {
            Err(Failed {
                error: self.swaps.uncertain(),
                ..ended()
            })
        };
        answered.await.unwrap_or_else(uncertain)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn run(session: Arc<Session>, swaps: Swaps, mut queue: mpsc::Receiver<Job>) {
    let mut jobs: Vec<Job> = Vec::new();
    loop {
        if jobs.is_empty() && queue.recv_many(&mut jobs, GROUP).await == 0 {
            return;
        }
        while jobs.len() < GROUP {
            let Ok(job) = queue.try_recv() else { break };
            jobs.push(job);
        }
        // Nobody waits for these any more; they were not sent.
        jobs.retain(|(_, answer)| !answer.is_closed());
        let (inserts, replaces, others);
        (inserts, replaces, others, jobs) = sorted(jobs);
        for (swap, answer) in others {
            // If the receiver is gone, no verdict was released.
            let _ = answer.send(swaps.one(&session, &swap).await);
        }
        let inserts = group(&session, swaps, inserts);
        join(inserts, group(&session, swaps, replaces)).await;
    }
}

/// Swaps of states that expect no value, those that expect one, swaps of documents, and
/// those of a key that is among the others already, which wait for the next group.
fn sorted(jobs: Vec<Job>) -> (Vec<Job>, Vec<Job>, Vec<Job>, Vec<Job>) {
    let (mut inserts, mut replaces) = (Vec::new(), Vec::new());
    let (mut others, mut later) = (Vec::new(), Vec::new());
    let mut keys = HashSet::new();
    for job in jobs {
        match &job.0 {
            swap if !keys.insert((swap.kind, swap.key)) => later.push(job),
            swap if swap.kind == Kind::Document => others.push(job),
            swap if swap.expected.is_none() => inserts.push(job),
            _ => replaces.push(job),
        }
    }
    (inserts, replaces, others, later)
}

async fn group(session: &Session, swaps: Swaps, mut jobs: Vec<Job>) {
    if jobs.is_empty() {
        return;
    }
    jobs.sort_unstable_by_key(|(swap, _)| swap.key);
    let group: Vec<&Swap> = jobs.iter().map(|(swap, _)| swap).collect();
    let answers = swaps.group(session, &group).await;
    for ((_, answer), result) in jobs.into_iter().zip(answers) {
        // If the receiver is gone, no verdict was released.
        let _ = answer.send(result);
    }
}

#[cfg(test)]
mod tests {
    use mpass_core::store::StoreKey;

    use super::*;

    #[test]
    fn a_group_has_each_key_once_and_one_kind_of_swap() {
        let job = |kind, key: u8, expected: Option<&[u8]>| {
            let swap = Swap {
                kind,
                key: StoreKey([key; 16]),
                expected: expected.map(<[u8]>::to_vec),
                value: vec![key],
                expires_at_ms: None,
            };
            (swap, oneshot::channel().0)
        };
        let jobs = vec![
            job(Kind::State, 1, None),
            job(Kind::State, 2, Some(b"x")),
            job(Kind::State, 1, Some(b"x")),
            job(Kind::Document, 1, None),
            job(Kind::State, 3, None),
            job(Kind::State, 2, None),
        ];
        let keys = |jobs: &[Job]| -> Vec<u8> { jobs.iter().map(|job| job.0.value[0]).collect() };
        let (inserts, replaces, others, later) = sorted(jobs);
        assert_eq!(keys(&inserts), [1, 3]);
        assert_eq!(keys(&replaces), [2]);
        assert_eq!(keys(&others), [1]);
        assert_eq!(keys(&later), [1, 2]);
    }
}
