//! The kernels' tests under every backend that this processor can be told to
//! use, and under that of another in an emulator.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::run;
use crate::target::Compiler;
use crate::tools::{self, Need};
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

/// The processor that is emulated, and the backend that it has.
const EMULATED: &str = "aarch64-unknown-linux-gnu";
const EMULATED_BACKEND: &str = "neon";
/// Its C library, for the linker and for programs.
const EMULATED_ROOT: &str = "/usr/aarch64-linux-gnu";
const LINKER: (&str, &str) = (
    "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER",
    "aarch64-linux-gnu-gcc",
);
const EMULATION: &[Need] = &[
    Need::Program("qemu-aarch64", "qemu-user"),
    // The package of the C compiler does not ask for the C library.
    Need::Program("aarch64-linux-gnu-g++", "g++-aarch64-linux-gnu"),
];

/// Runs them; a line for each backend says what computed.
pub(crate) fn check(tree: &Tree) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for name in BACKENDS {
        let mut cargo = run::cargo(&tree.root);
        cargo.arg("rustc");
        // The cfg goes to this crate alone, so that what it depends on is
        // built once.
        let forced = format!("mpass_backend=\"{name}\"");
        let tests = build(cargo, &["--", "--cfg", &forced])?;
        lines.push(backend(name, run::command(&tests, &tree.root))?);
    }
    if !BACKENDS.contains(&EMULATED_BACKEND) && cfg!(target_os = "linux") {
        lines.push(emulated(tree)?);
    }
    Ok(lines)
}

/// The same in the emulator.
fn emulated(tree: &Tree) -> Result<String> {
    tools::provide(EMULATION, &tree.root)?;
    let compiler = Compiler::of(EMULATED, tree)?;
    let mut cargo = compiler.cargo(tree, "rustc", "std,test")?;
    cargo.env(LINKER.0, LINKER.1);
    let tests = build(cargo, &[])?;
    let mut emulator = run::command("qemu-aarch64", &tree.root);
    emulator.args(["-L", EMULATED_ROOT]).arg(tests);
    let line = backend(EMULATED_BACKEND, emulator)?;
    let note = compiler.note().map(|note| format!(", {note}"));
    Ok(format!("{line}, emulated{}", note.unwrap_or_default()))
}

/// Runs the tests of kernels, which have to use the backend of this name.
fn backend(name: &str, mut tests: Command) -> Result<String> {
    let output = run::capture(tests.args(["kernel::", "--nocapture", "--test-threads=1"]))?;
    let said = |start: &str| {
        let found = output.lines().find_map(|line| line.split_once(start));
        found.map(|(_, rest)| rest.to_owned())
    };
    let used = said(USED).context("the tests name no backend")?;
    if let Some(reason) = said(MISSING) {
        return Ok(format!("{name}: NOT RUN, {reason}"));
    }
    if !used.ends_with(&format!("lanes {name}")) {
        bail!("{name} was wanted and the tests used {used}\n{output}");
    }
    Ok(format!("{name}: {used}"))
}

/// Builds the core's tests, with further arguments for the compiler.
fn build(mut cargo: Command, more: &[&str]) -> Result<PathBuf> {
    cargo.args(["--quiet", "--locked", "-p", "mpass-core", "--lib"]);
    cargo.args(["--no-default-features", "--profile", "test"]);
    cargo.args(["--message-format", "json"]).args(more);
    let output = run::capture(&mut cargo)?;
    let executable = output.lines().find_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(PathBuf::from(message["executable"].as_str()?))
    });
    executable.context("cargo built no tests")
}
