//! The WebAssembly module without imports, and the programs of other languages
//! that call it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::target::Compiler;
use crate::tree::Tree;
use crate::{paths, python, run, wasm};

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "module";
/// The file that users get.
const NAME: &str = "libmpass.wasm";
/// Where the programs are that call it.
const PROGRAMS: &str = "wasm/module/test";

/// Builds the module; returns its file and lines with its size.
pub(crate) fn build(tree: &Tree) -> Result<(PathBuf, Vec<String>)> {
    let compiler = Compiler::of(TARGET, tree)?;
    let mut lines: Vec<String> = compiler.note().into_iter().collect();
    let mut cargo = compiler.cargo(tree, "build", "core,alloc")?;
    // Without SIMD, which Chicory's interpreter does not have.
    paths::remap(&mut cargo, tree, &[])?;
    cargo.args(["--locked", "-p", "mpass-module", "--profile", PROFILE]);
    run::capture(&mut cargo)?;
    let built = compiler.output(tree, PROFILE).join("mpass_module.wasm");
    let file = tree.target.join(NAME);
    fs::copy(&built, &file).with_context(|| format!("{} is missing", built.display()))?;
    paths::check(tree, &file)?;
    lines.push(wasm::size(&file)?);
    Ok((file, lines))
}

/// Builds the module and calls it from Python, Go and Java.
pub(crate) fn check(tree: &Tree) -> Result<Vec<String>> {
    let (file, mut lines) = build(tree)?;
    let programs = tree.root.join(PROGRAMS);
    let target = tree.target.join("module-hosts");
    for mut host in [
        wasmtime(tree, &programs)?,
        wazero(&programs, &target)?,
        chicory(&programs, &target)?,
    ] {
        host.arg(&file).arg(tree.root.join("tests/vectors"));
        let output = run::capture(&mut host)?;
        let closing = output.lines().find(|line| line.contains(" passed, "));
        lines.push(closing.context("the program printed no summary")?.into());
    }
    Ok(lines)
}

fn wasmtime(tree: &Tree, programs: &Path) -> Result<Command> {
    let mut python = run::command(python::wasmtime(tree)?, programs);
    python.arg("wasmtime_host.py");
    Ok(python)
}

fn wazero(programs: &Path, target: &Path) -> Result<Command> {
    let program = target.join("wazero");
    let mut go = run::command("go", &programs.join("wazero"));
    go.args(["build", "-mod=readonly", "-o"]).arg(&program);
    run::capture(go.arg("."))?;
    Ok(run::command(program, programs))
}

fn chicory(programs: &Path, target: &Path) -> Result<Command> {
    let directory = target.join("chicory");
    let mut maven = run::command("mvn", &programs.join("chicory"));
    maven.args(["-B", "-ntp", "-q", "compile"]);
    run::capture(maven.arg(format!("-Dhost.directory={}", directory.display())))?;
    let classes = directory.join("classes");
    let mut java = run::command("java", programs);
    java.arg("-cp");
    java.arg(format!("{0}:{0}/*", classes.display()));
    java.arg("ModuleHost");
    Ok(java)
}
