//! Counts of passed checks per runtime, for the table that `cargo xtask test`
//! writes.
//!
//! Each runtime appends lines to its own file: a check and how often it passed.
//! `vectors hotp.json 10` means ten vectors of that file, `exchange 1` one
//! scenario of the contract, `parallel 64` 64 concurrent attempts with the
//! expected results, and `server 64` the same at the example server in the
//! runtime's language. Lines of the same check are added up.

// Counts that cannot be kept are a failed test.
#![allow(clippy::expect_used)]

use std::env;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::thread;

/// The environment variable for the directory of the files. Nothing is written
/// if it is not set.
const DIRECTORY: &str = "MPASS_COVERAGE";
/// The environment variable for the runtime, for runners that test several.
const RUNTIME: &str = "MPASS_RUNTIME";

/// A runtime, by the name of its file.
pub struct Runtime<'a>(&'a str);

/// The crate.
pub const RUST: Runtime<'_> = Runtime("rust");
/// The binary `mpass`.
pub const COMMAND_LINE: Runtime<'_> = Runtime("command-line");

impl Runtime<'_> {
    /// Checks the vectors of a file one by one and counts those that pass.
    pub fn vectors<T>(&self, file: &str, vectors: &[T], mut check: impl FnMut(&T)) {
        let mut passed = 0;
        for vector in vectors {
            check(vector);
            passed += 1;
        }
        assert!(passed > 0, "{file} has no vectors");
        self.add(&format!("vectors {file}"), passed);
    }

    /// Counts a scenario of the contract when it ends, unless it fails.
    #[must_use]
    pub fn scenario(&self) -> Scenario<'_> {
        Scenario(self)
    }

    /// Counts concurrent attempts with the expected results.
    pub fn parallel(&self, attempts: u64) {
        self.add("parallel", attempts);
    }

    fn add(&self, check: &str, count: u64) {
        if let Some(directory) = env::var_os(DIRECTORY) {
            let path = Path::new(&directory).join(self.0);
            let file = File::options().create(true).append(true).open(path);
            // A single write, because concurrent tests share the file.
            file.and_then(|mut file| file.write_all(format!("{check} {count}\n").as_bytes()))
                .expect("counts are kept");
        }
    }
}

/// Counts concurrent attempts at the example server of the runtime that `cargo
/// xtask` passes to this process.
pub fn server(attempts: u64) {
    let runtime = env::var(RUNTIME).unwrap_or_default();
    Runtime(&runtime).add("server", attempts);
}

/// A running scenario.
pub struct Scenario<'a>(&'a Runtime<'a>);

impl Drop for Scenario<'_> {
    fn drop(&mut self) {
        if !thread::panicking() {
            self.0.add("exchange", 1);
        }
    }
}
