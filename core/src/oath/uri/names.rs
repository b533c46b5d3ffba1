//! Names of parameters: those of the page, and others that change the codes.
//!
//! A name is compared without its case and without everything but letters and
//! digits of ASCII: spaces, `_`, `-`, brackets and characters that are not
//! displayed do not hide a parameter.

use super::text::{Split, Text};
use crate::Error;

/// The parameters of the page.
pub(super) const OF_PAGE: [&str; 6] = [
    "secret",
    "issuer",
    "algorithm",
    "digits",
    "counter",
    "period",
];

/// The longest name of the other lists.
const LONGEST: usize = 16;

/// Names that are refused as a whole: they are part of harmless names, too.
/// Separated by spaces, like the following ones.
const WHOLE: [(&str, Error); 3] = [
    // Yandex and mOTP: Aegis, KeePassOTP, Yandex.Key.
    (
        "pin pincode pinlen pinlength userpin yandexpin",
        Error::UriPin,
    ),
    (
        "delta shift start startat t0 timedelta timeshift timestart timezero tzero",
        Error::UriTimeOrigin,
    ),
    (
        "alphabet base challenge charset codelen codesize crypto duration factor frequency hex \
         key len otplen otpsize question radix refresh salt seconds seed suite time",
        Error::UriParameterChangesCode,
    ),
];

/// Names that are refused within others, too (`otpHashMode`, `step_size`).
const WITHIN: [(&str, Error); 3] = [
    // Steam's alphabet: KeePassXC, pyotp, pquerna/otp. Yandex: KeePassOTP.
    ("encoder", Error::UriEncoder),
    (
        "drift epoch offset skew starttime timeorigin",
        Error::UriTimeOrigin,
    ),
    // First the page's own names in another spelling. `step` is also in the
    // two-step enrolment of privacyIDEA, `2step_salt`.
    (
        "alg counter digit period secret checksum digest encoding hash hmac interval length md5 \
         motp movingfactor ocra sha1 sha224 sha384 sha256 sha512 steam step truncat yandex yaotp",
        Error::UriParameterChangesCode,
    ),
];

/// The error of the first list that has a name.
fn error_of(lists: &[(&str, Error)], is: impl Fn(&str) -> bool) -> Option<Error> {
    let mut lists = lists.iter();
    let found = lists.find(|(names, _)| Split::new(names, b' ').any(&is));
    found.map(|(_, error)| *error)
}

/// Names that may name the kind of codes.
const KINDS: &str = "format kind mode otp otptype type variant";

/// Why a parameter is refused whose name is not one of the page's.
pub(super) fn refused(name: Text<'_>, value: Text<'_>) -> Option<Error> {
    let mut folded = Folded::new();
    for letter in name.chars() {
        let letter = halfwidth(letter);
        if letter == '=' && (folded.refused().is_some() || folded.is("issuer")) {
            return Some(Error::UriSeparator);
        }
        folded.push(letter);
    }
    let is_kind = Split::new(KINDS, b' ').any(|kind| folded.is(kind));
    let is_ordinary = value.is_empty() || ["totp", "hotp"].iter().any(|kind| value.is(kind));
    let kind = (is_kind && !is_ordinary).then_some(Error::UriParameterChangesCode);
    folded.refused().or(kind)
}

/// The last letters and digits of a name, in lower case.
struct Folded {
    last: [u8; LONGEST],
    /// The number of letters and digits of the whole name.
    len: usize,
    /// The first of `WITHIN` that was found.
    within: Option<Error>,
}

impl Folded {
    const fn new() -> Self {
        Self {
            last: [0; LONGEST],
            len: 0,
            within: None,
        }
    }

    fn push(&mut self, letter: char) {
        let Some(byte) = u8::try_from(letter).ok().filter(u8::is_ascii_alphanumeric) else {
            return;
        };
        self.last.rotate_left(1);
        self.last[LONGEST - 1] = byte.to_ascii_lowercase();
        self.len += 1;
        let found = error_of(&WITHIN, |name| self.last.ends_with(name.as_bytes()));
        self.within = self.within.or(found);
    }

    /// Whether this is the whole name.
    fn is(&self, name: &str) -> bool {
        self.len == name.len() && self.last.ends_with(name.as_bytes())
    }

    fn refused(&self) -> Option<Error> {
        error_of(&WHOLE, |name| self.is(name)).or(self.within)
    }
}

/// The character, or ASCII's for one of its full-width forms.
fn halfwidth(letter: char) -> char {
    let point = u32::from(letter);
    let ascii = point.checked_sub(0xfee0).and_then(char::from_u32);
    ascii
        .filter(|ascii| ascii.is_ascii_graphic())
        .unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::super::text::Form;
    use super::*;

    fn refused_name(name: &str) -> Option<Error> {
        refused(Text::new(name, Form::Query), Text::new("1", Form::Query))
    }

    #[test]
    fn the_names_fit() {
        let lists = WHOLE.iter().chain(&WITHIN);
        let names =
            lists.flat_map(|(names, error)| names.split(' ').map(move |name| (name, error)));
        assert!(names.clone().all(|(name, _)| name.len() <= LONGEST));
        for (name, error) in names {
            assert!(refused_name(name).is_some(), "{name}");
            let spaced = std::format!("+{}%e2%80%8b_", name.to_uppercase());
            assert_eq!(refused_name(&spaced), refused_name(name), "{error}");
        }
    }

    /// Parameters of FreeOTP, Ente, Raivo, andOTP, Aegis and others.
    #[test]
    fn harmless_names() {
        for name in [
            "image",
            "imageUrl",
            "icon",
            "iconType",
            "logo",
            "color",
            "backgroundColor",
            "lock",
            "issuerAlt",
            "issuerInt",
            "issuerExt",
            "nameAlt",
            "name",
            "account",
            "username",
            "codeDisplay",
            "tags",
            "thumbnail",
            "used_frequency",
            "last_used",
            "pinned",
            "group",
            "note",
            "uuid",
            "id",
            "size",
            "ttl",
            "serial",
            "creator",
            "url",
            "x",
            "key_id",
        ] {
            assert_eq!(refused_name(name), None, "{name}");
        }
    }
}
