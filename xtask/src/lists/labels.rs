//! The table of labels in docs/DESIGN.md, and the check that each label's test
//! exists.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use mpass_core::{LABELS, LabelEntry};

use super::words::line;
use super::written::{HEAD, Written};
use crate::table::aligned;
use crate::tree::Tree;

const PAGE: &str = "docs/DESIGN.md";
const END: &str = "<!-- end of the labels -->\n";
/// The folders with tests of labels.
const TESTED_IN: [&str; 2] = ["core/src", "tests/suite"];

/// The page with the table in place of the one that it has.
pub(super) fn page(tree: &Tree) -> Result<Written> {
    let text = fs::read_to_string(tree.root.join(PAGE)).with_context(|| PAGE)?;
    let begin = format!("<!-- {HEAD} -->\n");
    let parts = text.split_once(&begin).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let (before, after) = parts.with_context(|| format!("{PAGE} has no place for the labels"))?;
    let text = format!("{before}{begin}{}{END}{after}", table());
    Ok(Written::new(PAGE, text))
}

fn table() -> String {
    let head = ["Root", "Label", "Bytes", "Life", "What is derived", "Test"];
    let mut rows = vec![head.map(String::from).to_vec()];
    rows.extend(LABELS.iter().map(row));
    aligned(&rows)
}

fn row(entry: &LabelEntry) -> Vec<String> {
    let is_label = LABELS.iter().any(|other| other.label == entry.root);
    let root = match is_label {
        true => format!("`{}`", entry.root),
        false => entry.root.to_string(),
    };
    vec![
        root,
        format!("`{}`", entry.label.escape_default()),
        entry.length.to_string(),
        entry.life.to_string(),
        line(entry.purpose),
        format!("`{}`", entry.test),
    ]
}

/// Fails if the test of a label does not exist.
pub(super) fn check_tests(tree: &Tree) -> Result<()> {
    let mut sources = String::new();
    for folder in TESTED_IN {
        read(&tree.root.join(folder), &mut sources)?;
    }
    for entry in LABELS {
        if !sources.contains(&format!("fn {}()", entry.test)) {
            bail!("label {:?} has no test {}", entry.label, entry.test);
        }
    }
    Ok(())
}

fn read(folder: &Path, sources: &mut String) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read(&path, sources)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            sources.push_str(&fs::read_to_string(&path)?);
        }
    }
    Ok(())
}
