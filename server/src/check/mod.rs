//! The check of a configuration before a start or a reload: everything that the
//! start would refuse, and not only the first of it. Nothing is created, changed or
//! listened on.

mod files;
mod parts;
mod stored;

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::config::Config;
use crate::config_error::{self, Problem};
use crate::descriptors;
use crate::options::ServeOptions;

/// What a check has found. The names of the members are stable; members may be
/// added.
#[derive(Debug, Default, Serialize)]
pub struct Findings {
    /// What the start would refuse.
    pub problems: Vec<Finding>,
    /// What it would take, but an operator has to attend to.
    pub warnings: Vec<Finding>,
}

/// Something that is wrong. It contains no value of the configuration beyond paths
/// and addresses.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The configuration file; `None` for the defaults.
    pub file: Option<PathBuf>,
    /// The line in it, from 1.
    pub line: Option<usize>,
    /// The setting.
    pub key: Option<String>,
    /// What is wrong, in one line.
    pub what: String,
}

/// Collects findings about a configuration file.
struct Check<'a> {
    file: Option<&'a Path>,
    text: &'a str,
    findings: Findings,
}

/// Checks a configuration file, or the defaults without one. `options` adds what the
/// command line of the server says.
pub async fn check(
    file: Option<&Path>,
    options: impl FnOnce(Config) -> anyhow::Result<ServeOptions>,
) -> Findings {
    let mut check = Check {
        file,
        text: "",
        findings: Findings::default(),
    };
    let text = match file.map(Config::read).transpose() {
        Ok(text) => text.unwrap_or_default(),
        Err(error) => {
            check.problem(&anyhow::Error::new(error).context("cannot read the file"));
            return check.findings;
        }
    };
    check.text = &text;
    let read = config_error::read_all::<Config>(&text);
    for problem in read.problems {
        check.findings.problems.push(finding(file, problem));
    }
    let Some(config) = read.value else {
        return check.findings;
    };
    let is_complete = |key: &str| !read.incomplete.iter().any(|incomplete| incomplete == key);
    for (key, results) in config.checks() {
        // Elsewhere, no setting requires another one.
        if is_complete(key) || !["gateway", "network"].contains(&key) {
            check.all(results);
        }
    }
    match options(config) {
        Ok(options) => check.options(&options, &is_complete).await,
        Err(error) => check.problem(&error),
    }
    check.findings.problems.sort_by_key(|one| one.line);
    check.findings
}

fn finding(file: Option<&Path>, problem: Problem) -> Finding {
    let Problem { line, key, what } = problem;
    Finding {
        file: file.map(Path::to_owned),
        line,
        key,
        what,
    }
}

impl Check<'_> {
    fn problem(&mut self, error: &anyhow::Error) {
        let finding = finding(self.file, config_error::problem(self.text, error));
        // A file that two checks read is reported once.
        if !self.findings.problems.contains(&finding) {
            self.findings.problems.push(finding);
        }
    }

    fn warning(&mut self, what: impl Into<String>) {
        let error = anyhow::Error::msg(what.into());
        let finding = finding(self.file, config_error::problem(self.text, &error));
        self.findings.warnings.push(finding);
    }

    fn all(&mut self, results: impl IntoIterator<Item = anyhow::Result<()>>) {
        for result in results {
            self.one(result);
        }
    }

    /// The value, or `None` after reporting the error.
    fn one<T>(&mut self, result: anyhow::Result<T>) -> Option<T> {
        result.map_err(|error| self.problem(&error)).ok()
    }

    /// Checks what the settings name.
    async fn options(&mut self, options: &ServeOptions, is_complete: &impl Fn(&str) -> bool) {
        let config = &options.config;
        // What is missing because it was wrong is not reported again.
        if is_complete("tls") && is_complete("allow_plain_http") {
            self.all(options.check_addresses());
        }
        if is_complete("gateway") {
            self.one(options.check_gateway());
            if config.gateways.is_empty() && options.check_gateway().is_ok() && !options.demo {
                self.warning(
                    "gateway: the configuration has none: the server starts only with one that \
                     mpass gateway has defined",
                );
            }
        }
        if let Some(tls) = &config.tls {
            self.tls(tls);
        }
        for gateway in &config.gateways {
            self.gateway(gateway, is_complete("gateway"));
        }
        self.network(config);
        self.login(&config.login);
        self.stored(options).await;
        if let Some((needed, most)) = descriptors::shortfall(config.limits.connections) {
            self.warning(format!(
                "limits.connections requires {needed} file descriptors, and the hard limit here is \
                 {most}: a server with this limit lowers the connections"
            ));
        }
    }
}
