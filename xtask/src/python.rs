//! The programs of others from PyPI that tests run, in a virtual environment
//! of their own.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use crate::run;
use crate::tree::Tree;

/// What holds the server against its OpenAPI documents.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";

/// Installs schemathesis; the program.
pub(crate) fn schemathesis(tree: &Tree) -> Result<PathBuf> {
    let environment = tree.target.join("python");
    let program = environment.join("bin/schemathesis");
    // Written last: what stands there without it was left half made.
    let held = environment.join("held");
    if !fs::read_to_string(&held).is_ok_and(|text| text == SCHEMATHESIS) {
        let mut make = run::command("python3", &tree.root);
        run::capture(make.args(["-m", "venv", "--clear"]).arg(&environment))?;
        let mut install = run::command(environment.join("bin/pip"), &tree.root);
        install.args(["install", "--quiet", "--disable-pip-version-check"]);
        // Nothing is to be built or run while it is installed.
        install.args(["--only-binary", ":all:", SCHEMATHESIS]);
        run::capture(&mut install)?;
        fs::write(held, SCHEMATHESIS)?;
    }
    Ok(program)
}
