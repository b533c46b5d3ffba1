//! Numbers as people write them, beside the package `phonenumbers` of PyPI, the
//! Python edition of libphonenumber: every example number of every region, of every
//! type, in every form. What is read otherwise is listed with the reason in
//! `differences.json`.

use std::collections::BTreeMap;
use std::process::Command;

use mpass_core::number::{CallingCode, PhoneNumber};
use mpass_tests::peers;
use serde::Deserialize;

const PROGRAM: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/suite/core/number_peer/forms.py"
);
const DIFFERENCES: &str = include_str!("differences.json");

/// A line of `forms.py`.
struct Written<'a> {
    form: &'a str,
    region: &'a str,
    country: CallingCode,
    text: &'a str,
    /// What was written.
    number: &'a str,
    /// What the peer reads, or a minus sign.
    peer: &'a str,
}

impl<'a> Written<'a> {
    fn new(line: &'a str) -> Self {
        let fields: Vec<_> = line.split('\t').collect();
        let [form, region, code, text, number, peer] = fields[..] else {
            panic!("malformed line {line:?}");
        };
        Self {
            form,
            region,
            country: code.parse().unwrap(),
            text,
            number,
            peer,
        }
    }

    /// How our reading differs from the peer's, if it does.
    fn difference(&self) -> Option<&'static str> {
        match PhoneNumber::parse(self.text, Some(self.country)) {
            Ok(number) if number.as_str() == self.peer => None,
            Ok(number) if number.as_str() == self.number => Some("the number"),
            Ok(_) => Some("another number"),
            Err(error) => Some(error.name()),
        }
    }
}

/// Texts that are meant to be read otherwise than the peer does.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    reason: String,
    /// Empty for every form.
    forms: Vec<String>,
    /// Empty for every region.
    regions: Vec<String>,
    /// What we read: `the number` that was written, `another number`, or the name
    /// of an error.
    ours: Vec<String>,
    /// How many texts there are.
    count: usize,
}

impl Difference {
    fn contains(&self, written: &Written<'_>, ours: &str) -> bool {
        let has = |list: &[String], text: &str| list.iter().any(|listed| listed == text);
        (self.forms.is_empty() || has(&self.forms, written.form))
            && (self.regions.is_empty() || has(&self.regions, written.region))
            && has(&self.ours, ours)
    }
}

/// The first entry of the list that a text belongs to counts it.
#[test]
fn every_example_number_in_every_form() {
    let Some(python) = peers::phonenumbers() else {
        return;
    };
    let output = Command::new(python).arg(PROGRAM).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let lines = String::from_utf8(output.stdout).unwrap();
    let listed: Vec<Difference> = serde_json::from_str(DIFFERENCES).unwrap();
    let mut counts = vec![0; listed.len()];
    let mut unlisted = Vec::new();
    let (mut all, mut forms) = (0, BTreeMap::<_, usize>::new());
    for line in lines.lines() {
        let written = Written::new(line);
        all += 1;
        *forms.entry(written.form).or_default() += 1;
        let Some(ours) = written.difference() else {
            continue;
        };
        let entry = listed
            .iter()
            .position(|listed| listed.contains(&written, ours));
        match entry {
            Some(index) => counts[index] += 1,
            None => unlisted.push(format!("{ours}: {line}")),
        }
    }
    assert!(all > 20_000 && forms.len() > 20, "{all} texts: {forms:?}");
    assert!(unlisted.is_empty(), "{}", unlisted.join("\n"));
    for (entry, count) in listed.iter().zip(counts) {
        assert_eq!(entry.count, count, "{}", entry.reason);
    }
}
