//! Parameters that are not separated by `&`.

use super::names::OF_PAGE;
use super::text::Text;
use crate::typed::is_unseen;

/// Whether the value of a parameter has another parameter in it, as in
/// `issuer=Ex;digits=8`.
pub(super) fn is_within_value(value: Text<'_>) -> bool {
    let mut before = value.before_equals_signs();
    before.any(|text| ends_with_parameter(text, ends_with_separator))
}

/// Whether the name of a parameter ends with another one, as in
/// `?x?digits=8`.
pub(super) fn is_within_name(name: Text<'_>) -> bool {
    ends_with_parameter(name.raw, |text| {
        matches!(text.as_bytes().last(), Some(b'?' | b';'))
    })
}

/// Whether an issuer or a label has a parameter in it, encoded or not, as in
/// `a%26digits%3D8`: parameters before the question mark, or encoded with it.
pub(super) fn is_within_label(text: Text<'_>) -> bool {
    let mut rest = text;
    while let Some((letter, after)) = rest.split_letter() {
        if matches!(letter, '&' | '?' | ';') && begins_with_parameter(after) {
            return true;
        }
        rest = after;
    }
    false
}

/// The names of parameters that change the codes or the account.
fn names() -> impl Iterator<Item = &'static str> {
    OF_PAGE.into_iter().chain(["encoder"])
}

fn begins_with_parameter(text: Text<'_>) -> bool {
    let mut after = names().filter_map(|name| text.strip_letters(name)?.split_letter());
    after.any(|(letter, _)| letter == '=')
}

/// Whether a text ends with a separator and the name of a parameter.
fn ends_with_parameter(text: &str, ends_with_separator: fn(&str) -> bool) -> bool {
    let text = text.trim_end_matches(is_unseen);
    names().any(|name| {
        let start = text.len().checked_sub(name.len());
        let halves = start.and_then(|start| text.split_at_checked(start));
        halves.is_some_and(|(before, last)| {
            last.eq_ignore_ascii_case(name) && ends_with_separator(before)
        })
    })
}

/// Whether a text ends with a character that may have been meant as `&`, or
/// with JSON's escape of it: all but letters and digits of ASCII. Before the name
/// of a parameter, other scripts are taken for separators, too.
fn ends_with_separator(text: &str) -> bool {
    let last = text.as_bytes().last();
    last.is_some_and(|byte| !byte.is_ascii_alphanumeric()) || text.ends_with("\\u0026")
}
