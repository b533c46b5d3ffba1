//! External programs that tests compare with or talk to.

use std::path::PathBuf;
use std::process::Command;

/// Environment variable that is set if peers are required: whatever `cargo
/// xtask test` has installed must be used.
const REQUIRED: &str = "MPASS_REQUIRE_PEERS";

/// Where `cargo xtask test` has installed the npm packages that tests use.
const NPM_PACKAGES: &str = "MPASS_NPM_PACKAGES";

/// Where `cargo xtask test` has installed schemathesis.
const SCHEMATHESIS: &str = "MPASS_SCHEMATHESIS";

/// Where `cargo xtask test` has put the peers of the login: a program with
/// go-oidc, classes with Nimbus, and a Python with Authlib.
const GO_OIDC: &str = "MPASS_GO_OIDC";
const NIMBUS: &str = "MPASS_NIMBUS";
const AUTHLIB: &str = "MPASS_AUTHLIB";

/// Where `cargo xtask test` has installed a Python with pyrad.
const PYRAD: &str = "MPASS_PYRAD";

/// Where `cargo xtask test` has installed a Python with openapi-python-client.
const OPENAPI_PYTHON_CLIENT: &str = "MPASS_OPENAPI_PYTHON_CLIENT";

/// Where `cargo xtask test` has installed a Python with phonenumbers.
const PHONENUMBERS: &str = "MPASS_PHONENUMBERS";

/// The directory whose `node_modules` contain the npm packages for tests. A
/// test without them prints that it did not run.
///
/// # Panics
/// If it is missing and required.
#[must_use]
pub fn npm_packages() -> Option<PathBuf> {
    installed(NPM_PACKAGES)
}

/// The program of `server/tests/serve/peers/go-oidc`, built. A test without it
/// prints that it did not run.
///
/// # Panics
/// If it is missing and required.
#[must_use]
pub fn go_oidc() -> Option<PathBuf> {
    installed(GO_OIDC)
}

/// The directory with the classes of `server/tests/serve/peers/nimbus` and the
/// jars that they need. A test without it prints that it did not run.
///
/// # Panics
/// If it is missing and required.
#[must_use]
pub fn nimbus() -> Option<PathBuf> {
    installed(NIMBUS)
}

/// The Python of an environment with Authlib and Flask. A test without it prints
/// that it did not run.
///
/// # Panics
/// If it is missing and required.
#[must_use]
pub fn authlib() -> Option<PathBuf> {
    installed(AUTHLIB)
}

/// The path of schemathesis. A test without it prints that it did not run.
///
/// # Panics
/// If it is missing and required.
#[must_use]
pub fn schemathesis() -> Option<PathBuf> {
    installed(SCHEMATHESIS)
}

/// The path of a Python with pyrad. A test without it prints that it did not run.
///
/// # Panics
/// If it is missing and required.
#[must_use]
pub fn pyrad() -> Option<PathBuf> {
    installed(PYRAD)
}

/// The path of a Python with openapi-python-client. A test without it prints that
/// it did not run.
///
/// # Panics
/// If it is missing and required.
#[must_use]
pub fn openapi_python_client() -> Option<PathBuf> {
    installed(OPENAPI_PYTHON_CLIENT)
}

/// The path of a Python with phonenumbers. A test without it prints that it did not
/// run.
///
/// # Panics
/// If it is missing and required.
#[must_use]
pub fn phonenumbers() -> Option<PathBuf> {
    installed(PHONENUMBERS)
}

fn installed(variable: &str) -> Option<PathBuf> {
    if let Some(path) = std::env::var_os(variable) {
        return Some(path.into());
    }
    let missing =
        format!("NOT RUN: {variable} is not set; `cargo xtask test --only tests` sets it");
    assert!(std::env::var_os(REQUIRED).is_none(), "{missing}");
    println!("{missing}");
    None
}

/// Whether a program from a Debian package is installed. A test without it
/// prints that it did not run.
///
/// # Panics
/// If it is missing and required.
#[must_use]
pub fn is_here(program: &str, package: &str) -> bool {
    // If it started at all, it is installed.
    if Command::new(program).arg("-h").output().is_ok() {
        return true;
    }
    let missing = format!("NOT RUN: {program} is missing; install the package `{package}`");
    assert!(std::env::var_os(REQUIRED).is_none(), "{missing}");
    println!("{missing}");
    false
}
