//! A child process on one core, and its processor time.

use core::time::Duration;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Ticks per second in `/proc/PID/stat`, the same on every Linux.
const TICKS_PER_SECOND: u64 = 100;

/// The processor time of a process with all its threads.
#[derive(Clone, Copy, Debug, Default)]
pub struct CpuTime {
    /// Time in user mode.
    pub user: Duration,
    /// Time in the kernel.
    pub system: Duration,
}

impl CpuTime {
    /// The difference to `earlier`.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self {
            user: self.user.saturating_sub(earlier.user),
            system: self.system.saturating_sub(earlier.system),
        }
    }

    /// The sum of both.
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
    /// If it does not start.
    #[must_use]
    pub fn start(core: usize, command: &Command) -> Self {
        let mut pinned = Command::new("taskset");
        pinned.args(["-c", &core.to_string()]);
        pinned.arg(command.get_program()).args(command.get_args());
        let child = pinned.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        Self(child.expect("taskset, of util-linux"))
    }

    /// Returns the first line that it prints.
    ///
    /// # Panics
    /// If it ends before that.
    #[must_use]
    pub fn first_line(&mut self) -> String {
        let output = self.0.stdout.as_mut().expect("a pipe");
        let mut line = String::new();
        let read = BufReader::new(output).read_line(&mut line);
        assert!(read.is_ok_and(|read| read > 0), "a server did not start");
        line.trim().to_owned()
    }

    /// The process id. `taskset` replaces itself with the command.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// The processor time so far, including that of its children.
    ///
    /// # Panics
    /// If there is no `/proc`.
    #[must_use]
    pub fn cpu(&self) -> CpuTime {
        processes()
            .into_iter()
            .filter(|stat| stat.id == self.id() || stat.parent == self.id())
            .fold(CpuTime::default(), |sum, stat| CpuTime {
                user: sum.user + stat.cpu.user,
                system: sum.system + stat.cpu.system,
            })
    }
}

/// The fields of `/proc/PID/stat`.
struct Stat {
    id: u32,
    parent: u32,
    cpu: CpuTime,
}

fn processes() -> Vec<Stat> {
    let entries = fs::read_dir("/proc").expect("/proc");
    let ids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    ids.filter_map(stat).collect()
}

/// `None` for a process that has just ended.
fn stat(id: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name before this parenthesis may contain spaces. The parent is the
    // second field after it, user and system time the twelfth and thirteenth.
    let (_, fields) = text.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |at: usize| {
        let ticks: u64 = fields.get(at)?.parse().ok()?;
        Some(Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND))
    };
    Some(Stat {
        id,
        parent: fields.get(1)?.parse().ok()?,
        cpu: CpuTime {
            user: ticks(11)?,
            system: ticks(12)?,
        },
    })
}

impl Drop for Pinned {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
