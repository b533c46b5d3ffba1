//! The template of a message, which a tenant or a request chooses.

use alloc::string::String;
use core::fmt;

use super::letters::{is_invisible, is_shown};
use crate::Error;

/// The longest template, in characters.
const LONGEST_TEMPLATE: usize = 320;
/// The longest template that a request may contain, in characters (CAMARA OTP
/// Validation 1.1.1).
const LONGEST_REQUESTED: usize = 160;
/// The most characters of an unknown placeholder that an error shows.
const LONGEST_SHOWN: usize = 32;

/// The placeholder for the code.
pub(super) const CODE: &str = "{{code}}";
/// The placeholder for the application, or the tenant's name.
pub(super) const APP: &str = "{{app}}";
/// The placeholder for the code's lifetime in minutes.
pub(super) const MINUTES: &str = "{{minutes}}";

/// The text of a message with placeholders: `{{code}}`, which is required,
/// `{{app}}` and `{{minutes}}`.
///
/// A template has at most 320 characters. It contains visible characters, spaces,
/// line feeds, and the invisible characters of orthographies, such as joiners
/// (ZWNJ, ZWJ, ZWSP, word joiner) and direction marks (LRM, RLM, ALM). Direction
/// overrides, embeddings and isolates, and other control and format characters are
/// refused. CR LF, CR, NEL, and line and paragraph separators are read as line
/// feeds. Other placeholders are refused. No line begins with `@`, and `@host #`
/// occurs nowhere, because only the engine writes the origin-bound last line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    text: String,
    /// Whether `{{code}}` is the only placeholder that is substituted.
    pub(super) has_code_alone: bool,
}

/// Why a text is not a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TemplateFault<'a> {
    /// It has no `{{code}}`.
    NoCode,
    /// It has more characters than this.
    TooLong(usize),
    /// It has a character that messages must not have.
    Letter(char),
    /// It has a line that begins with `@`, or `@host #`.
    OriginBound,
    /// It has another placeholder, or braces that belong to none.
    Placeholder(&'a str),
}

impl Template {
    /// Checks a template.
    ///
    /// # Errors
    /// [`Error::UnknownPlaceholder`] for a placeholder that does not exist, and
    /// [`Error::InvalidTemplate`] for a template that breaks another rule of
    /// [`Template`].
    pub fn new(text: &str) -> Result<Self, Error> {
        match Self::fault(text) {
            None => Ok(Self::restore(text)),
            Some(TemplateFault::Placeholder(_)) => Err(Error::UnknownPlaceholder),
            Some(_) => Err(Error::InvalidTemplate),
        }
    }

    /// Checks a template from a request: at most 160 characters, and only
    /// `{{code}}` is substituted. Other braces are text.
    pub(crate) fn requested(text: &str) -> Result<Self, Error> {
        match fault(text, LONGEST_REQUESTED) {
            None => Ok(Self {
                has_code_alone: true,
                ..Self::restore(text)
            }),
            Some(_) => Err(Error::InvalidTemplate),
        }
    }

    /// A template that was checked when it was stored, by the rules of then.
    pub(in crate::service) fn restore(text: &str) -> Self {
        Self {
            text: with_line_feeds(text),
            has_code_alone: false,
        }
    }

    /// Why [`Self::new`] refuses a text.
    pub(super) fn fault(text: &str) -> Option<TemplateFault<'_>> {
        let placeholder = unknown_placeholder(text).map(TemplateFault::Placeholder);
        match fault(text, LONGEST_TEMPLATE) {
            // `{{ code }}` is there, but is not a placeholder.
            None | Some(TemplateFault::NoCode) if placeholder.is_some() => placeholder,
            fault => fault,
        }
    }

    /// The template's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Why a text of at most `longest` characters is not a template, whatever its
/// placeholders are.
fn fault(text: &str, longest: usize) -> Option<TemplateFault<'static>> {
    let lines = with_line_feeds(text);
    let mut letters = lines.chars();
    let refused = letters.find(|letter| *letter != '\n' && !is_shown(*letter));
    if let Some(letter) = refused {
        Some(TemplateFault::Letter(letter))
    } else if text.chars().count() > longest {
        Some(TemplateFault::TooLong(longest))
    } else if is_origin_bound(&lines) {
        Some(TemplateFault::OriginBound)
    } else if !text.contains(CODE) {
        Some(TemplateFault::NoCode)
    } else {
        None
    }
}

/// A text with one form of a line's end, which costs one septet. It is also the
/// form that readers of the origin-bound line convert to. The others are those of
/// Unicode 17.0 section 5.8.
fn with_line_feeds(text: &str) -> String {
    let others = ['\r', '\u{85}', '\u{2028}', '\u{2029}'];
    text.replace("\r\n", "\n").replace(others, "\n")
}

/// Whether a part of a text passes for the origin-bound line: a line that begins
/// with `@`, or `@host #` after white space, which Chromium finds anywhere in a
/// message. What is invisible may be in front of the `@`.
fn is_origin_bound(text: &str) -> bool {
    text.match_indices('@').any(|(at, _)| {
        let before = text[..at].trim_end_matches(is_invisible);
        let after = &text[at + 1..];
        let host = after.split(char::is_whitespace).next().unwrap_or_default();
        let begins_line = before.is_empty() || before.ends_with('\n');
        let is_pair = !host.is_empty() && after[host.len()..].trim_start().starts_with('#');
        begins_line || before.ends_with(char::is_whitespace) && is_pair
    })
}

/// The first placeholder of a text that does not exist; two braces that belong to
/// no placeholder count as one.
fn unknown_placeholder(text: &str) -> Option<&str> {
    let known = |text: &'_ str| {
        let mut names = [CODE, APP, MINUTES].into_iter();
        names.find(|name| text.starts_with(name)).map(str::len)
    };
    let mut rest = text;
    loop {
        let (before, from) = rest.split_at(rest.find("{{").unwrap_or(rest.len()));
        if let Some(at) = before.find("}}") {
            return before.get(at..at + 2);
        }
        if from.is_empty() {
            return None;
        }
        // A single brace may stand in front of a placeholder.
        match known(from).or_else(|| Some(known(&from[1..])? + 1)) {
            Some(len) => rest = &from[len..],
            None => return from.get(..from.find("}}").map_or(from.len(), |end| end + 2)),
        }
    }
}

impl fmt::Display for TemplateFault<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCode => write!(f, "{CODE} is missing"),
            Self::TooLong(most) => write!(f, "it has more than {most} characters"),
            Self::Letter(letter) => {
                write!(
                    f,
                    "messages cannot have the character U+{:04X}",
                    u32::from(*letter)
                )
            }
            Self::OriginBound => f.write_str(
                "no line may begin with @, and @host # may occur nowhere: the setting host adds \
                 that line",
            ),
            Self::Placeholder(name) => {
                let shown: String = name.chars().take(LONGEST_SHOWN).collect();
                let cut = if shown.len() < name.len() { "…" } else { "" };
                write!(
                    f,
                    "{shown}{cut} is not a placeholder: there are {CODE}, {APP} and {MINUTES}"
                )
            }
        }
    }
}

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
    use alloc::string::ToString;

    use super::*;
    use crate::service::message::App;

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
    fn templates_that_are_refused() {
        for text in [
            "no placeholder",
            "{{code}}\u{202e}",
            "{{code}}\u{7}",
            "{{code}}\t",
            "{{code}}\u{b}",
            "{{code}}\u{c}",
            "{{code}}\u{fffd}",
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
            "{{code}}\r@evil",
            "{{code}}\u{85}\u{115f}@evil",
            "{{code}}\u{e000}",
        ] {
            assert_eq!(Template::new(text), Err(Error::InvalidTemplate), "{text:?}");
            let requested = Template::requested(text);
            assert_eq!(requested, Err(Error::InvalidTemplate), "{text:?}");
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
            ("a\r{{code}}\r\r\n", "a\n{{code}}\n\n"),
            ("a\n\r{{code}}", "a\n\n{{code}}"),
            ("a\u{85}{{code}}\u{2028}b\u{2029}", "a\n{{code}}\nb\n"),
        ] {
            assert_eq!(Template::new(text).unwrap().as_str(), expected);
        }
        // CAMARA counts the characters of the request.
        let longest = alloc::format!("{{{{code}}}}\r\n{}", "a".repeat(150));
        assert!(Template::requested(&longest).is_ok());
        let longer = Template::requested(&(longest + "a"));
        assert_eq!(longer, Err(Error::InvalidTemplate));
    }

    #[test]
    fn unknown_placeholders_are_named() {
        for (text, name) in [
            ("{{code}} {{minute}}", "{{minute}}"),
            ("{{code}} {{ minutes }}", "{{ minutes }}"),
            ("{{code}}: {{ code }}", "{{ code }}"),
            ("{{Code}} {{code}}", "{{Code}}"),
            ("{{code}} {{}}", "{{}}"),
            ("{{code}} {{x", "{{x"),
            ("{{code}} {{minutes}", "{{minutes}"),
            ("{{code}} minutes}}", "}}"),
            ("{{{{code}}}}", "{{{{code}}"),
            ("{{code}}}}", "}}"),
            ("{{ {{code}}", "{{ {{code}}"),
        ] {
            let fault = Some(TemplateFault::Placeholder(name));
            assert_eq!(Template::fault(text), fault, "{text}");
            assert_eq!(Template::new(text), Err(Error::UnknownPlaceholder));
            // Requests have one placeholder, and everything else is text.
            assert!(Template::requested(text).is_ok(), "{text}");
        }
        // Instead of the code.
        for text in ["{{ code }}", "{{kode}}"] {
            let fault = Some(TemplateFault::Placeholder(text));
            assert_eq!(Template::fault(text), fault, "{text}");
        }
        for text in [
            "{{{code}}}",
            "{ {{code}} }",
            "{{code}}{{app}}{{minutes}}{{code}}",
            "{minutes} {{code}} {} }{",
        ] {
            assert!(Template::new(text).is_ok(), "{text}");
        }
        let long = alloc::format!("{{{{code}}}} {{{{{}", "é".repeat(40));
        let shown = Template::fault(&long).unwrap().to_string();
        let expected = alloc::format!("{{{{{}… is not a placeholder", "é".repeat(30));
        assert!(shown.starts_with(&expected), "{shown}");
    }

    #[test]
    fn faults_name_what_is_wrong() {
        for (text, fault) in [
            ("a", "{{code}} is missing"),
            (
                "{{code}}\u{202e}",
                "messages cannot have the character U+202E",
            ),
            (
                "{{code}}\u{e0067}",
                "messages cannot have the character U+E0067",
            ),
            ("{{code}}\t", "messages cannot have the character U+0009"),
        ] {
            assert_eq!(Template::fault(text).unwrap().to_string(), fault);
        }
        let long = alloc::format!("{{{{code}}}}{}", "a".repeat(313));
        let shown = Template::fault(&long).unwrap().to_string();
        assert_eq!(shown, "it has more than 320 characters");
    }

    /// The parser of WebOTP in Chromium (content/browser/sms/sms_parser.cc) takes
    /// the first `@host #code` after white space, also in the middle of a line.
    #[test]
    fn only_the_engine_writes_an_origin_bound_line() {
        for text in [
            "a @evil.example #{{code}} b",
            "a\u{a0}@evil.example #1 {{code}}",
            "a @{{app}} #{{code}}",
            "a @evil.example\n#{{code}}",
            "a \u{200d}@evil.example #{{code}}",
            "a @evil #x {{code}}",
        ] {
            let fault = Some(TemplateFault::OriginBound);
            assert_eq!(Template::fault(text), fault, "{text:?}");
            let requested = Template::requested(text);
            assert_eq!(requested, Err(Error::InvalidTemplate), "{text:?}");
        }
        for text in [
            "{{code}} #1 @shop",
            "{{code}}: help@shop.example #1",
            "{{code}} @ #1",
            "{{code}} @shop {{app}} #1",
        ] {
            assert!(Template::new(text).is_ok(), "{text:?}");
        }
    }
}
