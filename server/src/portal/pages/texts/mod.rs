//! The texts of the pages: one file for each language, with the same names.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::language::Language;

/// The texts of a language by name.
type Catalogue = BTreeMap<String, String>;

static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| read(include_str!("en.toml")));
static ARABIC: LazyLock<Catalogue> = LazyLock::new(|| read(include_str!("ar.toml")));

/// A file that cannot be read has no texts; a test reads them all.
fn read(text: &str) -> Catalogue {
    toml::from_str(text).unwrap_or_default()
}

fn catalogue(language: Language) -> &'static Catalogue {
    match language {
        Language::English => &ENGLISH,
        Language::Arabic => &ARABIC,
    }
}

/// The text of a name, if the language has one.
pub(super) fn find(language: Language, name: &str) -> Option<&'static str> {
    catalogue(language).get(name).map(String::as_str)
}

#[cfg(test)]
mod tests;
