//! A child process on one core, and the processor time it has taken.

use core::time::Duration;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Ticks of `/proc/PID/stat` in a second, on every Linux.
const TICKS_PER_SECOND: u64 = 100;

/// Processor time of a process, all its threads together.
#[derive(Clone, Copy, Debug, Default)]
pub struct CpuTime {
    /// In its own code.
    pub user: Duration,
    /// In the kernel, for it: sockets, files.
    pub system: Duration,
}

impl CpuTime {
    /// What was added since `earlier`.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self {
            user: self.user.saturating_sub(earlier.user),
            system: self.system.saturating_sub(earlier.system),
        }
    }

    /// Both together.
    #[must_use]
    pub fn total(self) -> Duration {
        self.user + self.system
    }
}

/// A child that runs on one core and is killed when this is dropped.
pub struct Pinned(Child);

impl Pinned {
    /// Starts `command` on a core, by `taskset` of util-linux.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start(core: usize, command: &Command) -> Self {
        let mut pinned = Command::new("taskset");
        pinned.args(["-c", &core.to_string()]);
        pinned.arg(command.get_program()).args(command.get_args());
        let child = pinned.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        Self(child.expect("taskset, of util-linux"))
    }

    /// The first line that it prints.
    ///
    /// # Panics
    /// When it ends before that.
    #[must_use]
    pub fn first_line(&mut self) -> String {
        let output = self.0.stdout.as_mut().expect("a pipe");
        let mut line = String::new();
        let read = BufReader::new(output).read_line(&mut line);
        assert!(read.is_ok_and(|read| read > 0), "a server did not start");
        line.trim().to_owned()
    }

    /// Its number among processes; `taskset` becomes the command itself.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// The processor time so far.
    ///
    /// # Panics
    /// When it has ended.
    #[must_use]
    pub fn cpu(&self) -> CpuTime {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.id()));
        let stat = stat.expect("a process that runs");
        // The name before this mark may hold spaces; user and system time are
        // the twelfth and thirteenth fields after it.
        let (_, fields) = stat.rsplit_once(')').expect("a name");
        let mut ticks = fields.split_whitespace().skip(11).map(|field| {
            let ticks: u64 = field.parse().expect("ticks");
            Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND)
        });
        CpuTime {
            user: ticks.next().expect("user time"),
            system: ticks.next().expect("system time"),
        }
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
