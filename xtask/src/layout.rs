//! What stands where: the entries at the top, the one address of `unsafe`,
//! and the direction in which the core's modules may use one another.

mod source;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::run;
use crate::tree::Tree;

/// Everything that may stand at the top of the tree.
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
    "clippy.toml",
    "core",
    "docs",
    "examples",
    "ffi",
    "include",
    "openapi",
    "rustfmt.toml",
    "server",
    "tests",
    "wasm",
    "xtask",
];

/// Where `unsafe` may be written; docs/ARCHITECTURE.md says why.
const UNSAFE: &[&str] = &["core/src/kernel", "ffi", "wasm", "benches"];

/// The core's modules and how high they stand; a module uses those below it.
const LAYERS: &[(&str, u8)] = &[
    ("error", 0),
    ("algorithm", 0),
    ("kernel", 1),
    ("store", 2),
    ("oath", 2),
    ("number", 3),
    ("challenge", 4),
    ("service", 5),
];

pub(crate) fn check(tree: &Tree) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    check_top(tree, &mut faults)?;
    for file in rust_files(&tree.root)? {
        check_file(&tree.root, &file, &mut faults)?;
    }
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(Vec::new())
}

fn check_top(tree: &Tree, faults: &mut Vec<String>) -> Result<()> {
    for name in top_entries(&tree.root)? {
        if !TOP.contains(&name.as_str()) {
            faults.push(format!("{name}: no place at the top of the tree"));
        }
    }
    Ok(())
}

/// The entries that git tracks or would; without git, those that are there.
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

/// Every Rust file of the packages, build directories left out.
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

fn check_file(root: &Path, path: &Path, faults: &mut Vec<String>) -> Result<()> {
    let relative = path.strip_prefix(root).unwrap_or(path);
    let text = fs::read_to_string(path)?;
    let facts = source::read(&text, module_path(relative).len())
        .with_context(|| format!("{} is not Rust", relative.display()))?;
    if !UNSAFE.iter().any(|allowed| relative.starts_with(allowed)) {
        for line in facts.unsafe_lines {
            faults.push(format!("{}:{line}: unsafe", relative.display()));
        }
    }
    let modules = module_path(relative);
    let Some(from) = modules.first() else {
        return Ok(());
    };
    for (line, to) in facts.crate_uses {
        if let Some(fault) = forbidden(from, &to) {
            faults.push(format!("{}:{line}: {fault}", relative.display()));
        }
    }
    Ok(())
}

/// The module that a file of the core is, outermost name first; empty for the
/// crate's root and for files of other packages.
fn module_path(relative: &Path) -> Vec<String> {
    let Ok(inside) = relative.strip_prefix("core/src") else {
        return Vec::new();
    };
    let mut names: Vec<String> = inside
        .with_extension("")
        .iter()
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.pop_if(|last| *last == "mod" || *last == "lib");
    names
}

/// Why a module of the core may not use another; `None` when it may.
fn forbidden(from: &str, to: &str) -> Option<String> {
    // The crate's root offers the error under its own name.
    if from == to || to == "Error" {
        return None;
    }
    let layer = |name: &str| {
        let found = LAYERS.iter().find(|(module, _)| *module == name);
        found.map(|(_, layer)| *layer)
    };
    match (layer(from), layer(to)) {
        (None, _) => Some(format!("module {from} is in no layer")),
        (_, None) => Some(format!("{to} is in no layer")),
        (Some(from), Some(to)) if to < from => None,
        _ => Some(format!("{from} does not stand above {to}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_use_what_is_below_them() {
        assert_eq!(forbidden("challenge", "oath"), None);
        assert_eq!(forbidden("oath", "Error"), None);
        assert_eq!(forbidden("oath", "error"), None);
        assert_eq!(forbidden("service", "store"), None);
        assert_eq!(forbidden("number", "oath"), None);
        assert!(forbidden("oath", "number").is_some());
        assert!(forbidden("oath", "store").is_some());
        assert!(forbidden("kernel", "store").is_some());
        assert!(forbidden("kernel", "oath").is_some());
        assert!(forbidden("algorithm", "error").is_some());
        assert!(forbidden("oath", "elsewhere").is_some());
    }

    #[test]
    fn a_file_knows_its_module() {
        let of = |relative: &str| module_path(Path::new(relative)).join("::");
        assert_eq!(of("core/src/lib.rs"), "");
        assert_eq!(of("core/src/error.rs"), "error");
        assert_eq!(of("core/src/oath/mod.rs"), "oath");
        assert_eq!(of("core/src/oath/key.rs"), "oath::key");
        assert_eq!(of("server/src/main.rs"), "");
    }
}
