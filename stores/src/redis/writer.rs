//! Swaps that replicas acknowledge: on a connection of their own, in groups with one
//! WAIT each.

use core::time::Duration;
use std::sync::Arc;

use mpass_core::Error;
use mpass_core::store::{Swap, Swapped};
use redis::aio::MultiplexedConnection;
use redis::{Cmd, Pipeline, RedisError, Value};
use tokio::sync::{mpsc, oneshot};

use super::commands::{self, Layout};
use crate::remote::Failed;

/// The capacity of the queue; further swaps wait.
const QUEUE: usize = 1024;
/// The longest group.
const GROUP: usize = 128;

/// Why there is no answer to a swap.
#[derive(Debug)]
pub(super) enum NotSwapped {
    Failed(Failed),
    /// Another master has the key; nothing was run.
    Redirected(RedisError),
}

impl From<Failed> for NotSwapped {
    fn from(failed: Failed) -> Self {
        Self::Failed(failed)
    }
}

type Answer = Result<Swapped, NotSwapped>;
type Waiting = (Job, oneshot::Sender<Answer>);

/// A swap.
#[derive(Clone)]
pub(super) struct Job {
    pub(super) swap: Arc<Swap>,
    pub(super) now_ms: u64,
    /// Whether another master is passing the key on to this one.
    pub(super) asking: bool,
}

/// The connection of swaps that replicas acknowledge.
pub(super) struct Writer(mpsc::Sender<Waiting>);

impl Writer {
    /// `timeout` is that of a swap; WAIT has half of it.
    pub(super) fn start(
        connection: MultiplexedConnection,
        layout: Arc<Layout>,
        replicas: u32,
        timeout: Duration,
    ) -> Self {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let group = Group {
            connection,
            layout,
            replicas,
            wait_ms: timeout.as_millis() / 2,
        };
        tokio::spawn(group.run(queue));
        Self(jobs)
    }

    /// A swap; failed if it was not acknowledged.
    pub(super) async fn swap(&self, job: Job) -> Answer {
        let (answer, answered) = oneshot::channel();
        let ended = || Failed::broken("the connection of swaps was closed").into();
        let sent = self.0.send((job, answer)).await;
        sent.map_err(|_| ended())?;
        answered.await.unwrap_or_else(|_| Err(ended()))
    }
}

/// What performs the groups, one after the other.
struct Group {
    connection: MultiplexedConnection,
    layout: Arc<Layout>,
    replicas: u32,
    wait_ms: u128,
}

impl Group {
    async fn run(mut self, mut queue: mpsc::Receiver<Waiting>) {
        let mut waiting = Vec::new();
        while queue.recv_many(&mut waiting, GROUP).await > 0 {
            // Nobody waits for these any more; they were not sent.
            waiting.retain(|(_, answer)| !answer.is_closed());
            if waiting.is_empty() {
                continue;
            }
            let jobs: Vec<_> = waiting.iter().map(|(job, _)| job).collect();
            let answers = self.perform(&jobs).await;
            let breaks = |answer: &Answer| match answer {
                Err(NotSwapped::Failed(failed)) => failed.breaks,
                _ => false,
            };
            let is_broken = answers.iter().any(breaks);
            for ((_, answer), result) in waiting.drain(..).zip(answers) {
                // If the receiver is gone, no verdict was released.
                let _ = answer.send(result);
            }
            if is_broken {
                return;
            }
        }
    }

    async fn perform(&mut self, jobs: &[&Job]) -> Vec<Answer> {
        let mut answers = self.send(jobs, true).await;
        // After SCRIPT FLUSH; these were not run.
        let lacking = answers
            .iter()
            .enumerate()
            .filter(|(_, answer)| is_lacking(answer));
        let lacking: Vec<_> = lacking.map(|(at, _)| at).collect();
        if !lacking.is_empty() {
            let again: Vec<_> = lacking.iter().map(|at| jobs[*at]).collect();
            let again = self.send(&again, false).await;
            for (at, answer) in lacking.into_iter().zip(again) {
                answers[at] = answer;
            }
        }
        let each = answers.into_iter().zip(jobs);
        each.map(|(answer, job)| outcome(answer, &job.swap))
            .collect()
    }

    /// Sends a group; of each swap the answer, and whether it was acknowledged.
    async fn send(&mut self, jobs: &[&Job], by_name: bool) -> Vec<Sent> {
        let mut group = Pipeline::new();
        let mut count = 0;
        for job in jobs {
            if job.asking {
                group.add_command(commands::asking());
                count += 1;
            }
            group.add_command(self.layout.swap(&job.swap, job.now_ms, by_name));
            count += 1;
        }
        let mut wait = Cmd::new();
        wait.arg("WAIT")
            .arg(self.replicas)
            .arg(self.wait_ms.to_string());
        group.add_command(wait);
        let every = |make: &dyn Fn() -> Failed| jobs.iter().map(|_| Err(make())).collect();
        let sent = self.connection.send_packed_commands(&group, 0, count + 1);
        let mut answers = match sent.await {
            Ok(answers) => answers,
            Err(error) => return every(&|| commands::failed(&error, Error::StoreFailed)),
        };
        let acknowledged = match answers.pop() {
            Some(Value::Int(replicas)) => replicas >= i64::from(self.replicas),
            _ => return every(&|| Failed::broken("the server does not answer WAIT")),
        };
        let mut answers = answers.into_iter();
        let each = jobs.iter().map(|job| {
            if job.asking {
                answers.next();
            }
            let none = || Failed::broken("the server does not answer a swap");
            let answer = answers.next().ok_or_else(none)?;
            Ok((answer, acknowledged))
        });
        each.collect()
    }
}

/// The answer to a swap, and whether replicas have acknowledged its group.
type Sent = Result<(Value, bool), Failed>;

fn is_lacking(sent: &Sent) -> bool {
    match sent {
        Ok((Value::ServerError(error), _)) => {
            commands::lacks_script(&RedisError::from(error.clone()))
        }
        _ => false,
    }
}

/// What a swap and the acknowledgement of its group mean.
fn outcome(sent: Sent, swap: &Swap) -> Answer {
    let (answer, acknowledged) = sent?;
    let swapped = match answer {
        Value::ServerError(error) => {
            let error = RedisError::from(error);
            return Err(match error.redirect_node() {
                Some(_) => NotSwapped::Redirected(error),
                None => commands::failed(&error, Error::StoreFailed).into(),
            });
        }
        answer => commands::swapped(answer)?,
    };
    match swapped {
        Swapped::Stored if !acknowledged => {
            Err(Failed::not_stored("the replicas did not acknowledge a swap").into())
        }
        // An earlier swap of the same value, which was not acknowledged.
        Swapped::Conflict(Some(current)) if current == swap.value => {
            Err(Failed::not_stored("the value of a swap stands without acknowledgement").into())
        }
        other => Ok(other),
    }
}

#[cfg(test)]
mod tests {
    use mpass_core::store::{Kind, StoreKey};

    use super::*;

    #[test]
    fn a_swap_without_acknowledgement_has_failed() {
        let swap = Swap {
            kind: Kind::State,
            key: StoreKey([1; 16]),
            expected: None,
            value: b"new".to_vec(),
            expires_at_ms: None,
        };
        let stored = || Value::Array(vec![Value::Int(1)]);
        let shows =
            |value: &[u8]| Value::Array(vec![Value::Int(0), Value::BulkString(value.to_vec())]);
        let outcome = |answer, acknowledged| outcome(Ok((answer, acknowledged)), &swap);
        assert_eq!(outcome(stored(), true).unwrap(), Swapped::Stored);
        let failed = |answer, acknowledged| match outcome(answer, acknowledged) {
            Err(NotSwapped::Failed(failed)) => failed.error,
            other => panic!("{other:?}"),
        };
        assert_eq!(failed(stored(), false), Error::StoreFailed);
        assert_eq!(failed(shows(b"new"), true), Error::StoreFailed);
        let other = Swapped::Conflict(Some(b"other".to_vec()));
        assert_eq!(outcome(shows(b"other"), false).unwrap(), other);
    }
}
