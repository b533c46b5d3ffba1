//! Texts that a tenant chooses: the template of a message and the name of an
//! application.

use alloc::string::{String, ToString};
use core::fmt;

use super::letters::{is_combining, is_invisible, is_shown};
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
/// in a row, so that it cannot be mistaken for a code. Inside, it may have the
/// combining marks, joiners and direction marks of its orthography.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App(String);

impl App {
    /// Checks a name.
    ///
    /// # Errors
    /// [`Error::InvalidApp`] for another length or character.
    pub fn new(name: &str) -> Result<Self, Error> {
        let is_whole = |letter: char| letter.is_alphanumeric() || " -._".contains(letter);
        let allowed =
            |letter: char| is_whole(letter) || is_combining(letter) || is_invisible(letter);
        // Digits with something invisible between them look like one number.
        let seen: String = name.chars().filter(|letter| is_whole(*letter)).collect();
        let long_number = seen
            .split(|letter: char| !letter.is_numeric())
            .any(|run| run.chars().count() >= 4);
        let length = name.chars().count();
        if !(1..=LONGEST_APP).contains(&length)
            || !name.chars().all(allowed)
            || long_number
            || name.trim() != name
            || !name.starts_with(is_whole)
            || name.ends_with(is_invisible)
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
/// A template has at most 320 characters. It contains visible characters, spaces,
/// line feeds, and the invisible characters of orthographies: joiners (ZWNJ, ZWJ,
/// ZWSP, word joiner), direction marks (LRM, RLM, ALM) and the Mongolian vowel
/// separator. Direction overrides, embeddings and isolates, and other control and
/// format characters are refused. CR LF is read as a line feed. No line begins
/// with `@`, because only the engine writes the origin-bound last line.
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
        // One form of a line's end, which costs one septet. It is also the form
        // that readers of the origin-bound line convert to.
        let lines = text.replace("\r\n", "\n");
        let begins_as_origin = |line: &str| line.trim_start_matches(is_invisible).starts_with('@');
        if !text.contains(CODE_PLACEHOLDER)
            || text.chars().count() > longest
            || !lines
                .chars()
                .all(|letter| letter == '\n' || is_shown(letter))
            || lines.split('\n').any(begins_as_origin)
        {
            return Err(Error::InvalidTemplate);
        }
        Ok(Self {
            text: lines,
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
            "{{code}}\r",
            "{{code}}\r\r\n",
            "{{code}}\n\r",
            "{{code}}\t",
            "{{code}}\u{85}",
            "{{code}}\u{202a}\u{202c}",
            "{{code}}\u{2066}\u{2069}",
            "{{code}}\u{ad}",
            "{{code}}\u{feff}",
            "a\r\n@evil.example #{{code}}",
            "\u{200e}@evil.example #{{code}}",
            "a\n\u{200f}\u{200d}@evil.example #{{code}}",
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
            "a\u{202e}b",
            "a\u{2067}b",
            "a\u{200f}",
            "\u{200f}a",
            "\u{200d}",
            "\u{94d}a",
            "a\u{ad}b",
            "12\u{200d}34",
            "1\u{200e}2\u{301}34",
        ] {
            assert_eq!(App::new(name), Err(Error::InvalidApp), "{name:?}");
        }
        for name in ["A", "Cool App 123", "بنك الرياض", "a.b_c-d"] {
            assert!(App::new(name).is_ok(), "{name:?}");
        }
    }

    /// The words are those of CLDR 47 for "my home" (fa), "Sri Lanka" (si) and
    /// "Nepali" and "Hindi" (hi), and Khmer with a ZWSP between words.
    #[test]
    fn orthography_is_kept() {
        for word in [
            "خانه\u{200c}ها",
            "ශ්\u{200d}රී ලංකාව",
            "नेपाली र्\u{200d}य",
            "हिन्दी",
            "ភាសា\u{200b}ខ្មែរ",
            "a\u{200e}b",
            "a\u{200f}b",
            "ب\u{61c}b",
        ] {
            assert_eq!(App::new(word).unwrap().as_str(), word);
            let text = alloc::format!("\u{200f}{word}: {{{{code}}}}\u{200e}");
            assert_eq!(Template::new(&text).unwrap().as_str(), text);
            assert_eq!(Template::requested(&text).unwrap().as_str(), text);
        }
        let family = "{{code}} 👨\u{200d}👩\u{200d}👧 ❤\u{fe0f}";
        assert_eq!(Template::new(family).unwrap().as_str(), family);
    }

    #[test]
    fn a_line_ends_with_a_line_feed() {
        for (text, expected) in [
            ("a\r\n{{code}}\r\n", "a\n{{code}}\n"),
            ("a\n\r\n{{code}}", "a\n\n{{code}}"),
        ] {
            assert_eq!(Template::new(text).unwrap().as_str(), expected);
        }
        // CAMARA counts the characters of the request.
        let longest = alloc::format!("{{{{code}}}}\r\n{}", "a".repeat(150));
        assert!(Template::requested(&longest).is_ok());
        let longer = Template::requested(&(longest + "a"));
        assert_eq!(longer, Err(Error::InvalidTemplate));
    }
}
