//! A request as the host received it, and how its headers and parameters are
//! read.

use alloc::borrow::Cow;
use core::fmt;
use core::net::IpAddr;

use super::reply::Reason;

/// The longest request that is looked at: method, path, query, headers and
/// body together, in bytes.
pub const MAX_REQUEST_LEN: usize = 64 * 1024;

/// The media type of an HTML form's body.
const FORM: &str = "application/x-www-form-urlencoded";

/// A request as the host received it; everything but the peer's address is
/// untrusted. Its `Debug` shows the method and path only.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// The path, without the query.
    pub path: &'a str,
    /// The query string, without the `?`; empty when there is none.
    pub query: &'a str,
    /// Header names, in either case, and values.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body.
    pub body: &'a [u8],
    /// The caller's address as the host attests it: the engine never reads a
    /// forwarding header.
    pub peer: IpAddr,
}

impl Request<'_> {
    /// The value of the first header of this name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(held, _)| held.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
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

    /// Whether a browser says that nobody has asked for this yet.
    pub(crate) fn is_prefetch(&self) -> bool {
        ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"]
            .into_iter()
            .filter_map(|name| self.header(name))
            .any(|value| {
                value.split([';', ',']).any(|word| {
                    ["prefetch", "prerender", "preview"]
                        .iter()
                        .any(|purpose| word.trim().eq_ignore_ascii_case(purpose))
                })
            })
    }

    /// Whether the body is said to be of a media type, whatever its
    /// parameters.
    pub(crate) fn has_media_type(&self, media_type: &str) -> bool {
        self.header("Content-Type").is_some_and(|value| {
            value
                .split(';')
                .next()
                .is_some_and(|kind| kind.trim().eq_ignore_ascii_case(media_type))
        })
    }

    /// The query and, on `POST`, a form body.
    fn forms(&self) -> [&[u8]; 2] {
        let is_form = self.method == "POST" && self.has_media_type(FORM);
        let body = if is_form { self.body } else { &[] };
        [self.query.as_bytes(), body]
    }

    /// One parameter that may be given once.
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

/// Whether a pair of a form can have this name: what has another one is not
/// worth decoding.
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

pub(crate) enum Parameter<'a> {
    Absent,
    Once(Cow<'a, str>),
    Repeated,
}

impl<'a> Parameter<'a> {
    /// A parameter that must be there, of 1 to `longest` bytes.
    pub(crate) fn required(self, longest: usize) -> Result<Cow<'a, str>, Reason> {
        self.optional(longest)?.ok_or(Reason::MissingParameter)
    }

    /// A parameter that may be absent, but not empty.
    pub(crate) fn optional(self, longest: usize) -> Result<Option<Cow<'a, str>>, Reason> {
        match self {
            Self::Absent => Ok(None),
            Self::Repeated => Err(Reason::RepeatedParameter),
            Self::Once(value) if value.is_empty() => Err(Reason::MissingParameter),
            Self::Once(value) if value.len() > longest => Err(Reason::InvalidParameter),
            Self::Once(value) => Ok(Some(value)),
        }
    }
}
