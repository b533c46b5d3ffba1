//! Groups of routines that are timed and compared.

use core::time::Duration;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use criterion::measurement::WallTime;
use criterion::{Bencher, BenchmarkGroup, BenchmarkId, Criterion};
use serde_json::Value;

use crate::results::{Measured, record, record_backend};

/// The name of libmpass in a group.
pub const OURS: &str = "mpass";

/// One run of criterion that ends with a table of ratios.
pub struct Comparison {
    criterion: Criterion,
    output: PathBuf,
    began: SystemTime,
    groups: Vec<(&'static str, Vec<Routine>)>,
}

/// A routine of a group: its name, and its abscissa on a growth curve.
#[derive(Clone, Copy)]
struct Routine {
    name: &'static str,
    at: Option<u64>,
}

impl Comparison {
    /// Creates a run with the options of the command line. `tmp` is the
    /// benchmark's `CARGO_TARGET_TMPDIR`, next to which criterion keeps its
    /// results.
    #[must_use]
    pub fn from_args(tmp: &str) -> Self {
        let beside = Path::new(tmp).with_file_name("criterion");
        let output = std::env::var_os("CRITERION_HOME").map_or(beside, PathBuf::from);
        record_backend();
        for (peer, is_here) in [
            ("liboath", cfg!(liboath)),
            ("nettle", cfg!(nettle)),
            ("libipsec-mb", cfg!(ipsec_mb)),
        ] {
            if !is_here {
                println!("{peer} is not here (Debian: {peer}-dev); its columns are left out");
            }
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
            // The timestamps of a file system may have a resolution of one
            // second.
            began: SystemTime::now() - Duration::from_secs(1),
            groups: Vec::new(),
        }
    }

    /// Times the routines that `fill` adds to the group, libmpass under
    /// [`OURS`]. A group with the name of an earlier one continues that group.
    pub fn group(&mut self, name: &'static str, fill: impl FnOnce(&mut Group<'_>)) {
        let mut group = Group {
            inner: self.criterion.benchmark_group(name),
            routines: Vec::new(),
        };
        fill(&mut group);
        let Group { inner, routines } = group;
        inner.finish();
        self.groups.push((name, routines));
    }

    /// Ends the run: prints a line for each group in which libmpass and a peer
    /// were measured, and records all measurements of this run; see
    /// [`results`](crate::results).
    pub fn finish(self) {
        self.criterion.final_summary();
        for (group, routines) in &self.groups {
            for routine in routines {
                if let Some(value) = self.median_ns(group, *routine) {
                    record(&Measured {
                        group,
                        name: routine.name,
                        at: routine.at,
                        value,
                        unit: "ns",
                    });
                }
            }
        }
        let rows: Vec<String> = self
            .groups
            .iter()
            .flat_map(|(group, routines)| self.rows(group, routines))
            .collect();
        if !rows.is_empty() {
            println!("Medians of {OURS}, and how many times as long the others take:");
            println!("{}", rows.join("\n"));
        }
    }

    /// Prints a line for each routine of libmpass.
    fn rows(&self, group: &str, routines: &[Routine]) -> Vec<String> {
        let is_ours = |routine: &&Routine| routine.name == OURS;
        routines
            .iter()
            .filter(is_ours)
            .filter_map(|ours| self.row(group, *ours, routines))
            .collect()
    }

    fn row(&self, group: &str, ours: Routine, routines: &[Routine]) -> Option<String> {
        let ns = self.median_ns(group, ours)?;
        let ratios: Vec<String> = routines
            .iter()
            .filter(|other| other.name != OURS && other.at == ours.at)
            .filter_map(|other| {
                let ratio = self.median_ns(group, *other)? / ns;
                let digits = if ratio < 1.0 { 2 } else { 1 };
                Some(format!("{} {ratio:.digits$}x", other.name))
            })
            .collect();
        let at = ours.at.map_or(String::new(), |at| format!(" at {at}"));
        (!ratios.is_empty()).then(|| format!("{group}{at}: {ns:.0} ns, {}", ratios.join(", ")))
    }

    /// The median in this run. `None` if it was not measured.
    fn median_ns(&self, group: &str, routine: Routine) -> Option<f64> {
        let mut file = self.output.join(group).join(routine.name);
        if let Some(at) = routine.at {
            file.push(at.to_string());
        }
        file.extend(["new", "estimates.json"]);
        let measured = fs::metadata(&file).and_then(|data| data.modified()).ok()?;
        if measured < self.began {
            return None;
        }
        let estimates: Value = serde_json::from_slice(&fs::read(&file).ok()?).ok()?;
        estimates["median"]["point_estimate"].as_f64()
    }
}

/// A group to which routines are added.
pub struct Group<'a> {
    inner: BenchmarkGroup<'a, WallTime>,
    routines: Vec<Routine>,
}

impl Group<'_> {
    /// Times a routine that is called repeatedly.
    pub fn time<T>(&mut self, name: &'static str, mut routine: impl FnMut() -> T) {
        self.bench(name, |bencher| bencher.iter(&mut routine));
    }

    /// Times a point of a growth curve.
    pub fn time_at<T>(&mut self, name: &'static str, at: u64, mut routine: impl FnMut() -> T) {
        self.routines.push(Routine { name, at: Some(at) });
        let id = BenchmarkId::new(name, at);
        self.inner
            .bench_function(id, |bencher| bencher.iter(&mut routine));
    }

    /// Times with criterion's bencher.
    pub fn bench(&mut self, name: &'static str, routine: impl FnMut(&mut Bencher<'_>)) {
        self.routines.push(Routine { name, at: None });
        self.inner.bench_function(name, routine);
    }
}
