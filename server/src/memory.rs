//! Protection of the process's memory, which contains keys.

use core::sync::atomic::AtomicBool;
use core::sync::atomic::Ordering::Relaxed;
use core::time::Duration;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use anyhow::Context;
use rustix::process::{Resource, Rlimit, setrlimit};
use tokio::runtime::Handle;
use tokio::time::MissedTickBehavior;

/// Forbids core dumps, and on Linux that other processes of the same user read
/// the memory or attach a debugger. Processes of root still can.
///
/// # Errors
/// When the system refuses.
pub(crate) fn protect() -> anyhow::Result<()> {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    setrlimit(Resource::Core, none).context("cannot forbid core dumps")?;
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        set_dumpable_behavior(DumpableBehavior::NotDumpable)
            .context("cannot protect the memory of the process")?;
    }
    Ok(())
}

/// How much of a stack a request may use. Without optimisation, futures are copied
/// on the stack several times.
const STACK: usize = if cfg!(debug_assertions) { 512 } else { 64 } * 1024;
/// How often it is decided whether to clear the stacks.
const TICK: Duration = Duration::from_secs(1);
/// Stacks are cleared after this many ticks even if requests never cease.
const MOST_TICKS: u32 = 10;
/// How long a thread waits for the others.
const TOGETHER: Duration = Duration::from_millis(10);

/// Whether a secret may have been on a stack since the last tick.
static USED: AtomicBool = AtomicBool::new(false);

/// Notes that a request is handled, so that the stacks are cleared later.
pub(crate) fn use_stack() {
    USED.store(true, Relaxed);
}

/// Clears the unused part of the stacks of the runtime's threads, where values of
/// the last requests remain: the code and the number have been moved from function
/// to function. A second or two after the last request, and every ten seconds
/// while there are requests: clearing costs as much as an eighth of a verification.
pub(crate) async fn keep_stacks_clear() {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut dirty_for = 0;
    loop {
        ticks.tick().await;
        let is_used = USED.swap(false, Relaxed);
        match (is_used, dirty_for) {
            (false, 0) => {}
            (true, 0..MOST_TICKS) => dirty_for += 1,
            _ => {
                on_every_worker(clear_stack).await;
                dirty_for = 0;
            }
        }
    }
}

/// Runs a function on every thread of the runtime. Each waits for the others, so
/// that none runs it twice, but not for long: a busy one is left out.
async fn on_every_worker(work: fn()) {
    let runtime = Handle::current();
    let workers = runtime.metrics().num_workers();
    let arrived = Arc::new((Mutex::new(0), Condvar::new()));
    let each = (0..workers).map(|_| {
        let arrived = Arc::clone(&arrived);
        runtime.spawn(async move {
            work();
            let (count, changed) = &*arrived;
            let mut count = count.lock().unwrap_or_else(PoisonError::into_inner);
            *count += 1;
            changed.notify_all();
            let _ = changed.wait_timeout_while(count, TOGETHER, |count| *count < workers);
        })
    });
    let each: Vec<_> = each.collect();
    for one in each {
        let _ = one.await;
    }
}

/// Clears the unused part of this thread's stack.
#[inline(never)]
pub(crate) fn clear_stack() {
    let space = [0_u8; STACK];
    core::hint::black_box(&space);
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::thread::{self, ThreadId};

    use super::*;

    #[test]
    fn every_worker_takes_part() {
        static THREADS: Mutex<Vec<ThreadId>> = Mutex::new(Vec::new());
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(3)
            .enable_all()
            .build()
            .unwrap();
        // A machine that is busy may leave one out.
        let all_took_part = (0..100).any(|_| {
            THREADS.lock().unwrap().clear();
            let work = || THREADS.lock().unwrap().push(thread::current().id());
            runtime.block_on(on_every_worker(work));
            let threads = THREADS.lock().unwrap();
            assert_eq!(threads.len(), 3);
            threads.iter().collect::<HashSet<_>>().len() == 3
        });
        assert!(all_took_part);
    }
}
