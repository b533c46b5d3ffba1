//! Checks the layout of the tree: its top-level entries, the use of `unsafe`,
//! the dependencies between modules, and circles of files in a crate.

mod circles;
mod modules;
mod rules;
mod source;
mod sources;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use self::modules::Crate;
use self::rules::{OUTSIDE, RULES, Rule};
use self::sources::{Sources, shown};
use crate::run;
use crate::tree::Tree;

/// The permitted top-level entries of the tree.
const TOP: &[&str] = &[
    ".cargo",
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "SECURITY.md",
    "benches",
    "bindings",
    "clippy.toml",
    "core",
    "deny.toml",
    "docs",
    "examples",
    "ffi",
    "include",
    "openapi",
    "rustfmt.toml",
    "server",
    "stores",
    "tests",
    "wasm",
    "xtask",
];

/// Directories that may contain `unsafe`; docs/ARCHITECTURE.md has the reasons.
const UNSAFE: &[&str] = &["core/src/kernel", "ffi", "wasm", "benches"];

pub(crate) fn check(tree: &Tree) -> Result<Vec<String>> {
    let mut faults = check_top(&tree.root)?;
    let mut sources = Sources::new(&tree.root);
    faults.extend(check_files(&tree.root, &mut sources)?);
    faults.extend(check_crates(&tree.root, &tree.roots, RULES, &mut sources)?);
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(Vec::new())
}

fn check_top(root: &Path) -> Result<Vec<String>> {
    let mut names = top_entries(root)?;
    names.retain(|name| !TOP.contains(&name.as_str()));
    let fault = |name: &String| format!("{name}: not one of the entries at the top of the tree");
    Ok(names.iter().map(fault).collect())
}

/// The entries that git tracks or does not ignore; without git, all entries
/// except build directories.
fn top_entries(root: &Path) -> Result<Vec<String>> {
    let mut git = run::command("git", root);
    git.args(["ls-files", "--cached", "--others", "--exclude-standard"]);
    let mut names: Vec<String> = if root.join(".git").exists() {
        let listed = run::capture(&mut git)?;
        let first = |path: &str| path.split('/').next().map(str::to_owned);
        listed.lines().filter_map(first).collect()
    } else {
        let entries = fs::read_dir(root)?.collect::<Result<Vec<_>, _>>()?;
        let name = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let kept = |name: &String| !name.starts_with("target");
        entries.iter().map(name).filter(kept).collect()
    };
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// Checks each Rust file by itself.
fn check_files(root: &Path, sources: &mut Sources) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for path in rust_files(root)? {
        let source = sources.read(&path)?;
        let relative = path.strip_prefix(root).unwrap_or(&path);
        let name = relative.display();
        if !UNSAFE.iter().any(|allowed| relative.starts_with(allowed)) {
            let lines = source.unsafe_lines.iter();
            faults.extend(lines.map(|line| format!("{name}:{line}: unsafe")));
        }
        for (from, to) in OUTSIDE
            .iter()
            .filter(|(from, _)| relative.starts_with(from))
        {
            let into = format!("../{to}/");
            let literals = source.outside.iter();
            let literals = literals.filter(|(_, text)| text.contains(&into));
            let fault = |line| format!("{name}:{line}: {from} must not read files of {to}");
            faults.extend(literals.map(|(line, _)| fault(line)));
        }
    }
    Ok(faults)
}

/// All Rust files of the packages, except in build directories.
fn rust_files(root: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut directories: Vec<_> = TOP.iter().map(|name| root.join(name)).collect();
    directories.retain(|path| path.is_dir());
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(&directory)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() && !name.starts_with("target") && name != "node_modules" {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// Checks the modules of each crate.
fn check_crates(
    root: &Path,
    roots: &[PathBuf],
    rules: &[Rule],
    sources: &mut Sources,
) -> Result<BTreeSet<String>> {
    let mut faults = BTreeSet::new();
    let mut ruled: BTreeSet<_> = rules.iter().map(Rule::of).collect();
    for file in roots {
        let read = Crate::read(file, sources)?;
        let uses = read.uses();
        faults.extend(circles::find(root, &uses));
        // The rules apply only to libraries.
        let name = shown(root, file);
        if let Some(directory) = name.strip_suffix("/src/lib.rs") {
            faults.extend(rules::check(rules, root, directory, &read, &uses));
            ruled.remove(directory);
        }
    }
    let missing = |directory| format!("{directory}: rules name this crate, which is not there");
    faults.extend(ruled.into_iter().map(missing));
    Ok(faults)
}

#[cfg(test)]
mod tests;
