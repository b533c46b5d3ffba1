//! The paths of the contract, and their versions.

/// A generation of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    Two,
    Three,
}

/// A path of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// One for both versions.
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
