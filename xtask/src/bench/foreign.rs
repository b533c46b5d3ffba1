//! Benchmarks in other languages.

use std::path::Path;

use anyhow::Result;

use super::program::{Ready, pinned};
use crate::run;
use crate::tree::Tree;
use crate::{java, js, npm, small, wasm};

/// The Go library; libmpass has no Go package.
pub(super) fn go(tree: &Tree, part: &str) -> Result<Ready> {
    let directory = tree.root.join("benches/go");
    let binary = tree.target.join("bench-go");
    let mut go = run::command("go", &directory);
    run::capture(go.args(["build", "-o"]).arg(&binary).arg("."))?;
    let mut command = pinned(&binary, &directory, true);
    command.arg(part);
    Ok(Ready {
        command,
        shown: format!("go run . {part} (in benches/go)"),
        tag: "",
    })
}

/// JMH with the jar that contains the native library.
pub(super) fn java(tree: &Tree) -> Result<Ready> {
    java::jar(tree)?;
    let directory = tree.root.join("benches/java");
    let mut maven = run::command("mvn", &directory);
    run::capture(maven.args(["-B", "-ntp", "-q", "clean", "process-classes"]))?;
    let mut command = pinned(Path::new("java"), &directory, true);
    command.args(["-cp", "target/classes:target/lib/*"]);
    command.arg("org.libmpass.bench.Main");
    Ok(Ready {
        command,
        shown: "java -cp 'target/classes:target/lib/*' org.libmpass.bench.Main (in benches/java)"
            .into(),
        tag: "",
    })
}

/// The npm package in Node.js.
pub(super) fn node(tree: &Tree) -> Result<Ready> {
    small::package(tree, None)?;
    let directory = tree.target.join("bench-js");
    wasm::copy(&tree.root.join("benches/js"), &directory)?;
    npm::install(&directory, &[])?;
    let mut command = pinned(Path::new("node"), &directory, true);
    command.args(["--experimental-wasm-modules", "bench.js"]);
    command.arg(wasm::package(tree));
    Ok(Ready {
        command,
        shown: "node --experimental-wasm-modules bench.js PACKAGE (in benches/js)".into(),
        tag: "",
    })
}

/// The packed npm package as it is tested.
pub(super) fn edge(tree: &Tree) -> Result<Ready> {
    small::package(tree, None)?;
    let mut command = run::command("node", &js::project(tree)?);
    command.arg("beside/speed.js");
    Ok(Ready {
        command,
        shown: "node beside/speed.js (in wasm/js/test)".into(),
        tag: "",
    })
}
