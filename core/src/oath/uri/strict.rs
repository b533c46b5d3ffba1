//! Key URIs that are refused when they are read strictly.

use core::fmt;

use super::caution::{Caution, Cautions};
use crate::Error;

/// The cautions of reading for which strict reading refuses a key URI.
///
/// `Display` is the message of [`Error::UriNotStrict`] with their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotStrict(Cautions);

impl NotStrict {
    pub(in crate::oath) fn check(cautions: Cautions) -> Result<(), Self> {
        let refused = Self(cautions);
        match refused.cautions().next() {
            None => Ok(()),
            Some(_) => Err(refused),
        }
    }

    /// The cautions by number, at least one.
    pub fn cautions(self) -> impl Iterator<Item = Caution> {
        let of_reading = |caution: &Caution| caution.is_of_reading();
        self.0.iter().filter(of_reading)
    }
}

/// For example `…: IssuerDiffers, EncodedColon`.
impl fmt::Display for NotStrict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", Error::UriNotStrict)?;
        for (index, caution) in self.cautions().enumerate() {
            f.write_str(if index == 0 { "" } else { ", " })?;
            f.write_str(caution.name())?;
        }
        Ok(())
    }
}

impl core::error::Error for NotStrict {}

impl From<NotStrict> for Error {
    fn from(_: NotStrict) -> Self {
        Self::UriNotStrict
    }
}
