//! The parameters of login requests.

use alloc::borrow::Cow;

use crate::Error;
use crate::service::host::{Reason, Request};

/// The longest values of parameters, in bytes of UTF-8.
pub(super) const LONGEST_CLIENT: usize = 64;
pub(super) const LONGEST_URI: usize = 255;
pub(super) const LONGEST_SCOPE: usize = 1024;
pub(super) const LONGEST_TOKEN: usize = 4096;

/// Why a request is refused, with the parameter that is at fault if it is a
/// single one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) reason: Reason,
    pub(super) parameter: Option<&'static str>,
}

impl Fault {
    pub(super) const fn of(parameter: &'static str, reason: Reason) -> Self {
        let parameter = Some(parameter);
        Self { reason, parameter }
    }

    /// A parameter whose value is not accepted.
    pub(super) const fn invalid(parameter: &'static str) -> Self {
        Self::of(parameter, Reason::InvalidParameter)
    }
}

impl From<Reason> for Fault {
    fn from(reason: Reason) -> Self {
        let parameter = None;
        Self { reason, parameter }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Reason::from(error).into()
    }
}

/// An optional parameter, which must not occur twice; see [`Parameter::optional`].
///
/// [`Parameter::optional`]: crate::service::host::Parameter::optional
pub(super) fn optional<'a>(
    request: &'a Request<'_>,
    name: &'static str,
    longest: usize,
) -> Result<Option<Cow<'a, str>>, Fault> {
    let value = request.parameter(name).optional(longest);
    value.map_err(|reason| Fault::of(name, reason))
}

/// A required parameter.
pub(super) fn required<'a>(
    request: &'a Request<'_>,
    name: &'static str,
    longest: usize,
) -> Result<Cow<'a, str>, Fault> {
    optional(request, name, longest)?.ok_or(Fault::of(name, Reason::MissingParameter))
}
