//! Composes a message from a template and a code.

use alloc::string::ToString;
use core::fmt;

use super::segments::segments;
use super::sms::{Language, Sms};
use super::template::{CODE_PLACEHOLDER, Filled, Template};
use crate::number::PhoneNumber;
use crate::oath::{Code, exposed};

/// The built-in templates, with and without an application.
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

/// The contents of a message.
pub(crate) struct Draft<'a> {
    pub(crate) to: PhoneNumber,
    pub(crate) code: &'a Code,
    pub(crate) language: Language,
    /// The template of the tenant or the request, if any.
    pub(crate) template: Option<&'a Template>,
    pub(crate) app: Option<&'a str>,
    /// The value of `{{app}}` in the tenant's template when the request names
    /// no application.
    pub(crate) tenant_name: &'a str,
    pub(crate) lifetime_ms: u64,
    /// The host that the code is bound to, for the last line.
    pub(crate) host: Option<&'a str>,
    pub(crate) sender: Option<&'a str>,
}

impl Draft<'_> {
    /// Composes the message.
    pub(crate) fn write(&self) -> Sms {
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
        let text = exposed(MessageText {
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
struct MessageText<'a> {
    filled: Filled<'a>,
    code: &'a Code,
    host: Option<&'a str>,
}

impl fmt::Display for MessageText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.filled.fmt(f)?;
        match self.host {
            // The origin-bound last line of WICG sms-one-time-codes, with
            // exactly one space.
            Some(host) => write!(f, "\n@{host} #{}", self.code.as_str()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::oath::Digits;
    use crate::service::message::Alphabet;

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
            // No `App` can have this name; substitution must not depend on
            // that.
            app: Some("{{code}}"),
            ..draft(&code)
        }
        .write();
        assert_eq!(*sms.text, "{{code}} 123456 123456 {{x}} 5 {{");
    }

    #[test]
    fn a_requested_template_has_one_placeholder_and_160_characters() {
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
}
