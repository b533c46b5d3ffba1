//! The worker in examples/edge-worker: the suites of the contracts, and its build by
//! wrangler.

use std::path::Path;

use anyhow::{Context, Result};

use crate::run;
use crate::tree::Tree;

/// The directory of the installed package and its tests.
const DIRECTORY: &str = "MPASS_EDGE_WORKER";

/// Builds and tests the worker in a project with the installed package.
pub(crate) fn check(tree: &Tree, project: &Path) -> Result<Vec<String>> {
    let mut lines = vec![suites(tree, project)?];
    if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        let output = run::capture(run::command("node", project).arg("edge/deploy.js"))?;
        lines.extend(output.lines().last().map(Into::into));
    } else {
        lines.push(
            "not built by wrangler: npm provides its Node.js for Linux on x86-64 only".into(),
        );
    }
    Ok(lines)
}

/// Runs the suites of the contracts against the worker in workerd.
fn suites(tree: &Tree, project: &Path) -> Result<String> {
    let mut suite = run::cargo(&tree.root);
    suite.env(DIRECTORY, project);
    // The packages of the step `tests`, so that nothing is built again.
    suite.args(["test", "--locked", "--workspace", "--exclude", "mpass-ffi"]);
    let output = run::capture(suite.args(["--test", "edge-worker"]))?;
    let closing = output
        .lines()
        .find(|line| line.starts_with("test result: "));
    let closing = closing.context("the suites of the edge worker did not run")?;
    Ok(format!("edge-worker: {closing}"))
}
