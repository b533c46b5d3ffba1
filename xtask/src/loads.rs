//! The table of the entries of the npm package, which are loaded in every runtime and
//! from every bundler.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use crate::table;

/// The file with the table, in the directory of counts: lines of cells between
/// tabs, and at the end a line with the versions.
const TABLE: &str = "loads";
const INTRODUCTION: &str = "
## Entries of the npm package

Each cell is a program of a few lines that uses an entry of the packed and installed
package, built by a bundler and run in a runtime (`wasm/js/test/loads`). The first rows
have no bundler. The step `js` fails if a result is not the expected one.

";

/// The section of the page about the entries; `None` if they were not loaded.
pub(crate) fn section(counts: &Path) -> Result<Option<String>> {
    let file = counts.join(TABLE);
    match file.exists() {
        true => Ok(Some(written(&fs::read_to_string(file)?)?)),
        false => Ok(None),
    }
}

fn written(text: &str) -> Result<String> {
    let Some((rows, versions)) = text.trim_end().rsplit_once('\n') else {
        bail!("the table of the entries is empty");
    };
    let cells = |line: &str| line.split('\t').map(str::to_owned).collect();
    let lines: Vec<Vec<String>> = rows.lines().map(cells).collect();
    Ok(format!(
        "{INTRODUCTION}{}\n{versions}\n",
        table::aligned(&lines)
    ))
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn the_versions_follow_the_table() {
        let page = written("\truntime\ta\nx\tNode\t✓\nesbuild 1\n").unwrap();
        let table = "|   | runtime | a |\n|---|---------|---|\n| x | Node    | ✓ |\n\nesbuild 1\n";
        assert!(page.ends_with(table), "{page}");
        assert!(written("").is_err());
    }
}
