//! What is wrong with a document: one line with line and key, and never a value.

use core::fmt;
use core::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

/// What is wrong with a document, without its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The line, from 1.
    pub(crate) line: Option<usize>,
    /// The path of the key.
    pub(crate) key: Option<String>,
    /// What is wrong.
    pub(crate) what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        match &self.key {
            // What a check says begins with the setting.
            Some(key) if !self.what.starts_with(key.as_str()) => {
                write!(f, "{key}: {}", self.what)
            }
            _ => f.write_str(&self.what),
        }
    }
}

/// A text that is not TOML. Messages about syntax are fixed texts.
pub(super) fn malformed(text: &str, error: &Error) -> Problem {
    let span = error.span();
    let is_key = error.message() == "duplicate key";
    let key = span.clone().filter(|_| is_key);
    Problem {
        line: span.map(|span| line(text, &span)),
        key: key.and_then(|span| text.get(span)).map(shown),
        what: error.message().replace('\n', ", "),
    }
}

/// A value of the wrong type, a missing or an unknown key.
pub(super) fn refused(text: &str, document: &DeTable<'_>, error: &Error) -> Problem {
    let message = error.message();
    let what = match message.rsplit_once(", expected ") {
        Some((what, expected)) if what.starts_with("unknown field") => {
            format!("unknown key, expected {expected}")
        }
        // The value is before that, and may contain the same words.
        Some((_, expected)) => format!("expected {}", plain(expected)),
        // It names the key.
        None if message.starts_with("missing field `") => message.to_owned(),
        None if message.contains("socket address") => format!("expected {ADDRESS}"),
        None if message.starts_with("wanted exactly 1 element") => {
            "expected a table with exactly one key".to_owned()
        }
        None => "the value is not valid".to_owned(),
    };
    let span = error.span();
    let key = span.as_ref().map(|span| key_at(document, span).join("."));
    Problem {
        line: span.map(|span| line(text, &span)),
        key: key.filter(|key| !key.is_empty()),
        what,
    }
}

const ADDRESS: &str = "an address and a port such as 127.0.0.1:9091";

/// What was expected, without the names of Rust.
fn plain(expected: &str) -> &str {
    match expected {
        "usize" | "u64" | "u32" | "u16" | "u8" => "a whole number",
        "path string" => "a path in quotes",
        "a sequence" => "a list in brackets",
        "socket address" => ADDRESS,
        "a map" => "a table",
        name if name.starts_with("struct ") => "a table",
        other => other,
    }
}

pub(super) fn line(text: &str, span: &Range<usize>) -> usize {
    let before = text.as_bytes().get(..span.start).unwrap_or_default();
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

/// The path of the key whose name or value is at a place.
pub(super) fn key_at(table: &DeTable<'_>, place: &Range<usize>) -> Vec<String> {
    for (key, value) in table {
        let is_here = |span: Range<usize>| span.start <= place.start && place.end <= span.end;
        let below = below(value, place);
        if !below.is_empty() || is_here(key.span()) || is_here(value.span()) {
            return [vec![shown(key.get_ref())], below].concat();
        }
    }
    Vec::new()
}

fn below(value: &Spanned<DeValue<'_>>, place: &Range<usize>) -> Vec<String> {
    match value.get_ref() {
        DeValue::Table(table) => key_at(table, place),
        DeValue::Array(values) => {
            let mut below = values.iter().map(|value| below(value, place));
            below.find(|path| !path.is_empty()).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// A key, unless it is text that can only be a value in the wrong place.
fn shown(key: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    match key.len() <= 40 && key.bytes().all(is_bare) {
        true => key.to_owned(),
        false => "(a quoted key)".to_owned(),
    }
}
