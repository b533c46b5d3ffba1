//! `mpass config`.

use core::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::config_file::ConfigArgs;
use super::data::block_on;
use super::outcome::Outcome;
use super::output::print_lines;
use crate::check::{Finding, Findings, check};
use crate::config::Config;
use crate::options::ServeOptions;

const EXAMPLES: &str = "\
Checks everything that the start of the server would refuse, and prints all of it:
each setting and its range, certificates and keys, secrets, addresses, the data
directory, the keyring, and whether the store belongs to it. Nothing is created,
changed or listened on. No value is printed. Warnings are about certificates that end
within 21 days, files that others can access, and the limit on file descriptors.
Run it as the user that runs the server, with the options of mpass serve.

Examples:
  mpass config check --config /etc/mpass.toml
  mpass config check --json

Exit status: 0 the server would start, 1 it would not, 2 misuse.";

/// Check the configuration
#[derive(Args)]
#[command(after_help = "Example:\n  mpass config check --config /etc/mpass.toml")]
pub(super) struct ConfigCommand {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check the configuration and all that it names, without starting
    #[command(after_help = EXAMPLES)]
    Check(CheckArgs),
}

#[derive(Args)]
struct CheckArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// Address to listen on [default: that of the configuration]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Data directory [default: that of the configuration, or
    /// ~/.local/share/mpass]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl ConfigCommand {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let Command::Check(arguments) = self.command;
        let file = arguments.config.path(false);
        let options =
            |config: Config| ServeOptions::new(config, arguments.listen, arguments.data_dir, false);
        let findings = block_on(async { Ok(check(file.as_deref(), options).await) })?;
        match arguments.json {
            true => print_lines([serde_json::to_string(&findings)?.as_str()])?,
            false => print_lines(lines(&findings, file).iter().map(String::as_str))?,
        }
        Ok(match findings.problems.is_empty() {
            true => Outcome::Done,
            false => Outcome::Rejected,
        })
    }
}

/// Findings for the terminal.
fn lines(findings: &Findings, file: Option<PathBuf>) -> Vec<String> {
    let problems = findings.problems.iter().map(|one| line("error", one));
    let warnings = findings.warnings.iter().map(|one| line("warning", one));
    let mut lines: Vec<String> = problems.chain(warnings).collect();
    if findings.problems.is_empty() {
        lines.push(match file {
            Some(file) => format!("{} is valid", file.display()),
            None => "the defaults are valid".to_owned(),
        });
    }
    lines
}

fn line(level: &str, finding: &Finding) -> String {
    let file = finding.file.as_ref();
    let mut text = file.map_or_else(
        || format!("{level}: "),
        |file| format!("{level}: {}: ", file.display()),
    );
    if let Some(line) = finding.line {
        text += &format!("line {line}: ");
    }
    match &finding.key {
        Some(key) if !finding.what.contains(key.as_str()) => text += &format!("{key}: "),
        _ => {}
    }
    text + &finding.what
}
