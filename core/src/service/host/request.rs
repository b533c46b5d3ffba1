//! A request as the host received it, and access to its headers and
//! parameters.

use alloc::borrow::Cow;
use core::fmt;
use core::net::IpAddr;

use super::reply::Reason;

/// The longest request that the engine accepts, in bytes: method, path, query,
/// headers and body together. A longer one gets [`Reason::TooLarge`].
pub const MAX_REQUEST_LEN: usize = 64 * 1024;

/// The media type of an HTML form's body.
const FORM: &str = "application/x-www-form-urlencoded";

/// A request as the host received it. Everything except the peer's address is
/// untrusted. `Debug` shows only the method and path.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// The path, without the query.
    pub path: &'a str,
    /// The query string without the `?`; empty if the URI has none.
    pub query: &'a str,
    /// Header names, in upper or lower case, and values.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body.
    pub body: &'a [u8],
    /// The caller's address as the host determined it. The engine never reads
    /// forwarding headers such as `X-Forwarded-For`.
    pub peer: IpAddr,
}

impl Request<'_> {
    /// The trimmed value of the header with this name. One that occurs twice has
    /// none: a proxy may have decided by the other one.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.values(name);
        let value = values.next()?;
        values.next().is_none().then_some(value)
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = move |(held, _): &&(&str, &str)| held.eq_ignore_ascii_case(name);
        let headers = self.headers.iter().filter(named);
        headers.map(|(_, value)| value.trim())
    }

    pub(crate) fn is_too_large(&self) -> bool {
        let headers = self
            .headers
            .iter()
            .map(|(name, value)| name.len() + value.len());
        [self.method.len(), self.path.len(), self.query.len()]
            .into_iter()
            .chain(headers)
            .fold(self.body.len(), usize::saturating_add)
            > MAX_REQUEST_LEN
    }

    /// Whether a browser marked the request as speculative, so that no user has
    /// asked for it yet.
    pub(crate) fn is_prefetch(&self) -> bool {
        ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"]
            .into_iter()
            .flat_map(|name| self.values(name))
            .any(|value| {
                value.split([';', ',']).any(|word| {
                    ["prefetch", "prerender", "preview"]
                        .iter()
                        .any(|purpose| word.trim().eq_ignore_ascii_case(purpose))
                })
            })
    }

    /// Whether `Content-Type` names a media type; its parameters are ignored.
    pub(crate) fn has_media_type(&self, media_type: &str) -> bool {
        self.header("Content-Type").is_some_and(|value| {
            value
                .split(';')
                .next()
                .is_some_and(|kind| kind.trim().eq_ignore_ascii_case(media_type))
        })
    }

    /// Whether the body is a form, or there is none.
    #[cfg(feature = "login")]
    pub(crate) fn has_form_or_no_body(&self) -> bool {
        match self.header("Content-Type") {
            None => self.body.is_empty(),
            Some(_) => self.has_media_type(FORM),
        }
    }

    /// The query and, on `POST`, a form body.
    fn forms(&self) -> [&[u8]; 2] {
        let is_form = self.method == "POST" && self.has_media_type(FORM);
        let body = if is_form { self.body } else { &[] };
        [self.query.as_bytes(), body]
    }

    /// A parameter of the query or the form body, which must not occur twice.
    pub(crate) fn parameter(&self, name: &str) -> Parameter<'_> {
        let mut found = Parameter::Absent;
        let pairs = self.forms().into_iter();
        let pairs = pairs.flat_map(|form| form.split(|byte| *byte == b'&'));
        for pair in pairs.filter(|pair| may_name(pair, name.as_bytes())) {
            for (_, value) in form_urlencoded::parse(pair).filter(|(key, _)| key == name) {
                found = match found {
                    Parameter::Absent => Parameter::Once(value),
                    _ => return Parameter::Repeated,
                };
            }
        }
        found
    }
}

/// Whether a pair of a form can have this name. Pairs that cannot are not
/// decoded.
fn may_name(pair: &[u8], name: &[u8]) -> bool {
    let key = pair.split(|byte| *byte == b'=').next().unwrap_or_default();
    key == name || key.iter().any(|byte| matches!(byte, b'%' | b'+'))
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// How often a parameter occurs in a request.
pub(crate) enum Parameter<'a> {
    Absent,
    Once(Cow<'a, str>),
    Repeated,
}

impl<'a> Parameter<'a> {
    /// The value of a required parameter, 1 to `longest` bytes.
    pub(crate) fn required(self, longest: usize) -> Result<Cow<'a, str>, Reason> {
        self.optional(longest)?.ok_or(Reason::MissingParameter)
    }

    /// The value of an optional parameter, 1 to `longest` bytes. An empty one is
    /// an absent one, as in RFC 6749 section 3.1, because forms send their empty
    /// fields.
    pub(crate) fn optional(self, longest: usize) -> Result<Option<Cow<'a, str>>, Reason> {
        match self {
            Self::Absent => Ok(None),
            Self::Repeated => Err(Reason::RepeatedParameter),
            Self::Once(value) if value.is_empty() => Ok(None),
            Self::Once(value) if value.len() > longest => Err(Reason::InvalidParameter),
            Self::Once(value) => Ok(Some(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request<'a>(headers: &'a [(&'a str, &'a str)]) -> Request<'a> {
        Request {
            method: "GET",
            path: "/",
            query: "",
            headers,
            body: &[],
            peer: [127, 0, 0, 1].into(),
        }
    }

    #[test]
    fn a_repeated_header_has_no_value() {
        let once = [("authorization", " Bearer x "), ("Accept", "*/*")];
        assert_eq!(request(&once).header("Authorization"), Some("Bearer x"));
        assert_eq!(request(&once).header("Content-Type"), None);
        for second in ["Bearer x", "Bearer y", ""] {
            let twice = [("Authorization", "Bearer x"), ("authorization", second)];
            assert_eq!(request(&twice).header("Authorization"), None);
        }
        // Either of two values marks a request as speculative.
        for values in [["prefetch", "x"], ["x", "prefetch"]] {
            let twice = values.map(|value| ("Sec-Purpose", value));
            assert!(request(&twice).is_prefetch());
        }
    }
}
