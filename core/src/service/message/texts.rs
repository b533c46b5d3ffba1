//! The templates of a tenant by language.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};

use super::template::Template;
use crate::Error;

/// The longest language tag, in bytes (RFC 5646 section 4.4.1).
const LONGEST_TAG: usize = 35;
/// The maximum number of languages.
const MOST_TEXTS: usize = 32;

/// A language tag (BCP 47) such as `en`, `ar-SA` or `zh-Hant-TW`, in its
/// canonical case: at most 35 ASCII letters, digits and hyphens.
///
/// Its form is checked, not whether its subtags are registered. Letters of other
/// cases, and underscores for hyphens as in `ar_SA`, are accepted and converted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LanguageTag(String);

impl LanguageTag {
    /// Checks a tag.
    ///
    /// # Errors
    /// [`Error::InvalidLanguageTag`] for a text that is not a language tag: a
    /// language of 2 to 8 letters, and subtags of 1 to 8 letters and digits,
    /// with a hyphen or underscore between them.
    pub fn new(text: &str) -> Result<Self, Error> {
        let text = &text.replace('_', "-");
        let (language, rest) = text.split_once('-').unwrap_or((text, "x"));
        let is_language = (2..=8).contains(&language.len())
            && language.bytes().all(|byte| byte.is_ascii_alphabetic());
        let is_subtag = |subtag: &str| {
            (1..=8).contains(&subtag.len())
                && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        if text.len() > LONGEST_TAG || !is_language || !rest.split('-').all(is_subtag) {
            return Err(Error::InvalidLanguageTag);
        }
        Ok(Self(in_canonical_case(text)))
    }

    /// The tag, in its canonical case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether two tags are the same, in any case and with hyphens or underscores.
pub(super) fn is_same_tag(one: &str, other: &str) -> bool {
    let canonical = |byte: u8| match byte {
        b'_' => b'-',
        byte => byte.to_ascii_lowercase(),
    };
    one.bytes().map(canonical).eq(other.bytes().map(canonical))
}

/// The case of RFC 5646 section 2.1.1: a region in upper case, a script with a
/// capital letter, everything else in lower case.
fn in_canonical_case(text: &str) -> String {
    let mut tag = text.to_ascii_lowercase();
    let mut is_after_singleton = false;
    let mut start = 0;
    while let Some(rest) = tag.get_mut(start..) {
        let len = rest.find('-').unwrap_or(rest.len());
        if let Some(subtag) = rest.get_mut(..len).filter(|_| start > 0) {
            match len {
                1 => is_after_singleton = true,
                2 if !is_after_singleton => subtag.make_ascii_uppercase(),
                4 if !is_after_singleton => {
                    if let Some(first) = subtag.get_mut(..1) {
                        first.make_ascii_uppercase();
                    }
                }
                _ => {}
            }
        }
        start += len + 1;
    }
    tag
}

/// The templates of a tenant by language, at most 32.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts(BTreeMap<LanguageTag, Template>);

impl Texts {
    /// No templates.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Sets the template of a language.
    ///
    /// # Errors
    /// [`Error::InvalidTemplate`] for a 33rd language.
    pub fn set(&mut self, tag: LanguageTag, template: Template) -> Result<(), Error> {
        if self.0.len() >= MOST_TEXTS && !self.0.contains_key(&tag) {
            return Err(Error::InvalidTemplate);
        }
        self.0.insert(tag, template);
        Ok(())
    }

    /// Whether there is a template of exactly this tag.
    #[must_use]
    pub fn has(&self, tag: &LanguageTag) -> bool {
        self.0.contains_key(tag)
    }

    /// The template for messages in a language: the one of this tag, otherwise
    /// the one of its first subtag (for `ar-SA`, that of `ar`).
    #[must_use]
    pub fn for_language(&self, tag: &str) -> Option<&Template> {
        let of = |tag: &str| {
            let mut texts = self.0.iter();
            texts.find_map(|(key, text)| is_same_tag(&key.0, tag).then_some(text))
        };
        let primary = || {
            tag.split_once(['-', '_'])
                .and_then(|(primary, _)| of(primary))
        };
        of(tag).or_else(primary)
    }

    /// The templates with their tags, in the order of the tags.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&LanguageTag, &Template)> {
        self.0.iter()
    }

    /// Whether there are no templates.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Checks tags and templates and that each language occurs once.
impl<'a> Texts {
    /// Collects texts.
    ///
    /// # Errors
    /// [`Error::InvalidLanguageTag`] for a text that is not a language tag and
    /// for a language that occurs twice, those of [`Template::new`] for a text
    /// that is not a template, and [`Error::InvalidTemplate`] for a 33rd language.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Error> {
        let mut texts = Self::new();
        for (tag, text) in pairs {
            let tag = LanguageTag::new(tag)?;
            if texts.has(&tag) {
                return Err(Error::InvalidLanguageTag);
            }
            texts.set(tag, Template::new(text)?)?;
        }
        Ok(texts)
    }

    /// Collects texts that were checked when they were stored, by the rules of
    /// then.
    pub(in crate::service) fn restore(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Error> {
        let text = |(tag, text)| Ok((LanguageTag::new(tag)?, Template::restore(text)));
        let texts = pairs.into_iter().map(text);
        texts.collect::<Result<_, _>>().map(Self)
    }

    /// What is wrong with the first pair that [`Self::from_pairs`] refuses; `None`
    /// if all are texts of different languages.
    pub(in crate::service) fn fault(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Option<String> {
        let mut known = BTreeSet::new();
        pairs.into_iter().find_map(|(tag, text)| {
            let Ok(language) = LanguageTag::new(tag) else {
                let shown: String = tag.chars().take(LONGEST_TAG).collect();
                return Some(format!("{shown:?} is not a language tag (BCP 47)"));
            };
            if let Some(fault) = Template::fault(text) {
                return Some(format!("{}: {fault}", language.as_str()));
            }
            let shown = language.as_str().to_string();
            let is_new = known.insert(language);
            (!is_new).then(|| format!("{shown} has two texts"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_have_their_canonical_case() {
        for (text, expected) in [
            ("en", "en"),
            ("AR-sa", "ar-SA"),
            ("ar_SA", "ar-SA"),
            ("zh_hant-tw", "zh-Hant-TW"),
            ("ZH-hant-tw", "zh-Hant-TW"),
            ("es-419", "es-419"),
            ("EN-us-X-AB-Latn", "en-US-x-ab-latn"),
            ("sl-NEDIS", "sl-nedis"),
            (
                "abcdefgh-12345678-12345678-12345678",
                "abcdefgh-12345678-12345678-12345678",
            ),
        ] {
            let tag = LanguageTag::new(text).unwrap();
            assert_eq!(tag.as_str(), expected);
            assert_eq!(LanguageTag::new(tag.as_str()), Ok(tag));
        }
    }

    #[test]
    fn texts_that_are_no_tags() {
        for text in [
            "",
            "e",
            "en_US.UTF-8",
            "en_",
            "_en",
            "en__US",
            "en_-US",
            "en-",
            "-en",
            "en--US",
            "e1",
            "419",
            "abcdefghi",
            "en-abcdefghi",
            "en US",
            "عر",
            "en-\u{e9}",
            "abcdefgh-12345678-12345678-12345678-1",
        ] {
            let refused = LanguageTag::new(text);
            assert_eq!(refused, Err(Error::InvalidLanguageTag), "{text}");
        }
    }

    #[test]
    fn a_message_has_the_closest_text() {
        let texts = Texts::from_pairs([
            ("en", "{{code}} 1"),
            ("en-gb", "{{code}} 2"),
            ("ar-SA", "{{code}} 3"),
        ])
        .unwrap();
        let found = |tag| texts.for_language(tag).map(Template::as_str);
        assert_eq!(found("en-US"), Some("{{code}} 1"));
        assert_eq!(found("EN-GB"), Some("{{code}} 2"));
        assert_eq!(found("ar-SA"), Some("{{code}} 3"));
        assert_eq!(found("ar_sa"), Some("{{code}} 3"));
        assert_eq!(found("en_US"), Some("{{code}} 1"));
        assert_eq!(found("ar"), None);
        assert_eq!(found("fr"), None);
    }

    #[test]
    fn each_language_occurs_once_and_there_are_32() {
        for again in ["EN-us", "en_US"] {
            let twice = Texts::from_pairs([("en-US", "{{code}}"), (again, "{{code}}")]);
            assert_eq!(twice, Err(Error::InvalidLanguageTag));
        }
        let tags: alloc::vec::Vec<_> = (0..33).map(|n| alloc::format!("en-{n}")).collect();
        let pairs = |count| {
            tags.iter()
                .take(count)
                .map(|tag| (tag.as_str(), "{{code}}"))
        };
        let texts = Texts::from_pairs(pairs(32)).unwrap();
        assert_eq!(texts.iter().len(), 32);
        assert_eq!(Texts::from_pairs(pairs(33)), Err(Error::InvalidTemplate));
        // A template can be replaced when there are 32.
        let mut texts = texts;
        let (tag, text) = (
            LanguageTag::new("en-0").unwrap(),
            Template::new("{{code}}!").unwrap(),
        );
        assert_eq!(texts.set(tag, text), Ok(()));
    }
}
