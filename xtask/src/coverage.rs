//! The table of the tests that each runtime passed, built from the counts of
//! this run and compared with the committed page.
//!
//! Each runner appends lines of a check and a count to a file of its own; the
//! checks are defined in the tests package (`tests/src/coverage.rs`).

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::loads;
use crate::table;
use crate::tree::Tree;

/// The variable with the directory of the files, for every runner.
const DIRECTORY: &str = "MPASS_COVERAGE";
/// The variable with the file, for runners that run in several runtimes.
const RUNTIME: &str = "MPASS_RUNTIME";
const PAGE: &str = "docs/COVERAGE.md";
const VECTORS: &str = "tests/vectors";
const INTRODUCTION: &str = "\
# Test coverage by runtime

`cargo xtask test` writes this page after a run of every row, from the counts of
each runner. In continuous integration (`CI=true`) it fails if the committed page
differs. A run without some of the rows prints the table, with \"not run\" in those
rows, and does not change the page. A step fails if one of its runtimes did not pass
all vectors of every file in `tests/vectors`. The command line, whose challenges are
those of the contracts, has none of `subject`, `in-store` and `store-header`.

The columns count the vectors passed per file, the scenarios of the mPass exchange
passed, and the parallel attempts (64 at a time at one challenge) that had the
required outcome, both in the runtime itself and against the server in `examples/`
that is built from its package.

";

/// A runtime and the step that runs it.
struct Row {
    file: &'static str,
    name: &'static str,
    step: &'static str,
    /// Whether the step runs it on every machine.
    is_everywhere: bool,
    /// The server in examples/ whose parallel attempts are counted.
    server: Option<&'static str>,
    /// The vector files of what the runtime does not have.
    without: &'static [&'static str],
}

const fn row(step: &'static str, file: &'static str, name: &'static str) -> Row {
    Row {
        file,
        name,
        step,
        is_everywhere: true,
        server: None,
        without: &[],
    }
}

impl Row {
    const fn where_it_is(self) -> Self {
        Self {
            is_everywhere: false,
            ..self
        }
    }

    const fn without(self, files: &'static [&'static str]) -> Self {
        Self {
            without: files,
            ..self
        }
    }

    const fn with_server(self, server: &'static str) -> Self {
        Self {
            server: Some(server),
            ..self
        }
    }
}

const ROWS: &[Row] = &[
    row("tests", "rust", "Rust"),
    // Its challenges are those of the contracts.
    row("tests", "command-line", "command line").without(&[
        "subject.json",
        "in-store.json",
        "store-header.json",
    ]),
    row("c", "c99-shared", "C99, libmpass.so").with_server("c-server"),
    row("c", "c99-static", "C99, libmpass.a"),
    row("c", "c++11-shared", "C++11, libmpass.so"),
    row("c", "c++11-static", "C++11, libmpass.a"),
    row("java", "java-17", "Java 17")
        .where_it_is()
        .with_server("java-server"),
    row("java", "java-25", "Java 25")
        .where_it_is()
        .with_server("java-server"),
    row("js", "node-18", "Node 18").where_it_is(),
    row("js", "node", "Node, as installed"),
    row("js", "chromium", "Chromium"),
    row("js", "workerd", "workerd").with_server("edge-worker"),
];

/// The checks other than vector files, with their column titles.
const CHECKS: &[(&str, &str)] = &[
    ("exchange", "exchange"),
    ("parallel", "parallel attempts"),
    ("server", "at its example server"),
];

/// How often each check passed.
type Counts = BTreeMap<String, u64>;
/// The vector files and the number of vectors in each.
type Files = BTreeMap<String, u64>;

fn directory(tree: &Tree) -> PathBuf {
    tree.target.join("coverage")
}

/// Removes the counts of earlier runs.
pub(crate) fn clear(tree: &Tree) -> Result<()> {
    let directory = directory(tree);
    if directory.exists() {
        fs::remove_dir_all(&directory)?;
    }
    fs::create_dir_all(&directory).with_context(|| format!("cannot create {}", directory.display()))
}

/// Begins the rows of a step that run on every machine. A row that has begun
/// must be complete at the end.
pub(crate) fn begin(tree: &Tree, step: &str) -> Result<()> {
    let rows = ROWS.iter().filter(|row| row.step == step);
    for row in rows.filter(|row| row.is_everywhere) {
        File::create(directory(tree).join(row.file))?;
    }
    Ok(())
}

/// Passes a runner the directory for its counts.
pub(crate) fn counted(command: &mut Command, tree: &Tree) {
    command.env(DIRECTORY, directory(tree));
}

/// Passes a runner the file for its counts, and begins its row.
pub(crate) fn counted_as(command: &mut Command, tree: &Tree, file: &str) -> Result<()> {
    counted(command, tree);
    command.env(RUNTIME, file);
    let path = directory(tree).join(file);
    File::options().create(true).append(true).open(path)?;
    Ok(())
}

/// Fails if a row of the step that has begun is incomplete.
pub(crate) fn check(tree: &Tree, step: &str) -> Result<()> {
    let files = files(tree)?;
    let mut lacks = Vec::new();
    for row in ROWS.iter().filter(|row| row.step == step) {
        if let Some(counts) = counts(tree, row)? {
            lacks.extend(lacking(row, &counts, &files));
        }
    }
    match lacks.is_empty() {
        true => Ok(()),
        false => bail!("{}", lacks.join("\n")),
    }
}

/// The lines to print: the table of this run, and whether the page was written,
/// which requires a run of every row. `is_whole`: no step was left out. Empty
/// if none of the runtimes ran.
pub(crate) fn finish(tree: &Tree, is_whole: bool) -> Result<Vec<String>> {
    let files = files(tree)?;
    let mut rows = Vec::new();
    for row in ROWS {
        rows.push((row, counts(tree, row)?));
    }
    if rows.iter().all(|(_, counts)| counts.is_none()) {
        return Ok(Vec::new());
    }
    let table = table(&files, &rows);
    let mut lines: Vec<String> = table.lines().map(str::to_owned).collect();
    let mut absent: Vec<&str> = rows
        .iter()
        .filter(|(_, counts)| counts.is_none())
        .map(|(row, _)| row.name)
        .collect();
    let page = tree.root.join(PAGE);
    let loads = loads::section(&directory(tree))?;
    if loads.is_none() {
        absent.push("entries of the npm package");
    }
    let text = format!("{INTRODUCTION}{table}{}", loads.unwrap_or_default());
    let absent = absent.join("; ");
    if !absent.is_empty() {
        let is_missed =
            |(row, counts): &(&Row, Option<Counts>)| counts.is_none() && row.is_everywhere;
        if is_whole && is_ci() && rows.iter().any(is_missed) {
            bail!("{PAGE} cannot be verified; not run: {absent}\n{table}");
        }
        lines.push(format!("{PAGE} is unchanged; not run: {absent}"));
    } else if fs::read_to_string(&page).unwrap_or_default() == text {
        lines.push(format!("{PAGE} is up to date"));
    } else if is_ci() {
        bail!("{PAGE} differs from this run:\n{table}");
    } else {
        fs::write(&page, text).with_context(|| format!("cannot write {PAGE}"))?;
        lines.push(format!("{PAGE} was out of date and has been updated"));
    }
    Ok(lines)
}

fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}

fn files(tree: &Tree) -> Result<Files> {
    let mut files = Files::new();
    for entry in fs::read_dir(tree.root.join(VECTORS))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let json: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path)?)
            .with_context(|| format!("{VECTORS}/{name}"))?;
        let vectors = json["vectors"].as_array();
        let count = vectors.with_context(|| format!("{VECTORS}/{name} has no vectors"))?;
        files.insert(name.into_owned(), u64::try_from(count.len())?);
    }
    Ok(files)
}

/// The counts of a row; `None` if it did not run.
fn counts(tree: &Tree, row: &Row) -> Result<Option<Counts>> {
    let path = directory(tree).join(row.file);
    match path.exists() {
        true => Ok(Some(parse(&fs::read_to_string(path)?)?)),
        false => Ok(None),
    }
}

fn parse(text: &str) -> Result<Counts> {
    let mut counts = Counts::new();
    for line in text.lines() {
        let counted = line
            .rsplit_once(' ')
            .and_then(|(check, count)| Some((check, count.parse::<u64>().ok()?)));
        let (check, count) = counted.with_context(|| format!("not a count: {line}"))?;
        *counts.entry(check.to_owned()).or_default() += count;
    }
    Ok(counts)
}

fn vectors_of(file: &str) -> String {
    format!("vectors {file}")
}

/// The missing and unexpected counts of a row that ran.
fn lacking(row: &Row, counts: &Counts, files: &Files) -> Vec<String> {
    let name = row.name;
    let passed = |check: &str| counts.get(check).copied().unwrap_or(0);
    let mut lacks = Vec::new();
    let is_had = |file: &str| !row.without.contains(&file);
    for (file, &held) in files.iter().filter(|(file, _)| is_had(file)) {
        let count = passed(&vectors_of(file));
        if count != held {
            lacks.push(format!("{name}: {count} of {held} vectors of {file}"));
        }
    }
    for (check, _) in CHECKS {
        let is_asked = *check != "server" || row.server.is_some();
        if is_asked != (passed(check) > 0) {
            lacks.push(format!("{name}: {} of {check}", passed(check)));
        }
    }
    let is_known = |check: &str| {
        let file = check.strip_prefix("vectors ");
        file.is_some_and(|file| files.contains_key(file) && is_had(file))
            || CHECKS.iter().any(|(known, _)| *known == check)
    };
    let unknown = counts.keys().filter(|check| !is_known(check));
    lacks.extend(unknown.map(|check| format!("{name}: unknown check {check}")));
    lacks
}

fn table(files: &Files, rows: &[(&Row, Option<Counts>)]) -> String {
    let mut head = vec![String::new()];
    head.extend(files.keys().map(|file| file.replace(".json", "")));
    head.extend(CHECKS.iter().map(|(_, title)| (*title).to_owned()));
    let mut lines = vec![head];
    for (row, counts) in rows {
        let mut cells = vec![row.name.to_owned()];
        match counts {
            None => cells.push("not run".into()),
            Some(counts) => {
                let files = files.keys().map(|file| vectors_of(file));
                let checks = files.chain(CHECKS.iter().map(|(check, _)| (*check).to_owned()));
                cells.extend(checks.map(|check| cell(row, counts, &check)));
            }
        }
        lines.push(cells);
    }
    table::aligned(&lines)
}

fn cell(row: &Row, counts: &Counts, check: &str) -> String {
    let count = counts.get(check).copied().unwrap_or(0);
    match (check, row.server) {
        ("server", None) => "none".into(),
        (check, _) if row.without.iter().any(|file| check == vectors_of(file)) => "none".into(),
        ("server", Some(server)) => format!("{server}: {count}"),
        _ => count.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> (Row, Files) {
        let files = Files::from([("a.json".into(), 2), ("b.json".into(), 3)]);
        (row("tests", "rust", "Rust"), files)
    }

    #[test]
    fn counts_of_one_check_are_added_up() {
        let counts = parse("vectors a.json 1\nparallel 64\nvectors a.json 1\n").unwrap();
        assert_eq!(counts.get("vectors a.json"), Some(&2));
        assert_eq!(counts.get("parallel"), Some(&64));
        assert!(parse("vectors a.json\n").is_err());
        assert!(parse("\n").is_err());
    }

    #[test]
    fn missing_counts_are_reported() {
        let (row, files) = example();
        let all = "vectors a.json 2\nvectors b.json 3\nexchange 1\nparallel 64\n";
        let lacks = |text: &str| lacking(&row, &parse(text).unwrap(), &files);
        assert_eq!(lacks(all), [""; 0]);
        for (from, to, lacked) in [
            ("a.json 2", "a.json 1", "Rust: 1 of 2 vectors of a.json"),
            ("vectors b.json 3\n", "", "Rust: 0 of 3 vectors of b.json"),
            ("a.json 2", "a.json 4", "Rust: 4 of 2 vectors of a.json"),
            ("exchange 1\n", "", "Rust: 0 of exchange"),
            ("parallel 64", "parallel 0", "Rust: 0 of parallel"),
            ("exchange 1", "exchange 1\nserver 64", "Rust: 64 of server"),
            ("exchange 1", "exchange 1\nx 1", "Rust: unknown check x"),
        ] {
            assert_eq!(lacks(&all.replace(from, to)), [lacked]);
        }
        let row = row.with_server("server");
        let counts = parse(all).unwrap();
        assert_eq!(lacking(&row, &counts, &files), ["Rust: 0 of server"]);
        let (row, _) = example();
        let row = row.without(&["b.json"]);
        let lacks = lacking(&row, &counts, &files);
        assert_eq!(lacks, ["Rust: unknown check vectors b.json"]);
        let counts = parse(&all.replace("vectors b.json 3\n", "")).unwrap();
        assert_eq!(lacking(&row, &counts, &files), [""; 0]);
    }

    #[test]
    fn a_row_that_did_not_run_is_marked() {
        let (row, files) = example();
        let counts = parse("vectors a.json 2\nvectors b.json 3\nexchange 1\nparallel 64\n");
        let shown = table(&files, &[(&row, counts.ok()), (&row, None)]);
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines[2].starts_with("| Rust | 2       | 3 | 1 "), "{shown}");
        assert!(lines[3].starts_with("| Rust | not run |   |   "), "{shown}");
        assert!(lines.iter().all(|line| line.len() == lines[0].len()));
    }

    #[test]
    fn every_row_has_a_step_and_a_file_of_its_own() {
        for (index, row) in ROWS.iter().enumerate() {
            assert!(crate::steps::STEPS.iter().any(|step| step.name == row.step));
            assert!(ROWS[..index].iter().all(|other| other.file != row.file));
        }
    }
}
