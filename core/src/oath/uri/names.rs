//! Names of parameters: those of the page, and others that change the codes.
//!
//! A name is compared without its case and without everything but letters and
//! digits of ASCII: spaces, `_`, `-`, brackets and characters that are not
//! displayed do not hide a parameter.

use super::text::Text;
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
const WHOLE: [(&str, Error); 39] = [
    // Yandex and mOTP: Aegis, KeePassOTP, Yandex.Key.
    ("pin", Error::UriPin),
    ("pincode", Error::UriPin),
    ("pinlen", Error::UriPin),
    ("pinlength", Error::UriPin),
    ("userpin", Error::UriPin),
    ("yandexpin", Error::UriPin),
    ("delta", Error::UriTimeOrigin),
    ("shift", Error::UriTimeOrigin),
    ("start", Error::UriTimeOrigin),
    ("startat", Error::UriTimeOrigin),
    ("t0", Error::UriTimeOrigin),
    ("timedelta", Error::UriTimeOrigin),
    ("timeshift", Error::UriTimeOrigin),
    ("timestart", Error::UriTimeOrigin),
    ("timezero", Error::UriTimeOrigin),
    ("tzero", Error::UriTimeOrigin),
    ("alphabet", Error::UriParameterChangesCode),
    ("base", Error::UriParameterChangesCode),
    ("challenge", Error::UriParameterChangesCode),
    ("charset", Error::UriParameterChangesCode),
    ("codelen", Error::UriParameterChangesCode),
    ("codesize", Error::UriParameterChangesCode),
    ("crypto", Error::UriParameterChangesCode),
    ("duration", Error::UriParameterChangesCode),
    ("factor", Error::UriParameterChangesCode),
    ("frequency", Error::UriParameterChangesCode),
    ("hex", Error::UriParameterChangesCode),
    ("key", Error::UriParameterChangesCode),
    ("len", Error::UriParameterChangesCode),
    ("otplen", Error::UriParameterChangesCode),
    ("otpsize", Error::UriParameterChangesCode),
    ("question", Error::UriParameterChangesCode),
    ("radix", Error::UriParameterChangesCode),
    ("refresh", Error::UriParameterChangesCode),
    ("salt", Error::UriParameterChangesCode),
    ("seconds", Error::UriParameterChangesCode),
    ("seed", Error::UriParameterChangesCode),
    ("suite", Error::UriParameterChangesCode),
    ("time", Error::UriParameterChangesCode),
];

/// Names that are refused within others, too (`otpHashMode`, `step_size`).
const WITHIN: [(&str, Error); 33] = [
    // Steam's alphabet: KeePassXC, pyotp, pquerna/otp. Yandex: KeePassOTP.
    ("encoder", Error::UriEncoder),
    ("drift", Error::UriTimeOrigin),
    ("epoch", Error::UriTimeOrigin),
    ("offset", Error::UriTimeOrigin),
    ("skew", Error::UriTimeOrigin),
    ("starttime", Error::UriTimeOrigin),
    ("timeorigin", Error::UriTimeOrigin),
    // The page's own names in another spelling.
    ("alg", Error::UriParameterChangesCode),
    ("counter", Error::UriParameterChangesCode),
    ("digit", Error::UriParameterChangesCode),
    ("period", Error::UriParameterChangesCode),
    ("secret", Error::UriParameterChangesCode),
    ("checksum", Error::UriParameterChangesCode),
    ("digest", Error::UriParameterChangesCode),
    ("encoding", Error::UriParameterChangesCode),
    ("hash", Error::UriParameterChangesCode),
    ("hmac", Error::UriParameterChangesCode),
    ("interval", Error::UriParameterChangesCode),
    ("length", Error::UriParameterChangesCode),
    ("md5", Error::UriParameterChangesCode),
    ("motp", Error::UriParameterChangesCode),
    ("movingfactor", Error::UriParameterChangesCode),
    ("ocra", Error::UriParameterChangesCode),
    ("sha1", Error::UriParameterChangesCode),
    ("sha224", Error::UriParameterChangesCode),
    ("sha384", Error::UriParameterChangesCode),
    ("sha256", Error::UriParameterChangesCode),
    ("sha512", Error::UriParameterChangesCode),
    ("steam", Error::UriParameterChangesCode),
    // Also the two-step enrolment of privacyIDEA, `2step_salt`.
    ("step", Error::UriParameterChangesCode),
    ("truncat", Error::UriParameterChangesCode),
    ("yandex", Error::UriParameterChangesCode),
    ("yaotp", Error::UriParameterChangesCode),
];

/// Names that may name the kind of codes.
const KINDS: [&str; 7] = [
    "format", "kind", "mode", "otp", "otptype", "type", "variant",
];

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
    let is_kind = KINDS.iter().any(|kind| folded.is(kind));
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
        let found = WITHIN
            .iter()
            .find(|(name, _)| self.last.ends_with(name.as_bytes()));
        self.within = self.within.or(found.map(|(_, error)| *error));
    }

    /// Whether this is the whole name.
    fn is(&self, name: &str) -> bool {
        self.len == name.len() && self.last.ends_with(name.as_bytes())
    }

    fn refused(&self) -> Option<Error> {
        let whole = WHOLE.iter().find(|(name, _)| self.is(name));
        whole.map(|(_, error)| *error).or(self.within)
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
        let longest = WHOLE
            .iter()
            .chain(&WITHIN)
            .map(|(name, _)| name.len())
            .max();
        assert!(longest <= Some(LONGEST));
        for (name, error) in WHOLE.iter().chain(&WITHIN) {
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
