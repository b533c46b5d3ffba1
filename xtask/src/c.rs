//! The C library as its users have it: installed, found with pkg-config, linked
//! statically and dynamically, and run under valgrind from C99 and C++11.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context, Result, bail};

use crate::install::install;
use crate::tree::Tree;
use crate::{coverage, run};

mod programs;
mod quick;

use self::programs::{STRICT, pkg_config, valgrind};

/// The JSON library, by its pkg-config name.
const JSON: &str = "json-c";

/// A language of the test programs.
struct Language {
    name: &'static str,
    /// The prefix of its coverage files.
    file: &'static str,
    compiler: &'static str,
    options: &'static [&'static str],
}

const LANGUAGES: &[Language] = &[
    Language {
        name: "C99",
        file: "c99",
        compiler: "cc",
        options: &["-x", "c", "-std=c99", "-D_DEFAULT_SOURCE"],
    },
    Language {
        name: "C++11",
        file: "c++11",
        compiler: "c++",
        options: &["-x", "c++", "-std=c++11"],
    },
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Linked {
    Shared,
    Static,
}

impl Linked {
    const fn name(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Static => "static",
        }
    }
}

fn program_name(language: &Language, linked: Linked) -> String {
    format!("check-{}-{}", language.name, linked.name())
}

/// Runs everything.
pub(crate) fn check(tree: &Tree) -> Result<Vec<String>> {
    let directory = tree.target.join("c");
    let prefix = directory.join("prefix");
    install(tree, &prefix, "dev")?;
    check_soname(&prefix, tree)?;
    let vectors = tree.root.join("tests/vectors");
    let vectors = vectors.to_str().context("the path is not UTF-8")?;
    // In parallel, because valgrind uses one processor at a time.
    let check = &|language| check_language(tree, language, &prefix, vectors);
    thread::scope(|scope| {
        let threads: Vec<_> = LANGUAGES
            .iter()
            .map(|language| scope.spawn(move || check(language)))
            .collect();
        let mut results = threads.into_iter().map(|thread| match thread.join() {
            Ok(result) => result,
            Err(_) => bail!("a check of C panicked"),
        });
        results.try_for_each(|result| result)
    })?;
    check_cmake(tree, &prefix, &directory)?;
    let mut lines = vec![quick::check(tree, &prefix)?];
    lines.extend(check_server(tree, &prefix)?);
    Ok(lines)
}

/// Runs the test programs of a language, linked both ways, and checks that a
/// panic becomes a status.
fn check_language(tree: &Tree, language: &Language, prefix: &Path, vectors: &str) -> Result<()> {
    for linked in [Linked::Shared, Linked::Static] {
        let program = compile(tree, language, linked, prefix)?;
        let mut valgrind = valgrind(tree, prefix);
        let row = format!("{}-{}", language.file, linked.name());
        coverage::counted_as(&mut valgrind, tree, &row)?;
        to_its_end(valgrind.arg(program).arg(vectors))?;
    }
    let shared = prefix.join(program_name(language, Linked::Shared));
    let mut valgrind = valgrind(tree, prefix);
    valgrind.env("MPASS_DELIBERATE_PANIC", "1");
    to_its_end(valgrind.arg(shared).arg("panic"))
}

fn check_soname(prefix: &Path, tree: &Tree) -> Result<()> {
    let mut readelf = run::command("readelf", &tree.root);
    let shown = run::capture(readelf.arg("-d").arg(prefix.join("lib/libmpass.so")))?;
    let target = fs::read_link(prefix.join("lib/libmpass.so"))?;
    let target = target.to_string_lossy();
    if !shown.contains(&format!("soname: [{target}]")) {
        bail!("the soname of libmpass.so is not {target}\n{shown}");
    }
    Ok(())
}

fn compile(tree: &Tree, language: &Language, linked: Linked, prefix: &Path) -> Result<PathBuf> {
    let program = prefix.join(program_name(language, linked));
    let mut compiler = run::command(language.compiler, &tree.root);
    compiler.args(language.options).args(STRICT);
    compiler.args(pkg_config(tree, prefix, &["--cflags", "mpass"])?);
    for source in sources(tree)? {
        compiler.arg(source);
    }
    compiler.args(["-x", "none", "-o"]).arg(&program);
    match linked {
        Linked::Shared => compiler.args(pkg_config(tree, prefix, &["--libs", "mpass"])?),
        // The archive by its path: the linker would prefer the shared library
        // in the same directory.
        Linked::Static => {
            let libs = pkg_config(tree, prefix, &["--static", "--libs", "mpass"])?;
            let libs = libs.into_iter().filter(|word| word != "-lmpass");
            compiler.arg(prefix.join("lib/libmpass.a")).args(libs)
        }
    };
    compiler.args(pkg_config(tree, prefix, &["--libs", JSON])?);
    compiler.arg("-lpthread");
    run::capture(&mut compiler)?;
    Ok(program)
}

/// Compiles an example against the installed files and a system library, and returns the
/// program.
pub(crate) fn compile_example(
    tree: &Tree,
    prefix: &Path,
    name: &str,
    sources: &[&str],
    options: &[&str],
    library: &str,
) -> Result<PathBuf> {
    let program = prefix.join(name);
    let mut compiler = run::command("cc", &tree.root);
    compiler.args(STRICT).args(options).args(sources);
    compiler.arg("-o").arg(&program);
    let packages = ["--cflags", "--libs", "mpass", library];
    compiler.args(pkg_config(tree, prefix, &packages)?);
    run::capture(compiler.arg("-lpthread"))?;
    Ok(program)
}

fn sources(tree: &Tree) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(tree.root.join("ffi/tests/c"))?;
    let mut sources = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    sources.retain(|path| path.extension().is_some_and(|extension| extension == "c"));
    sources.sort();
    Ok(sources)
}

/// Runs a test program, which prints `passed` as its last action.
fn to_its_end(command: &mut Command) -> Result<()> {
    let output = run::capture(command)?;
    if !output.lines().any(|line| line == "passed") {
        bail!("a test program did not run to completion\n{output}");
    }
    Ok(())
}

/// Builds examples/c-server using only the installed files, and runs the
/// scenarios for hosts against it.
fn check_server(tree: &Tree, prefix: &Path) -> Result<Vec<String>> {
    let program = prefix.join("c-server");
    let mut compiler = run::command("cc", &tree.root);
    compiler
        .args(["-std=c99", "-D_DEFAULT_SOURCE"])
        .args(STRICT);
    compiler
        .args(["examples/c-server/server.c", "-o"])
        .arg(&program);
    compiler.args(pkg_config(
        tree,
        prefix,
        &["--cflags", "--libs", "mpass", "libmicrohttpd", "sqlite3"],
    )?);
    run::capture(compiler.arg("-lpthread"))?;
    let mut suite = run::cargo(&tree.root);
    suite.env("MPASS_C_SERVER", &program);
    suite.env("LD_LIBRARY_PATH", prefix.join("lib"));
    coverage::counted_as(&mut suite, tree, "c99-shared")?;
    // The packages of the step `tests`, so that nothing is built again.
    suite.args(["test", "--locked", "--workspace", "--exclude", "mpass-ffi"]);
    suite.args(["--test", "hosts"]);
    let output = run::capture(suite.args(["--", "--ignored", "c_server"]))?;
    let closing = output
        .lines()
        .filter(|line| line.starts_with("test result: "));
    let lines: Vec<String> = closing.map(|line| format!("c-server: {line}")).collect();
    if !lines.iter().any(|line| line.contains("ok. 2 passed")) {
        bail!("the scenarios of c-server did not run\n{output}");
    }
    Ok(lines)
}

/// Checks that CMake finds the static and the shared library.
fn check_cmake(tree: &Tree, prefix: &Path, directory: &Path) -> Result<()> {
    let source = directory.join("cmake");
    fs::create_dir_all(&source)?;
    fs::write(
        source.join("CMakeLists.txt"),
        "cmake_minimum_required(VERSION 3.16)\n\
         project(probe C)\n\
         find_package(mpass 0.1 REQUIRED CONFIG)\n\
         foreach(way mpass mpass_static)\n\
         add_executable(with_${way} main.c)\n\
         target_link_libraries(with_${way} PRIVATE mpass::${way})\n\
         endforeach()\n",
    )?;
    fs::write(
        source.join("main.c"),
        "#include <mpass.h>\n\
         int main(void) { return mpass_abi_version() == MPASS_ABI_VERSION ? 0 : 1; }\n",
    )?;
    let build = source.join("build");
    let mut configure = run::command("cmake", &tree.root);
    configure.arg("-S").arg(&source).arg("-B").arg(&build);
    configure.arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display()));
    run::capture(&mut configure)?;
    run::capture(run::command("cmake", &tree.root).arg("--build").arg(&build))?;
    for program in ["with_mpass", "with_mpass_static"] {
        run::capture(&mut run::command(build.join(program), &tree.root))?;
    }
    Ok(())
}
