//! Programs of others that tests compare with or talk to.

use std::process::Command;

/// Set where peers must be there: what `cargo xtask test` has installed has to
/// be used.
const REQUIRED: &str = "MPASS_REQUIRE_PEERS";

/// Whether a program of a Debian package is there. A test without it says that
/// it did not run.
///
/// # Panics
/// When it is missing and has to be there.
#[must_use]
pub fn is_here(program: &str, package: &str) -> bool {
    // Whatever it makes of this, it has started.
    if Command::new(program).arg("-h").output().is_ok() {
        return true;
    }
    let missing = format!("NOT RUN: {program} is missing; install the package `{package}`");
    assert!(std::env::var_os(REQUIRED).is_none(), "{missing}");
    println!("{missing}");
    false
}
