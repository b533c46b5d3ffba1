//! The operations on the cut-offs of a store, each in one call.

use alloc::vec::Vec;
use core::borrow::Borrow;

use super::entry::{CutOff, NewCutOff};
use super::list::CutOffs;
use super::target::CutOffTarget;
use crate::Error;
use crate::challenge::Keyring;
use crate::store::{Change, Decision, Kind};

/// Each operation takes a keyring, borrowed or owned.
impl CutOffs {
    /// Loads the cut-offs, also those that have ended.
    ///
    /// # Errors
    /// Those of [`Self::open`].
    pub fn reading<'a>(keyring: impl Borrow<Keyring> + Send + Sync + 'a) -> Change<'a, Self> {
        let key = Self::store_key(keyring.borrow());
        Change::new(Kind::Document, key, move |current, _| {
            Self::open(keyring.borrow(), current).map(Decision::Keep)
        })
    }

    /// Orders a cut-off, in place of one of the same target.
    ///
    #[cfg_attr(feature = "std", doc = "```")]
    #[cfg_attr(not(feature = "std"), doc = "```ignore")]
    /// # use mpass_core::challenge::Keyring;
    /// # use mpass_core::service::{CutOffTarget, CutOffs, NewCutOff};
    /// # use mpass_core::store::MemoryStore;
    /// # let keyring = Keyring::generate(&[7; 32]);
    /// # let store = MemoryStore::new(100);
    /// let environment = (|| 1_700_000_000_000, || Ok([1; 32]));
    /// let new = NewCutOff {
    ///     target: CutOffTarget::Prefix("+882".parse()?),
    ///     life_ms: 3_600_000,
    ///     by: None,
    ///     by_name: Some("anna".into()),
    ///     why: Some("pumping".into()),
    /// };
    /// let cut_off = CutOffs::stopping(&keyring, new).run(&store, &environment)?;
    /// assert_eq!(cut_off.until_ms, 1_700_003_600_000);
    /// let cut_offs = CutOffs::reading(&keyring).run(&store, &environment)?;
    /// assert!(!cut_offs.is_any_in_effect(cut_off.until_ms));
    /// # Ok::<(), mpass_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidCutOffLife`], [`Error::InvalidCutOffReason`],
    /// [`Error::InvalidName`] for the name of a gateway, tenant or administrator,
    /// [`Error::UnknownSetting`] for a group that is not a tenant's,
    /// [`Error::TooManyCutOffs`], and those of [`Self::open`].
    pub fn stopping<'a>(
        keyring: impl Borrow<Keyring> + Send + Sync + 'a,
        new: NewCutOff,
    ) -> Change<'a, CutOff> {
        let key = Self::store_key(keyring.borrow());
        Change::new(Kind::Document, key, move |current, moment| {
            let keyring = keyring.borrow();
            let present = Self::open(keyring, current)?;
            let (next, added) = present.with(&new, moment.now_ms)?;
            let swap = next.write(keyring, current, moment.now_ms, moment.entropy)?;
            Ok(Decision::Write(swap, added))
        })
    }

    /// Ends the cut-offs of a target, or all for `None`, and yields those that
    /// were in effect. [`CutOffTarget::Gateway`] without a name ends those of every
    /// gateway. To end all also replaces a value that cannot be read.
    ///
    /// # Errors
    /// [`Error::CutOffMissing`] if none of the target is in effect; those of
    /// [`Self::open`].
    pub fn resuming<'a>(
        keyring: impl Borrow<Keyring> + Send + Sync + 'a,
        target: Option<CutOffTarget>,
    ) -> Change<'a, Vec<CutOff>> {
        let key = Self::store_key(keyring.borrow());
        Change::new(Kind::Document, key, move |current, moment| {
            let keyring = keyring.borrow();
            let opened = Self::open(keyring, current);
            let is_damaged = matches!(opened, Err(Error::RecordFormat | Error::RecordForged));
            let present = match (opened, &target) {
                (Err(_), None) if is_damaged => Self::default(),
                (opened, _) => opened?,
            };
            let (next, ended) = present.without(target.as_ref(), moment.now_ms);
            if ended.is_empty() && target.is_some() {
                return Err(Error::CutOffMissing);
            }
            if next == present && !is_damaged {
                return Ok(Decision::Keep(ended));
            }
            let swap = next.write(keyring, current, moment.now_ms, moment.entropy)?;
            Ok(Decision::Write(swap, ended))
        })
    }
}
