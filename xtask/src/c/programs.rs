//! Commands that compile and run C programs against the installed library.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::run;
use crate::tree::Tree;

/// Compiler flags for all programs.
pub(super) const STRICT: &[&str] = &["-g", "-Wall", "-Wextra", "-Wpedantic", "-Werror"];

/// The output of pkg-config, split at spaces.
pub(super) fn pkg_config(tree: &Tree, prefix: &Path, arguments: &[&str]) -> Result<Vec<String>> {
    let mut command = run::command("pkg-config", &tree.root);
    command.env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig"));
    let output = run::capture(command.args(arguments))?;
    Ok(output.split_whitespace().map(str::to_owned).collect())
}

/// A valgrind command that fails if the program has any error or leak.
pub(super) fn valgrind(tree: &Tree, prefix: &Path) -> Command {
    let mut valgrind = run::command("valgrind", &tree.root);
    valgrind.env("LD_LIBRARY_PATH", prefix.join("lib"));
    valgrind.args(["--quiet", "--error-exitcode=9", "--leak-check=full"]);
    let suppressions = tree.root.join("ffi/tests/c/valgrind.supp");
    valgrind.arg(format!("--suppressions={}", suppressions.display()));
    valgrind
}
