//! Runs the README's quick start in C as printed.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::programs::{STRICT, pkg_config, valgrind};
use crate::run;
use crate::tree::Tree;

const README: &str = "README.md";

/// Compiles it against the installed library as the README describes, and
/// compares its output with the comments.
pub(super) fn check(tree: &Tree, prefix: &Path) -> Result<String> {
    let block = block(&fs::read_to_string(tree.root.join(README))?)?;
    let (source, program) = (prefix.join("quick.c"), prefix.join("quick"));
    fs::write(&source, &block)?;
    let mut compiler = run::command("cc", &tree.root);
    compiler.args(STRICT).arg(&source).arg("-o").arg(&program);
    compiler.args(pkg_config(tree, prefix, &["--cflags", "--libs", "mpass"])?);
    run::capture(&mut compiler)?;
    let promised = promised(&block);
    let directory = prefix.join("quick-run");
    if directory.exists() {
        fs::remove_dir_all(&directory)?;
    }
    fs::create_dir_all(&directory)?;
    // The second run finds the keyring of the first.
    for _ in 0..2 {
        let mut valgrind = valgrind(tree, prefix);
        let printed = run::capture(valgrind.current_dir(&directory).arg(&program))?;
        if promised.is_empty() || !printed.lines().eq(promised.iter().copied()) {
            bail!(
                "{README}: the comments of the C program expect {promised:?}, it prints\n{printed}"
            );
        }
    }
    let count = promised.len();
    Ok(format!(
        "{README}: the C program prints the {count} expected lines"
    ))
}

/// The C block.
fn block(readme: &str) -> Result<String> {
    let mut blocks = readme.split("```c\n").skip(1);
    match (blocks.next(), blocks.next()) {
        (Some(rest), None) => {
            let (block, _) = rest.split_once("```").context("unterminated code block")?;
            Ok(block.to_owned())
        }
        _ => bail!("{README} must have exactly one C block"),
    }
}

/// The expected output, from the comments after the printing calls.
fn promised(block: &str) -> Vec<&str> {
    let printing = block.lines().filter(|line| {
        let line = line.trim_start();
        line.starts_with("printf(") || line.starts_with("puts(")
    });
    let comments = printing.filter_map(|line| line.split_once("; // "));
    comments.map(|(_, comment)| comment).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_and_its_expected_output() {
        let readme = "a\n```c\nputs(\"1\"); // 1\nint x; // 2\n```\n```sh\n```\n";
        let block = block(readme).unwrap();
        assert_eq!(promised(&block), ["1"]);
        assert!(super::block("```sh\n```\n").is_err());
        assert!(super::block(&readme.repeat(2)).is_err());
    }
}
