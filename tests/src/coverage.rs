//! What the tests of a runtime have counted, for the table that `cargo xtask
//! test` writes.
//!
//! Each runtime adds lines to a file of its own: a check and how often it
//! passed. `vectors hotp.json 10` are ten vectors of that file, `exchange 1`
//! is one scenario of the contract, `parallel 64` are 64 attempts at once that
//! ended as they must, and `server 64` are those at the example server of the
//! runtime's language. Lines of one check are added up.

// Counts that cannot be kept are a failed test.
#![allow(clippy::expect_used)]

use std::env;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::thread;

/// Where the files are; nothing is kept where this is not set.
const DIRECTORY: &str = "MPASS_COVERAGE";
/// Which of them is a runner's that can be of several.
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

    /// Counts attempts at once that ended as they must.
    pub fn parallel(&self, attempts: u64) {
        self.add("parallel", attempts);
    }

    fn add(&self, check: &str, count: u64) {
        if let Some(directory) = env::var_os(DIRECTORY) {
            let path = Path::new(&directory).join(self.0);
            let file = File::options().create(true).append(true).open(path);
            // One write, because tests that run at once share the file.
            file.and_then(|mut file| file.write_all(format!("{check} {count}\n").as_bytes()))
                .expect("counts are kept");
        }
    }
}

/// Counts attempts at once at the example server of the runtime that `cargo
/// xtask` names to this process.
pub fn server(attempts: u64) {
    let runtime = env::var(RUNTIME).unwrap_or_default();
    Runtime(&runtime).add("server", attempts);
}

/// A scenario that runs.
pub struct Scenario<'a>(&'a Runtime<'a>);

impl Drop for Scenario<'_> {
    fn drop(&mut self) {
        if !thread::panicking() {
            self.0.add("exchange", 1);
        }
    }
}
