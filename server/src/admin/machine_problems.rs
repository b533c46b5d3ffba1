//! What differs between the machines that share a store.

use std::collections::{BTreeMap, BTreeSet};

use super::machine::{KeyStatus, MachineStatus};
use super::status::{HeaderStatus, Level};
use crate::fleet::offset::MOST_AHEAD_MS;
use crate::time;

/// From this difference of the clocks on, in milliseconds, it is worth a look.
const NOTABLE_AHEAD_MS: u64 = 1_000;

/// What is wrong with the machines, and what differs between those that run.
pub(super) fn machines(
    all: &[MachineStatus],
    header: Option<&HeaderStatus>,
    found: &mut impl FnMut(Level, &str, String),
) {
    let mut found = |level, what: String| found(level, "machines", what);
    let (live, silent): (Vec<_>, Vec<_>) = all.iter().partition(|machine| machine.live);
    for machine in silent {
        let since = time::seconds(machine.announced_at_ms);
        let what = format!("{} ended without a word, after {since}", machine.name());
        found(Level::Warning, what);
    }
    for machine in &live {
        clock(machine, &mut found);
        if let Some(header) = header
            && !machine.keys.iter().any(|key| key.id == header.active_key)
        {
            let (name, id) = (machine.name(), header.active_key);
            let what = format!("{name} lacks the active record key {id}: copy the keyring there");
            found(Level::Error, what);
        }
    }
    keys(&live, &mut found);
    let versions = by(&live, |machine| machine.version.clone());
    if versions.len() > 1 {
        let what = format!("an upgrade is half done: {}", shown(&versions));
        found(Level::Warning, what);
    }
    let tables = by(&live, |machine| machine.number_table.to_string());
    if tables.len() > 1 {
        let what = format!("the number tables differ: {}", shown(&tables));
        found(Level::Warning, what);
    }
    let configurations = by(&live, |machine| machine.configuration.clone());
    if configurations.len() > 1 {
        let what = format!("the configurations differ: {}", shown(&configurations));
        found(Level::Warning, what);
    }
}

fn clock(machine: &MachineStatus, found: &mut impl FnMut(Level, String)) {
    let Some(ahead_ms) = machine.ahead_ms else {
        return;
    };
    let (by_ms, direction) = (
        ahead_ms.unsigned_abs(),
        if ahead_ms < 0 { "behind" } else { "ahead of" },
    );
    let level = match by_ms {
        0..NOTABLE_AHEAD_MS => return,
        NOTABLE_AHEAD_MS..MOST_AHEAD_MS => Level::Warning,
        _ => Level::Error,
    };
    let name = machine.name();
    let what = format!("the clock of {name} is {by_ms} ms {direction} the store's");
    found(level, what);
}

/// Keys that some machines lack, and those that differ under one id.
fn keys(live: &[&MachineStatus], found: &mut impl FnMut(Level, String)) {
    let all: BTreeMap<u16, BTreeSet<&str>> =
        live.iter()
            .flat_map(|machine| &machine.keys)
            .fold(BTreeMap::new(), |mut all, key| {
                let fingerprints: &mut BTreeSet<&str> = all.entry(key.id).or_default();
                fingerprints.insert(&key.fingerprint);
                all
            });
    for (id, fingerprints) in all {
        if fingerprints.len() > 1 {
            let holders = by(live, |machine| fingerprint(machine, id));
            let what = format!(
                "record key {id} is not the same everywhere: {}",
                shown(&holders)
            );
            found(Level::Error, what);
            continue;
        }
        let lacking = live
            .iter()
            .filter(|machine| !machine.keys.iter().any(|key| key.id == id));
        let lacking: Vec<String> = lacking.map(|machine| machine.name()).collect();
        if !lacking.is_empty() {
            let lacking = lacking.join(", ");
            found(
                Level::Warning,
                format!("record key {id} is not on {lacking}"),
            );
        }
    }
}

fn fingerprint(machine: &MachineStatus, id: u16) -> String {
    let key = machine.keys.iter().find(|key| key.id == id);
    key.map_or_else(
        || "none".to_owned(),
        |KeyStatus { fingerprint, .. }| fingerprint.clone(),
    )
}

/// The names of the machines by a property of theirs.
fn by(
    live: &[&MachineStatus],
    property: impl Fn(&MachineStatus) -> String,
) -> BTreeMap<String, Vec<String>> {
    let mut groups = BTreeMap::<String, Vec<String>>::new();
    for machine in live {
        groups
            .entry(property(machine))
            .or_default()
            .push(machine.name());
    }
    groups
}

fn shown(groups: &BTreeMap<String, Vec<String>>) -> String {
    let groups = groups.iter();
    let groups: Vec<String> = groups
        .map(|(property, names)| format!("{property} on {}", names.join(", ")))
        .collect();
    groups.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::machine::tests::machine;

    fn key(id: u16, fingerprint: &str) -> KeyStatus {
        KeyStatus {
            id,
            fingerprint: fingerprint.to_owned(),
        }
    }

    fn header(active_key: u16) -> HeaderStatus {
        HeaderStatus {
            layout: 1,
            write_format: 1,
            number_table: 1,
            active_key,
            restored_at_ms: None,
            closed: false,
        }
    }

    fn problems(all: &[MachineStatus]) -> Vec<(Level, String)> {
        let mut problems = Vec::new();
        machines(all, Some(&header(1)), &mut |level, about, what| {
            assert_eq!(about, "machines");
            problems.push((level, what));
        });
        problems
    }

    fn alike() -> [MachineStatus; 2] {
        ["a", "b"].map(|host| MachineStatus {
            keys: vec![key(1, "f1")],
            ..machine(host, host)
        })
    }

    #[test]
    fn machines_that_are_alike_are_no_problem() {
        assert_eq!(problems(&alike()), []);
        assert_eq!(problems(&[]), []);
    }

    #[test]
    fn what_differs_is_named() {
        type Change = fn(&mut MachineStatus);
        let cases: [(Change, Level, &str); 9] = [
            (
                |it| it.version = "2.0.0".into(),
                Level::Warning,
                "half done: 1.0.0 on a (a); 2.0.0 on b (b)",
            ),
            (|it| it.number_table = 2, Level::Warning, "number tables"),
            (
                |it| it.configuration = "c".into(),
                Level::Warning,
                "configurations",
            ),
            (
                |it| it.keys.push(key(2, "f2")),
                Level::Warning,
                "record key 2 is not on a (a)",
            ),
            (
                |it| it.keys = vec![key(1, "other")],
                Level::Error,
                "not the same everywhere",
            ),
            (
                |it| it.keys = vec![key(3, "f3")],
                Level::Error,
                "b (b) lacks the active record key 1",
            ),
            (
                |it| it.ahead_ms = Some(-1_000),
                Level::Warning,
                "1000 ms behind",
            ),
            (
                |it| it.ahead_ms = Some(3_500),
                Level::Error,
                "3500 ms ahead of",
            ),
            (|it| it.live = false, Level::Warning, "without a word"),
        ];
        for (change, level, text) in cases {
            let mut all = alike();
            change(&mut all[1]);
            let problems = problems(&all);
            let is_it = |(at, what): &(Level, String)| *at == level && what.contains(text);
            assert!(problems.iter().any(is_it), "{text}: {problems:?}");
        }
        let mut all = alike();
        all[1].ahead_ms = Some(999);
        assert_eq!(problems(&all), []);
    }
}
