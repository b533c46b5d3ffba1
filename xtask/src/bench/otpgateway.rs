//! knadh/otpgateway, an OTP server in Go.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::tree::Tree;
use crate::{run, wasm};

/// The variable with the program of otpgateway.
pub(super) const VARIABLE: &str = "MPASS_OTPGATEWAY";
/// Its module, at the commit that is measured (v3, 2025-09-26).
const MODULE: &str = "github.com/knadh/otpgateway/v3@277bf582d81d";

/// The program of otpgateway beside its sources, whose files it reads: the one that
/// the variable names, or a new build. `None` if Go does not get its sources.
pub(super) fn program(tree: &Tree) -> Result<Option<PathBuf>> {
    if let Some(binary) = std::env::var_os(VARIABLE) {
        return Ok(Some(binary.into()));
    }
    let directory = tree.target.join("otpgateway");
    let binary = directory.join("otpgateway");
    if binary.exists() {
        return Ok(Some(binary));
    }
    let mut download = run::command("go", &tree.root);
    download.args(["mod", "download", "-json", MODULE]);
    let Ok(json) = run::capture(download.current_dir(std::env::temp_dir())) else {
        println!("note: no sources of otpgateway, which {VARIABLE} can name; left out");
        return Ok(None);
    };
    let module: serde_json::Value = serde_json::from_str(&json)?;
    let sources = module["Dir"].as_str().context("go names no directory")?;
    // The module's own directory cannot be written to.
    wasm::copy(Path::new(sources), &directory)?;
    let mut go = run::command("go", &directory);
    run::capture(
        go.args(["build", "-o"])
            .arg(&binary)
            .arg("./cmd/otpgateway"),
    )?;
    Ok(Some(binary))
}
