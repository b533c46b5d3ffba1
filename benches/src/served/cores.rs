//! The cores of the load and of the measured process, which are separate.

use std::process::Command;

/// The core of the measured process.
pub const SERVER_CORE: usize = 1;
/// The core of the load generator, of gateways and of engines behind a network.
pub const CLIENT_CORE: usize = 0;

/// Binds a process with all its threads, and the processes that it starts from now on,
/// to a core.
pub(super) fn bind(process: u32, core: usize) {
    let mut taskset = Command::new("taskset");
    taskset.args(["--all-tasks", "--pid", "--cpu-list"]);
    let output = taskset
        .args([core.to_string(), process.to_string()])
        .output();
    let output = output.expect("taskset, of util-linux");
    assert!(output.status.success(), "taskset binds a process");
}
