//! The core's lists and settings in the other languages and in the docs:
//! written from the core's own data, committed, and compared in every test.
//!
//! One file here for each language. Each returns the [`Written`] files that it
//! makes of [`List`](catalogue::List)s; a new list is one line in
//! `catalogue.rs` and one in each language that shows it.

mod c;
mod catalogue;
mod docs;
mod fields;
mod java;
mod java_fields;
mod java_settings;
mod javascript;
mod javascript_calls;
mod javascript_settings;
mod labels;
mod settings;
mod statuses;
mod words;
mod written;

use std::fs;

use anyhow::{Context, Result, bail};

use crate::tree::Tree;
use written::Written;

fn files(tree: &Tree) -> Result<Vec<Written>> {
    let mut files = c::files();
    files.extend(java::files());
    files.extend(java_settings::files()?);
    files.extend(javascript::files());
    files.extend(javascript_calls::files());
    files.push(javascript_settings::types()?);
    files.push(docs::lists());
    files.push(settings::page()?);
    files.push(labels::page(tree)?);
    Ok(files)
}

/// Writes every file.
pub(crate) fn write(tree: &Tree) -> Result<()> {
    for Written { path, text } in files(tree)? {
        let target = tree.root.join(&path);
        if let Some(directory) = target.parent() {
            fs::create_dir_all(directory)?;
        }
        fs::write(target, text).with_context(|| format!("{path} cannot be written"))?;
    }
    Ok(())
}

/// Fails when a committed file is not the one that would be written.
pub(crate) fn check(tree: &Tree) -> Result<Vec<String>> {
    let stale: Vec<String> = files(tree)?
        .into_iter()
        .filter(|file| {
            fs::read_to_string(tree.root.join(&file.path)).ok() != Some(file.text.clone())
        })
        .map(|file| file.path)
        .collect();
    if !stale.is_empty() {
        bail!(
            "not what the core's lists make, run cargo xtask lists: {}",
            stale.join(", ")
        );
    }
    labels::check_tests(tree)?;
    Ok(Vec::new())
}
