//! Builds for users, whose files contain no path of the machine that built them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::run;
use crate::tree::Tree;

/// The separator of flags in `CARGO_ENCODED_RUSTFLAGS`.
const SEPARATOR: &str = "\u{1f}";

/// Has a build for users replace the paths of this machine by fixed names:
/// panics name the source files of dependencies. `flags` are further flags.
pub(crate) fn remap(cargo: &mut Command, tree: &Tree, flags: &[&str]) -> Result<()> {
    let mut flags: Vec<String> = flags.iter().map(ToString::to_string).collect();
    // A later flag takes precedence where several match.
    for (path, name) in [
        (Some(sysroot(tree)?), "/rust"),
        (cargo_home_of(cargo), "/cargo"),
        (Some(tree.root.clone()), "/mpass"),
        (Some(tree.target.clone()), "/target"),
    ] {
        if let Some(path) = path {
            flags.push(format!("--remap-path-prefix={}={name}", path.display()));
        }
    }
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join(SEPARATOR));
    Ok(())
}

/// Fails when a file contains a path of this machine.
pub(crate) fn check(tree: &Tree, file: &Path) -> Result<()> {
    let places = [Some(sysroot(tree)?), cargo_home(), Some(tree.root.clone())];
    check_for(file, &places.into_iter().flatten().collect::<Vec<_>>())
}

/// Fails when a file contains one of these paths.
pub(crate) fn check_for(file: &Path, places: &[PathBuf]) -> Result<()> {
    let bytes = fs::read(file)?;
    for path in places {
        let text = path.display().to_string();
        if contains(&bytes, text.as_bytes()) {
            bail!("{} contains the path {text}", file.display());
        }
    }
    Ok(())
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

/// The directory of the registry sources of a command.
fn cargo_home_of(cargo: &Command) -> Option<PathBuf> {
    let mut variables = cargo.get_envs();
    let own = variables.find(|(name, _)| *name == "CARGO_HOME");
    own.and_then(|(_, value)| value.map(PathBuf::from))
        .or_else(cargo_home)
}

/// The directory of cargo's registry sources.
pub(crate) fn cargo_home() -> Option<PathBuf> {
    let given = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    given.or_else(|| Some(std::env::home_dir()?.join(".cargo")))
}

/// The directory of the compiler and its standard library.
fn sysroot(tree: &Tree) -> Result<PathBuf> {
    let mut rustc = run::command("rustc", &tree.root);
    let output = run::capture(rustc.args(["--print", "sysroot"]))?;
    Ok(PathBuf::from(output.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_in_a_file_is_found() {
        let tree = Tree::open().unwrap();
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        let place = |path: &Path| format!("a\0{}/src/lib.rs\0", path.display());
        for (text, is_clean) in [
            ("a\0/cargo/registry/src/lib.rs\0".to_owned(), true),
            (place(&tree.root), false),
            (place(&cargo_home().unwrap()), false),
            (place(&sysroot(&tree).unwrap()), false),
        ] {
            fs::write(&file, &text).unwrap();
            assert_eq!(check(&tree, &file).is_ok(), is_clean, "{text}");
        }
    }

    #[test]
    fn every_place_is_renamed() {
        let tree = Tree::open().unwrap();
        let mut cargo = run::cargo(&tree.root);
        remap(&mut cargo, &tree, &["-Cx"]).unwrap();
        let mut variables = cargo.get_envs();
        let flags = variables.find(|(name, _)| *name == "CARGO_ENCODED_RUSTFLAGS");
        let flags = flags.unwrap().1.unwrap().to_string_lossy().into_owned();
        let flags: Vec<&str> = flags.split(SEPARATOR).collect();
        assert_eq!(flags[0], "-Cx");
        for name in ["/rust", "/cargo", "/mpass", "/target"] {
            assert!(
                flags.iter().any(|flag| flag.ends_with(&format!("={name}"))),
                "{name}"
            );
        }
    }
}
