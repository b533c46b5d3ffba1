//! `cargo xtask bench`: measures libmpass and other libraries in one run, and
//! generates the performance page.

mod flame;
mod foreign;
mod machine;
mod otpgateway;
mod page;
mod plot;
mod program;
mod results;
mod sections;
mod tables;

use std::fs;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::run;
use crate::tools::{self, Need};
use crate::tree::Tree;
use program::{Ready, prepare_bench};
use results::{Results, Run, Written};
use sections::{Program, SECTIONS, Section};

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

fn prepare(tree: &Tree, program: &Program) -> Result<Ready> {
    match program {
        Program::Bench(bench) => prepare_bench(tree, bench),
        Program::Go(part) => foreign::go(tree, part),
        Program::Java => foreign::java(tree),
        Program::Node => foreign::node(tree),
        Program::Edge => foreign::edge(tree),
    }
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
}
