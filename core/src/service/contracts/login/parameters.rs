//! The parameters of login requests.

use alloc::borrow::Cow;

use crate::service::host::{Parameter, Reason, Request};

/// The longest values of parameters, in bytes of UTF-8.
pub(super) const LONGEST_CLIENT: usize = 64;
pub(super) const LONGEST_URI: usize = 255;
pub(super) const LONGEST_SCOPE: usize = 1024;
pub(super) const LONGEST_TOKEN: usize = 4096;

/// An optional parameter, which must not occur twice. An empty value counts as
/// absent (RFC 6749 section 3.1).
pub(super) fn optional<'a>(
    request: &'a Request<'_>,
    name: &str,
    longest: usize,
) -> Result<Option<Cow<'a, str>>, Reason> {
    match request.parameter(name) {
        Parameter::Once(value) if value.is_empty() => Ok(None),
        parameter => parameter.optional(longest),
    }
}

/// A required parameter.
pub(super) fn required<'a>(
    request: &'a Request<'_>,
    name: &str,
    longest: usize,
) -> Result<Cow<'a, str>, Reason> {
    optional(request, name, longest)?.ok_or(Reason::MissingParameter)
}
