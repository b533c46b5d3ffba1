//! The tables for the packed calls of the npm package: operations and settings.

use mpass_bindings::Operation;
use mpass_core::service::settings::{Field, Kind};

use super::words::camel;
use super::written::{HEAD, Written};

pub(super) fn files() -> Vec<Written> {
    vec![
        Written::new("wasm/js/operations.js", operations()),
        Written::new("wasm/js/fields.js", fields()),
    ]
}

/// The constants of the bindings' operations, with a blank line between groups.
fn operations() -> String {
    let mut text = format!("// {HEAD}\n");
    let mut group = None;
    for Operation { number, name, .. } in Operation::ALL {
        if group.replace(number / 100) != Some(number / 100) {
            text += "\n";
        }
        text += &format!("export const {name} = {number};\n");
    }
    text
}

/// All settings by name.
fn fields() -> String {
    let mut text = format!(
        "// {HEAD}\n\n// Of every setting its number, its type, the groups that have it and its range.\n\
         export const FIELDS = Object.freeze({{\n"
    );
    for field in Field::ALL {
        let description = field.description();
        let groups = description.groups.iter().map(|group| group.name());
        text += &format!(
            "  {}: {{\n    number: {},\n    type: {},\n    groups: {},\n    range: '{}',\n  }},\n",
            camel(field.name()),
            field.number(),
            kind(description.kind),
            array(groups),
            field.range().replace('\'', "\\'")
        );
    }
    text + "});\n"
}

/// The name of the type in `wasm/js/settings.js`; for a choice, its names.
fn kind(kind: Kind) -> String {
    let name = match kind {
        Kind::Choice(names) => return array(names.iter().copied()),
        Kind::Number { most, .. } if u32::try_from(most).is_ok() => "u32",
        Kind::Number { .. } => "u64",
        Kind::Duration { .. } => "ms",
        Kind::Flag => "flag",
        Kind::Limit => "limit",
        Kind::Text => "text",
        Kind::Bytes { .. } => "bytes",
        Kind::Numbers => "numbers",
        Kind::Texts => "texts",
        Kind::Map => "map",
    };
    format!("'{name}'")
}

fn array<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.map(|name| format!("'{name}'")).collect();
    format!("[{}]", names.join(", "))
}
