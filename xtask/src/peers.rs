//! Libraries of other languages that the tests compare with or run as clients,
//! installed or built in the target directory.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::tree::Tree;
use crate::{js, python, run};

/// Where the programs are that use them.
const PROGRAMS: &str = "server/tests/serve/peers";

/// Installs every peer that the tests use, and returns the environment variables
/// that `tests/src/peers.rs` reads.
pub(crate) fn install(tree: &Tree) -> Result<Vec<(&'static str, PathBuf)>> {
    let target = tree.target.join("peers");
    let programs = tree.root.join(PROGRAMS);
    Ok(vec![
        ("MPASS_NPM_PACKAGES", js::peers(tree)?),
        ("MPASS_SCHEMATHESIS", python::schemathesis(tree)?),
        ("MPASS_PYRAD", python::pyrad(tree)?),
        (
            "MPASS_OPENAPI_PYTHON_CLIENT",
            python::openapi_python_client(tree)?,
        ),
        ("MPASS_PHONENUMBERS", python::phonenumbers(tree)?),
        ("MPASS_AUTHLIB", python::authlib(tree)?),
        ("MPASS_GO_OIDC", go_oidc(&programs, &target)?),
        ("MPASS_NIMBUS", nimbus(&programs, &target)?),
    ])
}

fn go_oidc(programs: &Path, target: &Path) -> Result<PathBuf> {
    let program = target.join("go-oidc");
    let mut go = run::command("go", &programs.join("go-oidc"));
    go.args(["build", "-mod=readonly", "-o"]).arg(&program);
    run::capture(go.arg("."))?;
    Ok(program)
}

fn nimbus(programs: &Path, target: &Path) -> Result<PathBuf> {
    let directory = target.join("nimbus");
    let mut maven = run::command("mvn", &programs.join("nimbus"));
    maven.args(["-B", "-ntp", "-q", "compile"]);
    run::capture(maven.arg(format!("-Dpeer.directory={}", directory.display())))?;
    Ok(directory.join("classes"))
}
