//! The example page (`examples/browser`): built as its users build it, with the
//! packed package installed, and tested in Chromium.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::tree::Tree;
use crate::{npm, run, wasm};

/// What is copied anew; what npm has installed stays.
const SOURCES: &[&str] = &["public", "src", "node_modules/libmpass"];

/// Builds and tests the page; `project` has the tests, and `tarball` is the package
/// in it. Returns a line with the size of the page.
pub(crate) fn check(tree: &Tree, project: &Path, tarball: &str) -> Result<String> {
    let page = tree.target.join("npm").join("authenticator");
    fs::create_dir_all(&page)?;
    for stale in SOURCES {
        let stale = page.join(stale);
        if stale.exists() {
            fs::remove_dir_all(stale)?;
        }
    }
    wasm::copy(&tree.root.join("examples/browser"), &page)?;
    let package = project.join(tarball);
    let package = package.to_str().context("the path is not UTF-8")?;
    npm::install(&page, &[package])?;
    run::capture(run::command("node", &page).arg("build.js"))?;
    let mut test = run::command("node", project);
    test.arg("authenticator/main.js").arg(page.join("dist"));
    let output = run::capture(&mut test)?;
    let closing = output.lines().find(|line| line.contains(" passed, "));
    Ok(closing.context("the test printed no summary")?.into())
}
