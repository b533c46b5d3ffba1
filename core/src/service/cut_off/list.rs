//! The cut-offs of a store, and what they stop.

use alloc::string::ToString;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::document::DOCUMENT;
use super::entry::{CutOff, NewCutOff, Wire};
use super::target::CutOffTarget;
use crate::Error;
use crate::challenge::{Document, DocumentWrite, Keyring, Opened};
use crate::number::PhoneNumber;
use crate::service::host::Reason;
use crate::service::settings::Group;
use crate::store::{MAX_DOCUMENT_LEN, StoreKey, Swap};

/// The most cut-offs that hold at a time. All of them fit into one value unless most of
/// them have the longest names and reasons.
const MOST: usize = 64;

/// The cut-offs of a store: a value of [`Kind::Document`](crate::store::Kind)
/// under [`CutOffs::store_key`], encrypted as tenants are.
///
/// A host reads it at the start and then at least every second, and passes it to
/// [`Engine::with_cut_offs`](crate::service::Engine::with_cut_offs).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CutOffs(Vec<CutOff>);

impl CutOffs {
    /// The key of the cut-offs of a store.
    #[must_use]
    pub fn store_key(keyring: &Keyring) -> StoreKey {
        DOCUMENT.store_key(keyring, [])
    }

    /// Reads the cut-offs from the value under [`Self::store_key`]; none if there
    /// is no value.
    ///
    /// # Errors
    /// [`Error::RecordFormat`] for a value that is not of this version's form,
    /// [`Error::RecordForged`] for one that is not authentic,
    /// [`Error::UnknownRecordKey`] for one encrypted with a key that the keyring
    /// does not have.
    pub fn open(keyring: &Keyring, value: Option<&[u8]>) -> Result<Self, Error> {
        let Some(value) = value else {
            return Ok(Self::default());
        };
        let opened = DOCUMENT.open(keyring, &Self::store_key(keyring), value)?;
        let stored: Vec<Wire> =
            minicbor::decode(&opened.contents).map_err(|_| Error::RecordFormat)?;
        let cut_offs = stored.into_iter().map(CutOff::try_from);
        cut_offs.collect::<Result<_, _>>().map(Self)
    }

    /// The swap that stores them.
    pub(super) fn write(
        &self,
        keyring: &Keyring,
        current: Option<&[u8]>,
        now_ms: u64,
        entropy: &[u8; 32],
    ) -> Result<Swap, Error> {
        let stored: Vec<Wire> = self
            .0
            .iter()
            .map(Wire::try_from)
            .collect::<Result<_, _>>()?;
        let contents = minicbor::to_vec(stored).map_err(|_| Error::RecordFormat)?;
        if contents.len() > MAX_DOCUMENT_LEN - Document::OVERHEAD {
            return Err(Error::TooManyCutOffs);
        }
        let store_key = Self::store_key(keyring);
        let write = DocumentWrite {
            keyring,
            store_key: &store_key,
            current,
            now_ms,
            entropy,
        };
        let opened = Opened {
            contents: Zeroizing::new(contents),
            expires_at_ms: None,
        };
        DOCUMENT.seal(write, &opened)
    }

    /// The cut-offs that hold at `now_ms`, in the order in which they were
    /// ordered.
    pub fn in_effect(&self, now_ms: u64) -> impl Iterator<Item = &CutOff> + '_ {
        self.0.iter().filter(move |one| one.is_in_effect(now_ms))
    }

    /// Whether any of them holds at `now_ms`.
    #[must_use]
    pub fn is_any_in_effect(&self, now_ms: u64) -> bool {
        self.in_effect(now_ms).next().is_some()
    }

    /// The cut-off that stops messages to a number at `now_ms`, the widest one if
    /// there are several. For a subject that is not a number, `None`.
    ///
    /// A cut-off of a gateway counts for every message: see
    /// [`Self::for_gateways`].
    #[must_use]
    pub fn of_send(&self, number: Option<&PhoneNumber>, now_ms: u64) -> Option<&CutOff> {
        let width = |one: &CutOff| match &one.target {
            CutOffTarget::Sends => Some(0),
            CutOffTarget::Gateway(_) => Some(1),
            CutOffTarget::Prefix(prefix) => {
                let length = prefix.as_str().len();
                number
                    .is_some_and(|number| prefix.is_of(number))
                    .then_some(1 + length)
            }
            CutOffTarget::Tenant { .. } => None,
        };
        let stopping = self
            .in_effect(now_ms)
            .filter_map(|one| Some((width(one)?, one)));
        stopping.min_by_key(|(width, _)| *width).map(|(_, one)| one)
    }

    /// The cut-off of a tenant at `now_ms`.
    #[must_use]
    pub fn of_tenant(&self, group: Group, name: &str, now_ms: u64) -> Option<&CutOff> {
        self.in_effect(now_ms).find(|one| {
            matches!(&one.target, CutOffTarget::Tenant { group: of, name: named }
                if *of == group && named == name)
        })
    }

    /// Those that concern every message of a host whose gateways have these names.
    /// Cut-offs of single gateways are left out, unless all of them are stopped at
    /// `now_ms`: as long as one is not, messages go through it.
    #[must_use]
    pub fn for_gateways(&self, names: &[&str], now_ms: u64) -> Self {
        let are_all_stopped = names
            .iter()
            .all(|name| self.of_gateway(name, now_ms).is_some());
        let concerns = |one: &&CutOff| match &one.target {
            CutOffTarget::Gateway(Some(name)) => are_all_stopped && names.contains(&name.as_str()),
            _ => true,
        };
        Self(self.0.iter().filter(concerns).cloned().collect())
    }

    /// The cut-off of a gateway at `now_ms`.
    #[must_use]
    pub fn of_gateway(&self, name: &str, now_ms: u64) -> Option<&CutOff> {
        let own = CutOffTarget::Gateway(Some(name.to_string()));
        self.in_effect(now_ms)
            .find(|one| one.target == own || one.target == CutOffTarget::Gateway(None))
    }

    /// Refuses the request of a tenant that is stopped.
    pub(in crate::service) fn check_tenant(
        &self,
        group: Group,
        name: &str,
        now_ms: u64,
    ) -> Result<(), Reason> {
        match self.of_tenant(group, name, now_ms) {
            Some(_) => Err(Reason::TenantStopped),
            None => Ok(()),
        }
    }

    /// Why a message must not be sent to a subject.
    pub(in crate::service) fn stops_send(
        &self,
        number: Option<&PhoneNumber>,
        now_ms: u64,
    ) -> Option<Reason> {
        self.of_send(number, now_ms).map(|one| match one.target {
            CutOffTarget::Gateway(_) => Reason::GatewayStopped,
            CutOffTarget::Prefix(_) => Reason::PrefixStopped,
            CutOffTarget::Sends | CutOffTarget::Tenant { .. } => Reason::SendsStopped,
        })
    }

    /// With another one, which takes the place of that with the same target.
    /// Those that have ended are dropped.
    pub(super) fn with(&self, new: &NewCutOff, now_ms: u64) -> Result<(Self, CutOff), Error> {
        new.check()?;
        let others = self
            .in_effect(now_ms)
            .filter(|one| one.target != new.target);
        let mut all: Vec<CutOff> = others.cloned().collect();
        if all.len() == MOST {
            return Err(Error::TooManyCutOffs);
        }
        let added = new.at(now_ms);
        all.push(added.clone());
        Ok((Self(all), added))
    }

    /// Without those of a target, or without any for `None`; and those that were
    /// in effect.
    pub(super) fn without(
        &self,
        target: Option<&CutOffTarget>,
        now_ms: u64,
    ) -> (Self, Vec<CutOff>) {
        let in_effect = self.in_effect(now_ms).cloned();
        let is_ended = |one: &CutOff| target.is_none_or(|target| target.includes(&one.target));
        let (ended, rest) = in_effect.partition(is_ended);
        (Self(rest), ended)
    }
}
