//! The command line of the benchmarks that do not use criterion.
//!
//! Cargo passes the options of all benchmarks to each one: unknown options are
//! ignored, and a word that is not an option selects benchmarks by a part of
//! their name.

use core::time::Duration;

/// The parsed command line.
pub struct Options {
    is_trial: bool,
    seconds: Option<u64>,
    most: Option<u64>,
}

impl Options {
    /// Parses the command line. `None` if the benchmark is not selected or only
    /// listed.
    ///
    /// # Panics
    /// If `--seconds` or `--most` has no number.
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
            // `cargo test` passes neither.
            is_trial: is_trial || !is_measured,
            seconds,
            most,
        })
    }

    /// Whether to run everything once, unmeasured.
    #[must_use]
    pub fn is_trial(&self) -> bool {
        self.is_trial
    }

    /// How long to measure: `usual` by default, and very short in a trial run.
    #[must_use]
    pub fn time(&self, usual: Duration) -> Duration {
        match self.is_trial {
            true => Duration::from_millis(20),
            false => self.seconds.map_or(usual, Duration::from_secs),
        }
    }

    /// The maximum, `usual` by default.
    #[must_use]
    pub fn most(&self, usual: u64) -> u64 {
        self.most.unwrap_or(usual)
    }
}
