//! Composes a message from a template and a code.

use alloc::string::{String, ToString};
use core::fmt;

use zeroize::Zeroizing;

use super::android_app::{AndroidApps, AppHash, is_readable};
use super::app::App;
use super::segments::segments;
use super::sms::{Language, Sms};
use super::template::{APP, CODE, Filled, MINUTES, Template};
use super::texts::Texts;
use crate::number::PhoneNumber;
use crate::oath::{Code, Digits, exposed};

/// The built-in templates, with and without an application: the usual one, and
/// shorter ones that leave room for the hash of an Android app.
const fn built_in(language: Language, with_app: bool) -> &'static [&'static str] {
    match (language, with_app) {
        (Language::English, true) => &[
            "{{code}} is your {{app}} verification code. It expires in {{minutes}} min. Do not share it.",
            "{{code}} is your {{app}} verification code.",
        ],
        (Language::English, false) => &[
            "{{code}} is your verification code. It expires in {{minutes}} min. Do not share it.",
            "{{code}} is your verification code.",
        ],
        (Language::Arabic, true) => &[
            "{{code}} رمز التحقق من {{app}}. لا تشاركه.",
            "{{code}} رمز {{app}}.",
        ],
        (Language::Arabic, false) => &[
            "{{code}} رمز التحقق الخاص بك. لا تشاركه مع أحد.",
            "{{code}} رمز التحقق. لا تشاركه.",
            "{{code}} رمز التحقق.",
        ],
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
    /// The Android apps, for the line with the hash of one.
    pub(crate) android_apps: &'a AndroidApps,
    pub(crate) sender: Option<&'a str>,
}

impl Draft<'_> {
    /// Composes the message.
    pub(crate) fn write(&self) -> Sms {
        let text = self.text();
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

    /// The text, with the hash of an Android app if SMS Retriever reads it then.
    /// Otherwise the hash would only make the message longer.
    fn text(&self) -> Zeroizing<String> {
        let built_in = built_in(self.language, self.app.is_some());
        let template = self.template.map(|template| [template.as_str()]);
        let templates: &[&str] = template.as_ref().map_or(built_in, |own| own);
        let with_hash = self.android_apps.hash_for(self.app).and_then(|hash| {
            let texts = templates.iter().map(|text| self.filled(text, Some(hash)));
            texts.into_iter().find(|text| is_readable(text))
        });
        with_hash.unwrap_or_else(|| self.filled(templates[0], None))
    }

    fn filled(&self, template: &str, hash: Option<AppHash>) -> Zeroizing<String> {
        let has_code_alone = self.template.is_some_and(|own| own.has_code_alone);
        exposed(MessageText {
            template,
            has_code_alone,
            code: self.code.as_str(),
            app: self.app.unwrap_or(self.tenant_name),
            lifetime_ms: self.lifetime_ms,
            hash,
            host: self.host,
        })
    }
}

/// The text of a message, with the code in it.
struct MessageText<'a> {
    template: &'a str,
    /// Whether `{{code}}` is the only placeholder that is substituted.
    has_code_alone: bool,
    code: &'a str,
    app: &'a str,
    lifetime_ms: u64,
    hash: Option<AppHash>,
    host: Option<&'a str>,
}

impl fmt::Display for MessageText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = self.lifetime_ms.div_ceil(60_000).to_string();
        let values = [
            (CODE, self.code),
            (APP, self.app),
            (MINUTES, minutes.as_str()),
        ];
        let values = match self.has_code_alone {
            true => &values[..1],
            false => &values,
        };
        let template = self.template;
        Filled { template, values }.fmt(f)?;
        if let Some(hash) = self.hash {
            write!(f, "\n{}", hash.as_str())?;
        }
        match self.host {
            // The origin-bound last line of WICG sms-one-time-codes, with
            // exactly one space.
            Some(host) => write!(f, "\n@{host} #{}", self.code),
            None => Ok(()),
        }
    }
}

/// What a tenant's own texts are filled with.
pub(crate) struct Filling<'a> {
    pub(crate) tenant_name: &'a str,
    pub(crate) digits: Digits,
    pub(crate) lifetime_ms: u64,
    pub(crate) host: Option<&'a str>,
}

impl Filling<'_> {
    /// Whether the hash of each of a tenant's Android apps fits into a message of
    /// each of the tenant's own texts.
    pub(crate) fn have_room(&self, texts: &Texts, android_apps: &AndroidApps) -> bool {
        let zeros = "0".repeat(self.digits.get().into());
        android_apps.iter().all(|android_app| {
            let app = android_app.app.as_ref().map(App::as_str);
            texts.iter().all(|(_, template)| {
                let text = MessageText {
                    template: template.as_str(),
                    has_code_alone: template.has_code_alone,
                    code: &zeros,
                    app: app.unwrap_or(self.tenant_name),
                    lifetime_ms: self.lifetime_ms,
                    hash: Some(android_app.hash),
                    host: self.host,
                };
                is_readable(&text.to_string())
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::service::message::Alphabet;

    static NO_APPS: AndroidApps = AndroidApps::new();

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
            android_apps: &NO_APPS,
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
        // Earlier versions stored other placeholders as text.
        let template = Template::restore("{{app}} {{code}} {{code}} {{x}} {{minutes}} {{");
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

    /// The hash is before the origin-bound line, which must be the last one.
    #[test]
    fn an_app_hash_has_a_line_of_its_own() {
        let code = Code::parse("123456", Digits::SIX).unwrap();
        let apps = AndroidApps::from_texts(["965mn/jzPaJ", "Shop=FA+9qCX9VSu"]).unwrap();
        let text = |app, host, template: Option<&str>| {
            let template = template.map(|text| Template::new(text).unwrap());
            Draft {
                app,
                host,
                template: template.as_ref(),
                android_apps: &apps,
                ..draft(&code)
            }
            .write()
            .text
        };
        let host = Some("app.example");
        for (app, host, expected) in [
            (None, None, "c 123456\n965mn/jzPaJ"),
            (None, host, "c 123456\n965mn/jzPaJ\n@app.example #123456"),
            (
                Some("Shop"),
                host,
                "c 123456\nFA+9qCX9VSu\n@app.example #123456",
            ),
            (Some("Bank"), None, "c 123456\n965mn/jzPaJ"),
        ] {
            assert_eq!(*text(app, host, Some("c {{code}}")), expected);
        }
        let lines = "a\r\n{{code}}\r\n";
        assert_eq!(
            *text(None, host, Some(lines)),
            "a\n123456\n\n965mn/jzPaJ\n@app.example #123456"
        );
    }

    /// 140 bytes: SMS Retriever's documentation.
    #[test]
    fn a_hash_is_left_out_where_it_does_not_fit() {
        let code = Code::parse("123456", Digits::SIX).unwrap();
        let apps = AndroidApps::from_texts(["965mn/jzPaJ"]).unwrap();
        for (letter, most) in [("a", 122), ("ر", 52)] {
            let text = |count| {
                let template = alloc::format!("{{{{code}}}}{}", letter.repeat(count));
                Draft {
                    template: Some(&Template::new(&template).unwrap()),
                    android_apps: &apps,
                    ..draft(&code)
                }
                .write()
                .text
            };
            assert!(text(most).ends_with("\n965mn/jzPaJ"));
            assert!(text(most + 1).ends_with(letter));
        }
    }

    #[test]
    fn built_in_texts_leave_room_for_a_hash() {
        let code = Code::parse("012345", Digits::SIX).unwrap();
        let apps = AndroidApps::from_texts(["965mn/jzPaJ"]).unwrap();
        for language in Language::ALL {
            for (app, host) in [
                (None, None),
                (Some("Cool App"), None),
                (None, Some("login.example.com")),
                (Some("Cool App"), Some("login.example.com")),
            ] {
                let sms = Draft {
                    language: *language,
                    app,
                    host,
                    android_apps: &apps,
                    ..draft(&code)
                }
                .write();
                assert_eq!(sms.segments, 1);
                assert!(sms.text.contains("\n965mn/jzPaJ"), "{}", *sms.text);
                assert!(app.is_none_or(|app| sms.text.contains(app)));
            }
        }
        let text = |language, host| {
            let draft = Draft {
                language,
                host: Some(host),
                android_apps: &apps,
                ..draft(&code)
            };
            draft.write().text
        };
        let long = "a-host-name-of-fifty-characters-or-more-in.example";
        assert!(
            text(Language::English, long).starts_with("012345 is your verification code.\n965")
        );
        // 70 characters, of which the lines with the hash and the host have 22 and
        // the host.
        for (host, begin) in [
            ("login.bank.example.", "012345 رمز التحقق. لا تشاركه.\n965"),
            ("login.bank.example.1", "012345 رمز التحقق.\n965"),
            ("login.bank.example.4567890123", "012345 رمز التحقق.\n965"),
            ("login.bank.example.45678901234", "012345 رمز التحقق.\n965"),
            (
                "login.bank.example.456789012345",
                "012345 رمز التحقق الخاص بك.",
            ),
        ] {
            let text = text(Language::Arabic, host);
            assert!(text.starts_with(begin), "{} {}", host.len(), *text);
        }
    }
}
