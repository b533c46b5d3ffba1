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
