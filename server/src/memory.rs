//! Protection of the process's memory, which contains keys.

use anyhow::Context;
use rustix::process::{Resource, Rlimit, setrlimit};

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

/// Clears the unused part of this thread's stack, where values of the last request
/// remain: the code and the number have been moved from function to function. For
/// a thread that is about to wait.
#[inline(never)]
pub(crate) fn clear_stack() {
    let space = [0_u8; STACK];
    core::hint::black_box(&space);
}
