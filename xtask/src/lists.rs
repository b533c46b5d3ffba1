//! Files that are written from lists in Rust, committed, and compared in every
//! test.

use core::fmt::Write;
use std::fs;

use anyhow::{Context, Result, bail};
use mpass_bindings::Operation;

use crate::tree::Tree;

struct Made {
    file: &'static str,
    /// What its list makes.
    text: fn() -> String,
}

const FILES: &[Made] = &[Made {
    file: "ffi/java/src/main/java/org/libmpass/Operation.java",
    text: java_operations,
}];

/// Writes every file.
pub(crate) fn write(tree: &Tree) -> Result<()> {
    for Made { file, text } in FILES {
        fs::write(tree.root.join(file), text())
            .with_context(|| format!("{file} cannot be written"))?;
    }
    Ok(())
}

/// Fails when a committed file is not the one that would be written.
pub(crate) fn check(tree: &Tree) -> Result<Vec<String>> {
    for Made { file, text } in FILES {
        if fs::read_to_string(tree.root.join(file)).unwrap_or_default() != text() {
            bail!("{file} is not what its list makes: cargo xtask lists");
        }
    }
    Ok(Vec::new())
}

fn java_operations() -> String {
    let mut text = String::from(
        "package org.libmpass;\n\n\
         /** The operations of the engine. Written by `cargo xtask lists`. */\n\
         final class Operation {\n  private Operation() {}\n",
    );
    let mut group = None;
    for Operation { number, name, .. } in Operation::ALL {
        if group.replace(number / 100) != Some(number / 100) {
            text.push('\n');
        }
        // Writing to a string does not fail.
        let _ = writeln!(text, "  static final int {name} = {number};");
    }
    text.push_str("}\n");
    text
}
