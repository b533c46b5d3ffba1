//! The npm package as its users get it: packed, installed into a separate
//! project, and run in every runtime.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::tree::Tree;
use crate::{browser, coverage, edge, npm, run, small, wasm};

/// The packages that tests of other crates use: an OpenID Connect client for the login,
/// a provider and a browser's driver for the portal.
const PEERS: &[&str] = &[
    "openid-client@6.8.9",
    "oidc-provider@9.13.3",
    "playwright-core@1.65.1",
    "axe-core@4.14.1",
];
/// The oldest supported Node.js, from npm; tested in addition to the machine's.
const OLDEST_NODE: &str = "node_modules/node-18/bin/node";

/// The entry that only workerd loads, which has no CommonJS.
const OF_WORKERD: &str = "durable-objects";

/// Builds, packs, installs and tests the package.
pub(crate) fn check(tree: &Tree) -> Result<Vec<String>> {
    let mut lines = small::package(tree, None)?;
    let project = project(tree)?;
    lines.push(types(&project)?);
    lines.push(lint(tree, &project)?);
    let node = PathBuf::from("node");
    lines.push(in_node(tree, "node", &node, &project)?);
    let oldest = project.join(OLDEST_NODE);
    if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        lines.push(in_node(tree, "node-18", &oldest, &project)?);
    } else {
        lines
            .push("not run in the oldest Node.js: npm provides it for Linux on x86-64 only".into());
    }
    lines.push(stores(&project)?);
    for (runner, runtime) in [
        ("chromium.js", "chromium"),
        ("workerd.js", "workerd"),
        ("durable-objects.js", "workerd"),
        ("edge-worker.js", "workerd"),
    ] {
        let mut command = run::command("node", &project);
        coverage::counted_as(&mut command, tree, runtime)?;
        let output = run::capture(command.arg(runner))?;
        let closing = output.lines().find(|line| line.contains(" passed, "));
        lines.push(closing.context("the runner printed no summary")?.into());
    }
    lines.push(browser::check(tree, &project, &tarball(tree))?);
    lines.extend(edge::check(tree, &project)?);
    lines.extend(entries(tree, &project)?);
    Ok(lines)
}

/// Runs bundles of the small entries, and writes the page with their sizes.
fn entries(tree: &Tree, project: &Path) -> Result<Vec<String>> {
    let run = |program: &str| run::capture(run::command("node", project).arg(program));
    let bundles = run("bundles.js")?;
    let loaded = loaded(tree, project)?;
    let guide = run("migrating.js")?;
    let sizes = format!("{}\n{}", run("sizes.js")?, run("beside/sizes.js")?);
    let speed = run("speed.js")?;
    let mut lines: Vec<String> = [bundles, guide, speed]
        .iter()
        .filter_map(|output| output.lines().last().map(Into::into))
        .collect();
    lines.push(loaded);
    lines.extend(small::write_sizes(tree, &sizes)?);
    Ok(lines)
}

/// Loads every entry in every runtime and from every bundler; returns the summary.
fn loaded(tree: &Tree, project: &Path) -> Result<String> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Ok("entries not loaded: npm has their runtimes for Linux on x86-64".into());
    }
    let mut node = run::command("node", project);
    coverage::counted(&mut node, tree);
    let output = run::capture(node.arg("loads/index.js"))?;
    let summary = output.lines().find(|line| line.contains(" passed, "));
    Ok(summary.context("the entries printed no summary")?.into())
}

/// Creates a project with the installed package; of the tree it contains only
/// the tests.
pub(crate) fn project(tree: &Tree) -> Result<PathBuf> {
    let project = tree.target.join("npm").join("project");
    // Keep what npm installed before, except for the package itself.
    fs::create_dir_all(&project)?;
    for stale in ["cases", "loads", "stores", "node_modules/libmpass"] {
        let stale = project.join(stale);
        if stale.exists() {
            fs::remove_dir_all(stale)?;
        }
    }
    wasm::copy(&tree.root.join("wasm/js/test"), &project)?;
    for page in ["README.md", "docs/MIGRATING.md"] {
        let page = tree.root.join(page);
        fs::copy(&page, project.join(page.file_name().unwrap_or_default()))?;
    }
    let example = "edge-worker";
    wasm::copy(
        &tree.root.join("examples").join(example),
        &project.join(example),
    )?;
    for internal in ["internals.js", "mpass.wasm"] {
        fs::copy(small::modules(tree).join(internal), project.join(internal))?;
    }
    for (directory, module) in [
        ("tests/vectors", "vectors.js"),
        ("tests", "cases/misuses.js"),
    ] {
        let mut write = run::command("node", &project);
        write.arg("write-vectors.js").arg(tree.root.join(directory));
        run::capture(write.arg(module))?;
    }
    run::capture(
        npm::command(&wasm::package(tree))
            .arg("pack")
            .arg("--pack-destination")
            .arg(&project),
    )?;
    npm::install(&project, &[tarball(tree).as_str()])?;
    Ok(project)
}

/// Installs the packages that tests of other crates use, and returns their
/// directory.
pub(crate) fn peers(tree: &Tree) -> Result<PathBuf> {
    let directory = tree.target.join("npm").join("peers");
    let is_held = |peer: &str| {
        let (name, version) = peer.split_once('@').unwrap_or_default();
        let manifest = directory
            .join("node_modules")
            .join(name)
            .join("package.json");
        let version = format!("\"version\": \"{version}\"");
        fs::read_to_string(manifest).is_ok_and(|text| text.contains(&version))
    };
    if !PEERS.iter().all(|peer| is_held(peer)) {
        fs::create_dir_all(&directory)?;
        npm::install(&directory, &[&["--prefix", "."], PEERS].concat())?;
    }
    Ok(directory)
}

/// The compilers that the types are checked with: the newest, and the last one whose
/// `Uint8Array` is not generic.
const COMPILERS: &[&str] = &["typescript", "typescript-5.6"];

/// Checks the type declarations with strict compilers, also with the types of the
/// Workers runtime in place of a browser's.
fn types(project: &Path) -> Result<String> {
    let mut versions = Vec::new();
    for compiler in COMPILERS {
        let program = format!("node_modules/{compiler}/bin/tsc");
        let compile = |options: &[&str]| {
            let mut tsc = run::command("node", project);
            run::capture(tsc.arg(&program).args(options))
        };
        for settings in [
            "tsconfig.json",
            "tsconfig.plain.json",
            "tsconfig.workers.json",
        ] {
            compile(&["-p", settings])?;
        }
        let version = compile(&["--version"])?;
        versions.push(version.trim().trim_start_matches("Version ").to_owned());
    }
    Ok(format!("types: accepted by tsc {}", versions.join(" and ")))
}

/// Checks the manifest and what it exports with publint and are-the-types-wrong.
fn lint(tree: &Tree, project: &Path) -> Result<String> {
    let tarball = tarball(tree);
    let mut publint = run::command("node", project);
    publint.args(["node_modules/publint/src/cli.js", "--strict"]);
    run::capture(publint.arg(&tarball))?;
    let manifest = fs::read_to_string(wasm::package(tree).join("package.json"))?;
    let manifest: serde_json::Value = serde_json::from_str(&manifest)?;
    let paths = manifest["exports"].as_object().context("no exports")?;
    let mut others = vec!["--exclude-entrypoints", OF_WORKERD];
    // Modules have no types.
    let modules = paths.keys().filter(|path| path.ends_with(".wasm"));
    others.extend(modules.map(|path| &path[2..]));
    let of_workerd = ["--entrypoints", OF_WORKERD];
    for options in [
        &others[..],
        &[&of_workerd[..], &["--ignore-rules", "cjs-resolves-to-esm"]].concat(),
    ] {
        let mut attw = run::command("node", project);
        attw.arg("node_modules/@arethetypeswrong/cli/dist/index.js");
        attw.args(["--quiet", "--profile", "node16"]).args(options);
        run::capture(attw.args(["--", &tarball]))?;
    }
    Ok("package: accepted by publint and are-the-types-wrong".into())
}

/// The file that `npm pack` writes into the project.
fn tarball(tree: &Tree) -> String {
    format!("./libmpass-{}.tgz", tree.version)
}

/// The tests that need no server.
const TESTS: &[&str] = &[
    "durable-store.test.js",
    "entries.test.js",
    "internals.test.js",
    "node.test.js",
    "packed.test.js",
    "readme.test.js",
    "uris.test.js",
    "wiped.test.js",
];
/// The tests of the stores over Redis and PostgreSQL, which they start.
const STORES: &[&str] = &["stores/outsider.test.js", "stores/stores.test.js"];

/// Runs every test in one Node.js and returns its summary as one line.
fn in_node(tree: &Tree, runtime: &str, node: &Path, project: &Path) -> Result<String> {
    let version = run::capture(run::command(node, project).arg("--version"))?;
    let mut test = run::command(node, project);
    coverage::counted_as(&mut test, tree, runtime)?;
    let version = version.trim().trim_start_matches('v');
    tests(&format!("Node {version}"), test, TESTS)
}

/// Runs the tests of the stores and returns their summary as one line.
fn stores(project: &Path) -> Result<String> {
    let test = run::command("node", project);
    tests("libmpass/stores on Redis and PostgreSQL", test, STORES)
}

/// Runs files of tests with Node's runner and returns its summary as one line.
fn tests(what: &str, mut node: Command, files: &[&str]) -> Result<String> {
    node.args(["--test", "--test-reporter=tap"]).args(files);
    let output = run::capture(&mut node)?;
    let count = |name: &str| {
        let begin = format!("# {name} ");
        let mut lines = output.lines();
        lines.find_map(|line| line.strip_prefix(&begin)?.parse::<u32>().ok())
    };
    let (Some(passed), Some(failed)) = (count("pass"), count("fail")) else {
        bail!("node printed no summary\n{output}");
    };
    if passed == 0 || failed != 0 {
        bail!("node passed {passed} and failed {failed}\n{output}");
    }
    Ok(format!("{what}: {passed} passed, {failed} failed"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// The packages of the tests are those of the lock file, which is made by
    /// `npm install --package-lock-only --omit-lockfile-registry-resolved`.
    #[test]
    fn the_lock_file_has_the_packages_of_the_manifest() {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wasm/js/test");
        let read = |name: &str| -> serde_json::Value {
            let text = std::fs::read_to_string(tests.join(name)).unwrap();
            serde_json::from_str(&text).unwrap()
        };
        let (manifest, lock) = (read("package.json"), read("package-lock.json"));
        for kind in ["devDependencies", "optionalDependencies"] {
            assert_eq!(manifest[kind], lock["packages"][""][kind], "{kind}");
        }
    }
}
