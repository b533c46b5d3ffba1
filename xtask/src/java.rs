//! The Java package: built and tested with Maven and a library built for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::tree::Tree;
use crate::{coverage, header, install, paths, run};

/// Copies the libraries of the package.
const COPY: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
/// Prefixes of the output lines to show: the JDK and the number of tests.
const SHOWN: &[&str] = &["java ", "[INFO] Tests run: "];
/// The library, and its path in the jar.
const LIBRARY: &str = "libmpass.so";
const PACKED: &str = "native/linux-x86_64/libmpass.so";
/// Part of the JVM's warning if native access was not enabled.
const NATIVE_WARNING: &str = "restricted method";
/// The directory in which Debian and Temurin install JDKs.
const JDKS: &str = "/usr/lib/jvm";

/// Builds the jar, tests it on the JDK on the path, generates its documentation
/// without warnings, and tests it on JDK 25 if there is one.
pub(crate) fn check(tree: &Tree) -> Result<Vec<String>> {
    // The tests use a debug build, in which overflows and deliberate panics panic.
    let library = library(tree, "dev")?;
    check_natives(tree, &library.join(LIBRARY))?;
    check_version(tree)?;
    let goals = ["verify", "javadoc:javadoc"];
    let mut lines = tests(&maven(tree, &library, &goals)?)?;
    let Some(java) = jdk_25(Path::new(JDKS)) else {
        lines.push("no JDK 25 found: the Java tests ran on one JDK only".into());
        return Ok(lines);
    };
    let java = format!("-Djvm={}", java.display());
    let native = "-Dmpass.jvm=--enable-native-access=org.libmpass";
    let again = [
        "surefire:test@default-test",
        "surefire:test@jar",
        &java,
        native,
    ];
    let output = maven(tree, &library, &again)?;
    if output.contains(NATIVE_WARNING) {
        bail!("JDK 25 warns about native access\n{output}");
    }
    lines.extend(tests(&output)?);
    Ok(lines)
}

/// Builds the jar for users, with a release build.
pub(crate) fn jar(tree: &Tree) -> Result<()> {
    let library = library(tree, "release")?;
    // Without `clean`, Maven would pack an older library.
    maven(tree, &library, &["clean", "package", "-DskipTests"])?;
    let packed = tree.root.join("ffi/java/target/classes").join(PACKED);
    check_natives(tree, &packed)?;
    install::check_stripped(tree, &packed)?;
    paths::check(tree, &packed)
}

/// Builds the library with the natives and returns its directory, which is
/// separate because the library without them has the same name.
fn library(tree: &Tree, profile: &str) -> Result<PathBuf> {
    let target = tree.target.join("jni");
    let mut cargo = run::cargo(&tree.root);
    cargo.args(["build", "--locked", "-p", "mpass-ffi", "--lib"]);
    cargo.args(["--profile", profile, "--features", "jni"]);
    if profile == "release" {
        paths::remap(&mut cargo, tree, &[])?;
    }
    run::capture(cargo.arg("--target-dir").arg(&target))?;
    Ok(target.join(install::profile_directory(profile)))
}

fn maven(tree: &Tree, library: &Path, goals: &[&str]) -> Result<String> {
    let mut maven: Command = run::command("mvn", &tree.root);
    maven.args(["-B", "-ntp", "-f", "ffi/java/pom.xml"]);
    maven.arg(format!("-Dmpass.native={}", library.display()));
    coverage::counted(&mut maven, tree);
    run::capture(maven.args(goals))
}

/// The class path of the compiled package and of the libraries that its stores use.
pub(crate) fn class_path(tree: &Tree) -> Result<String> {
    let library = library(tree, "dev")?;
    let jars = tree.target.join("stores-jars");
    let output = format!("-DoutputDirectory={}", jars.display());
    maven(tree, &library, &["compile", COPY, &output])?;
    let classes = tree.root.join("ffi/java/target/classes");
    Ok(format!("{}:{}/*", classes.display(), jars.display()))
}

/// The lines to show; fails if no test ran.
fn tests(output: &str) -> Result<Vec<String>> {
    let shown = |line: &&str| SHOWN.iter().any(|begin| line.starts_with(begin));
    // Maven prints a count for each class, ending in its name, and a total.
    let lines: Vec<String> = output
        .lines()
        .filter(shown)
        .filter(|line| !line.contains(" -- in "))
        .map(|line| line.trim_start_matches("[INFO] ").to_owned())
        .collect();
    if !lines.iter().any(|line| line.starts_with("Tests run: ")) {
        bail!("Maven ran no test\n{output}");
    }
    Ok(lines)
}

/// Checks that the library exports the natives declared by the classes and the
/// C ABI, which is in the same crate.
fn check_natives(tree: &Tree, library: &Path) -> Result<()> {
    let mut declared = Vec::new();
    let classes = tree.root.join("ffi/java/src/main/java/org/libmpass");
    for entry in fs::read_dir(&classes).with_context(|| classes.display().to_string())? {
        let path = entry?.path();
        let class = path.file_stem().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(&path)?;
        declared
            .extend(native_methods(&text).map(|name| format!("Java_org_libmpass_{class}_{name}")));
    }
    if declared.is_empty() {
        bail!("{} declares no natives", classes.display());
    }
    header::check_exports(tree, library, declared)
}

/// Checks that the package and the README have the version of the workspace. The
/// version in the classes is compared when the library is loaded.
fn check_version(tree: &Tree) -> Result<()> {
    let version = &tree.version;
    for (file, expected) in [
        ("ffi/java/pom.xml", format!("<version>{version}</version>")),
        ("README.md", format!("libmpass-{version}.jar")),
    ] {
        if !fs::read_to_string(tree.root.join(file))?.contains(&expected) {
            bail!("{file} does not contain {expected}");
        }
    }
    Ok(())
}

/// The names of the native methods of a class.
fn native_methods(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| line.contains(" static native "))
        .filter_map(|line| line.split('(').next()?.rsplit(' ').next())
}

/// The `java` of a JDK 25 among those in a directory.
fn jdk_25(directory: &Path) -> Option<PathBuf> {
    let mut homes: Vec<PathBuf> = fs::read_dir(directory)
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .filter(|home| {
            let release = fs::read_to_string(home.join("release")).unwrap_or_default();
            release.contains("JAVA_VERSION=\"25")
        })
        .collect();
    homes.sort_unstable();
    homes.first().map(|home| home.join("bin/java"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn native_methods_are_found() {
        let class = "final class A {\n  static native byte[] b(long handle, byte[] input);\n}\n";
        assert_eq!(native_methods(class).collect::<Vec<_>>(), ["b"]);
    }

    #[test]
    fn the_closing_line_is_shown() {
        let output = "java 17.0.1+2\n[INFO] Tests run: 2, Failures: 0 -- in org.libmpass.A\n\
                      [INFO] Results:\n[INFO] Tests run: 2, Failures: 0\n";
        let lines = tests(output).unwrap();
        assert_eq!(lines, ["java 17.0.1+2", "Tests run: 2, Failures: 0"]);
        assert!(tests("[INFO] BUILD SUCCESS\n").is_err());
    }

    #[test]
    fn a_jdk_is_known_by_its_release() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(jdk_25(directory.path()), None);
        for (name, release) in [
            ("old", "JAVA_VERSION=\"17.0.1\"\n"),
            ("new", "JAVA_VERSION=\"25\"\n"),
        ] {
            let home = directory.path().join(name);
            fs::create_dir(&home).unwrap();
            fs::write(home.join("release"), release).unwrap();
        }
        assert_eq!(
            jdk_25(directory.path()),
            Some(directory.path().join("new/bin/java"))
        );
    }
}
