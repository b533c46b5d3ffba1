//! Who reads the pages: the language, digits and colours of a browser.

use core::convert::Infallible;

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;
use http::request::Parts;
use maud::{Markup, PreEscaped, Render, html};

use super::language::Language;
use super::texts;
use crate::portal::signin::Cookie;
use crate::time;

/// The colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system of the reader has them.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    pub(super) const ALL: &[Self] = &[Self::System, Self::Light, Self::Dark];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(super) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }
}

tokio::task_local! {
    /// The reader of the request that is answered.
    static NOW: Reader;
}

/// What a page is rendered for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reader {
    /// The language.
    pub(crate) language: Language,
    /// The colours.
    pub(crate) theme: Theme,
    /// Whether numbers have the digits of the language.
    pub(crate) has_own_digits: bool,
}

impl Reader {
    /// Of a language, with its digits.
    pub(crate) fn of(language: Language) -> Self {
        Self {
            language,
            theme: Theme::System,
            has_own_digits: language == Language::Arabic,
        }
    }

    /// By the cookie of an earlier choice, otherwise as the browser asks.
    pub(crate) fn of_request(headers: &HeaderMap) -> Self {
        let chosen = Cookie::View.read(headers).and_then(Self::of_cookie);
        chosen.unwrap_or_else(|| asked_for(headers))
    }

    /// That of the request that is answered.
    pub(crate) fn of_now() -> Self {
        NOW.try_with(|reader| *reader).unwrap_or_default()
    }

    /// Answers a request of this reader.
    pub(crate) fn scope<F: Future>(self, answer: F) -> impl Future<Output = F::Output> {
        NOW.scope(self, answer)
    }

    /// As the cookie has it: language, colours and digits, with dots between.
    pub(super) fn to_cookie(self) -> String {
        let digits = if self.has_own_digits { "own" } else { "latin" };
        format!("{}.{}.{digits}", self.language.tag(), self.theme.name())
    }

    fn of_cookie(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let reader = Self {
            language: Language::of_tag(parts.next()?)?,
            theme: Theme::of_name(parts.next()?)?,
            has_own_digits: parts.next()? == "own",
        };
        parts.next().is_none().then_some(reader)
    }

    /// The text of a name.
    pub(crate) fn t(self, name: &str) -> &'static str {
        let text = texts::find(self.language, name);
        text.or_else(|| texts::find(Language::English, name))
            .unwrap_or_default()
    }

    /// The text of a name, if there is one: for names that come from elsewhere.
    pub(super) fn find(self, name: &str) -> Option<&'static str> {
        texts::find(self.language, name)
    }

    /// A text with values in place of `{name}`. Values are escaped, and isolated from
    /// the direction of the text around them.
    pub(crate) fn fill(self, name: &str, values: &[(&str, &dyn Render)]) -> Markup {
        let mut filled = String::new();
        let mut rest = self.t(name);
        while let Some((before, after)) = rest.split_once('{') {
            let Some((of, after)) = after.split_once('}') else {
                break;
            };
            before.render_to(&mut filled);
            if let Some((_, value)) = values.iter().find(|(known, _)| *known == of) {
                html!(bdi { (value.render()) }).render_to(&mut filled);
            }
            rest = after;
        }
        rest.render_to(&mut filled);
        PreEscaped(filled)
    }

    /// A number in the reader's digits, in groups of three.
    pub(super) fn n(self, number: impl Into<u64>) -> String {
        let plain = number.into().to_string();
        let mut text = String::new();
        for (at, digit) in plain.chars().enumerate() {
            if at > 0 && (plain.len() - at).is_multiple_of(3) {
                text.push(if self.has_arabic_digits() { '٬' } else { ',' });
            }
            text.push(digit);
        }
        self.digits(&text)
    }

    /// A number with the reader's digits.
    pub(crate) fn digits(self, text: &str) -> String {
        let digits = self.with_digits(text);
        match self.has_arabic_digits() {
            true => digits.replace('.', "٫"),
            false => digits,
        }
    }

    /// The text of a name, with the reader's digits in it.
    pub(super) fn words(self, name: &str) -> String {
        self.with_digits(self.t(name))
    }

    fn with_digits(self, text: &str) -> String {
        if !self.has_arabic_digits() {
            return text.to_owned();
        }
        let shown = |letter: char| match letter.to_digit(10) {
            Some(digit) => char::from_u32(u32::from('٠') + digit).unwrap_or(letter),
            None => letter,
        };
        text.chars().map(shown).collect()
    }

    fn has_arabic_digits(self) -> bool {
        self.has_own_digits && self.language == Language::Arabic
    }

    /// Hundredths of a percent.
    pub(super) fn percent(self, of_ten_thousand: u64) -> String {
        let text = format!("{}.{}", of_ten_thousand / 100, of_ten_thousand % 100 / 10);
        let sign = if self.has_arabic_digits() { "٪" } else { "%" };
        format!("{}{sign}", self.digits(&text))
    }

    /// A time: in UTC, and by the script in the zone of the reader.
    pub(crate) fn time(self, at_ms: u64) -> Markup {
        let utc = time::seconds(at_ms);
        let shown = utc.replace('T', " ").replace('Z', " UTC");
        html! { time datetime=(utc) { (self.digits(&shown)) } }
    }

    /// A time span, in the largest unit that measures it exactly.
    pub(super) fn span(self, ms: u64) -> String {
        const UNITS: [(&str, u64); 4] = [
            ("unit.days", 86_400_000),
            ("unit.hours", 3_600_000),
            ("unit.minutes", 60_000),
            ("unit.seconds", 1000),
        ];
        let mut units = UNITS.iter();
        let fits = |(_, unit): &&(&str, u64)| ms >= *unit && ms.is_multiple_of(*unit);
        let (name, unit) = units.find(fits).unwrap_or(&("unit.milliseconds", 1));
        // The unit stays beside its number.
        let text = self.t(name).replace(' ', "\u{a0}");
        text.replace("{n}", &self.n(ms / unit))
    }

    /// The tag for the script, with the digits.
    pub(super) fn tag(self) -> String {
        let digits = match (self.language, self.has_own_digits) {
            (Language::Arabic, true) => "-u-nu-arab",
            (Language::Arabic, false) => "-u-nu-latn",
            _ => "",
        };
        format!("{}{digits}", self.language.tag())
    }
}

/// By `Accept-Language` (RFC 9110 section 12.5.4): the first language with the highest
/// weight that there is. In the Maghreb, Arabic is written with Latin digits (CLDR).
fn asked_for(headers: &HeaderMap) -> Reader {
    let value = headers.get(ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok());
    let mut best: Option<(f32, Reader)> = None;
    for range in value.unwrap_or_default().split(',').take(32) {
        let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
        let weight = weight.trim().strip_prefix("q=");
        let weight: f32 = weight.and_then(|it| it.parse().ok()).unwrap_or(0.0);
        let Some(language) = Language::of_tag(tag) else {
            continue;
        };
        if weight > 0.0 && best.is_none_or(|(known, _)| weight > known) {
            let region = tag.trim().rsplit('-').next().unwrap_or_default();
            let is_latin = ["DZ", "EH", "LY", "MA", "TN"].contains(&region);
            let mut reader = Reader::of(language);
            reader.has_own_digits &= !is_latin;
            best = Some((weight, reader));
        }
    }
    best.map_or_else(Reader::default, |(_, reader)| reader)
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of_request(&parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn asked(text: &str) -> Reader {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_str(text).unwrap());
        Reader::of_request(&headers)
    }

    #[test]
    fn the_language_that_a_browser_asks_for() {
        let arabic = Reader::of(Language::Arabic);
        for text in [
            "ar",
            "ar-SA",
            "AR-sa, en;q=0.9",
            "fr, ar;q=0.8, en;q=0.7",
            "en;q=0.1,ar",
        ] {
            assert_eq!(asked(text), arabic, "{text}");
        }
        for text in [
            "",
            "en",
            "en-GB,ar;q=0.9",
            "fr",
            "ar;q=0",
            "ar;q=x",
            "*",
            "arx",
        ] {
            assert_eq!(asked(text), Reader::default(), "{text}");
        }
        assert!(!asked("ar-MA").has_own_digits);
    }

    #[test]
    fn a_choice_is_kept_in_the_cookie() {
        for language in Language::ALL {
            for theme in Theme::ALL {
                for has_own_digits in [true, false] {
                    let reader = Reader {
                        language: *language,
                        theme: *theme,
                        has_own_digits,
                    };
                    assert_eq!(Reader::of_cookie(&reader.to_cookie()), Some(reader));
                }
            }
        }
        for text in [
            "",
            "en",
            "en.dark",
            "en.dark.own.x",
            "xx.dark.own",
            "en.x.own",
        ] {
            assert_eq!(Reader::of_cookie(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_and_spans_in_the_digits_of_the_reader() {
        let english = Reader::default();
        let arabic = Reader::of(Language::Arabic);
        assert_eq!(english.n(1_234_567_u64), "1,234,567");
        assert_eq!(arabic.n(1_234_567_u64), "١٬٢٣٤٬٥٦٧");
        assert_eq!(english.percent(9_876), "98.7%");
        let own = Reader {
            has_own_digits: true,
            ..english
        };
        assert_eq!(own.percent(9_876), "98.7%");
        assert_eq!(own.n(1_234_567_u64), "1,234,567");
        assert_eq!(arabic.words("window.90d"), "آخر ٩٠ يومًا");
        assert_eq!(arabic.percent(9_876), "٩٨٫٧٪");
        assert_eq!(english.span(90_000), "90\u{a0}s");
        assert_eq!(english.span(86_400_000), "1\u{a0}d");
    }

    #[test]
    fn values_in_texts_are_escaped_and_isolated() {
        let filled = Reader::default().fill("channel.revoke.title", &[("name", &"<b>")]);
        assert_eq!(filled.0, "Revoke <bdi>&lt;b&gt;</bdi>");
    }
}
