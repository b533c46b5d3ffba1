//! The C header: generated from `ffi/`, committed, and compared in every test
//! run.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, Result, bail};
use cbindgen::{Builder, Config};
use log::{Level, LevelFilter, Log, Metadata, Record};

use crate::run;
use crate::tree::Tree;

/// Writes the header.
pub(crate) fn write(tree: &Tree) -> Result<()> {
    let path = path(tree);
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    fs::write(&path, generate(tree)?).with_context(|| format!("cannot write {}", path.display()))
}

/// Fails if the committed header is out of date.
pub(crate) fn check(tree: &Tree) -> Result<()> {
    let committed = fs::read(path(tree)).unwrap_or_default();
    if committed != generate(tree)? {
        bail!("include/mpass.h is out of date; run: cargo xtask header");
    }
    Ok(())
}

/// [`check`], and checks that C99 and C++11 compilers accept the header without
/// warnings.
pub(crate) fn check_compiled(tree: &Tree) -> Result<Vec<String>> {
    check(tree)?;
    let strict = ["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror"];
    for (compiler, language) in [("cc", ["c", "c99"]), ("c++", ["c++", "c++11"])] {
        let mut command = run::command(compiler, &tree.root);
        command.args(["-x", language[0], &format!("-std={}", language[1])]);
        // Included rather than compiled itself, which would add warnings such
        // as "#pragma once in main file".
        command
            .args(strict)
            .args(["-include", "include/mpass.h", "/dev/null"]);
        run::capture(&mut command)?;
    }
    #[cfg(target_os = "linux")]
    check_symbols(tree)?;
    Ok(Vec::new())
}

/// Checks that the shared library exports exactly what the header declares:
/// the generator omits a function created by a macro without a warning.
#[cfg(target_os = "linux")]
fn check_symbols(tree: &Tree) -> Result<()> {
    run::capture(run::cargo(&tree.root).args(["build", "--locked", "-p", "mpass-ffi"]))?;
    check_exports(tree, &tree.target.join("debug/libmpass.so"), Vec::new())
}

/// Fails unless a shared library exports exactly the functions of the header
/// and those of `more`.
pub(crate) fn check_exports(tree: &Tree, library: &Path, more: Vec<String>) -> Result<()> {
    let mut nm = run::command("nm", &tree.root);
    nm.args(["--dynamic", "--defined-only", "--format=just-symbols"]);
    let listed = run::capture(nm.arg(library))?;
    let header = fs::read_to_string(path(tree))?;
    let exported: BTreeSet<&str> = listed.lines().collect();
    let mut declared: BTreeSet<&str> = declared(&header).into_iter().collect();
    declared.extend(more.iter().map(String::as_str));
    if exported != declared {
        bail!(
            "{}: exported but not declared {:?}, declared but not exported {:?}",
            library.display(),
            exported.difference(&declared),
            declared.difference(&exported)
        );
    }
    Ok(())
}

/// The functions of a header: outside comments, the words before an opening
/// parenthesis that have the prefix of this library.
fn declared(header: &str) -> Vec<&str> {
    let is_comment = |line: &&str| line.trim_start().starts_with(['/', '*']);
    header
        .lines()
        .filter(|line| !is_comment(line))
        .flat_map(|line| line.split_inclusive('('))
        .filter_map(|part| part.strip_suffix('('))
        .filter_map(|part| part.rsplit([' ', '*']).next())
        .filter(|word| word.starts_with("mpass_"))
        .collect()
}

fn path(tree: &Tree) -> PathBuf {
    tree.root.join("include/mpass.h")
}

fn generate(tree: &Tree) -> Result<Vec<u8>> {
    log::set_logger(&WARNINGS)
        .map(|()| log::set_max_level(LevelFilter::Warn))
        .context("the header can be generated only once per run")?;
    let ffi = tree.root.join("ffi");
    let mut config = match Config::from_file(ffi.join("cbindgen.toml")) {
        Ok(config) => config,
        Err(error) => bail!("ffi/cbindgen.toml: {error}"),
    };
    config.after_includes = Some(version_macros(tree));
    let bindings = Builder::new()
        .with_config(config)
        .with_crate(&ffi)
        .generate()
        .context("cbindgen failed")?;
    let mut header = Vec::new();
    bindings.write(&mut header);
    // cbindgen omits a function that it does not understand and only warns;
    // such a header must not pass.
    let warnings = WARNINGS.take();
    if !warnings.is_empty() {
        bail!("cbindgen warns:\n{}", warnings.join("\n"));
    }
    Ok(header)
}

fn version_macros(tree: &Tree) -> String {
    let version = &tree.version;
    format!(
        "\n/* The version of this header; `mpass_version_string` returns the library's. */\n\
         #define MPASS_VERSION_MAJOR {}\n\
         #define MPASS_VERSION_MINOR {}\n\
         #define MPASS_VERSION_PATCH {}\n\
         #define MPASS_VERSION_STRING \"{version}\"",
        version.major, version.minor, version.patch
    )
}

static WARNINGS: Warnings = Warnings(Mutex::new(Vec::new()));

/// Collects the log messages of cbindgen.
struct Warnings(Mutex<Vec<String>>);

impl Warnings {
    fn take(&self) -> Vec<String> {
        let mut kept = self
            .0
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        core::mem::take(&mut kept)
    }
}

impl Log for Warnings {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= Level::Warn
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let mut kept = self
                .0
                .lock()
                .unwrap_or_else(|poisoned| poisoned.into_inner());
            kept.push(record.args().to_string());
        }
    }

    fn flush(&self) {}
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn functions_are_found_in_a_header() {
        let header = "/** `mpass_old(` */\n * mpass_note(\n#define MPASS_X(a) a\n\
                      uint32_t mpass_a(void);\nconst char *mpass_b(size_t (*f)(void));\n";
        assert_eq!(declared(header), ["mpass_a", "mpass_b"]);
    }
}
