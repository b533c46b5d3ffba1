//! Builds the program of a benchmark and binds it to one processor.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::otpgateway;
use super::sections::{Bench, Brought};
use crate::tree::Tree;
use crate::{install, python, run, tools};

/// A built program, ready to run.
pub(super) struct Ready {
    pub(super) command: Command,
    /// The command, as shown on the page.
    pub(super) shown: String,
    /// A suffix for the names of its figures.
    pub(super) tag: &'static str,
}

pub(super) fn prepare_bench(tree: &Tree, bench: &Bench) -> Result<Ready> {
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
    let binary = executable(&messages, bench.name).context("cargo names no program")?;
    let mut command = pinned(&binary, &tree.root.join("benches"), bench.is_single);
    command.arg("--bench");
    command
        .args(bench.arguments.split_whitespace())
        .args(bench.only);
    for brought in bench.brings {
        let Some((variable, path)) = bring(tree, brought)? else {
            continue;
        };
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

/// Builds or installs something. Returns the benchmark's variable for it, and
/// its path; `None` for a peer that is left out.
fn bring(tree: &Tree, brought: &Brought) -> Result<Option<(&'static str, PathBuf)>> {
    Ok(Some(match brought {
        Brought::Library => {
            let prefix = tree.target.join("bench-prefix");
            install::install(tree, &prefix, "release")?;
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
        Brought::OtpGateway => {
            return Ok(otpgateway::program(tree)?.map(|path| (otpgateway::VARIABLE, path)));
        }
    }))
}

/// The last component of a path, for the displayed command.
fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The path of a benchmark's program, from the messages of its build.
fn executable(messages: &str, name: &str) -> Option<PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == name)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
}

/// A command that runs a program. If `is_single`, the program is bound to the
/// last processor, if there are several and the system has `taskset`.
pub(super) fn pinned(program: &Path, directory: &Path, is_single: bool) -> Command {
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
