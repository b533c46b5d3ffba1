//! What every kind of tenant has in common: which settings it has, and how
//! they are stored.

use core::fmt;

use minicbor::{Decode, Encode};

use super::network::Network;
use crate::Error;
use crate::challenge::Policy;

/// What an administrator says of one kind of tenant.
///
/// Implemented by this crate's settings only.
pub trait TenantSettings: Clone + fmt::Debug + sealed::Sealed {}

pub(super) mod sealed {
    use super::{Decode, Encode, Error, Network, Policy};

    /// What [`super::super::Tenant`] needs to know of its settings.
    pub trait Sealed: Sized {
        /// Kind and version of the stored value.
        const FORMAT: u8;
        /// Names the kind of tenant in the place of its value.
        const LABEL: &'static [u8];
        /// Names the contract whose challenges are its own.
        const SERVICE: &'static str;
        /// How the settings stand in the value: a CBOR map with numbered
        /// fields, so that one can be added and an older reader skips it.
        type Wire<'a>: Encode<()> + Decode<'a, ()>
        where
            Self: 'a;

        fn name(&self) -> &str;
        /// Where it may call from; empty: from anywhere.
        fn addresses(&self) -> &[Network];
        fn policy(&self) -> &Policy;
        fn check(&self) -> Result<(), Error>;
        fn wire(&self) -> Self::Wire<'_>;
        fn read(wire: Self::Wire<'_>) -> Result<Self, Error>;
    }
}
