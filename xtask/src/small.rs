//! The npm package: the modules of the small entries, with the operations of their
//! entries alone, and the scripts that `wasm/js/build/entries.js` makes for all.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use crate::target::Compiler;
use crate::tree::Tree;
use crate::{npm, paths, run, wasm};

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "small";
/// The modules and the features of mpass-module that they have. Where the module is a part
/// of the script, key URIs have one of their own, which programs of codes leave out.
const MODULES: &[(&str, &str)] = &[
    ("otp", "codes,uris"),
    ("oath", "ocra,uris"),
    ("challenge", "challenge,uris"),
    ("otp-codes", "codes"),
    ("oath-codes", "ocra"),
    ("challenge-codes", "challenge"),
    ("uris", "uris"),
];

/// The page with the sizes of the entries.
const PAGE: &str = "docs/SIZE.md";
const INTRODUCTION: &str = "\
# Size of the npm entries

`cargo xtask test --only js` writes this page. Each row of the first table is a program of
two lines that uses an entry of the installed package, bundled and minified by esbuild for
a page: script, modules and loader together. The test fails above the sizes that have been
reached (`wasm/js/test/sizes.js`). The second table has three programs with libmpass and
with other libraries (`wasm/js/test/beside`); their speed is in
[PERFORMANCE.md](PERFORMANCE.md#small-entries).

";

/// Builds the npm package; returns lines with the sizes of its modules. The manifest names
/// `repository`.
pub(crate) fn package(tree: &Tree, repository: Option<&str>) -> Result<Vec<String>> {
    let tools = npm::tools(tree)?;
    let modules = modules(tree);
    fs::create_dir_all(&modules)?;
    let mut lines = wasm::build(tree, &tools, &modules)?;
    let compiler = Compiler::of(TARGET, tree)?;
    for (name, features) in MODULES {
        let built = module(tree, &compiler, features)?;
        let file = modules.join(format!("{name}.wasm"));
        wasm::optimise(&tools, &["-Os", "--reorder-functions"], &built, &file)?;
        paths::check(tree, &file)?;
        lines.push(wasm::size(&file)?);
    }
    wasm::assemble(tree, repository)?;
    let mut build = run::command("node", &tree.root);
    build.arg("wasm/js/build/entries.js");
    build.arg(wasm::package(tree)).arg(&modules).arg(&tools);
    run::capture(&mut build)?;
    Ok(lines)
}

/// The directory of the modules, and of the internals for tests.
pub(crate) fn modules(tree: &Tree) -> PathBuf {
    tree.target.join("npm").join("modules")
}

/// Writes the page with a table of sizes if it differs; returns a line about it.
/// In continuous integration (`CI=true`), it is not written.
pub(crate) fn write_sizes(tree: &Tree, table: &str) -> Result<Option<String>> {
    let page = tree.root.join(PAGE);
    let text = format!("{INTRODUCTION}{table}");
    if fs::read_to_string(&page).is_ok_and(|held| held == text) {
        return Ok(None);
    }
    // Another compiler, or another path of the tree, changes a few bytes. The
    // budgets of the sizes are tested everywhere.
    if std::env::var_os("CI").is_some_and(|ci| ci == "true") {
        return Ok(Some(format!("{PAGE} is left as it is: other sizes here")));
    }
    fs::write(page, text)?;
    Ok(Some(format!("wrote {PAGE}")))
}

/// Builds a module with some features.
fn module(tree: &Tree, compiler: &Compiler<'_>, features: &str) -> Result<PathBuf> {
    let mut cargo = compiler.cargo(tree, "build", "core,alloc")?;
    // All supported engines have SIMD; see docs/PLATFORM.md. The threshold makes the
    // modules smallest after compression, and codes faster than none.
    let flags = [
        "-Ctarget-feature=+simd128",
        "-Cllvm-args=-inline-threshold=30",
    ];
    paths::remap(&mut cargo, tree, &flags)?;
    cargo.args(["--locked", "-p", "mpass-module", "--profile", PROFILE]);
    cargo.args(["--no-default-features", "--features", features]);
    run::capture(&mut cargo)?;
    Ok(compiler.output(tree, PROFILE).join("mpass_module.wasm"))
}
