//! `cargo xtask test`: runs the steps until one fails. Prints only one line per
//! step and the summary lines of test runners.

use std::io::Write;

use anyhow::{Context, Result, bail};

use crate::coverage;
use crate::peers;
use crate::run;
use crate::spent::Spent;
use crate::steps::{STEPS, Step, Work};
use crate::tools::{self, Need};
use crate::tree::Tree;

/// The prefixes of the summary lines of test runners.
const CLOSING: &[&str] = &["test result: ", "schemathesis: "];

pub(crate) fn list() {
    for step in STEPS {
        println!("{:8} {}", step.name, step.about);
    }
}

/// Runs the named steps, or all of them, and stops at the first that fails.
pub(crate) fn run(tree: &Tree, only: &[String]) -> Result<()> {
    let steps = select(only)?;
    let needs: Vec<Need> = steps.iter().flat_map(|step| step.needs).copied().collect();
    tools::provide(&needs, &tree.root)?;
    coverage::clear(tree)?;
    let start = Spent::now();
    for step in &steps {
        print!("{:8} ", step.name);
        // A closed terminal or log must not end the run.
        let _ = std::io::stdout().flush();
        let begun = Spent::now();
        match perform(step, tree) {
            Ok(lines) => {
                println!("{}", begun.since());
                for line in lines {
                    println!("  {line}");
                }
            }
            Err(error) => {
                println!("failed");
                return Err(error).with_context(|| format!("step {}", step.name));
            }
        }
    }
    for line in coverage::finish(tree, steps.len() == STEPS.len())? {
        println!("{line}");
    }
    println!("{} steps passed in {}", steps.len(), start.since());
    Ok(())
}

fn select(only: &[String]) -> Result<Vec<&'static Step>> {
    for name in only {
        if !STEPS.iter().any(|step| step.name == name) {
            bail!("there is no step {name}; `cargo xtask test --list` shows them");
        }
    }
    Ok(STEPS
        .iter()
        .filter(|step| only.is_empty() || only.iter().any(|name| name == step.name))
        .collect())
}

/// Runs a step and returns the lines to show.
fn perform(step: &Step, tree: &Tree) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    coverage::begin(tree, step.name)?;
    for work in step.work {
        match work {
            Work::Cargo(arguments) => {
                run::capture(run::cargo(&tree.root).args(arguments.split(' ')))?;
            }
            Work::Docs(arguments) => {
                let mut cargo = run::cargo(&tree.root);
                cargo.env("RUSTDOCFLAGS", "-D warnings");
                run::capture(cargo.args(arguments.split(' ')))?;
            }
            Work::Suite(arguments) => {
                let mut suite = run::cargo(&tree.root);
                coverage::counted(&mut suite, tree);
                // Everything installed here must be used; see tests/src/peers.rs.
                suite.env("MPASS_REQUIRE_PEERS", "1");
                suite.envs(peers::install(tree)?);
                let output = run::capture(suite.args(arguments.split(' ')))?;
                let closing: Vec<_> = closing_lines(&output).collect();
                if closing.is_empty() {
                    bail!("`cargo {arguments}` ran no test\n{output}");
                }
                lines.extend(closing);
            }
            Work::Check(check) => lines.extend(check(tree)?),
        }
    }
    coverage::check(tree, step.name)?;
    Ok(lines)
}

fn closing_lines(output: &str) -> impl Iterator<Item = String> {
    output
        .lines()
        .filter(|line| CLOSING.iter().any(|begin| line.starts_with(begin)))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_have_names_of_their_own() {
        for (index, step) in STEPS.iter().enumerate() {
            assert!(STEPS[..index].iter().all(|other| other.name != step.name));
        }
    }

    #[test]
    fn an_unknown_step_is_refused() {
        assert_eq!(select(&[]).unwrap().len(), STEPS.len());
        assert_eq!(select(&["docs".into()]).unwrap().len(), 1);
        assert!(select(&["docs".into(), "dogs".into()]).is_err());
    }

    #[test]
    fn closing_lines_are_kept() {
        let output = "running 1 test\ntest a ... ok\n\ntest result: ok. 1 passed; 0 failed\n\n";
        let kept: Vec<_> = closing_lines(output).collect();
        assert_eq!(kept, ["test result: ok. 1 passed; 0 failed"]);
    }
}
