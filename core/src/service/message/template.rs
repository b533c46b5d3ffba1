//! Texts that a tenant chooses: the template of a message and the name of an
//! application.

use alloc::string::{String, ToString};
use core::fmt;

use unicode_general_category::{GeneralCategory, get_general_category};

use crate::Error;

/// The longest template, in characters.
const LONGEST_TEMPLATE: usize = 320;
/// The longest template that a request may contain, in characters (CAMARA OTP
/// Validation 1.1.1).
const LONGEST_REQUESTED: usize = 160;
/// The longest application identifier, in characters.
const LONGEST_APP: usize = 32;

/// The name of an application: 1 to 32 letters, digits, spaces, hyphens, dots
/// and underscores, without leading or trailing spaces, and without four digits
/// in a row, so that it cannot be mistaken for a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App(String);

impl App {
    /// Checks a name.
    ///
    /// # Errors
    /// [`Error::InvalidApp`] for another length or character.
    pub fn new(name: &str) -> Result<Self, Error> {
        let allowed = |letter: char| letter.is_alphanumeric() || " -._".contains(letter);
        let long_number = name
            .split(|letter: char| !letter.is_numeric())
            .any(|run| run.chars().count() >= 4);
        let length = name.chars().count();
        if !(1..=LONGEST_APP).contains(&length)
            || !name.chars().all(allowed)
            || long_number
            || name.trim() != name
        {
            return Err(Error::InvalidApp);
        }
        Ok(Self(name.to_string()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text of a message with placeholders: `{{code}}`, which is required,
/// `{{app}}` and `{{minutes}}`.
///
/// A template has at most 320 characters. It contains no control, format or
/// bidirectional characters except line feeds, and no line that begins with
/// `@`, because only the engine writes the origin-bound last line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    text: String,
    /// Whether `{{code}}` is the only placeholder that is substituted.
    pub(super) has_code_alone: bool,
}

impl Template {
    /// Checks a template.
    ///
    /// # Errors
    /// [`Error::InvalidTemplate`] for a template that breaks a rule of
    /// [`Template`].
    pub fn new(text: &str) -> Result<Self, Error> {
        Self::checked(text, LONGEST_TEMPLATE, false)
    }

    /// Checks a template from a request: at most 160 characters, and only
    /// `{{code}}` is substituted.
    pub(crate) fn requested(text: &str) -> Result<Self, Error> {
        Self::checked(text, LONGEST_REQUESTED, true)
    }

    fn checked(text: &str, longest: usize, has_code_alone: bool) -> Result<Self, Error> {
        let has_no_origin_line = text.lines().all(|line| !line.starts_with('@'));
        if !text.contains(CODE_PLACEHOLDER)
            || text.chars().count() > longest
            || !text.chars().all(is_plain)
            || !has_no_origin_line
        {
            return Err(Error::InvalidTemplate);
        }
        Ok(Self {
            text: text.to_string(),
            has_code_alone,
        })
    }

    /// The template's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// The placeholder for the code.
pub(super) const CODE_PLACEHOLDER: &str = "{{code}}";

/// A template with its placeholders substituted in a single pass: substituted
/// values are never scanned for placeholders.
pub(super) struct Filled<'a> {
    pub(super) template: &'a str,
    pub(super) values: &'a [(&'a str, &'a str)],
}

impl fmt::Display for Filled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.template;
        while let Some(at) = rest.find("{{") {
            let (before, from) = rest.split_at(at);
            f.write_str(before)?;
            let found = self
                .values
                .iter()
                .find_map(|(placeholder, value)| Some((*value, from.strip_prefix(placeholder)?)));
            // A brace that begins no placeholder is text; the next one may begin
            // one.
            let (value, after) = found.unwrap_or(("{", &from[1..]));
            f.write_str(value)?;
            rest = after;
        }
        f.write_str(rest)
    }
}

/// Whether a character is visible, a space or a line feed.
fn is_plain(letter: char) -> bool {
    letter == '\n'
        || !matches!(
            get_general_category(letter),
            GeneralCategory::Control
                | GeneralCategory::Format
                | GeneralCategory::PrivateUse
                | GeneralCategory::Surrogate
                | GeneralCategory::Unassigned
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_found_after_any_braces() {
        let values = [("{{code}}", "1"), ("{{app}}", "{{code}}")];
        for (template, expected) in [
            ("{{{code}}}", "{1}"),
            ("{{{{code}}}}", "{{1}}"),
            ("{{ {{code}} }}", "{{ 1 }}"),
            ("{{x{{code}}", "{{x1"),
            ("{{{app}}{{code}}", "{{{code}}1"),
            ("{{code}}{{code}}", "11"),
            ("{{code} {{é", "{{code} {{é"),
            ("{", "{"),
            ("", ""),
        ] {
            let values = &values;
            let text = Filled { template, values }.to_string();
            assert_eq!(text, expected, "{template}");
        }
    }

    #[test]
    fn templates_and_names_that_are_refused() {
        for text in [
            "no placeholder",
            "{{code}}\u{202e}",
            "{{code}}\u{7}",
            "{{code}}\r\n",
            "a\n@evil.example #{{code}}",
            "@evil.example #{{code}}",
            "{{code}}\u{2028}@evil",
            "{{code}}\u{e000}",
        ] {
            assert_eq!(Template::new(text), Err(Error::InvalidTemplate), "{text:?}");
            let requested = Template::requested(text);
            assert_eq!(requested, Err(Error::InvalidTemplate), "{text:?}");
        }
        for name in [
            "",
            " a",
            "a ",
            "code 1234",
            "a\nb",
            "a<b",
            "a@b",
            "a/b",
            "١٢٣٤",
            "abcdefgh-abcdefgh.abcdefgh_abcdefg",
            "a\u{200f}b",
        ] {
            assert_eq!(App::new(name), Err(Error::InvalidApp), "{name:?}");
        }
        for name in ["A", "Cool App 123", "بنك الرياض", "a.b_c-d"] {
            assert!(App::new(name).is_ok(), "{name:?}");
        }
    }
}
