//! Changes of a tenant's settings.

use alloc::vec::Vec;

use crate::Error;
use crate::service::settings::{Field, Group, Refused, Value, Values};
use crate::service::tenant::Overlap;
use crate::store::Stamp;

/// A change of a tenant's settings: fields that are set and fields that return
/// to their defaults. All others keep their values.
#[derive(Clone, Debug)]
pub struct TenantPatch {
    pub(super) set: Values,
    pub(super) cleared: Vec<Field>,
    pub(super) expected: Option<Stamp>,
    pub(super) overlap: Overlap,
}

impl TenantPatch {
    /// A patch of the tenants of a group, without any change.
    #[must_use]
    pub const fn new(group: Group) -> Self {
        Self {
            set: Values::new(group),
            cleared: Vec::new(),
            expected: None,
            overlap: Overlap::DEFAULT,
        }
    }

    /// The group of the tenant.
    #[must_use]
    pub const fn group(&self) -> Group {
        self.set.group()
    }

    /// Sets a field. The name may be set to the tenant's own one only.
    ///
    /// # Errors
    /// As [`Values::set`].
    pub fn set(&mut self, field: Field, value: Value) -> Result<(), Refused> {
        self.set.set(field, value)?;
        self.cleared.retain(|cleared| *cleared != field);
        Ok(())
    }

    /// Returns a field to its default.
    ///
    /// # Errors
    /// [`Error::UnknownSetting`] for a field that is not in the group,
    /// [`Error::NameFixed`] for the name.
    pub fn clear(&mut self, field: Field) -> Result<(), Refused> {
        self.set.clear(field)?;
        if field == Field::Name {
            return Err(Refused::field(field, Error::NameFixed));
        }
        if !self.cleared.contains(&field) {
            self.cleared.push(field);
        }
        Ok(())
    }

    /// Requires that the tenant's value has this stamp. Otherwise, the update
    /// ends with [`Error::Changed`]. Without an expected stamp, the patch is
    /// applied to the value that is stored, whichever that is.
    #[must_use]
    pub fn expecting(mut self, stamp: Stamp) -> Self {
        self.expected = Some(stamp);
        self
    }

    /// Sets how long a public key that the patch replaces stays valid beside the
    /// new one: [`Overlap::DEFAULT`] if not set.
    #[must_use]
    pub fn overlapping(mut self, overlap: Overlap) -> Self {
        self.overlap = overlap;
        self
    }
}

/// A patch that sets these fields.
impl From<Values> for TenantPatch {
    fn from(set: Values) -> Self {
        Self {
            set,
            ..Self::new(Group::Channel)
        }
    }
}
