//! The sources of the npm package, and the modules that have glue of wasm-bindgen.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use wasm_bindgen_cli_support::Bindgen;

use crate::target::Compiler;
use crate::tree::Tree;
use crate::{paths, run};

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "whole";
/// The entries whose modules have glue, and the features of mpass-wasm that they
/// need.
const ENTRIES: &[(&str, &str)] = &[("mpass", ""), ("login", "login")];
/// The options of `wasm-opt` for these modules.
const OPTIONS: &[&str] = &["-Os", "--converge", "--reorder-functions"];
const MODULE: &str = "mpass_bg.wasm";
/// Entries of `wasm/js` that are not part of the package.
const NOT_PACKED: &[&str] = &["build", "test", "node_modules", "glue"];
const LICENCES: &[&str] = &["LICENSE-APACHE", "LICENSE-MIT"];
/// The features of WebAssembly that `wasm-opt` may meet and use.
pub(crate) const FEATURES: [&str; 7] = [
    "bulk-memory",
    "multivalue",
    "mutable-globals",
    "nontrapping-float-to-int",
    "reference-types",
    "sign-ext",
    "simd",
];
/// The line of the manifest that those about the repository precede.
const LICENSE: &str = "  \"license\": ";
/// Text that must not occur in the glue.
const FORBIDDEN: &[&str] = &["eval(", "new Function"];

/// The directory of the assembled package.
pub(crate) fn package(tree: &Tree) -> PathBuf {
    tree.target.join("npm").join("libmpass")
}

/// Builds the modules that have glue, which goes to `glue` in the directory of
/// modules; returns lines with their sizes.
pub(crate) fn build(tree: &Tree, tools: &Path, modules: &Path) -> Result<Vec<String>> {
    let compiler = Compiler::of(TARGET, tree)?;
    let mut lines: Vec<String> = compiler.note().into_iter().collect();
    for (entry, features) in ENTRIES {
        let mut cargo = compiler.cargo(tree, "build", "std,panic_abort")?;
        // All supported engines have SIMD; see docs/PLATFORM.md.
        paths::remap(&mut cargo, tree, &["-Ctarget-feature=+simd128"])?;
        cargo.args(["--locked", "-p", "mpass-wasm", "--profile", PROFILE]);
        cargo.args(["--no-default-features", "--features", features]);
        run::capture(&mut cargo)?;

        let glue = modules.join("glue").join(entry);
        bind(
            &compiler.output(tree, PROFILE).join("mpass_wasm.wasm"),
            &glue,
        )?;
        let file = modules.join(format!("{entry}.wasm"));
        optimise(tools, OPTIONS, &glue.join(MODULE), &file)?;
        lines.push(size(&file)?);
    }
    Ok(lines)
}

/// Copies the sources of the package, whose manifest names `repository`.
pub(crate) fn assemble(tree: &Tree, repository: Option<&str>) -> Result<()> {
    let package = package(tree);
    if package.exists() {
        fs::remove_dir_all(&package)?;
    }
    copy(&tree.root.join("wasm/js"), &package)?;
    copy(&tree.root.join("stores/layout"), &package.join("layout"))?;
    for licence in LICENCES {
        fs::copy(tree.root.join(licence), package.join(licence))?;
    }
    if let Some(repository) = repository {
        let manifest = package.join("package.json");
        let named = with_repository(&fs::read_to_string(&manifest)?, repository)?;
        fs::write(&manifest, named)?;
    }
    check_version(tree, &package)
}

/// A manifest with a repository. The sources name none: the package may be published from
/// any, and `npm publish --provenance` checks that it is the one that built it.
fn with_repository(manifest: &str, url: &str) -> Result<String> {
    if !url.starts_with("https://") {
        bail!("the repository must begin with https://, not {url:?}");
    }
    let url = url.trim_end_matches('/').trim_end_matches(".git");
    // As text, since the order of what is exported matters.
    let (before, after) = manifest
        .split_once(LICENSE)
        .context("the manifest has no license")?;
    let named = format!(
        "  \"homepage\": \"{url}#readme\",\n  \"repository\": {{\n    \"type\": \"git\",\n    \
         \"url\": \"git+{url}.git\",\n    \"directory\": \"wasm/js\"\n  }},\n"
    );
    Ok(format!("{before}{named}{LICENSE}{after}"))
}

/// Copies a directory recursively.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if NOT_PACKED.iter().any(|kept| name == *kept) {
            continue;
        }
        let target = to.join(&name);
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Checks that the package has the version of the workspace.
fn check_version(tree: &Tree, package: &Path) -> Result<()> {
    let text = fs::read_to_string(package.join("package.json"))?;
    let json: serde_json::Value = serde_json::from_str(&text)?;
    let (found, version) = (json["version"].as_str(), tree.version.to_string());
    if found != Some(&version) {
        bail!("wasm/js/package.json has version {found:?}, Cargo.toml {version}");
    }
    Ok(())
}

/// Generates the module and its glue.
fn bind(module: &Path, glue: &Path) -> Result<()> {
    let mut output = Bindgen::new()
        .input_path(module)
        .out_name("mpass")
        .web(true)
        .and_then(|bindgen| {
            bindgen
                .typescript(false)
                .remove_name_section(true)
                .remove_producers_section(true)
                // The entry points locate the module.
                .omit_default_module_path(true)
                // A trapped instance is replaced by a new one.
                .reset_state_function(true)
                .generate_output()
        })
        .map_err(|error| anyhow!("wasm-bindgen: {error:#}"))?;
    for import in output.wasm_mut().imports.iter() {
        if import.module == "env" {
            bail!("the module imports env.{}", import.name);
        }
    }
    for word in FORBIDDEN {
        if output.js().contains(word) {
            bail!("the glue contains `{word}`");
        }
    }
    output
        .emit(glue)
        .map_err(|error| anyhow!("wasm-bindgen: {error:#}"))
}

/// Runs the `wasm-opt` of npm's binaryen with some options on a module.
pub(crate) fn optimise(tools: &Path, options: &[&str], built: &Path, file: &Path) -> Result<()> {
    let mut command = run::command("node", tools);
    command.arg("node_modules/binaryen/bin/wasm-opt");
    command.args(FEATURES.map(|feature| format!("--enable-{feature}")));
    command.args(["--strip-producers", "--strip-target-features"]);
    command.args(options).arg(built).arg("-o").arg(file);
    run::capture(&mut command).map(drop)
}

/// A line with the size of a module.
pub(crate) fn size(module: &Path) -> Result<String> {
    let bytes = fs::read(module).with_context(|| format!("{} is missing", module.display()))?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes)?;
    let packed = encoder.finish()?;
    Ok(format!(
        "{}: {} bytes, {} with gzip",
        module.file_name().unwrap_or_default().display(),
        bytes.len(),
        packed.len()
    ))
}

#[cfg(test)]
mod tests {
    use super::with_repository;

    #[test]
    fn the_manifest_names_the_repository_that_is_given() {
        let sources = include_str!("../../wasm/js/package.json");
        for url in [
            "https://git.example/mpass",
            "https://git.example/mpass.git/",
        ] {
            let text = with_repository(sources, url).unwrap();
            let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(manifest["name"], "libmpass");
            let repository = &manifest["repository"];
            assert_eq!(repository["url"], "git+https://git.example/mpass.git");
            assert_eq!(manifest["homepage"], "https://git.example/mpass#readme");
        }
        assert!(with_repository(sources, "git@git.example:mpass").is_err());
    }
}
