//! Instruction counts of single operations, measured with valgrind's callgrind
//! and compared with benches/instructions.json; and a check with memcheck that no
//! branch depends on a secret.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::tree::Tree;
use crate::{run, table as markdown, tools};

const KEPT: &str = "benches/instructions.json";
/// How often the program performs each operation; the same as in `counts.rs`.
const TIMES: u64 = 100;
/// The allowed difference from the stored count, in percent.
const BAND: u64 = 5;

/// Instructions per call, and the compiler and backend they were measured with.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Counts {
    rustc: String,
    /// The backend under valgrind, which supports neither SHA-NI nor AVX-512.
    backend: String,
    counts: BTreeMap<String, u64>,
}

/// Counts instructions and stores the counts.
pub(crate) fn write(tree: &Tree) -> Result<()> {
    tools::provide(&[tools::Need::Program("valgrind", "valgrind")], &tree.root)?;
    let text = serde_json::to_string_pretty(&count(tree)?)?;
    fs::write(tree.root.join(KEPT), text + "\n").context("cannot write the counts")
}

/// Fails if a count is outside its band, or if a branch or address depends on a
/// secret.
pub(crate) fn check(tree: &Tree) -> Result<Vec<String>> {
    let mut lines = compare(&kept(tree)?, &count(tree)?)?;
    // The backend selected under valgrind, and the portable one.
    for forced in [None, Some("portable")] {
        let watched = memcheck(tree, forced, &[]);
        let watched = watched.context("a branch or an address depends on a secret")?;
        lines.push(format!("no branch on a secret: {}", backend(&watched)?));
    }
    // Check that the check can fail.
    if memcheck(tree, None, &["leak"]).is_ok() {
        bail!("memcheck did not detect a deliberate leak");
    }
    Ok(lines)
}

/// The stored counts as a table.
pub(crate) fn table(tree: &Tree) -> Result<String> {
    let kept = kept(tree)?;
    let mut rows = vec![vec!["work".to_owned(), "instructions".to_owned()]];
    let row = |(name, count): (&String, &u64)| vec![name.clone(), count.to_string()];
    rows.extend(kept.counts.iter().map(row));
    let (rustc, backend) = (&kept.rustc, &kept.backend);
    Ok(format!(
        "Measured with {rustc}; backend: {backend}.\n\n{}",
        markdown::aligned(&rows)
    ))
}

fn kept(tree: &Tree) -> Result<Counts> {
    let text = fs::read_to_string(tree.root.join(KEPT)).context(KEPT)?;
    serde_json::from_str(&text).context(KEPT)
}

fn compare(kept: &Counts, now: &Counts) -> Result<Vec<String>> {
    for (what, kept, now) in [
        ("compiler", &kept.rustc, &now.rustc),
        ("backend", &kept.backend, &now.backend),
    ] {
        if kept != now {
            return Ok(vec![format!(
                "NOT COMPARED: the stored counts are for another {what}, {kept}; this is {now}"
            )]);
        }
    }
    let mut faults = Vec::new();
    for name in kept.counts.keys().chain(now.counts.keys()) {
        let fault = match (kept.counts.get(name), now.counts.get(name)) {
            (Some(kept), Some(now)) if kept.abs_diff(*now) * 100 > kept * BAND => {
                format!("{name}: {now} instructions, stored: {kept}")
            }
            (Some(_), Some(_)) => continue,
            (None, _) => format!("{name}: no stored count"),
            (_, None) => format!("{name}: no longer counted"),
        };
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }
    if !faults.is_empty() {
        bail!(
            "{}\nif this is intended, run: cargo xtask bench --instructions",
            faults.join("\n")
        );
    }
    Ok(vec![format!("{} counts within {BAND} %", now.counts.len())])
}

fn count(tree: &Tree) -> Result<Counts> {
    let program = build(tree, "counts", None)?;
    let directory = tempfile::tempdir()?;
    let mut valgrind = run::command("valgrind", &tree.root);
    valgrind.args(["--quiet", "--tool=callgrind"]);
    let out = directory.path().join("counts");
    valgrind.arg(format!("--callgrind-out-file={}", out.display()));
    let printed = run::capture(valgrind.arg(program))?;
    let mut counts = BTreeMap::new();
    for entry in fs::read_dir(directory.path())? {
        let text = fs::read_to_string(entry?.path())?;
        if let Some((name, total)) = read(&text) {
            counts.insert(name.to_owned(), total / TIMES);
        }
    }
    if counts.is_empty() {
        bail!("callgrind counted nothing\n{printed}");
    }
    let rustc = run::capture(run::command("rustc", &tree.root).arg("-V"))?;
    Ok(Counts {
        rustc: rustc.trim().to_owned(),
        backend: backend(&printed)?,
        counts,
    })
}

/// The name and count of a dump that the program requested.
fn read(dump: &str) -> Option<(&str, u64)> {
    let of = |begin: &str| dump.lines().find_map(|line| line.strip_prefix(begin));
    let name = of("desc: Trigger: Client Request: ")?;
    let total = of("totals: ").or_else(|| of("summary: "))?;
    Some((name.trim(), total.trim().parse().ok()?))
}

fn backend(printed: &str) -> Result<String> {
    let line = printed
        .lines()
        .find_map(|line| line.strip_prefix("backend: "));
    line.map(str::to_owned)
        .context("the program printed no backend")
}

fn memcheck(tree: &Tree, forced: Option<&str>, arguments: &[&str]) -> Result<String> {
    let program = build(tree, "secrets", forced)?;
    let mut valgrind = run::command("valgrind", &tree.root);
    valgrind.args(["--quiet", "--error-exitcode=9", "--track-origins=yes"]);
    // Follows sums and differences bit by bit: of a typed digit, only the bits
    // that do not decide whether it is one are secret.
    valgrind.arg("--expensive-definedness-checks=yes");
    run::capture(valgrind.arg(program).args(arguments))
}

/// Builds a program, optionally with a forced backend.
fn build(tree: &Tree, binary: &str, forced: Option<&str>) -> Result<PathBuf> {
    let mut cargo = run::cargo(&tree.root);
    cargo.args(["build", "--locked", "--release", "-p", "mpass-valgrind"]);
    let target = match forced {
        None => tree.target.join("valgrind"),
        Some(name) => {
            cargo.env("RUSTFLAGS", format!("--cfg mpass_backend=\"{name}\""));
            tree.target.join(format!("valgrind-{name}"))
        }
    };
    run::capture(cargo.arg("--target-dir").arg(&target))?;
    Ok(target.join("release").join(binary))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(rustc: &str, counts: &[(&str, u64)]) -> Counts {
        Counts {
            rustc: rustc.into(),
            backend: "b".into(),
            counts: counts
                .iter()
                .map(|(name, count)| ((*name).into(), *count))
                .collect(),
        }
    }

    #[test]
    fn a_count_outside_its_band_is_a_fault() {
        let kept = counts("1", &[("a", 1000), ("b", 10)]);
        let of = |now: &[(&str, u64)]| compare(&kept, &counts("1", now));
        assert!(of(&[("a", 1050), ("b", 10)]).is_ok());
        assert!(of(&[("a", 950), ("b", 10)]).is_ok());
        for (now, fault) in [
            (&[("a", 1051), ("b", 10)][..], "a: 1051 instructions"),
            (&[("a", 949), ("b", 10)], "a: 949 instructions"),
            (&[("a", 1000)], "b: no longer counted"),
            (&[("a", 1000), ("b", 10), ("c", 1)], "c: no stored count"),
        ] {
            let error = of(now).unwrap_err().to_string();
            assert!(error.starts_with(fault), "{error}");
        }
    }

    #[test]
    fn another_compiler_is_not_compared() {
        let lines = compare(&counts("1", &[("a", 1)]), &counts("2", &[("a", 9)])).unwrap();
        assert!(lines[0].starts_with("NOT COMPARED"), "{lines:?}");
    }

    #[test]
    fn a_dump_is_read() {
        let dump = "version: 1\ndesc: Trigger: Client Request: hotp sha1\nfn=x\ntotals: 1234\n";
        assert_eq!(read(dump), Some(("hotp sha1", 1234)));
        let last = "desc: Trigger: Program termination\ntotals: 5\n";
        assert_eq!(read(last), None);
    }
}
