//! The elapsed time of a step, and the user time of its child processes,
//! which depends less on other load on the machine.

use core::fmt;
use core::time::Duration;
use std::fs;
use std::time::Instant;

/// Ticks per second in /proc, the same on every current Linux.
const TICKS: u32 = 100;
/// The index of the user time of ended children in /proc/self/stat, counted
/// after the program's name.
const CHILDREN_USER: usize = 13;

/// The start of a measurement.
pub(crate) struct Spent {
    begun: Instant,
    user: Option<Duration>,
}

/// The time spent since the start.
pub(crate) struct Since {
    elapsed: Duration,
    user: Option<Duration>,
}

impl Spent {
    pub(crate) fn now() -> Self {
        Self {
            begun: Instant::now(),
            user: user(),
        }
    }

    pub(crate) fn since(&self) -> Since {
        let user = user().zip(self.user);
        Since {
            elapsed: self.begun.elapsed(),
            user: user.map(|(now, before)| now.saturating_sub(before)),
        }
    }
}

impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:6.1} s", self.elapsed.as_secs_f64())?;
        match self.user {
            Some(user) => write!(f, ", user {:6.1} s", user.as_secs_f64()),
            None => Ok(()),
        }
    }
}

/// The user time of ended children so far; `None` if there is no /proc.
fn user() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    Some(Duration::from_secs(1) * ticks(&stat)? / TICKS)
}

fn ticks(stat: &str) -> Option<u32> {
    let (_, fields) = stat.rsplit_once(") ")?;
    fields.split(' ').nth(CHILDREN_USER)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_children_is_found() {
        let stat = "1 (a) b) S 2 3 4 5 6 7 8 9 10 11 12 13 1415 16 17 18";
        assert_eq!(ticks(stat), Some(1415));
        assert_eq!(ticks("1 (a) S 2"), None);
    }
}
