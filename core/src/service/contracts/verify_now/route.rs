//! The operations and versions behind the contract's paths.

/// A version of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    Two,
    Three,
}

/// The operation of a path, with its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// The token request, which both versions share.
    Token,
    Send(Version),
    Validate(Version),
}

impl Route {
    pub(super) const fn version(self) -> Version {
        match self {
            Self::Send(version) | Self::Validate(version) => version,
            Self::Token => Version::Two,
        }
    }
}
