//! Builds of the core without std, for targets that the machine may lack.
//!
//! `rustup` adds a missing target. Where it cannot, Debian's compiler builds
//! the standard library's source along; `XTASK_WASM=debian` forces that way.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::tree::Tree;
use crate::{run, tools};

const TARGETS: &[&str] = &["wasm32v1-none", "thumbv7em-none-eabi"];
/// The core's sizes below std, by their features.
const SIZES: &[&str] = &["", "alloc"];

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src/rust/library";
const DEBIAN_PACKAGES: &[&str] = &["rustc-web", "cargo-web", "rust-web-src"];

/// Builds the core for every bare target in every size.
pub(crate) fn check(tree: &Tree) -> Result<Vec<String>> {
    let forced = match std::env::var("XTASK_WASM").as_deref() {
        Ok("debian") => true,
        Ok(other) => bail!("XTASK_WASM is `debian` or not set, not `{other}`"),
        Err(_) => false,
    };
    let mut lines = Vec::new();
    for target in TARGETS {
        let debian = forced || !have_target(target, &tree.root)?;
        if debian {
            have_debian(target, &tree.root)?;
            lines.push(format!("{target} built by Debian's compiler"));
        }
        for features in SIZES {
            let mut cargo = if debian {
                debian_cargo(tree)
            } else {
                let mut cargo = run::cargo(&tree.root);
                cargo.arg("build");
                cargo
            };
            cargo.args(["--locked", "-p", "mpass-core", "--no-default-features"]);
            cargo.args(["--target", target, "--features", features]);
            run::capture(&mut cargo)?;
        }
    }
    Ok(lines)
}

/// Whether the running toolchain has the target, now or after `rustup`.
fn have_target(target: &str, root: &Path) -> Result<bool> {
    let mut rustc = run::command("rustc", root);
    let printed = run::capture(rustc.args(["--print", "target-libdir", "--target", target]))
        .with_context(|| format!("the compiler does not know {target}"))?;
    if Path::new(printed.trim()).is_dir() {
        return Ok(true);
    }
    Ok(run::capture(run::command("rustup", root).args(["target", "add", target])).is_ok())
}

/// Makes sure of Debian's compiler and the source that it builds.
fn have_debian(target: &str, root: &Path) -> Result<()> {
    let present = || Path::new(DEBIAN_CARGO).is_file() && Path::new(DEBIAN_SOURCE).is_dir();
    if present() && Path::new(DEBIAN_RUSTC).is_file() {
        return Ok(());
    }
    if !tools::may_install() {
        bail!("the Rust target {target} is missing: rustup target add {target}");
    }
    tools::apt_install(DEBIAN_PACKAGES, root)
        .with_context(|| format!("the Rust target {target} is missing: rustup target add {target}"))
}

/// Debian's cargo with Debian's rustc, whatever toolchain runs this program.
fn debian_cargo(tree: &Tree) -> Command {
    let mut cargo = run::command(DEBIAN_CARGO, &tree.root);
    for name in ["CARGO", "LD_LIBRARY_PATH", "RUSTUP_TOOLCHAIN"] {
        cargo.env_remove(name);
    }
    cargo.env("RUSTC", DEBIAN_RUSTC);
    // Building std is not stable; this lets a stable compiler do it.
    cargo.env("RUSTC_BOOTSTRAP", "1");
    cargo.args(["build", "-Zbuild-std=core,alloc"]);
    cargo.arg("--target-dir").arg(tree.target.join("debian"));
    cargo
}
