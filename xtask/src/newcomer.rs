//! Checks that `cargo run` at the root compiles only the server's packages, and
//! no peers of the benchmarks.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};

use crate::run;
use crate::tree::Tree;

/// The package that `cargo run` runs, and the binary in it.
const SERVER: &str = "mpass-server";
const BINARY: &str = "mpass";
/// The packages of the benchmarks, and the crates that they compare the library
/// with or measure it with.
const BENCHMARKS: &[&str] = &["mpass-benches", "mpass-bench-stores"];
const PEERS: &[&str] = &[
    "criterion",
    "fjall",
    "libreauth",
    "redb",
    "totp-rfc",
    "totp-rs",
];

/// Fails if `cargo run` would compile a peer of a benchmark. The check itself
/// compiles nothing.
pub(crate) fn check(tree: &Tree) -> Result<Vec<String>> {
    check_default_run(tree)?;
    // All default members together, because their features are unified.
    let listing = list(tree, &["--edges", "normal,build"])?;
    let built = of_package(&listing, SERVER);
    if built.is_empty() {
        bail!("cargo tree does not name {SERVER}:\n{listing}");
    }
    let listing = list(tree, &["--edges", "normal,dev", "--depth", "1"])?;
    let mut used = BTreeSet::new();
    for benchmarks in BENCHMARKS {
        used.extend(of_package(&listing, benchmarks));
    }
    for peer in PEERS {
        if holds(&built, peer) {
            bail!("`cargo run` compiles {peer}, which is for benchmarks");
        }
        if !holds(&used, peer) {
            bail!("no benchmark uses {peer}: it does not belong on this list");
        }
    }
    let count = built.len();
    Ok(vec![format!(
        "`cargo run` compiles {count} packages, no peer of a benchmark"
    )])
}

fn holds(packages: &BTreeSet<&str>, name: &str) -> bool {
    let mut names = packages
        .iter()
        .filter_map(|package| package.split(' ').next());
    names.any(|held| held == name)
}

/// Without a `default-run`, cargo builds the libraries of all default members
/// before it runs the one binary among them.
fn check_default_run(tree: &Tree) -> Result<()> {
    let members = tree.default_members()?;
    let runs: Vec<(&str, &str)> = members
        .iter()
        .filter_map(|member| Some((member.name.as_str(), member.default_run.as_deref()?)))
        .collect();
    if runs != [(SERVER, BINARY)] {
        bail!("one default member has `default-run`, {SERVER} with {BINARY}: found {runs:?}");
    }
    Ok(())
}

/// `cargo tree` with the depth before each name.
fn list(tree: &Tree, options: &[&str]) -> Result<String> {
    let mut cargo = run::cargo(&tree.root);
    cargo.args(["tree", "--locked", "--prefix", "depth", "--no-dedupe"]);
    run::capture(cargo.args(options)).context("the dependencies cannot be listed")
}

/// The packages of one root of a listing, including the root, with their
/// versions.
fn of_package<'a>(listing: &'a str, root: &str) -> BTreeSet<&'a str> {
    let mut packages = BTreeSet::new();
    let mut is_inside = false;
    for line in listing.lines() {
        let package = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let depth = &line[..line.len() - package.len()];
        // Paths, marks and `(proc-macro)` follow the version.
        let end = package.match_indices(' ').nth(1);
        let package = end.map_or(package, |(end, _)| &package[..end]);
        if depth == "0" {
            is_inside = package.split(' ').next() == Some(root);
        }
        if is_inside && !depth.is_empty() {
            packages.insert(package);
        }
    }
    packages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_is_read_root_by_root() {
        let listing = "0a v1.0.0 (/x)\n1b v0.1.0\n2c v2.0.0 (proc-macro)\n1d v1.0.0\n\n\
                       0e v1.0.0 (/y)\n1b v0.2.0\n";
        let of = |root| of_package(listing, root).into_iter().collect::<Vec<_>>();
        assert_eq!(of("a"), ["a v1.0.0", "b v0.1.0", "c v2.0.0", "d v1.0.0"]);
        assert_eq!(of("e"), ["b v0.2.0", "e v1.0.0"]);
        assert_eq!(of("b"), [""; 0]);
    }
}
