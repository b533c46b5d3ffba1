//! The kernels' tests under every backend that this processor can be told to
//! use.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::run;
use crate::tree::Tree;

/// The backends that a build may force, by processor.
#[cfg(target_arch = "x86_64")]
const BACKENDS: &[&str] = &["portable", "sse2", "avx2", "avx512"];
#[cfg(target_arch = "aarch64")]
const BACKENDS: &[&str] = &["portable", "neon"];
#[cfg(not(any(target_arch = "aarch64", target_arch = "x86_64")))]
const BACKENDS: &[&str] = &["portable"];

/// What the test of the choice prints: the backends in use, or that the forced
/// one is not there.
const USED: &str = "backend: ";
const MISSING: &str = "NOT RUN: ";

/// Runs them; a line for each backend says what computed.
pub(crate) fn check(tree: &Tree) -> Result<Vec<String>> {
    BACKENDS.iter().map(|name| backend(name, tree)).collect()
}

fn backend(name: &str, tree: &Tree) -> Result<String> {
    let tests = build(name, tree)?;
    let mut command = run::command(&tests, &tree.root);
    let output = run::capture(command.args(["kernel::", "--nocapture", "--test-threads=1"]))?;
    let said = |start: &str| {
        let found = output.lines().find_map(|line| line.split_once(start));
        found.map(|(_, rest)| rest.to_owned())
    };
    let used = said(USED).context("the tests name no backend")?;
    if let Some(reason) = said(MISSING) {
        return Ok(format!("{name}: NOT RUN, {reason}"));
    }
    if !used.ends_with(&format!("lanes {name}")) {
        bail!("{name} was forced and the tests used {used}\n{output}");
    }
    Ok(format!("{name}: {used}"))
}

/// Builds the core's tests with a backend forced; the cfg goes to this crate
/// alone, so that what it depends on is built once.
fn build(name: &str, tree: &Tree) -> Result<PathBuf> {
    let mut cargo = run::cargo(&tree.root);
    cargo.args(["rustc", "--quiet", "--locked", "-p", "mpass-core", "--lib"]);
    cargo.args(["--no-default-features", "--profile", "test"]);
    cargo.args(["--message-format", "json"]);
    cargo.args(["--", "--cfg", &format!("mpass_backend=\"{name}\"")]);
    let output = run::capture(&mut cargo)?;
    let executable = output.lines().find_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(PathBuf::from(message["executable"].as_str()?))
    });
    executable.context("cargo built no tests")
}
