//! `cargo xtask bench`: measures libmpass and other libraries in one run, and
//! generates the performance page.

mod flame;
mod foreign;
mod machine;
mod page;
mod plot;
mod results;
mod sections;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::tools::{self, Need};
use crate::tree::Tree;
use crate::{install, python, run};
use results::{Results, Run, Written};
use sections::{Bench, Brought, Program, SECTIONS, Section};

pub(crate) use flame::flame;
pub(crate) use page::{check, write};

/// The variable with the results file, for benchmarks.
const RESULTS: &str = "MPASS_BENCH_RESULTS";

pub(crate) fn list() {
    for section in SECTIONS {
        println!("{:8} {}", section.name, section.about);
    }
}

/// Runs the named sections, or all of them. Each section is written when it
/// ends, so that an interrupted run can be continued with `--only`.
pub(crate) fn run(tree: &Tree, only: &[String]) -> Result<()> {
    let sections = select(only)?;
    let needs: Vec<Need> = sections.iter().flat_map(|s| s.needs).copied().collect();
    tools::provide(&needs, &tree.root)?;
    for section in sections {
        println!("{}: {}", section.name, section.about);
        let began = Instant::now();
        let run = measure(tree, section).with_context(|| format!("section {}", section.name))?;
        println!(
            "  {} figures in {:.0} s",
            run.figures.len(),
            began.elapsed().as_secs_f64()
        );
        let mut results = Results::read(tree)?;
        results.sections.insert(section.name.to_owned(), run);
        results.write(tree)?;
    }
    write(tree)
}

fn select(only: &[String]) -> Result<Vec<&'static Section>> {
    for name in only {
        if !SECTIONS.iter().any(|section| section.name == name) {
            bail!("unknown section {name}; `cargo xtask bench --list` lists the sections");
        }
    }
    let is_meant =
        |section: &&Section| only.is_empty() || only.iter().any(|name| name == section.name);
    Ok(SECTIONS.iter().filter(is_meant).collect())
}

/// Builds everything first, then runs the programs in turn.
fn measure(tree: &Tree, section: &Section) -> Result<Run> {
    let mut ready = Vec::new();
    for program in section.programs {
        ready.push(prepare(tree, program)?);
    }
    let mut written = Written::default();
    for round in 1..=section.rounds {
        println!("  round {round} of {}", section.rounds);
        for program in &mut ready {
            let file = tempfile::NamedTempFile::new()?;
            program.command.env(RESULTS, file.path());
            run::capture(&mut program.command)?;
            written.collect(&fs::read_to_string(file.path())?, program.tag)?;
        }
    }
    let Written {
        mut figures,
        backends,
    } = written;
    if figures.is_empty() {
        bail!("no results");
    }
    results::settle(&mut figures);
    Ok(Run {
        date: machine::today(tree)?,
        machine: machine::Machine::this(tree)?,
        versions: machine::versions(tree)?,
        commands: ready.into_iter().map(|program| program.shown).collect(),
        rounds: section.rounds,
        backends,
        figures,
    })
}

/// A program that is ready to run.
struct Ready {
    command: Command,
    /// The command as shown on the page.
    shown: String,
    /// A suffix for the names of its figures.
    tag: &'static str,
}

fn prepare(tree: &Tree, program: &Program) -> Result<Ready> {
    match program {
        Program::Bench(bench) => prepare_bench(tree, bench),
        Program::Go(part) => foreign::go(tree, part),
        Program::Java => foreign::java(tree),
        Program::Node => foreign::node(tree),
    }
}

fn prepare_bench(tree: &Tree, bench: &Bench) -> Result<Ready> {
    let package = [
        "bench",
        "--locked",
        "-p",
        "mpass-benches",
        "--bench",
        bench.name,
    ];
    let mut cargo = run::cargo(&tree.root);
    cargo
        .args(package)
        .args(["--no-run", "--message-format=json"]);
    let (mut shown, mut tag) = (String::new(), "");
    let mut target = tree.target.clone();
    if let Some(build) = bench.build {
        cargo.env("RUSTFLAGS", build.rustflags);
        target = target.join(build.directory);
        shown = format!("RUSTFLAGS='{}' ", build.rustflags);
        tag = build.tag;
    }
    // Cargo's messages contain the path of the program.
    let messages = run::capture(cargo.arg("--target-dir").arg(&target))?;
    let binary = executable(&messages, bench.name).context("cargo reported no program")?;
    let mut command = pinned(&binary, &tree.root.join("benches"), bench.is_single);
    command.arg("--bench");
    command
        .args(bench.arguments.split_whitespace())
        .args(bench.only);
    for brought in bench.brings {
        let (variable, path) = bring(tree, brought)?;
        shown.push_str(&format!("{variable}={} ", file_name(&path)));
        command.env(variable, path);
    }
    shown.push_str(&format!("cargo bench --bench {}", bench.name));
    let words = [bench.arguments, bench.only.unwrap_or_default()];
    let words: Vec<&str> = words
        .into_iter()
        .filter(|words| !words.is_empty())
        .collect();
    if !words.is_empty() {
        shown.push_str(&format!(" -- {}", words.join(" ")));
    }
    Ok(Ready {
        command,
        shown,
        tag,
    })
}

/// Builds or installs a dependency; returns its variable and its path.
fn bring(tree: &Tree, brought: &Brought) -> Result<(&'static str, PathBuf)> {
    Ok(match brought {
        Brought::Library => {
            let prefix = tree.target.join("bench-prefix");
            let release = install::Build {
                profile: "release",
                features: &[],
            };
            install::install(tree, &prefix, &release)?;
            ("MPASS_LIBRARY", prefix.join("lib/libmpass.so"))
        }
        Brought::Server(build) => {
            let mut cargo = run::cargo(&tree.root);
            cargo.args(["build", "--locked", "--release", "-p", "mpass-server"]);
            let mut target = tree.target.clone();
            if let Some(build) = build {
                cargo.env("RUSTFLAGS", build.rustflags);
                target = target.join(build.directory);
            }
            run::capture(cargo.arg("--target-dir").arg(&target))?;
            ("MPASS_SERVER", target.join("release/mpass"))
        }
        Brought::PrivacyIdea => ("MPASS_PRIVACYIDEA", python::privacyidea(tree)?),
    })
}

/// The last component of a path, for display.
fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The path of a benchmark's program, from cargo's messages.
fn executable(messages: &str, name: &str) -> Option<PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == name)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
}

/// A command bound to the last processor, if there are several and the system
/// has `taskset`.
fn pinned(program: &Path, directory: &Path, is_single: bool) -> Command {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    if !is_single || processors == 1 || !tools::on_path("taskset") {
        return run::command(program, directory);
    }
    let mut command = run::command("taskset", directory);
    command
        .args(["-c", &(processors - 1).to_string()])
        .arg(program);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_section_is_refused() {
        assert_eq!(select(&[]).unwrap().len(), SECTIONS.len());
        assert_eq!(select(&["codes".into()]).unwrap().len(), 1);
        assert!(select(&["coats".into()]).is_err());
    }

    #[test]
    fn a_program_is_found_among_messages() {
        let messages = concat!(
            "   Compiling mpass-core\n",
            r#"{"target":{"name":"oath"},"executable":null}"#,
            "\n",
            r#"{"target":{"name":"oath"},"executable":"/t/oath-1"}"#,
            "\n",
        );
        assert_eq!(executable(messages, "oath"), Some("/t/oath-1".into()));
        assert_eq!(executable(messages, "batch"), None);
    }
}
