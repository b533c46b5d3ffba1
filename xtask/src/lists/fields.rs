//! The fields of settings as the classes and the types of a language show
//! them.

use anyhow::Result;
use mpass_core::service::settings::{Field, Kind, Values};

use super::settings::default;
use super::words::camel;

/// Fields whose values are a list's entries, with the type of the list.
const OF_LISTS: &[(Field, &str)] = &[
    (Field::TokenUse, "TokenUse"),
    (Field::Scopes, "Scope"),
    (Field::IdTokenAlg, "SignatureAlgorithm"),
];

/// The type of the list whose entries are a field's values.
pub(super) fn list_of(field: Field) -> Option<&'static str> {
    let found = OF_LISTS.iter().find(|(own, _)| *own == field);
    found.map(|(_, name)| *name)
}

/// Whether settings may be without a value of the field.
pub(super) fn is_optional(field: Field, defaults: &Values) -> bool {
    defaults.get(field).is_none() && field != Field::Name
}

/// Range and default of a field in sentences.
pub(super) fn range(field: Field, defaults: &Values) -> Result<String> {
    let default = match defaults.get(field) {
        Some(_) => format!("default: {}", default(field, defaults)?),
        None => String::new(),
    };
    let range = match field.description().kind {
        // The type in the language has the names.
        Kind::Choice(_) => String::new(),
        _ => field.range(),
    };
    let sentences = [range, default]
        .iter()
        .filter(|sentence| !sentence.is_empty())
        .map(|sentence| format!("{}.", first(sentence, char::to_ascii_uppercase)))
        .collect::<Vec<_>>();
    Ok(in_camel_case(sentences.join(" ")))
}

/// A text in which the names of fields are in camel case.
fn in_camel_case(text: String) -> String {
    let snake = Field::ALL.iter().filter(|field| field.name().contains('_'));
    snake.fold(text, |text, field| {
        text.replace(field.name(), &format!("`{}`", camel(field.name())))
    })
}

/// A text with another first letter.
pub(super) fn first(text: &str, change: fn(&char) -> char) -> String {
    let mut letters = text.chars();
    let head = letters.next().map(|letter| change(&letter));
    head.into_iter().chain(letters).collect()
}
