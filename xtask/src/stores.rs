//! The stores in Redis and PostgreSQL, crosswise: what a program in one language issues
//! is verified by those in the others, for a tenant that another one created.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context, Result, anyhow, bail, ensure};

use crate::c::compile_example;
use crate::tree::Tree;
use crate::{install, java, js, python, run, small};

mod servers;

use self::servers::Server;

/// The answer of the contract to a right code.
const ACCEPTED: &str = r#""status":"0""#;
/// The answer to the same code once more.
const USED: &str = r#""status":"3""#;

/// A program of `examples/` with the common command line, by store.
struct Program {
    language: &'static str,
    /// The program and its first arguments, for Redis and for PostgreSQL.
    words: [Vec<String>; 2],
    library: PathBuf,
}

impl Program {
    /// The command for a store.
    fn command(&self, store: &Store<'_>, arguments: &[&str]) -> Result<Command> {
        let (program, first) = self.words[store.kind].split_first().context("no program")?;
        let mut command = run::command(program, store.directory);
        command.args(first).arg(&store.url).arg("KEYRING");
        command.env("LD_LIBRARY_PATH", &self.library);
        command.args(arguments);
        Ok(command)
    }

    /// The lines that it prints to standard output.
    fn lines(&self, store: &Store<'_>, arguments: &[&str]) -> Result<Vec<String>> {
        let output = self.command(store, arguments)?.output()?;
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() {
            let error = String::from_utf8_lossy(&output.stderr);
            // The arguments have keys and codes.
            bail!("{} failed\n{}{error}", self.language, printed);
        }
        Ok(printed.lines().map(Into::into).collect())
    }
}

/// A running store.
struct Store<'a> {
    name: &'static str,
    kind: usize,
    url: String,
    directory: &'a Path,
}

/// Builds the programs, starts the servers and runs the matrix on both.
pub(crate) fn check(tree: &Tree) -> Result<Vec<String>> {
    let programs = [
        c(tree)?,
        python(tree)?,
        javascript(tree)?,
        java(tree)?,
        rust(tree)?,
    ];
    let directory = tempfile::tempdir()?;
    let [redis, postgres] = [Server::redis()?, Server::postgres()?];
    let probed = [Server::redis()?, Server::postgres()?];
    let store = |kind: usize, server: &Server| Store {
        name: ["Redis", "PostgreSQL"][kind],
        kind,
        url: server.url.clone(),
        directory: directory.path(),
    };
    let python = &programs[1].words[0];
    let mut keyring = run::command(&python[0], directory.path());
    keyring.env("LD_LIBRARY_PATH", &programs[1].library);
    let text = run::capture(keyring.args(&python[1..]).arg("keyring"))?;
    fs::write(directory.path().join("KEYRING"), text)?;
    let on = |kind: usize, server: &Server, other: &Server| -> Result<Vec<String>> {
        for program in &programs {
            let printed = program.lines(&store(kind, other), &["probe"])?;
            ensure!(printed == ["probe 0"], "{}: {printed:?}", program.language);
        }
        matrix(&programs, &store(kind, server))
    };
    // Most of the time is the start of programs.
    let (on_redis, on_postgres) = thread::scope(|scope| {
        let on_redis = scope.spawn(|| on(0, &redis, &probed[0]));
        let on_postgres = on(1, &postgres, &probed[1]);
        (on_redis.join(), on_postgres)
    });
    let mut lines = on_redis.map_err(|_| anyhow!("the programs on Redis were not run"))??;
    lines.extend(on_postgres?);
    let mut tests = run::command(&python[0], &tree.root);
    tests.arg("examples/python/test_store.py");
    let output = run::capture(tests.args(probed.iter().map(|server| &server.url)))?;
    let closing = output.lines().find(|line| line.starts_with("Ran "));
    lines.push(format!("Python: {}", closing.context("no test ran")?));
    Ok(lines)
}

/// Each program issues for each to verify, on the tenant of the next one.
fn matrix(programs: &[Program], store: &Store<'_>) -> Result<Vec<String>> {
    let mut keys = Vec::new();
    for program in programs {
        let printed = program.lines(store, &["tenant", program.language])?;
        keys.push(printed.first().context("no key")?.clone());
    }
    let mut lines = Vec::new();
    for (row, issuer) in programs.iter().enumerate() {
        let key = &keys[(row + 1) % keys.len()];
        let mut verified = Vec::new();
        for (column, verifier) in programs.iter().enumerate() {
            let number = format!("9665000000{row}{column}");
            exchange(store, issuer, verifier, key, &number)
                .with_context(|| format!("{}, issued by {}", store.name, issuer.language))?;
            verified.push(verifier.language);
        }
        lines.push(format!(
            "{}: issued by {}, verified by {}",
            store.name,
            issuer.language,
            verified.join(", ")
        ));
    }
    Ok(lines)
}

/// A code that one issues and the other accepts, once.
fn exchange(
    store: &Store<'_>,
    issuer: &Program,
    verifier: &Program,
    key: &str,
    number: &str,
) -> Result<()> {
    let issued = issuer.lines(store, &["issue", key, number])?;
    let [code, sent] = issued.as_slice() else {
        bail!("{} issued no code: {} lines", issuer.language, issued.len());
    };
    ensure!(sent.contains(ACCEPTED), "{}: {sent}", issuer.language);
    let verify = ["verify", key, number, code];
    for (program, wanted) in [(verifier, ACCEPTED), (issuer, USED)] {
        // One's own second time is tested once.
        if wanted == USED && issuer.language == verifier.language {
            continue;
        }
        let printed = program.lines(store, &verify)?.concat();
        ensure!(printed.contains(wanted), "{}: {printed}", program.language);
    }
    Ok(())
}

fn c(tree: &Tree) -> Result<Program> {
    let prefix = tree.target.join("c").join("prefix");
    install::install(tree, &prefix, "dev")?;
    let layout = format!("-Wa,-I{}", tree.root.join("stores/layout").display());
    let built = |name: &str, source: &str, library: &str| -> Result<Vec<String>> {
        let sources = [source, "examples/c-redis/main.c"];
        let options = ["-std=gnu99", "-Iexamples/c-redis", layout.as_str()];
        let program = compile_example(tree, &prefix, name, &sources, &options, library)?;
        Ok(vec![program.display().to_string()])
    };
    Ok(Program {
        language: "C",
        words: [
            built("c-redis", "examples/c-redis/redis.c", "hiredis")?,
            built("c-postgres", "examples/c-postgres/postgres.c", "libpq")?,
        ],
        library: prefix.join("lib"),
    })
}

/// A program with one file for both stores.
fn both(language: &'static str, words: Vec<String>, library: PathBuf) -> Program {
    Program {
        language,
        words: [words.clone(), words],
        library,
    }
}

fn python(tree: &Tree) -> Result<Program> {
    let program = tree.root.join("examples/python/main.py");
    let words = [python::stores(tree)?, program];
    let words = words.map(|word| word.display().to_string()).to_vec();
    Ok(both("Python", words, tree.target.join("c/prefix/lib")))
}

/// Uses the package that the step `js` has built, or builds it.
fn javascript(tree: &Tree) -> Result<Program> {
    let project = tree.target.join("npm/project");
    let installed = "node_modules/libmpass/stores/redis.js";
    if !project.join(installed).exists() {
        small::package(tree, None)?;
        js::project(tree)?;
    }
    let program = project.join("stores/main.js");
    fs::create_dir_all(project.join("stores"))?;
    fs::copy(tree.root.join("examples/js-stores/main.js"), &program)?;
    let words = vec!["node".into(), program.display().to_string()];
    Ok(both("JavaScript", words, PathBuf::new()))
}

fn java(tree: &Tree) -> Result<Program> {
    let path = java::class_path(tree)?;
    let classes = tree.target.join("stores-java");
    let mut javac = run::command("javac", &tree.root);
    javac.args(["-Xlint:all,-path", "-Werror", "-cp", &path, "-d"]);
    run::capture(javac.arg(&classes).arg("examples/java-stores/Main.java"))?;
    let path = format!("{}:{path}", classes.display());
    // Fast to start.
    let words = ["java", "-XX:TieredStopAtLevel=1", "-cp", &path, "Main"];
    let words = words.map(Into::into).to_vec();
    Ok(both("Java", words, PathBuf::new()))
}

/// The example of `stores/`, with the features of the workspace's tests.
fn rust(tree: &Tree) -> Result<Program> {
    let mut cargo = run::cargo(&tree.root);
    cargo.args(["build", "--locked", "--workspace", "--exclude", "mpass-ffi"]);
    run::capture(cargo.args(["--example", "contract"]))?;
    let program = tree.target.join("debug/examples/contract");
    let words = vec![program.display().to_string()];
    Ok(both("Rust", words, PathBuf::new()))
}
