//! What compiles and runs a C program against the installed library.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::run;
use crate::tree::Tree;

/// How every program is compiled.
pub(super) const STRICT: &[&str] = &["-g", "-Wall", "-Wextra", "-Wpedantic", "-Werror"];

/// The words that pkg-config says.
pub(super) fn pkg_config(tree: &Tree, prefix: &Path, arguments: &[&str]) -> Result<Vec<String>> {
    let mut command = run::command("pkg-config", &tree.root);
    command.env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig"));
    let said = run::capture(command.args(arguments))?;
    Ok(said.split_whitespace().map(str::to_owned).collect())
}

/// valgrind, where any error or leak fails the program that it runs.
pub(super) fn valgrind(tree: &Tree, prefix: &Path) -> Command {
    let mut valgrind = run::command("valgrind", &tree.root);
    valgrind.env("LD_LIBRARY_PATH", prefix.join("lib"));
    valgrind.args(["--quiet", "--error-exitcode=9", "--leak-check=full"]);
    valgrind.arg("--suppressions=ffi/tests/c/valgrind.supp");
    valgrind
}
