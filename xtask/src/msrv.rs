//! The minimum supported Rust version of Cargo.toml.

use std::process::Command;

use anyhow::{Context, Result, bail};
use cargo_metadata::semver::Version;

use crate::run;
use crate::tree::Tree;

/// Checks the workspace with that compiler. If it cannot be installed, checks at
/// least that no dependency requires a newer one, and reports that.
pub(crate) fn check(tree: &Tree) -> Result<Vec<String>> {
    let oldest = &tree.msrv;
    let running = running(tree)?;
    let mut cargo = if (running.major, running.minor) == (oldest.major, oldest.minor) {
        let mut cargo = run::cargo(&tree.root);
        cargo.arg("check");
        cargo
    } else if have_toolchain(tree).is_ok() {
        rustup(tree, &["run", &oldest.to_string(), "cargo", "check"])
    } else {
        let count = check_dependencies(tree)?;
        return Ok(vec![format!(
            "not built: Rust {oldest} is missing (rustup toolchain install {oldest} --profile \
             minimal); none of {count} packages requires a newer one"
        )]);
    };
    cargo.args(["--locked", "--workspace", "--all-targets"]);
    cargo.args(["--features", "mpass-ffi/jni", "--target-dir"]);
    run::capture(cargo.arg(tree.target.join("msrv")))?;
    Ok(vec![format!("built with Rust {oldest}")])
}

fn running(tree: &Tree) -> Result<Version> {
    let printed = run::capture(run::command("rustc", &tree.root).arg("-vV"))?;
    printed
        .lines()
        .find_map(|line| line.strip_prefix("release: "))
        .and_then(|release| Version::parse(release).ok())
        .context("rustc prints no release")
}

fn have_toolchain(tree: &Tree) -> Result<()> {
    let oldest = tree.msrv.to_string();
    if run::capture(&mut rustup(tree, &["run", &oldest, "rustc", "-V"])).is_ok() {
        return Ok(());
    }
    let install = ["toolchain", "install", &oldest, "--profile", "minimal"];
    run::capture(&mut rustup(tree, &install)).map(drop)
}

/// `rustup` without the environment of the toolchain that runs this program.
fn rustup(tree: &Tree, arguments: &[&str]) -> Command {
    let mut rustup = run::command("rustup", &tree.root);
    for name in ["CARGO", "LD_LIBRARY_PATH", "RUSTUP_TOOLCHAIN"] {
        rustup.env_remove(name);
    }
    rustup.args(arguments);
    rustup
}

/// The number of packages in the lock file; an error lists those that require a
/// newer compiler than the minimum.
fn check_dependencies(tree: &Tree) -> Result<usize> {
    let packages = tree.packages()?;
    let newer: Vec<_> = packages
        .iter()
        .filter(|package| {
            package
                .rust_version
                .as_ref()
                .is_some_and(|asked| *asked > tree.msrv)
        })
        .map(|package| format!("{} {}", package.name, package.version))
        .collect();
    if !newer.is_empty() {
        bail!(
            "these packages require a newer compiler than Rust {}: {}",
            tree.msrv,
            newer.join(", ")
        );
    }
    Ok(packages.len())
}
