//! `cargo xtask bench --flame`: processor time of served requests by function.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use anyhow::{Context, Result};
use inferno::collapse::Collapse;
use inferno::collapse::perf::{Folder, Options};
use inferno::flamegraph;

use super::program::prepare_bench;
use super::sections::{FLAME, FLAME_NEEDS};
use crate::tree::Tree;
use crate::{run, tools};

/// The variable with the directory for recordings, for the benchmark.
const RECORDINGS: &str = "MPASS_RECORDINGS";
/// The recordings, and the titles of their flame graphs.
const DRAWN: &[(&str, &str)] = &[
    ("verify", "A served verification, memory store"),
    ("send", "A served send, memory store"),
];
/// The runtime's frame below which all stacks are the same; they are skipped.
const RUNTIME: &str = "tokio::runtime::scheduler::multi_thread::worker::Context::run_task";
/// The minimum width of a function, in percent of the whole.
const NARROWEST: f64 = 0.2;

/// Records served requests under load and writes docs/performance/*-flame.svg.
pub(crate) fn flame(tree: &Tree) -> Result<()> {
    tools::provide(FLAME_NEEDS, &tree.root)?;
    let mut program = prepare_bench(tree, &FLAME)?;
    let directory = tempfile::tempdir()?;
    program.command.env(RECORDINGS, directory.path());
    run::capture(&mut program.command)?;
    for (kind, title) in DRAWN {
        let recording = directory.path().join(format!("{kind}.data"));
        let name = format!("docs/performance/{kind}-flame.svg");
        draw(tree, &recording, title, &tree.root.join(&name)).context(name)?;
    }
    Ok(())
}

fn draw(tree: &Tree, recording: &Path, title: &str, svg: &Path) -> Result<()> {
    let mut script = run::command("perf", &tree.root);
    script.args(["script", "--no-inline", "--input"]);
    let samples = run::capture(script.arg(recording))?;
    let mut options = Options::default();
    options.skip_after = vec![RUNTIME.to_owned()];
    options.nthreads = 1;
    let mut folded = Vec::new();
    Folder::from(options).collapse(samples.as_bytes(), &mut folded)?;
    let mut options = flamegraph::Options::default();
    options.title = title.to_owned();
    options.count_name = "ns".to_owned();
    options.min_width = NARROWEST;
    options.deterministic = true;
    let file = BufWriter::new(File::create(svg)?);
    flamegraph::from_reader(&mut options, &folded[..], file)?;
    Ok(())
}
