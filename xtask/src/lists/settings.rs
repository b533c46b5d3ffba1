//! docs/SETTINGS.md.

use anyhow::{Context, Result};
use mpass_core::service::settings::{Field, Group, Kind, Value, Values};

use super::words::{camel, constant};
use super::written::{HEAD, Written};
use crate::table::aligned;

/// Units of time in milliseconds, longest first.
const UNITS: &[(u64, &str)] = &[
    (24 * 60 * 60 * 1000, "d"),
    (60 * 60 * 1000, "h"),
    (60 * 1000, "min"),
    (1000, "s"),
];

/// The flags that differ from the name of the field.
const FLAGS: &[(Field, &str)] = &[(Field::TestCredits, "--credits")];

pub(super) fn page() -> Result<Written> {
    let text = format!(
        "<!-- {HEAD} -->\n# Settings\n\n\
         Every setting, from the one table in the core. A group is what has settings: a\n\
         policy, a token's rules, an engine, a channel, a customer, a client. A setting\n\
         that is refused is named in the error with its range and the value. Numbers and\n\
         names are stable; those of groups are in [LISTS.md](LISTS.md).\n\n\
         ## Fields\n\n{}\n\
         ## Defaults\n\n\
         A channel, a customer and a client have the fields of a policy as their own. An\n\
         empty cell: the group does not have the field.\n\n{}\n\
         ## Names\n\n\
         On the command line, times have units, such as `5m` or `1d`, a rate is\n\
         `10/1h`, and the flag of a list is repeated, as is that of texts by language:\n\
         `--text en='…' --text ar='…'`. C reads and writes a field by its\n\
         constant.\n\n{}",
        fields(),
        defaults()?,
        names()
    );
    Ok(Written::new("docs/SETTINGS.md", text))
}

fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(String::from).to_vec()
}

fn fields() -> String {
    let mut rows = vec![row(["Number", "Field", "Type", "Range", "Meaning"])];
    for field in Field::ALL {
        let description = field.description();
        let name = format!("`{}`", field.name());
        let number = field.number().to_string();
        let range = match description.kind {
            Kind::Limit => description.range.to_owned(),
            _ => field.range(),
        };
        let meaning = format!("{}.", description.meaning);
        rows.push(row([
            &number,
            &name,
            kind(description.kind),
            &range,
            &meaning,
        ]));
    }
    aligned(&rows)
        + "\nA rate is 1 to 100000 events in any window of 1 ms to 31 days, and how many of\n\
           them may come at once.\n"
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Flag => "true or false",
        Kind::Number { .. } => "number",
        Kind::Duration { .. } => "milliseconds",
        Kind::Limit => "rate",
        Kind::Text => "text",
        Kind::Choice(_) => "one of",
        Kind::Bytes { .. } => "bytes",
        Kind::Numbers => "numbers",
        Kind::Texts => "texts",
        Kind::Map => "texts by language",
    }
}

fn defaults() -> Result<String> {
    let mut rows = vec![row(["Field"])];
    let groups: Vec<Values> = Group::ALL.iter().copied().map(Values::defaults).collect();
    rows[0].extend(Group::ALL.iter().map(|group| group.name().to_owned()));
    for field in Field::ALL {
        let mut cells = vec![format!("`{}`", field.name())];
        for values in &groups {
            cells.push(default(*field, values).context(field.name())?);
        }
        rows.push(cells);
    }
    Ok(aligned(&rows))
}

/// A cell of the table of defaults; an error for a value of a new type.
pub(super) fn default(field: Field, values: &Values) -> Result<String> {
    if !field.is_of(values.group()) {
        return Ok(String::new());
    }
    if field == Field::Name {
        return Ok("required".into());
    }
    let Some(value) = values.get(field) else {
        return Ok("not set".into());
    };
    let is_time = matches!(field.description().kind, Kind::Duration { .. });
    Ok(match value {
        Value::Flag(flag) => flag.to_string(),
        Value::Number(number) if is_time => time(*number),
        Value::Number(number) => number.to_string(),
        Value::Limit {
            events,
            window_ms,
            burst,
        } => {
            format!("{events} in {}, {burst} at once", time(*window_ms))
        }
        Value::Text(text) => format!("`{text}`"),
        Value::Numbers(numbers) if numbers.is_empty() => "empty".into(),
        Value::Texts(texts) if texts.is_empty() => "empty".into(),
        Value::Map(texts) if texts.is_empty() => "empty".into(),
        Value::Texts(texts) => format!("`{}`", texts.join("`, `")),
        other => anyhow::bail!("no text for the default {other:?}"),
    })
}

/// A time span in the longest unit that it is a multiple of.
fn time(ms: u64) -> String {
    let unit = UNITS
        .iter()
        .find(|(unit, _)| ms != 0 && ms.is_multiple_of(*unit));
    match unit {
        Some((unit, name)) => format!("{} {name}", ms / unit),
        None => format!("{ms} ms"),
    }
}

fn names() -> String {
    let mut rows = vec![row(["Field", "Command line", "C", "Java", "JavaScript"])];
    for field in Field::ALL {
        let name = field.name();
        rows.push(vec![
            format!("`{name}`"),
            flag(*field),
            format!("`MPASS_FIELD_{}`", constant(name)),
            format!("`{}`", camel(name.trim_end_matches("_ms"))),
            format!("`{}`", camel(name)),
        ]);
    }
    aligned(&rows)
}

/// The flag of `mpass channel create` and similar commands, or the setting in
/// `mpass.toml` for an engine.
fn flag(field: Field) -> String {
    if field.is_of(Group::Engine) {
        return match field {
            Field::TokenUse => "`login.tokens` in `mpass.toml`".into(),
            _ => format!("`login.{}` in `mpass.toml`", field.name()),
        };
    }
    let tenants = [Group::Channel, Group::Customer, Group::Client];
    if !tenants.iter().any(|group| field.is_of(*group)) {
        return String::new();
    }
    if let Some((_, flag)) = FLAGS.iter().find(|(own, _)| *own == field) {
        return format!("`{flag}`");
    }
    let item = field.description().item.trim_end_matches("_ms");
    format!("`--{}`", item.replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_their_longest_unit() {
        assert_eq!(time(300_000), "5 min");
        assert_eq!(time(90_000), "90 s");
        assert_eq!(time(0), "0 ms");
    }
}
