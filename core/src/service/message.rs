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
pub struct Template(String);

impl Template {
    /// Checks a template.
    ///
    /// # Errors
    /// [`Error::InvalidTemplate`].
    pub fn new(text: &str) -> Result<Self, Error> {
        let lines_are_ours = text.lines().all(|line| !line.starts_with('@'));
        if !text.contains("{{code}}")
            || text.chars().count() > LONGEST_TEMPLATE
            || !text.chars().all(is_plain)
            || !lines_are_ours
        {
            return Err(Error::InvalidTemplate);
        }
        Ok(Self(text.to_string()))
    }

    /// The template's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
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
        let text = exposed(Written {
            draft: self,
            template,
            minutes: &minutes,
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

/// The text of a draft, with the code in it.
struct Written<'a> {
    draft: &'a Draft<'a>,
    template: &'a str,
    minutes: &'a str,
}

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let draft = self.draft;
        let mut rest = self.template;
        // Single pass: what was put in is never looked at again.
        while let Some((before, after)) = rest.split_once("{{") {
            f.write_str(before)?;
            let (value, after) = match after.split_once("}}") {
                Some(("code", after)) => (draft.code.as_str(), after),
                Some(("app", after)) => (draft.app.unwrap_or(draft.tenant_name), after),
                Some(("minutes", after)) => (self.minutes, after),
                _ => ("{{", after),
            };
            f.write_str(value)?;
            rest = after;
        }
        f.write_str(rest)?;
        if let Some(host) = draft.host {
            // WICG sms-one-time-codes: the last line, with exactly one space.
            write!(f, "\n@{host} #{}", draft.code.as_str())?;
        }
        Ok(())
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
    fn templates_and_names_that_are_refused() {
        for text in [
            "no place",
            "{{code}}\u{202e}",
            "{{code}}\u{7}",
            "{{code}}\r\n",
            "a\n@evil.example #{{code}}",
            "@evil.example #{{code}}",
            "{{code}}\u{2028}@evil",
            "{{code}}\u{e000}",
        ] {
            assert_eq!(Template::new(text), Err(Error::InvalidTemplate), "{text:?}");
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
