//! Builds of the core without std.

use anyhow::Result;

use crate::run;
use crate::target::Compiler;
use crate::tree::Tree;

const TARGETS: &[&str] = &["wasm32v1-none", "thumbv7em-none-eabi"];
/// The configurations of the core without std, by their features.
const SIZES: &[&str] = &["", "alloc", "contracts"];

/// Builds the core for every bare target in each configuration.
pub(crate) fn check(tree: &Tree) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for target in TARGETS {
        let compiler = Compiler::of(target, tree)?;
        lines.extend(compiler.note());
        for features in SIZES {
            let mut cargo = compiler.cargo(tree, "build", "core,alloc")?;
            cargo.args(["--locked", "-p", "mpass-core", "--no-default-features"]);
            cargo.args(["--features", features]);
            run::capture(&mut cargo)?;
        }
    }
    Ok(lines)
}
