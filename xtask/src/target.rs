//! Builds for targets that may not be installed.
//!
//! `rustup` adds a missing target. Where it cannot, Debian's compiler also
//! builds the standard library; `XTASK_WASM=debian` always does so.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::tree::Tree;
use crate::{run, tools};

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_RUSTDOC: &str = "/usr/bin/rustdoc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src/rust/library";
const DEBIAN_PACKAGES: &[&str] = &["rustc-web", "cargo-web", "rust-web-src"];

/// The compiler for a target.
pub(crate) struct Compiler<'a> {
    target: &'a str,
    is_debians: bool,
}

impl<'a> Compiler<'a> {
    /// The running toolchain, or Debian's if that lacks the target. Installs
    /// what is missing.
    pub(crate) fn of(target: &'a str, tree: &Tree) -> Result<Self> {
        let forced = match std::env::var("XTASK_WASM").as_deref() {
            Ok("debian") => true,
            Ok(other) => bail!("XTASK_WASM must be `debian` or unset, not `{other}`"),
            Err(_) => false,
        };
        let is_debians = forced || !have_target(target, &tree.root)?;
        if is_debians {
            have_debian(target, &tree.root)?;
        }
        Ok(Self { target, is_debians })
    }

    /// A line to print if this is not the usual compiler.
    pub(crate) fn note(&self) -> Option<String> {
        let target = self.target;
        self.is_debians
            .then(|| format!("{target} built with Debian's compiler"))
    }

    /// A cargo command that builds for the target. `library`: the crates of the
    /// standard library that Debian's compiler builds as well.
    pub(crate) fn cargo(&self, tree: &Tree, command: &str, library: &str) -> Result<Command> {
        let mut cargo = if self.is_debians {
            self.debian_cargo(tree)?
        } else {
            run::cargo(&tree.root)
        };
        cargo.args([command, "--target", self.target]);
        if self.is_debians {
            cargo.arg(format!("-Zbuild-std={library}"));
            cargo.arg("--target-dir").arg(tree.target.join("debian"));
        }
        Ok(cargo)
    }

    /// The output directory of the build for a profile.
    pub(crate) fn output(&self, tree: &Tree, profile: &str) -> PathBuf {
        let target = match self.is_debians {
            true => tree.target.join("debian"),
            false => tree.target.clone(),
        };
        target.join(self.target).join(profile)
    }

    /// Debian's cargo with Debian's rustc, independent of the toolchain that
    /// runs this program.
    fn debian_cargo(&self, tree: &Tree) -> Result<Command> {
        let mut cargo = run::command(DEBIAN_CARGO, &tree.root);
        for name in ["CARGO", "LD_LIBRARY_PATH", "RUSTUP_TOOLCHAIN"] {
            cargo.env_remove(name);
        }
        cargo.env("RUSTC", DEBIAN_RUSTC);
        cargo.env("RUSTDOC", DEBIAN_RUSTDOC);
        // Building std is unstable; this allows it on a stable compiler.
        cargo.env("RUSTC_BOOTSTRAP", "1");
        if self.target.starts_with("wasm") {
            // Use the linker of the running toolchain.
            let target = self.target.to_uppercase().replace('-', "_");
            let linker = format!("CARGO_TARGET_{target}_LINKER");
            cargo.env(linker, rust_lld(&tree.root)?);
        }
        Ok(cargo)
    }
}

/// The linker of the running toolchain.
fn rust_lld(root: &Path) -> Result<PathBuf> {
    let mut rustc = run::command("rustc", root);
    let libraries = run::capture(rustc.args(["--print", "target-libdir"]))?;
    let directory = Path::new(libraries.trim()).with_file_name("bin");
    Ok(directory.join("rust-lld"))
}

/// Whether the running toolchain has the target, or `rustup` could add it.
fn have_target(target: &str, root: &Path) -> Result<bool> {
    let mut rustc = run::command("rustc", root);
    let printed = run::capture(rustc.args(["--print", "target-libdir", "--target", target]))
        .with_context(|| format!("the compiler does not know {target}"))?;
    if Path::new(printed.trim()).is_dir() {
        return Ok(true);
    }
    Ok(run::capture(run::command("rustup", root).args(["target", "add", target])).is_ok())
}

/// Ensures that Debian's compiler and library source are installed.
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
