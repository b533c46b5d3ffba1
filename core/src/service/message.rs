use alloc::string::{String, ToString};
use core::fmt;

use unicode_general_category::{GeneralCategory, get_general_category};
use zeroize::Zeroizing;

use super::segments::{Alphabet, segments};
use crate::Error;
use crate::number::PhoneNumber;
use crate::oath::{Code, exposed};

/// The longest template, in characters.
const LONGEST_TEMPLATE: usize = 320;
/// The longest template that comes with a request, in characters (CAMARA OTP
/// Validation 1.1.1).
const LONGEST_REQUESTED: usize = 160;
/// The longest application identifier, in characters.
const LONGEST_APP: usize = 32;

/// The language of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Language {
    /// `en_US`.
    #[default]
    English = 1,
    /// `ar_SA`.
    Arabic = 2,
}

impl Language {
    /// The language of a text that nobody has named: Arabic where a character
    /// is of the Arabic block.
    pub(super) fn of(text: &str) -> Self {
        if text.contains(|letter| ('\u{600}'..='\u{6ff}').contains(&letter)) {
            Self::Arabic
        } else {
            Self::English
        }
    }
}

/// A message for the gateway. Its `Debug` masks the number and shows nothing
/// of the text.
#[derive(Clone, PartialEq, Eq)]
pub struct Sms {
    /// To whom.
    pub to: PhoneNumber,
    /// What: the code is in it, in ASCII digits.
    pub text: Zeroizing<String>,
    /// The sender that the tenant has registered, if any.
    pub sender: Option<String>,
    /// The language of the text.
    pub language: Language,
    /// The alphabet it is sent in.
    pub alphabet: Alphabet,
    /// The parts it is sent in.
    pub segments: usize,
}

impl fmt::Debug for Sms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sms")
            .field("to", &self.to)
            .field("segments", &self.segments)
            .finish_non_exhaustive()
    }
}

/// The name of an application: 1 to 32 letters, digits, spaces, hyphens, dots
/// and underscores, with no four digits in a row, so that it cannot pass for a
/// code, and no space at an end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App(String);

impl App {
    /// Checks a name.
    ///
    /// # Errors
    /// [`Error::InvalidApp`].
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

/// The text of a message with places for what changes: `{{code}}`, which must
/// be there, `{{app}}` and `{{minutes}}`.
///
/// At most 320 characters; no control, format or bidirectional characters but
/// line feeds, and no line that begins with `@`: only the engine writes the
/// origin-bound last line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    text: String,
    /// Whether `{{code}}` is the only place in it.
    has_code_alone: bool,
}

impl Template {
    /// Checks a template.
    ///
    /// # Errors
    /// [`Error::InvalidTemplate`].
    pub fn new(text: &str) -> Result<Self, Error> {
        Self::checked(text, LONGEST_TEMPLATE, false)
    }

    /// Checks a template that comes with a request: at most 160 characters,
    /// and every place but `{{code}}` is plain text.
    pub(super) fn requested(text: &str) -> Result<Self, Error> {
        Self::checked(text, LONGEST_REQUESTED, true)
    }

    fn checked(text: &str, longest: usize, has_code_alone: bool) -> Result<Self, Error> {
        let lines_are_ours = text.lines().all(|line| !line.starts_with('@'));
        if !text.contains(CODE_PLACEHOLDER)
            || text.chars().count() > longest
            || !text.chars().all(is_plain)
            || !lines_are_ours
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

/// Where the code goes.
const CODE_PLACEHOLDER: &str = "{{code}}";

/// A template with values in its places, put there in a single pass: what was
/// put in is never looked at again.
struct Filled<'a> {
    template: &'a str,
    values: &'a [(&'a str, &'a str)],
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
            // A brace that begins no place is text; the next one may begin one.
            let (value, after) = found.unwrap_or(("{", &from[1..]));
            f.write_str(value)?;
            rest = after;
        }
        f.write_str(rest)
    }
}

/// A character that shows, a space or a line feed.
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

/// Our own texts: with an application and without.
const fn built_in(language: Language, with_app: bool) -> &'static str {
    match (language, with_app) {
        (Language::English, true) => {
            "{{code}} is your {{app}} verification code. It expires in {{minutes}} min. Do not share it."
        }
        (Language::English, false) => {
            "{{code}} is your verification code. It expires in {{minutes}} min. Do not share it."
        }
        (Language::Arabic, true) => "{{code}} رمز التحقق من {{app}}. لا تشاركه.",
        (Language::Arabic, false) => "{{code}} رمز التحقق الخاص بك. لا تشاركه مع أحد.",
    }
}

/// What goes into a message.
pub(super) struct Draft<'a> {
    pub(super) to: PhoneNumber,
    pub(super) code: &'a Code,
    pub(super) language: Language,
    /// The tenant's own text, if any.
    pub(super) template: Option<&'a Template>,
    pub(super) app: Option<&'a str>,
    /// Stands for `{{app}}` in the tenant's own text when there is none.
    pub(super) tenant_name: &'a str,
    pub(super) lifetime_ms: u64,
    /// The host that the code is bound to, for the last line.
    pub(super) host: Option<&'a str>,
    pub(super) sender: Option<&'a str>,
}

impl Draft<'_> {
    pub(super) fn write(&self) -> Sms {
        let template = self.template.map_or_else(
            || built_in(self.language, self.app.is_some()),
            Template::as_str,
        );
        let minutes = self.lifetime_ms.div_ceil(60_000).to_string();
        let values = [
            (CODE_PLACEHOLDER, self.code.as_str()),
            ("{{app}}", self.app.unwrap_or(self.tenant_name)),
            ("{{minutes}}", minutes.as_str()),
        ];
        let values = match self.template {
            Some(template) if template.has_code_alone => &values[..1],
            _ => &values,
        };
        let text = exposed(Written {
            filled: Filled { template, values },
            code: self.code,
            host: self.host,
        });
        let (alphabet, segments) = segments(&text);
        Sms {
            to: self.to,
            text,
            sender: self.sender.map(ToString::to_string),
            language: self.language,
            alphabet,
            segments,
        }
    }
}

/// The text of a message, with the code in it.
struct Written<'a> {
    filled: Filled<'a>,
    code: &'a Code,
    host: Option<&'a str>,
}

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.filled.fmt(f)?;
        match self.host {
            // WICG sms-one-time-codes: the last line, with exactly one space.
            Some(host) => write!(f, "\n@{host} #{}", self.code.as_str()),
            None => Ok(()),
        }
    }
}

/// A host name for the origin-bound line: 1 to 253 letters, digits, hyphens
/// and dots, lower case, labels of 1 to 63 (RFC 1123).
pub(super) fn check_host(host: &str) -> Result<(), Error> {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    if host.len() <= 253 && host.split('.').all(is_label) {
        Ok(())
    } else {
        Err(Error::InvalidHost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oath::Digits;

    fn draft(code: &Code) -> Draft<'_> {
        Draft {
            to: PhoneNumber::parse("+966500000000", None).unwrap(),
            code,
            language: Language::English,
            template: None,
            app: None,
            tenant_name: "web",
            lifetime_ms: 300_000,
            host: None,
            sender: None,
        }
    }

    #[test]
    fn built_in_texts_are_one_segment() {
        let code = Code::parse("0123456789", Digits::new(10).unwrap()).unwrap();
        let six = Code::parse("012345", Digits::SIX).unwrap();
        let longest = "abcdefgh-abcdefgh.abcdefgh_abcde";
        let text = |draft: Draft<'_>| draft.write();
        let english = text(Draft {
            app: Some(longest),
            ..draft(&code)
        });
        assert_eq!((english.alphabet, english.segments), (Alphabet::Gsm7, 1));
        assert_eq!(
            *english.text,
            "0123456789 is your abcdefgh-abcdefgh.abcdefgh_abcde verification code. It expires in 5 min. Do not share it."
        );
        for app in [None, Some("Cool App")] {
            let arabic = text(Draft {
                language: Language::Arabic,
                app,
                host: Some("example.com"),
                ..draft(&six)
            });
            assert_eq!((arabic.alphabet, arabic.segments), (Alphabet::Ucs2, 1));
            assert!(arabic.text.starts_with("012345 "));
            assert_eq!(arabic.text.capacity(), arabic.text.len(), "it grew");
            assert!(arabic.text.ends_with("\n@example.com #012345"));
        }
    }

    #[test]
    fn substitution_is_single_pass() {
        let code = Code::parse("123456", Digits::SIX).unwrap();
        let template = Template::new("{{app}} {{code}} {{code}} {{x}} {{minutes}} {{").unwrap();
        let sms = Draft {
            template: Some(&template),
            // No App could be this; substitution must not care.
            app: Some("{{code}}"),
            ..draft(&code)
        }
        .write();
        assert_eq!(*sms.text, "{{code}} 123456 123456 {{x}} 5 {{");
    }

    #[test]
    fn a_place_is_found_after_any_braces() {
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
    fn a_requested_template_has_one_kind_of_place_and_160_characters() {
        let code = Code::parse("123456", Digits::SIX).unwrap();
        let template = Template::requested("{{code}} {{app}} {{minutes}} {{code}}").unwrap();
        let sms = Draft {
            template: Some(&template),
            app: Some("App"),
            host: Some("app.example"),
            ..draft(&code)
        }
        .write();
        let text = "123456 {{app}} {{minutes}} 123456\n@app.example #123456";
        assert_eq!(*sms.text, text);
        for letter in ["a", "ر", "😀"] {
            let longest = alloc::format!("{{{{code}}}}{}", letter.repeat(152));
            assert!(Template::requested(&longest).is_ok(), "{letter}");
            let longer = longest + letter;
            let refused = Template::requested(&longer);
            assert_eq!(refused, Err(Error::InvalidTemplate), "{letter}");
            assert!(Template::new(&longer).is_ok());
        }
    }

    #[test]
    fn the_language_of_a_text() {
        assert_eq!(Language::of("{{code}} é €"), Language::English);
        assert_eq!(Language::of("code: {{code}} رمز"), Language::Arabic);
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
        for host in ["", "a..b", "-a.b", "A.b", "a b", "a/b", "a.b "] {
            assert_eq!(check_host(host), Err(Error::InvalidHost), "{host:?}");
        }
        assert!(check_host("login.example.com").is_ok());
    }
}
