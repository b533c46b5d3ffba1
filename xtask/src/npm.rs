//! npm, and the programs from it that builds use.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::run;
use crate::tree::Tree;

/// The tools of builds.
const TOOLS: &[&str] = &["binaryen@132.0.0", "esbuild@0.28.2"];

/// Installs packages in a directory, in addition to those in its
/// `package.json`, in the versions of its `package-lock.json` if it has one.
pub(crate) fn install(directory: &Path, packages: &[&str]) -> Result<()> {
    let mut install = command(directory);
    install.args(["install", "--no-audit", "--no-fund"]);
    // No package scripts run during installation.
    install.args(["--no-save", "--ignore-scripts"]);
    run::capture(install.args(packages)).map(drop)
}

/// `npm` in a directory.
pub(crate) fn command(directory: &Path) -> Command {
    run::command("npm", directory)
}

/// The directory in which the tools are installed.
pub(crate) fn tools(tree: &Tree) -> Result<PathBuf> {
    let directory = tree.target.join("npm").join("tools");
    // Written last: without this file the tools are incomplete.
    let held = directory.join("held");
    let wanted = TOOLS.join("\n");
    if !fs::read_to_string(&held).is_ok_and(|text| text == wanted) {
        fs::create_dir_all(&directory)?;
        // npm installs into the nearest directory with a manifest.
        fs::write(directory.join("package.json"), "{ \"private\": true }\n")?;
        install(&directory, TOOLS)?;
        fs::write(held, wanted)?;
    }
    Ok(directory)
}
