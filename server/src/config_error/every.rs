//! Every mistake of a document, where a parser stops at the first one.

use core::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Deserializer};

use super::problem::{Problem, key_at, malformed, refused};

/// The maximum number of problems that are reported.
const MOST: usize = 100;

/// What a document contains.
#[derive(Debug)]
pub(crate) struct Read<T> {
    /// The value without the settings that are wrong; `None` if there is none.
    pub(crate) value: Option<T>,
    /// The top-level keys below which something is wrong: what they contain is
    /// incomplete.
    pub(crate) incomplete: Vec<String>,
    /// What is wrong.
    pub(crate) problems: Vec<Problem>,
}

/// Reads a document, and again without each setting that is wrong.
pub(crate) fn read_all<T: DeserializeOwned>(text: &str) -> Read<T> {
    let (mut document, malformations) = DeTable::parse_recoverable(text);
    let mut read = Read {
        value: None,
        incomplete: Vec::new(),
        problems: Vec::new(),
    };
    if !malformations.is_empty() {
        let problems = malformations.iter().map(|error| malformed(text, error));
        read.problems.extend(problems.take(MOST));
        return read;
    }
    let whole = document.get_ref().clone();
    let mut removed: Vec<String> = Vec::new();
    // One more than that are not reported.
    for _ in 0..=MOST {
        let error = match T::deserialize(Deserializer::from(document.clone())) {
            Ok(value) => {
                read.value = Some(value);
                break;
            }
            Err(error) => error,
        };
        let problem = refused(text, &whole, &error);
        // A required key that is missing now because its value was wrong.
        let missing = problem.what.strip_prefix("missing field `");
        let missing = missing.and_then(|name| name.strip_suffix('`'));
        let is_removed = missing.is_some_and(|name| {
            let path = problem.key.iter().map(String::as_str).chain([name]);
            removed.contains(&path.collect::<Vec<_>>().join("."))
        });
        if !is_removed {
            read.problems.push(problem);
        }
        let Some(place) = error.span() else { break };
        let path = key_at(&whole, &place);
        read.incomplete.extend(path.first().cloned());
        removed.push(path.join("."));
        if !remove(document.get_mut(), &place) {
            break;
        }
    }
    read.problems.sort_by_key(|problem| problem.line);
    read
}

/// Removes the innermost key whose name or value is at a place; whether there is
/// one.
fn remove(table: &mut DeTable<'_>, place: &Range<usize>) -> bool {
    let is_here = |span: Range<usize>| span.start <= place.start && place.end <= span.end;
    if table
        .iter_mut()
        .any(|(_, value)| remove_below(value, place))
    {
        return true;
    }
    let mut keys = table.iter();
    let key = keys.find(|(key, value)| is_here(key.span()) || is_here(value.span()));
    match key.map(|(key, _)| key.clone()) {
        Some(key) => table.remove(&key).is_some(),
        None => false,
    }
}

fn remove_below(value: &mut Spanned<DeValue<'_>>, place: &Range<usize>) -> bool {
    match value.get_mut() {
        DeValue::Table(table) => remove(table, place),
        DeValue::Array(values) => {
            if values.iter_mut().any(|value| remove_below(value, place)) {
                return true;
            }
            let len = values.len();
            let mut others = DeArray::new();
            for value in core::mem::replace(values, DeArray::new()) {
                let span = value.span();
                if !(span.start <= place.start && place.end <= span.end) {
                    others.push(value);
                }
            }
            *values = others;
            values.len() < len
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn problems(text: &str) -> Vec<String> {
        let read = read_all::<Config>(text);
        read.problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_wrong_setting_is_reported() {
        let text = "listen = \"SECRET\"\nlisen = 1\n[limits]\nconnections = \"SECRET\"\n\
                    header_timeout = \"SECRET\"\nbody_timeout = \"9s\"\n[tls]\nkey = 1\n\
                    [[network.nas]]\naddress = \"SECRET\"\n[[network.nas]]\nrealm = 1\n\
                    [log]\nlevel = \"SECRET\"\n";
        let read = read_all::<Config>(text);
        let found = problems(text);
        for expected in [
            "line 1: listen: expected an address and a port such as 127.0.0.1:9091",
            "line 2: lisen: unknown key",
            "line 4: limits.connections: expected a whole number",
            "line 5: limits.header_timeout: expected a duration",
            "line 8: tls.key: expected a path in quotes",
            "line 7: tls: missing field `certificates`",
            "line 10: network.nas.address: expected an address or a network",
            "line 12: network.nas.realm: expected a string",
            "line 14: log.level: expected one of",
        ] {
            let is_expected = |problem: &String| problem.starts_with(expected);
            assert_eq!(
                found.iter().filter(|one| is_expected(one)).count(),
                1,
                "{expected}: {found:#?}"
            );
        }
        assert!(!found.concat().contains("SECRET"), "{found:#?}");
        // What was missing only because it was wrong is not reported again.
        assert!(
            !found.iter().any(|one| one.contains("missing field `key`")),
            "{found:#?}"
        );
        // The second one has none.
        let missing = found
            .iter()
            .filter(|one| one.contains("missing field `address`"));
        assert_eq!(missing.count(), 1, "{found:#?}");
        let config = read.value.unwrap();
        assert_eq!(config.limits.body_timeout.as_secs(), 9);
        assert!(read.incomplete.contains(&"limits".to_owned()));
        assert!(!read.incomplete.contains(&"login".to_owned()));
    }

    #[test]
    fn every_broken_line_is_reported() {
        let found = problems("a = SECRET\nlisten = \"127.0.0.1:1\"\nb = \"SECRET\n");
        assert!(found.len() >= 2, "{found:#?}");
        assert!(
            found.iter().any(|one| one.starts_with("line 1: ")),
            "{found:#?}"
        );
        assert!(
            found.iter().any(|one| one.starts_with("line 3: ")),
            "{found:#?}"
        );
        assert!(!found.concat().contains("SECRET"), "{found:#?}");
        assert!(!found.iter().any(|one| one.contains('\n')), "{found:#?}");
    }

    #[test]
    fn a_valid_document_has_no_problem() {
        let read = read_all::<Config>(include_str!("../../../examples/mpass.toml"));
        assert_eq!(read.problems, []);
        assert_eq!(read.value, Some(Config::default()));
    }
}
