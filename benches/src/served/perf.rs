//! Profiles of a process by `perf`.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::cores::CLIENT_CORE;
use super::process::Pinned;
use super::wrk::SECONDS;

/// Samples per second of processor time: a prime, so that sampling does not
/// coincide with a timer.
const FREQUENCY: u32 = 1999;

/// A recording that lasts as long as a load.
pub struct Recording(Child);

impl Recording {
    /// Starts recording the stacks of a process, including the kernel's.
    ///
    /// # Panics
    /// If `perf` is not installed.
    #[must_use]
    pub fn start(process: &Pinned, file: &Path) -> Self {
        let mut perf = Command::new("taskset");
        perf.args(["-c", &CLIENT_CORE.to_string(), "perf", "record", "--quiet"]);
        // The software clock, as virtual machines may have no other.
        perf.args(["--event", "cpu-clock", "--call-graph", "fp"]);
        perf.args(["--freq", &FREQUENCY.to_string()]);
        perf.args(["--pid", &process.id().to_string()]);
        perf.arg("--output").arg(file);
        perf.args(["--", "sleep", &SECONDS.to_string()]);
        perf.stdout(Stdio::null()).stderr(Stdio::piped());
        Self(perf.spawn().expect("taskset, of util-linux"))
    }

    /// Waits for the end of the recording.
    ///
    /// # Panics
    /// If `perf` failed.
    pub fn end(self) {
        let output = self.0.wait_with_output().expect("perf");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "perf: {stderr}");
    }
}
