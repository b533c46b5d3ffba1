//! Percent-encoded text of key URIs.

use core::fmt;

use crate::Error;
use crate::oath::alphabet::HEX;
use crate::oath::as_text::{Written, display};

/// The unreserved characters of RFC 3986 beside letters and digits, and the `@` of
/// accounts. Spaces are written as `%20` and plus signs as `%2B`, which all
/// readers decode alike.
const UNENCODED: [char; 5] = ['-', '.', '_', '~', '@'];

/// How text is encoded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    /// Percent-encoded.
    Path,
    /// Percent-encoded, with `+` for a space, as Android and Python decode
    /// queries.
    Query,
}

/// Text in a key URI, decoded as it is read. It may name a person, so `Debug`
/// hides it; `Display` shows it.
#[derive(Clone, Copy)]
pub struct Text<'a> {
    pub(super) raw: &'a str,
    pub(super) form: Form,
}

impl<'a> Text<'a> {
    pub(super) const fn new(raw: &'a str, form: Form) -> Self {
        Self { raw, form }
    }

    /// The decoded characters.
    pub fn chars(&self) -> impl Iterator<Item = char> + use<'a> {
        // Text is returned to callers only after `check`, so all of it decodes.
        self.decoded().filter_map(Result::ok)
    }

    /// Whether the text is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// The decoded characters, or [`Error::InvalidUri`] for a percent sign
    /// without two hexadecimal digits and for invalid UTF-8.
    pub(super) fn decoded(&self) -> impl Iterator<Item = Result<char, Error>> + use<'a> {
        let mut bytes = self.bytes();
        core::iter::from_fn(move || decode_char(&mut bytes))
    }

    fn bytes(&self) -> Bytes<'a> {
        Bytes {
            raw: self.raw.as_bytes(),
            form: self.form,
        }
    }

    /// What follows another text at the start, in which ASCII letters may be in
    /// either case.
    pub(super) fn strip(self, mut start: Text<'_>, in_either_case: bool) -> Option<Self> {
        let mut rest = self;
        while let Some((letter, after)) = start.split_letter() {
            let (found, after_found) = rest.split_letter()?;
            let is_same = match in_either_case {
                true => found.eq_ignore_ascii_case(&letter),
                false => found == letter,
            };
            is_same.then_some(())?;
            (start, rest) = (after, after_found);
        }
        Some(rest)
    }

    /// The first character and what follows it.
    pub(super) fn split_letter(self) -> Option<(char, Self)> {
        let mut bytes = self.bytes();
        let letter = decode_char(&mut bytes)?.ok()?;
        let rest = self.raw.get(self.raw.len() - bytes.raw.len()..)?;
        Some((letter, Self::new(rest, self.form)))
    }

    /// Whether the text is this ASCII name, in either case.
    pub(super) fn is(&self, name: &str) -> bool {
        let rest = self.strip_letters(name);
        rest.is_some_and(|rest| rest.is_empty())
    }

    /// Whether a name has a colon, which several apps take for the separator.
    pub(super) fn has_colon(&self) -> bool {
        self.chars().any(|letter| letter == ':')
    }

    /// Rejects text that does not decode, and control characters.
    pub(super) fn check(self) -> Result<Self, Error> {
        for letter in self.decoded() {
            if letter?.is_control() {
                return Err(Error::InvalidUri);
            }
        }
        Ok(self)
    }

    /// The text as an unsigned decimal integer.
    pub(super) fn number(self) -> Option<u64> {
        let mut number: u64 = 0;
        for letter in self.decoded() {
            let digit = letter.ok()?.to_digit(10)?;
            number = number.checked_mul(10)?.checked_add(digit.into())?;
        }
        (!self.is_empty()).then_some(number)
    }

    /// Writes the text percent-encoded.
    pub(super) fn encode(self, put: &mut dyn FnMut(char)) {
        for letter in self.chars() {
            if letter.is_ascii_alphanumeric() || UNENCODED.contains(&letter) {
                put(letter);
                continue;
            }
            for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
                put('%');
                HEX.write(&[byte], |digit| put(char::from(digit)));
            }
        }
    }
}

impl Written for Text<'_> {
    fn write_to(&self, put: &mut dyn FnMut(char)) {
        self.chars().for_each(put);
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display(self, f)
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Text(…)")
    }
}

/// Compares the decoded characters.
impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.strip(*other, false)
            .is_some_and(|rest| rest.is_empty())
    }
}

impl PartialEq<str> for Text<'_> {
    fn eq(&self, other: &str) -> bool {
        *self == Text::new(other, Form::Plain)
    }
}

impl PartialEq<&str> for Text<'_> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

/// The decoded bytes of a text.
struct Bytes<'a> {
    raw: &'a [u8],
    form: Form,
}

impl Bytes<'_> {
    fn next(&mut self) -> Option<Result<u8, Error>> {
        let (first, rest) = self.raw.split_first()?;
        self.raw = rest;
        Some(match (self.form, first) {
            (Form::Path | Form::Query, b'%') => self.escaped(),
            (Form::Query, b'+') => Ok(b' '),
            (_, byte) => Ok(*byte),
        })
    }

    fn escaped(&mut self) -> Result<u8, Error> {
        let (digits, rest) = self.raw.split_first_chunk().ok_or(Error::InvalidUri)?;
        let [high, low] = digits.map(|digit| HEX.value(digit.to_ascii_uppercase()));
        let (high, low) = high.zip(low).ok_or(Error::InvalidUri)?;
        self.raw = rest;
        Ok(high << 4 | low)
    }
}

/// Decodes the next UTF-8 character.
fn decode_char(bytes: &mut Bytes<'_>) -> Option<Result<char, Error>> {
    bytes.next().map(|first| decode_after(first?, bytes))
}

fn decode_after(first: u8, bytes: &mut Bytes<'_>) -> Result<char, Error> {
    let (len, bits) = match first {
        0..0x80 => (1, first),
        0xc0..0xe0 => (2, first & 0x1f),
        0xe0..0xf0 => (3, first & 0xf),
        0xf0..0xf8 => (4, first & 7),
        _ => return Err(Error::InvalidUri),
    };
    let mut point = u32::from(bits);
    for _ in 1..len {
        let next = bytes.next().unwrap_or(Err(Error::InvalidUri))?;
        if next & 0xc0 != 0x80 {
            return Err(Error::InvalidUri);
        }
        point = point << 6 | u32::from(next & 0x3f);
    }
    // Neither a surrogate nor longer than necessary.
    let letter = char::from_u32(point).filter(|letter| letter.len_utf8() == len);
    letter.ok_or(Error::InvalidUri)
}

/// What is before and after the first of a character of ASCII.
pub(super) fn split_once(text: &str, separator: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == separator)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// Parts of a text that a character of ASCII separates.
#[derive(Clone)]
pub(super) struct Split<'a> {
    rest: Option<&'a str>,
    separator: u8,
}

impl<'a> Split<'a> {
    pub(super) const fn new(text: &'a str, separator: u8) -> Self {
        let rest = Some(text);
        Self { rest, separator }
    }
}

impl<'a> Iterator for Split<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.rest?;
        let halves = split_once(text, self.separator);
        self.rest = halves.map(|(_, rest)| rest);
        Some(halves.map_or(text, |(part, _)| part))
    }
}

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};

    use super::*;

    fn decode(raw: &str, form: Form) -> Result<String, Error> {
        Text::new(raw, form).decoded().collect()
    }

    #[test]
    fn escapes_and_utf8() {
        assert_eq!(decode("a%20b+%2B", Form::Path), Ok("a b++".to_string()));
        assert_eq!(decode("a%20b+%2B", Form::Query), Ok("a b +".to_string()));
        assert_eq!(decode("a%20b", Form::Plain), Ok("a%20b".to_string()));
        assert_eq!(decode("%d8%A3حمد", Form::Path), Ok("أحمد".to_string()));
        for raw in [
            "%",
            "%4",
            "%4g",
            "%%",
            "%ff",
            "%d8",
            "%d8a",
            "%c0%80",
            "%ed%a0%80",
            "%80",
        ] {
            assert_eq!(decode(raw, Form::Path), Err(Error::InvalidUri), "{raw}");
        }
    }

    #[test]
    fn numbers() {
        for (raw, number) in [
            ("0", Some(0)),
            ("%330", Some(30)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("", None),
            ("-1", None),
            ("%2B1", None),
            ("1.0", None),
            ("٣", None),
        ] {
            assert_eq!(Text::new(raw, Form::Query).number(), number, "{raw}");
        }
    }
}
