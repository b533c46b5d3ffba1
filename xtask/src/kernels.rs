//! The kernels' tests with every backend that this processor supports, and with
//! NEON in an emulator.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::run;
use crate::target::Compiler;
use crate::tools::{self, Need};
use crate::tree::Tree;

/// The backends that can be forced on each processor architecture.
#[cfg(target_arch = "x86_64")]
const BACKENDS: &[&str] = &["portable", "sse2", "avx2", "avx512"];
#[cfg(target_arch = "aarch64")]
const BACKENDS: &[&str] = &["portable", "neon"];
#[cfg(not(any(target_arch = "aarch64", target_arch = "x86_64")))]
const BACKENDS: &[&str] = &["portable"];

/// Prefixes that the selection test prints: the backends in use, or that the
/// forced one is not supported.
const USED: &str = "backend: ";
const MISSING: &str = "NOT RUN: ";

/// The emulated target, and its backend.
const EMULATED: &str = "aarch64-unknown-linux-gnu";
const EMULATED_BACKEND: &str = "neon";
/// The root of its C library, for the linker and the emulator.
const EMULATED_ROOT: &str = "/usr/aarch64-linux-gnu";
const LINKER: (&str, &str) = (
    "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER",
    "aarch64-linux-gnu-gcc",
);
const EMULATION: &[Need] = &[
    Need::Program("qemu-aarch64", "qemu-user"),
    // The package of the C compiler does not depend on the C library.
    Need::Program("aarch64-linux-gnu-g++", "g++-aarch64-linux-gnu"),
];

/// Runs them and returns one line per backend.
pub(crate) fn check(tree: &Tree) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for name in BACKENDS {
        let mut cargo = run::cargo(&tree.root);
        cargo.arg("rustc");
        // The cfg applies to this crate only, so that its dependencies are
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

/// Runs the tests in the emulator.
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

/// Runs the tests of the kernels and checks that they used this backend.
fn backend(name: &str, mut tests: Command) -> Result<String> {
    let output = run::capture(tests.args(["kernel::", "--nocapture", "--test-threads=1"]))?;
    let printed = |start: &str| {
        let found = output.lines().find_map(|line| line.split_once(start));
        found.map(|(_, rest)| rest.to_owned())
    };
    let used = printed(USED).context("the tests printed no backend")?;
    if let Some(reason) = printed(MISSING) {
        return Ok(format!("{name}: NOT RUN, {reason}"));
    }
    if !used.ends_with(&format!("lanes {name}")) {
        bail!("expected {name}, but the tests used {used}\n{output}");
    }
    Ok(format!("{name}: {used}"))
}

/// Builds the core's tests with additional arguments for the compiler.
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
