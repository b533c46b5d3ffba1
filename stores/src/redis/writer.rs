//! Swaps that replicas acknowledge: on a connection of their own, in groups with one
//! WAIT each.

use core::time::Duration;

use mpass_core::Error;
use mpass_core::store::{Swap, Swapped};
use redis::aio::MultiplexedConnection;
use redis::{Cmd, Pipeline, RedisError, Value};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

use super::commands::{self, Layout};
use crate::remote::Failed;

/// The capacity of the queue; further swaps wait.
const QUEUE: usize = 1024;
/// The longest group.
const GROUP: usize = 128;

type Answer = Result<Swapped, Failed>;
type Job = (Swap, u64, oneshot::Sender<Answer>);

/// The connection of swaps that replicas acknowledge.
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
    timeout: Duration,
}

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
        Self { jobs, timeout }
    }

    /// A swap; failed if it was not acknowledged.
    pub(super) async fn swap(&self, swap: Swap, now_ms: u64) -> Answer {
        let (answer, answered) = oneshot::channel();
        let ended = || Failed::broken("the connection of swaps was closed");
        let perform = async {
            let sent = self.jobs.send((swap, now_ms, answer)).await;
            sent.map_err(|_| ended())?;
            answered.await.unwrap_or_else(|_| Err(ended()))
        };
        let late = |_| Failed::broken("no acknowledgement within the time-out");
        tokio::time::timeout(self.timeout, perform)
            .await
            .map_err(late)?
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
    async fn run(mut self, mut queue: mpsc::Receiver<Job>) {
        let mut jobs = Vec::new();
        while queue.recv_many(&mut jobs, GROUP).await > 0 {
            // Nobody waits for these any more; they were not sent.
            jobs.retain(|(.., answer)| !answer.is_closed());
            if jobs.is_empty() {
                continue;
            }
            let swaps: Vec<_> = jobs
                .iter()
                .map(|(swap, now_ms, _)| (swap, *now_ms))
                .collect();
            let answers = self.perform(&swaps).await;
            let is_broken = answers
                .iter()
                .any(|answer| answer.as_ref().is_err_and(|failed| failed.breaks));
            for ((.., answer), result) in jobs.drain(..).zip(answers) {
                // If the receiver is gone, no verdict was released.
                let _ = answer.send(result);
            }
            if is_broken {
                return;
            }
        }
    }

    async fn perform(&mut self, swaps: &[(&Swap, u64)]) -> Vec<Answer> {
        let every = |make: &dyn Fn() -> Failed| swaps.iter().map(|_| Err(make())).collect();
        let mut answers = match self.send(swaps, true).await {
            Ok(answers) => answers,
            Err(error) => return every(&|| commands::failed(&error, Error::StoreFailed)),
        };
        let lacks_script = |value: &Value| match value {
            Value::ServerError(error) => commands::lacks_script(&RedisError::from(error.clone())),
            _ => false,
        };
        // After SCRIPT FLUSH; none was run.
        if answers
            .split_last()
            .is_some_and(|(_, swaps)| swaps.iter().all(lacks_script))
        {
            answers = match self.send(swaps, false).await {
                Ok(answers) => answers,
                Err(error) => return every(&|| commands::failed(&error, Error::StoreFailed)),
            };
        }
        let acknowledged = match answers.pop() {
            Some(Value::Int(replicas)) => replicas >= i64::from(self.replicas),
            _ => return every(&|| Failed::broken("the server does not answer WAIT")),
        };
        let each = answers.into_iter().zip(swaps);
        each.map(|(answer, (swap, _))| outcome(answer, swap, acknowledged))
            .collect()
    }

    async fn send(
        &mut self,
        swaps: &[(&Swap, u64)],
        by_name: bool,
    ) -> Result<Vec<Value>, RedisError> {
        let mut group = Pipeline::new();
        for (swap, now_ms) in swaps {
            group.add_command(self.layout.swap(swap, *now_ms, by_name));
        }
        let mut wait = Cmd::new();
        wait.arg("WAIT")
            .arg(self.replicas)
            .arg(self.wait_ms.to_string());
        group.add_command(wait);
        let count = swaps.len() + 1;
        self.connection.send_packed_commands(&group, 0, count).await
    }
}

/// What a swap and the acknowledgement of its group mean.
fn outcome(answer: Value, swap: &Swap, acknowledged: bool) -> Answer {
    let swapped = match answer {
        Value::ServerError(error) => {
            return Err(commands::failed(&error.into(), Error::StoreFailed));
        }
        answer => commands::swapped(answer)?,
    };
    match swapped {
        Swapped::Stored if !acknowledged => Err(Failed::not_stored(
            "the replicas did not acknowledge a swap",
        )),
        // An earlier swap of the same value, which was not acknowledged.
        Swapped::Conflict(Some(current)) if current == swap.value => Err(Failed::not_stored(
            "the value of a swap stands without acknowledgement",
        )),
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
        assert_eq!(outcome(stored(), &swap, true).unwrap(), Swapped::Stored);
        let failed = |answer, acknowledged| outcome(answer, &swap, acknowledged).unwrap_err().error;
        assert_eq!(failed(stored(), false), Error::StoreFailed);
        assert_eq!(failed(shows(b"new"), true), Error::StoreFailed);
        let other = Swapped::Conflict(Some(b"other".to_vec()));
        assert_eq!(outcome(shows(b"other"), &swap, false).unwrap(), other);
    }
}
