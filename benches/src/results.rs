//! Results as JSON lines, appended to the file in `MPASS_BENCH_RESULTS`.
//! Benchmarks in other languages write the same format.
//!
//! ```json
//! {"group":"hotp sha1, key prepared","name":"mpass","value":118.2,"unit":"ns"}
//! ```
//!
//! The first line is the backend: `{"backend":"single sha-ni, lanes avx512"}`.
//!
//! A point of a growth curve also has its abscissa as `"at"`.

use std::fs::File;
use std::io::Write as _;

/// The environment variable for the file.
pub const VARIABLE: &str = "MPASS_BENCH_RESULTS";

/// One result.
#[derive(Clone, Copy, Debug)]
pub struct Measured<'a> {
    /// The group.
    pub group: &'a str,
    /// The name of the routine.
    pub name: &'a str,
    /// The abscissa, if this is a point of a growth curve.
    pub at: Option<u64>,
    /// The value.
    pub value: f64,
    /// The unit, such as `ns` or `bytes`.
    pub unit: &'a str,
}

/// Appends a result to the file, if there is one.
///
/// # Panics
/// If the file cannot be written, because a result lost silently would leave an
/// older one in its place.
pub fn record(measured: &Measured<'_>) {
    let mut line = serde_json::json!({
        "group": measured.group,
        "name": measured.name,
        "value": measured.value,
        "unit": measured.unit,
    });
    if let Some(at) = measured.at {
        line["at"] = at.into();
    }
    add(&line);
}

/// Prints the backends of libmpass and records them in the file.
///
/// # Panics
/// As [`record`].
pub fn record_backend() {
    let backend = mpass_core::backend().to_string();
    println!("libmpass computes by: {backend}");
    add(&serde_json::json!({ "backend": backend }));
}

fn add(line: &serde_json::Value) {
    let Some(path) = std::env::var_os(VARIABLE) else {
        return;
    };
    let mut file = File::options()
        .append(true)
        .create(true)
        .open(path)
        .expect("the file of results");
    writeln!(file, "{line}").expect("room for a result");
}
