//! The command line of the benchmarks that time by themselves.
//!
//! Cargo hands the options of all benchmarks to each: those that one does not
//! know are passed over, and a word that is no option picks benchmarks by a
//! part of their name.

use core::time::Duration;

/// What the command line says.
pub struct Options {
    is_trial: bool,
    seconds: Option<u64>,
    most: Option<u64>,
}

impl Options {
    /// Reads it; nothing when the benchmark is not meant or only listed.
    ///
    /// # Panics
    /// At `--seconds` and `--most` without a number.
    #[must_use]
    pub fn read(name: &str) -> Option<Self> {
        let (mut is_trial, mut is_measured) = (false, false);
        let (mut seconds, mut most) = (None, None);
        let mut filters = Vec::new();
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut number = || words.next()?.parse().ok();
            match word.as_str() {
                "--seconds" => seconds = Some(number().expect("--seconds N")),
                "--most" => most = Some(number().expect("--most N")),
                "--test" => is_trial = true,
                "--bench" => is_measured = true,
                "--list" => {
                    println!("{name}: benchmark");
                    return None;
                }
                option if option.starts_with('-') => {}
                _ => filters.push(word),
            }
        }
        let is_meant = filters.is_empty() || filters.iter().any(|part| name.contains(part));
        is_meant.then_some(Self {
            // `cargo test` gives neither.
            is_trial: is_trial || !is_measured,
            seconds,
            most,
        })
    }

    /// Whether everything is to run once, unmeasured.
    #[must_use]
    pub fn is_trial(&self) -> bool {
        self.is_trial
    }

    /// How long to measure, `usual` unless told: a moment in a trial.
    #[must_use]
    pub fn time(&self, usual: Duration) -> Duration {
        match self.is_trial {
            true => Duration::from_millis(20),
            false => self.seconds.map_or(usual, Duration::from_secs),
        }
    }

    /// How many at the most, `usual` unless told.
    #[must_use]
    pub fn most(&self, usual: u64) -> u64 {
        self.most.unwrap_or(usual)
    }
}
