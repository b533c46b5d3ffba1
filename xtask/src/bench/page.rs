//! Generates docs/PERFORMANCE.md, its plots and the README's table from the
//! results.

use core::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::plot;
use super::results::Results;
use super::sections::SECTIONS;
use super::tables::{ratio, section_table};
use crate::tree::Tree;
use crate::{instructions, table};

const TEMPLATE: &str = "docs/performance/page.md";
const TARGETS: &str = "docs/performance/targets.json";
const README_BEGIN: &str = "<!-- written by cargo xtask bench -->\n";
const README_END: &str = "<!-- until here -->";
/// Rows of the README's table: section, group and title.
const README_ROWS: &[(&str, &str, &str)] = &[
    ("codes", "hotp sha1, key prepared", "HOTP, key prepared"),
    ("codes", "hotp sha1, raw key", "HOTP, raw key"),
    (
        "windows",
        "totp window of 3, wrong code",
        "TOTP ±1, wrong code",
    ),
    (
        "windows",
        "hotp look-ahead 10, wrong code",
        "look-ahead 10, wrong code",
    ),
    (
        "windows",
        "hotp look-ahead 100, wrong code",
        "look-ahead 100, wrong code",
    ),
];
const README_PEERS: &[&str] = &["totp-rs", "liboath", "libreauth"];

/// A target for a figure, its ratio to another figure or their difference.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Target {
    work: String,
    measure: String,
    section: String,
    group: String,
    name: String,
    at: Option<u64>,
    over: Option<String>,
    minus: Option<String>,
    at_most: Option<f64>,
    at_least: Option<f64>,
    /// Why it is not met, or another remark.
    note: Option<String>,
}

/// Writes the page, the plots and the README's table.
pub(crate) fn write(tree: &Tree) -> Result<()> {
    for (path, text) in files(tree)? {
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Fails if one of the files is out of date.
pub(crate) fn check(tree: &Tree) -> Result<Vec<String>> {
    for (path, text) in files(tree)? {
        if fs::read_to_string(&path).unwrap_or_default() != text {
            let path = path.strip_prefix(&tree.root).unwrap_or(&path);
            bail!(
                "{} is out of date; run: cargo xtask bench --plot",
                path.display()
            );
        }
    }
    Ok(Vec::new())
}

fn files(tree: &Tree) -> Result<Vec<(PathBuf, String)>> {
    let results = Results::read(tree)?;
    let docs = tree.root.join("docs");
    let mut files = vec![(docs.join("PERFORMANCE.md"), page(tree, &results)?)];
    for (name, svg) in plot::all(&results)? {
        files.push((docs.join("performance").join(name), svg));
    }
    let readme = tree.root.join("README.md");
    let text = fs::read_to_string(&readme)?;
    files.push((readme, with_table(&text, &readme_table(&results))?));
    Ok(files)
}

fn page(tree: &Tree, results: &Results) -> Result<String> {
    let mut page = fs::read_to_string(tree.root.join(TEMPLATE))?;
    let targets = fs::read_to_string(tree.root.join(TARGETS))?;
    let targets: Vec<Target> = serde_json::from_str(&targets).context(TARGETS)?;
    let mut parts = vec![
        ("{{machine}}".to_owned(), machine(results)),
        ("{{targets}}".to_owned(), targets_table(results, &targets)?),
        ("{{instructions}}".to_owned(), instructions::table(tree)?),
    ];
    for section in SECTIONS {
        let placeholder = format!("{{{{table {}}}}}", section.name);
        parts.push((placeholder, section_table(results, section.name)));
    }
    for (placeholder, text) in parts {
        if !page.contains(&placeholder) {
            bail!("{TEMPLATE} has no placeholder {placeholder}");
        }
        page = page.replace(&placeholder, text.trim_end());
    }
    match page.find("{{") {
        Some(at) => bail!("{TEMPLATE}: unknown placeholder {}", &page[at..]),
        None => Ok(page),
    }
}

/// Machines, versions and commands; sections with the same machine are grouped.
fn machine(results: &Results) -> String {
    let mut text = String::new();
    let mut listed: Vec<&str> = Vec::new();
    for (first, run) in &results.sections {
        if listed.contains(&first.as_str()) {
            continue;
        }
        let alike: Vec<(&String, &super::Run)> = results
            .sections
            .iter()
            .filter(|(_, other)| other.machine == run.machine && other.versions == run.versions)
            .collect();
        listed.extend(alike.iter().map(|(name, _)| name.as_str()));
        let machine = &run.machine;
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "{} ({}), {} processors{}, {} MiB of memory, with {}; {}.\n\n",
            machine.processor,
            machine.family,
            machine.processors,
            if machine.is_virtual {
                " of a virtual machine"
            } else {
                ""
            },
            machine.memory_mib,
            machine.features.join(", "),
            machine.system,
        );
        let versions: Vec<String> = run
            .versions
            .iter()
            .map(|(name, version)| format!("{name} {version}"))
            .collect();
        let _ = write!(text, "Versions: {}.\n\n", versions.join("; "));
        let mut rows = vec![
            ["section", "date", "rounds", "backend", "command"]
                .map(str::to_owned)
                .to_vec(),
        ];
        for (name, run) in alike {
            for command in &run.commands {
                rows.push(vec![
                    name.clone(),
                    run.date.clone(),
                    run.rounds.to_string(),
                    run.backends.join("; "),
                    format!("`{command}`"),
                ]);
            }
        }
        text.push_str(&table::aligned(&rows));
        text.push('\n');
    }
    text
}

fn targets_table(results: &Results, targets: &[Target]) -> Result<String> {
    let head = ["work", "measure", "target", "measured", "", "reason"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for target in targets {
        let find = |name: &str| results.find(&target.section, &target.group, name, target.at);
        let value = match (find(&target.name), &target.over, &target.minus) {
            (Some(value), Some(over), None) => find(over).map(|over| value / over),
            (Some(value), None, Some(minus)) => find(minus).map(|minus| value - minus),
            (value, None, None) => value,
            (None, ..) => None,
            _ => bail!("{TARGETS}: {}: both over and minus", target.measure),
        };
        let (reach, is_met) = match (target.at_most, target.at_least) {
            (Some(most), None) => (format!("≤ {most}"), value.map(|value| value <= most)),
            (None, Some(least)) => (format!("≥ {least}"), value.map(|value| value >= least)),
            _ => bail!(
                "{TARGETS}: {}: needs at_most or at_least, not both",
                target.measure
            ),
        };
        let verdict = match is_met {
            Some(true) => "met",
            Some(false) => "not met",
            None => "",
        };
        rows.push(vec![
            target.work.clone(),
            target.measure.clone(),
            reach,
            value.map_or("not measured".into(), ratio),
            verdict.into(),
            target.note.clone().unwrap_or_default(),
        ]);
    }
    Ok(table::aligned(&rows))
}

/// Nanoseconds of libmpass, and how many times longer the best known libraries
/// take.
fn readme_table(results: &Results) -> String {
    let mut rows = vec![vec![String::new(), "libmpass".to_owned()]];
    rows[0].extend(README_PEERS.iter().map(|peer| (*peer).to_owned()));
    for (section, group, title) in README_ROWS {
        let find = |name: &str| results.find(section, group, name, None);
        let Some(ours) = find("mpass") else { continue };
        let mut row = vec![(*title).to_owned(), format!("{} ns", ratio(ours))];
        for peer in README_PEERS {
            let times = find(peer).map(|theirs| format!("{} ×", ratio(theirs / ours)));
            row.push(times.unwrap_or_default());
        }
        rows.push(row);
    }
    table::aligned(&rows)
}

fn with_table(readme: &str, table: &str) -> Result<String> {
    let parts = readme.split_once(README_BEGIN).and_then(|(before, rest)| {
        let at = rest.find(README_END)?;
        Some((before, &rest[at..]))
    });
    let (before, after) = parts.context("README.md has no markers for the table")?;
    Ok(format!("{before}{README_BEGIN}\n{table}\n{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results() -> Results {
        let figures = [("mpass", 100.0), ("limit", 90.0), ("liboath", 650.0)].map(|(name, value)| {
            format!(
                r#"{{"group":"hotp sha1, key prepared","name":"{name}","unit":"ns","value":{value},"rounds":[]}}"#
            )
        });
        let machine = r#"{"processor":"P","family":"F","features":["avx2"],"processors":2,
            "memory_mib":1,"is_virtual":true,"system":"S"}"#;
        let text = format!(
            r#"{{"sections":{{"codes":{{"date":"2026-11-22","machine":{machine},
            "versions":{{"rustc":"1"}},"commands":["c"],"rounds":3,"backends":["b"],"figures":[{}]}}}}}}"#,
            figures.join(",")
        );
        serde_json::from_str(&text).unwrap()
    }

    fn target(rest: &str) -> Target {
        let text = format!(
            r#"{{"work":"w","measure":"m","section":"codes","group":"hotp sha1, key prepared",{rest}}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_target_is_met_or_not_by_the_figures() {
        for (rest, shown) in [
            (
                r#""name":"mpass","over":"limit","at_most":1.15"#,
                ["≤ 1.15", "1.11", "met"],
            ),
            (
                r#""name":"liboath","over":"mpass","at_least":7"#,
                ["≥ 7", "6.50", "not met"],
            ),
            (
                r#""name":"mpass","minus":"limit","at_most":10"#,
                ["≤ 10", "10.0", "met"],
            ),
            (
                r#""name":"limit","at_most":80"#,
                ["≤ 80", "90.0", "not met"],
            ),
            (
                r#""name":"nettle","over":"mpass","at_least":1"#,
                ["≥ 1", "not measured", ""],
            ),
        ] {
            let table = targets_table(&results(), &[target(rest)]).unwrap();
            let row = table.lines().nth(2).unwrap();
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            assert_eq!(cells[3..6], shown, "{rest}");
        }
        let both = target(r#""name":"mpass","at_most":1,"at_least":1"#);
        assert!(targets_table(&results(), &[both]).is_err());
    }

    #[test]
    fn the_readme_keeps_what_is_around_its_table() {
        let readme = format!("a\n{README_BEGIN}old\n{README_END}\nb\n");
        let written = with_table(&readme, "new\n").unwrap();
        assert_eq!(
            written,
            format!("a\n{README_BEGIN}\nnew\n\n{README_END}\nb\n")
        );
        assert_eq!(with_table(&written, "new\n").unwrap(), written);
        assert!(with_table("a\n", "new\n").is_err());
    }

    #[test]
    fn the_readme_has_ratios() {
        let table = readme_table(&results());
        assert!(table.contains("100 ns"), "{table}");
        assert!(table.contains("6.50 ×"), "{table}");
    }
}
