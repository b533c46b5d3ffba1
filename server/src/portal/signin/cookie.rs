//! Cookies of the portal: always with the prefix `__Host-` (RFC 6265bis section
//! 4.1.3.2), so that no other host and no plain connection can set them.

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};

/// The longest value that is looked at, in bytes.
const LONGEST: usize = 1024;

/// A cookie of the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// The secret of a session.
    Session,
    /// The beginning of a sign-in with the identity provider.
    Provider,
    /// A sign-in that the identity provider has confirmed and that needs a code.
    Half,
    /// The language, digits and colours that somebody has chosen.
    View,
}

/// When a browser sends a cookie.
#[derive(Clone, Copy)]
enum SameSite {
    /// Only with requests that a page of this origin made.
    Strict,
    /// Also when another site's page leads here, as the identity provider's does.
    Lax,
}

impl Cookie {
    const fn name(self) -> &'static str {
        match self {
            Self::Session => "__Host-mpass",
            Self::Provider => "__Host-mpass-provider",
            Self::Half => "__Host-mpass-half",
            Self::View => "__Host-mpass-view",
        }
    }

    const fn same_site(self) -> SameSite {
        match self {
            Self::Session | Self::Half => SameSite::Strict,
            Self::Provider | Self::View => SameSite::Lax,
        }
    }

    /// Its value in a request. `None` also if there are several, because then
    /// somebody else set one of them, or if it is long. HTTP/2 splits the header
    /// (RFC 9113 section 8.2.3).
    pub(crate) fn read(self, headers: &HeaderMap) -> Option<&str> {
        let fields = headers.get_all(COOKIE).iter();
        let pairs = fields.flat_map(|field| field.as_bytes().split(|byte| *byte == b';'));
        let mut found = pairs.filter_map(|pair| {
            let at = pair.iter().position(|byte| *byte == b'=')?;
            let (name, value) = (trimmed(&pair[..at]), trimmed(&pair[at + 1..]));
            (name == self.name().as_bytes()).then_some(value)
        });
        let (value, other) = (found.next()?, found.next());
        let is_one = other.is_none() && (1..=LONGEST).contains(&value.len());
        is_one.then(|| core::str::from_utf8(value).ok())?
    }

    /// Sets it in a response, until the browser ends or for `seconds`. The value has
    /// letters of base64url, digits and dots only.
    pub(crate) fn set(self, headers: &mut HeaderMap, value: &str, seconds: Option<u64>) {
        let age = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
        self.append(headers, &format!("{value}{age}"));
    }

    /// Removes it from the browser.
    pub(crate) fn clear(self, headers: &mut HeaderMap) {
        self.append(headers, "; Max-Age=0");
    }

    fn append(self, headers: &mut HeaderMap, value_and_age: &str) {
        let site = match self.same_site() {
            SameSite::Strict => "Strict",
            SameSite::Lax => "Lax",
        };
        let text = format!(
            "{}={value_and_age}; Path=/; Secure; HttpOnly; SameSite={site}",
            self.name()
        );
        if let Ok(mut value) = HeaderValue::try_from(text) {
            value.set_sensitive(true);
            headers.append(SET_COOKIE, value);
        }
    }
}

/// Without spaces and tabs at the ends, which RFC 6265 section 5.2 ignores; other
/// white space is part of a name.
fn trimmed(bytes: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
    let from = bytes.iter().position(|byte| !is_space(byte));
    let Some(from) = from else { return &[] };
    let to = bytes.iter().rposition(|byte| !is_space(byte));
    &bytes[from..=to.unwrap_or(from)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[&[u8]]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for field in fields {
            headers.append(COOKIE, HeaderValue::from_bytes(field).unwrap());
        }
        Cookie::Session.read(&headers).map(str::to_owned)
    }

    #[test]
    fn one_cookie_of_the_exact_name() {
        for fields in [
            &[&b"__Host-mpass=a"[..]][..],
            &[b"x=1; __Host-mpass=a; y=2"],
            &[b"x=1;__Host-mpass=a"],
            &[b"x=1", b"__Host-mpass=a", b"y=2"],
            &[b"x; =;;; \t__Host-mpass = a "],
        ] {
            assert_eq!(read(fields).as_deref(), Some("a"), "{fields:?}");
        }
        let long = [b"__Host-mpass=".as_slice(), &[b'a'; LONGEST + 1]].concat();
        for fields in [
            &[][..],
            &[&b""[..]],
            &[b"__Host-mpass"],
            &[b"__Host-mpass="],
            // Names that some parsers take for it (RFC 6265bis section 5.7): another
            // host could set them.
            &[b"__host-mpass=a"],
            &[b"__HOST-MPASS=a"],
            &[b"mpass=a"],
            &[b"__Host-mpass-provider=a"],
            &[b"\xc2\xa0__Host-mpass=a"],
            &[b"\x85__Host-mpass=a"],
            &[b"\"__Host-mpass\"=a"],
            &[b"x=\"; __Host-mpass=a; __Host-mpass=a"],
            // Tossed: which is whose?
            &[b"__Host-mpass=a; __Host-mpass=b"],
            &[b"__Host-mpass=a", b"__Host-mpass=a"],
            &[&long],
            &[b"__Host-mpass=\xff"],
        ] {
            assert_eq!(read(fields), None, "{fields:?}");
        }
    }

    #[test]
    fn what_is_set_and_cleared() {
        let mut headers = HeaderMap::new();
        Cookie::Session.set(&mut headers, "a", None);
        Cookie::Provider.set(&mut headers, "b", Some(600));
        Cookie::Half.clear(&mut headers);
        let set: Vec<_> = headers.get_all(SET_COOKIE).iter().collect();
        assert_eq!(
            set,
            [
                "__Host-mpass=a; Path=/; Secure; HttpOnly; SameSite=Strict",
                "__Host-mpass-provider=b; Max-Age=600; Path=/; Secure; HttpOnly; SameSite=Lax",
                "__Host-mpass-half=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict",
            ]
        );
        assert!(set.iter().all(|value| value.is_sensitive()));
    }
}
