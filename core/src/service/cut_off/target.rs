//! What a cut-off stops.

use alloc::string::String;
use core::fmt;

use crate::Error;
use crate::number::NumberPrefix;
use crate::service::settings::Group;
use crate::service::tenant::names::check_name;

/// What a cut-off stops.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CutOffTarget {
    /// Every message.
    Sends,
    /// Messages through the gateway with a name; `None` for every gateway.
    Gateway(Option<String>),
    /// All requests of a tenant.
    Tenant {
        /// The tenant's kind.
        group: Group,
        /// The tenant's name.
        name: String,
    },
    /// Messages to numbers with a prefix.
    Prefix(NumberPrefix),
}

impl CutOffTarget {
    /// Checks that a target with this name can exist.
    ///
    /// # Errors
    /// [`Error::InvalidName`] for a malformed name, [`Error::UnknownSetting`] for
    /// a group that is not a tenant's.
    pub fn check(&self) -> Result<(), Error> {
        match self {
            Self::Sends | Self::Gateway(None) | Self::Prefix(_) => Ok(()),
            Self::Gateway(Some(name)) => check_name(name),
            Self::Tenant { group, .. } if !group.is_tenant() => Err(Error::UnknownSetting),
            Self::Tenant { name, .. } => check_name(name),
        }
    }

    /// Whether the end of this target ends `other`, too: a gateway without a name
    /// is every gateway.
    pub(super) fn includes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Gateway(None), Self::Gateway(_)) => true,
            _ => self == other,
        }
    }
}

/// As on the command line, with a long prefix masked: `tenant channel shop`.
impl fmt::Display for CutOffTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sends => f.write_str("sends"),
            Self::Gateway(None) => f.write_str("gateway"),
            Self::Gateway(Some(name)) => write!(f, "gateway {name}"),
            Self::Tenant { group, name } => write!(f, "tenant {} {name}", group.name()),
            Self::Prefix(prefix) => write!(f, "prefix {prefix}"),
        }
    }
}
