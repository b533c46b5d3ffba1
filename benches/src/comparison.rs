//! Groups of routines that are timed side by side, and what came of them.

use core::time::Duration;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use criterion::measurement::WallTime;
use criterion::{Bencher, BenchmarkGroup, Criterion};
use serde_json::Value;

/// The name of libmpass within a group.
pub const OURS: &str = "mpass";

/// One run of criterion that ends with a table of ratios.
pub struct Comparison {
    criterion: Criterion,
    output: PathBuf,
    began: SystemTime,
    groups: Vec<(&'static str, Vec<&'static str>)>,
}

impl Comparison {
    /// A run as the command line asks for it. `tmp` is the bench's
    /// `CARGO_TARGET_TMPDIR`, beside which criterion keeps its results.
    #[must_use]
    pub fn from_args(tmp: &str) -> Self {
        let beside = Path::new(tmp).with_file_name("criterion");
        let output = std::env::var_os("CRITERION_HOME").map_or(beside, PathBuf::from);
        if !cfg!(liboath) {
            println!("liboath is not here (Debian: liboath-dev); its columns are left out");
        }
        Self {
            criterion: Criterion::default()
                .output_directory(&output)
                .without_plots()
                .warm_up_time(Duration::from_millis(500))
                .measurement_time(Duration::from_secs(2))
                .sample_size(50)
                .nresamples(10_000)
                .configure_from_args(),
            output,
            // The clock of a file system may tick in whole seconds.
            began: SystemTime::now() - Duration::from_secs(1),
            groups: Vec::new(),
        }
    }

    /// Times what `fill` puts into the group, libmpass under [`OURS`].
    pub fn group(&mut self, name: &'static str, fill: impl FnOnce(&mut Group<'_>)) {
        let mut group = Group {
            inner: self.criterion.benchmark_group(name),
            names: Vec::new(),
        };
        fill(&mut group);
        let Group { inner, names } = group;
        inner.finish();
        self.groups.push((name, names));
    }

    /// Ends the run: a line for each group of which libmpass and another were
    /// measured now.
    pub fn finish(self) {
        self.criterion.final_summary();
        let rows: Vec<String> = self
            .groups
            .iter()
            .filter_map(|(group, names)| self.row(group, names))
            .collect();
        if !rows.is_empty() {
            println!("Medians of {OURS}, and how many times as long the others take:");
            println!("{}", rows.join("\n"));
        }
    }

    fn row(&self, group: &str, names: &[&str]) -> Option<String> {
        let ours = self.median_ns(group, OURS)?;
        let ratios: Vec<String> = names
            .iter()
            .filter(|name| **name != OURS)
            .filter_map(|name| {
                let theirs = self.median_ns(group, name)?;
                let ratio = theirs / ours;
                let digits = if ratio < 1.0 { 2 } else { 1 };
                Some(format!("{name} {ratio:.digits$}x"))
            })
            .collect();
        (!ratios.is_empty()).then(|| format!("{group}: {ours:.0} ns, {}", ratios.join(", ")))
    }

    /// The median of this run; `None` when it was not measured now.
    fn median_ns(&self, group: &str, name: &str) -> Option<f64> {
        let file = self.output.join(group).join(name);
        let file = file.join("new").join("estimates.json");
        let measured = fs::metadata(&file).and_then(|data| data.modified()).ok()?;
        if measured < self.began {
            return None;
        }
        let estimates: Value = serde_json::from_slice(&fs::read(&file).ok()?).ok()?;
        estimates["median"]["point_estimate"].as_f64()
    }
}

/// A group that is being filled.
pub struct Group<'a> {
    inner: BenchmarkGroup<'a, WallTime>,
    names: Vec<&'static str>,
}

impl Group<'_> {
    /// Times a routine that is called over and over.
    pub fn time<T>(&mut self, name: &'static str, mut routine: impl FnMut() -> T) {
        self.bench(name, |bencher| bencher.iter(&mut routine));
    }

    /// Times as `routine` tells criterion to.
    pub fn bench(&mut self, name: &'static str, routine: impl FnMut(&mut Bencher<'_>)) {
        self.names.push(name);
        self.inner.bench_function(name, routine);
    }
}
