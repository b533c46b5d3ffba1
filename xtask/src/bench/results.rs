//! docs/performance/results.json: the results by section.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::machine::Machine;
use crate::tree::Tree;

/// All results.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Results {
    pub(crate) sections: BTreeMap<String, Run>,
}

/// The last run of a section: machine, date and figures.
#[derive(Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) date: String,
    pub(crate) machine: Machine,
    pub(crate) versions: BTreeMap<String, String>,
    pub(crate) commands: Vec<String>,
    pub(crate) rounds: usize,
    /// The backends of libmpass.
    pub(crate) backends: Vec<String>,
    pub(crate) figures: Vec<Figure>,
}

/// One measurement, and its median over the rounds.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Figure {
    pub(crate) group: String,
    pub(crate) name: String,
    /// The position on a growth curve.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<u64>,
    pub(crate) unit: String,
    pub(crate) value: f64,
    /// The value of each round.
    pub(crate) rounds: Vec<f64>,
}

/// The results that the programs of a section wrote.
#[derive(Default)]
pub(super) struct Written {
    pub(super) figures: Vec<Figure>,
    /// The backends of libmpass, for each build.
    pub(super) backends: Vec<String>,
}

/// A line written by a benchmark; the format is defined in
/// `benches/src/results.rs`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Backend { backend: String },
    Measured(Measured),
}

#[derive(Deserialize)]
struct Measured {
    group: String,
    name: String,
    at: Option<u64>,
    unit: String,
    value: f64,
}

impl Results {
    pub(crate) fn read(tree: &Tree) -> Result<Self> {
        let path = path(tree);
        if !path.exists() {
            return Ok(Self::default());
        }
        serde_json::from_str(&fs::read_to_string(&path)?)
            .with_context(|| format!("{} is not a results file", path.display()))
    }

    pub(crate) fn write(&self, tree: &Tree) -> Result<()> {
        let text = serde_json::to_string_pretty(self)?;
        fs::write(path(tree), text + "\n").context("cannot write the results")
    }

    pub(crate) fn find(
        &self,
        section: &str,
        group: &str,
        name: &str,
        at: Option<u64>,
    ) -> Option<f64> {
        let run = self.sections.get(section)?;
        let is_it =
            |figure: &&Figure| figure.group == group && figure.name == name && figure.at == at;
        run.figures.iter().find(is_it).map(|figure| figure.value)
    }
}

fn path(tree: &Tree) -> PathBuf {
    tree.root.join("docs/performance/results.json")
}

impl Written {
    /// Adds the lines of one round to those of earlier rounds. `tag` is appended
    /// to each name.
    pub(super) fn collect(&mut self, lines: &str, tag: &str) -> Result<()> {
        for line in lines.lines() {
            let read =
                serde_json::from_str(line).with_context(|| format!("not a result: {line}"))?;
            match read {
                Line::Backend { backend } if self.backends.contains(&backend) => {}
                Line::Backend { backend } => self.backends.push(backend),
                Line::Measured(measured) => self.add(measured, tag)?,
            }
        }
        Ok(())
    }

    fn add(&mut self, line: Measured, tag: &str) -> Result<()> {
        if !line.value.is_finite() {
            bail!("{}, {}: not a number", line.group, line.name);
        }
        let name = format!("{}{tag}", line.name);
        let is_it = |figure: &&mut Figure| {
            figure.group == line.group && figure.name == name && figure.at == line.at
        };
        match self.figures.iter_mut().find(is_it) {
            Some(figure) => figure.rounds.push(line.value),
            None => self.figures.push(Figure {
                group: line.group,
                name,
                at: line.at,
                unit: line.unit,
                value: line.value,
                rounds: vec![line.value],
            }),
        }
        Ok(())
    }
}

/// Sets every value to the median of its rounds, to four digits.
pub(super) fn settle(figures: &mut [Figure]) {
    for figure in figures {
        for round in &mut figure.rounds {
            *round = four_digits(*round);
        }
        let mut sorted = figure.rounds.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        figure.value = match sorted.len() % 2 {
            1 => sorted[middle],
            _ => four_digits((sorted[middle - 1] + sorted[middle]) / 2.0),
        };
    }
}

/// More digits than four are noise.
fn four_digits(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(value: &str) -> String {
        format!(r#"{{"group":"g","name":"n","unit":"ns","value":{value}}}"#)
    }

    #[test]
    fn a_figure_is_the_median_of_its_rounds() {
        let mut written = Written::default();
        for value in ["3.00001", "100", "2"] {
            written.collect(r#"{"backend":"b"}"#, "").unwrap();
            written.collect(&line(value), "").unwrap();
        }
        written.collect(&line("7"), ", native").unwrap();
        let mut figures = written.figures;
        settle(&mut figures);
        let values: Vec<_> = figures.iter().map(|f| (f.name.as_str(), f.value)).collect();
        assert_eq!(values, [("n", 3.0), ("n, native", 7.0)]);
        assert_eq!(figures[0].rounds, [3.0, 100.0, 2.0]);
        assert_eq!(written.backends, ["b"]);
    }

    #[test]
    fn points_of_a_curve_are_figures_of_their_own() {
        let mut written = Written::default();
        let at = r#"{"group":"g","name":"n","at":10,"unit":"ns","value":5}"#;
        written.collect(at, "").unwrap();
        written.collect(&line("6"), "").unwrap();
        let figures = written.figures;
        assert_eq!(figures.len(), 2);
        assert_eq!((figures[0].at, figures[0].value), (Some(10), 5.0));
    }

    #[test]
    fn lines_that_are_no_results_are_rejected() {
        assert!(Written::default().collect("warming up", "").is_err());
        assert!(Written::default().collect(&line("null"), "").is_err());
    }
}
