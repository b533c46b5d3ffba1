//! What stands before a key URI, or instead of one.

use super::text::split_once;
use crate::Error;

const SCHEME: &str = "otpauth://";

/// The scheme of Google Authenticator's exports.
const MIGRATION: &str = "otpauth-migration:";

/// How a key URI begins within another text: as it is, or encoded once or twice
/// in a parameter of a link.
const WITHIN: [&str; 4] = [SCHEME, "otpauth:%2f%2f", "otpauth%3a", "otpauth%253a"];

/// Whether a text begins as a key URI does.
pub(in crate::oath) fn begins_key_uri(text: &str) -> bool {
    after_scheme(text).is_some()
}

/// Why a URI or a text with one is not a key URI. `None` for a text that is
/// neither.
pub(in crate::oath) fn other_form(text: &str) -> Option<Error> {
    if has(text, MIGRATION) {
        return Some(Error::UriMigration);
    }
    if WITHIN.iter().any(|start| has(text, start)) {
        return Some(Error::UriWithinText);
    }
    let (scheme, rest) = split_once(text, b':')?;
    let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    let is_uri = !scheme.is_empty() && scheme.bytes().all(is_scheme) && rest.starts_with("//");
    is_uri.then_some(Error::UriScheme)
}

/// What follows the scheme of a key URI: nothing of a second one, and no
/// fragment.
pub(super) fn strip(text: &str) -> Result<&str, Error> {
    let Some(rest) = after_scheme(text) else {
        return Err(other_form(text).unwrap_or(Error::UriScheme));
    };
    if has(rest, SCHEME) {
        return Err(Error::UriSeveral);
    }
    match split_once(rest, b'#') {
        // A character reference of HTML: `&#38;`.
        Some((before, _)) if before.as_bytes().last() == Some(&b'&') => Err(Error::UriSeparator),
        Some(_) => Err(Error::UriFragment),
        None => Ok(rest),
    }
}

fn after_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_at_checked(SCHEME.len())?;
    scheme.eq_ignore_ascii_case(SCHEME).then_some(rest)
}

/// Whether a text has ASCII letters somewhere, in either case.
fn has(text: &str, letters: &str) -> bool {
    let mut places = text.as_bytes().windows(letters.len());
    places.any(|bytes| bytes.eq_ignore_ascii_case(letters.as_bytes()))
}
