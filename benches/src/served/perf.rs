//! Recordings of a process by `perf`.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::cores::CLIENT_CORE;
use super::process::Pinned;
use super::wrk::SECONDS;

/// Samples in a second of processor time; no divisor of a timer's ticks.
const FREQUENCY: u32 = 1999;

/// A recording that goes on for as long as a load.
pub struct Recording(Child);

impl Recording {
    /// Begins to record the stacks of a process, the kernel's included.
    ///
    /// # Panics
    /// When `perf` is not there.
    #[must_use]
    pub fn start(process: &Pinned, file: &Path) -> Self {
        let mut perf = Command::new("taskset");
        perf.args(["-c", &CLIENT_CORE.to_string(), "perf", "record", "--quiet"]);
        // A clock of the kernel's: a virtual machine has no other.
        perf.args(["--event", "cpu-clock", "--call-graph", "fp"]);
        perf.args(["--freq", &FREQUENCY.to_string()]);
        perf.args(["--pid", &process.id().to_string()]);
        perf.arg("--output").arg(file);
        perf.args(["--", "sleep", &SECONDS.to_string()]);
        perf.stdout(Stdio::null()).stderr(Stdio::piped());
        Self(perf.spawn().expect("taskset, of util-linux"))
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When there is no recording: `perf` says why.
    pub fn end(self) {
        let output = self.0.wait_with_output().expect("perf");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "perf: {said}");
    }
}
