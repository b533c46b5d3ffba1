//! What a benchmark hands on: a line of JSON for each result, added to the file
//! that `MPASS_BENCH_RESULTS` names. Benchmarks in other languages write the
//! same lines.
//!
//! ```json
//! {"group":"hotp sha1, key prepared","name":"mpass","value":118.2,"unit":"ns"}
//! ```
//!
//! The first line names what computes: `{"backend":"single sha-ni, lanes avx512"}`.
//!
//! A point of a growth curve has what it grows with as well, as `"at"`.

use std::fs::File;
use std::io::Write as _;

/// The variable that names the file.
pub const VARIABLE: &str = "MPASS_BENCH_RESULTS";

/// One result.
#[derive(Clone, Copy, Debug)]
pub struct Measured<'a> {
    /// What is compared.
    pub group: &'a str,
    /// Who was measured.
    pub name: &'a str,
    /// Where on a growth curve, if on one.
    pub at: Option<u64>,
    /// How much.
    pub value: f64,
    /// Of what: `ns`, `bytes`.
    pub unit: &'a str,
}

/// Adds a result to the file, if there is one.
///
/// # Panics
/// When the file cannot be written: a result that is lost unseen would leave
/// an older one standing.
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

/// Says which backends of libmpass compute, on the terminal and in the file.
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
