//! npm.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::run;

/// Installs packages in a directory, in addition to those in its
/// `package.json`.
pub(crate) fn install(directory: &Path, packages: &[&str]) -> Result<()> {
    let mut install = command(directory);
    install.args(["install", "--no-audit", "--no-fund", "--no-package-lock"]);
    // No package scripts run during installation.
    install.args(["--no-save", "--ignore-scripts"]);
    run::capture(install.args(packages)).map(drop)
}

/// `npm` in a directory.
pub(crate) fn command(directory: &Path) -> Command {
    run::command("npm", directory)
}
