//! An administrator's cut-offs: to order, end and list them.

use std::sync::Arc;

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::number::PhoneNumber;
use mpass_core::service::{CutOff, CutOffTarget, CutOffs, NewCutOff, TenantAdmin};
use mpass_core::store::{Change, Kind, Store};
use serde::{Deserialize, Serialize};

use super::failure::Failure;
use super::kind::TenantKind;
use super::protocol::Outcome;
use crate::store::AnyStore;
use crate::{clock, entropy};

/// What a cut-off stops.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "target", rename_all = "snake_case")]
pub enum StopTarget {
    /// Every message.
    Sends,
    /// Messages through a gateway; through every one without a name.
    Gateway {
        /// The gateway's name.
        name: Option<String>,
    },
    /// All requests of a tenant.
    Tenant {
        /// The tenant's kind.
        kind: TenantKind,
        /// The tenant's name.
        name: String,
    },
    /// Messages to numbers with a prefix.
    Prefix {
        /// The prefix, with its plus sign.
        prefix: String,
    },
}

impl StopTarget {
    /// The word for it on the command line.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Sends => "sends",
            Self::Gateway { .. } => "gateway",
            Self::Tenant { .. } => "tenant",
            Self::Prefix { .. } => "prefix",
        }
    }

    fn read(self) -> Result<CutOffTarget, Error> {
        Ok(match self {
            Self::Sends => CutOffTarget::Sends,
            Self::Gateway { name } => CutOffTarget::Gateway(name),
            Self::Tenant { kind, name } => CutOffTarget::Tenant {
                group: kind.group(),
                name,
            },
            Self::Prefix { prefix } => CutOffTarget::Prefix(prefix.parse()?),
        })
    }

    fn of(target: &CutOffTarget) -> Option<Self> {
        Some(match target {
            CutOffTarget::Sends => Self::Sends,
            CutOffTarget::Gateway(name) => Self::Gateway { name: name.clone() },
            CutOffTarget::Tenant { group, name } => Self::Tenant {
                kind: TenantKind::from_name(group.name())?,
                name: name.clone(),
            },
            CutOffTarget::Prefix(prefix) => Self::Prefix {
                prefix: prefix.as_str().to_owned(),
            },
            _ => return None,
        })
    }
}

/// A cut-off in effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CutOffInfo {
    /// What is stopped.
    #[serde(flatten)]
    pub target: StopTarget,
    /// When it was ordered, in milliseconds of Unix time.
    pub since_ms: u64,
    /// The time from which it does not hold any more, in milliseconds of Unix
    /// time.
    pub until_ms: u64,
    /// The user id of who ordered it.
    pub by: Option<u32>,
    /// Why it was ordered.
    pub why: Option<String>,
}

impl CutOffInfo {
    /// The description of a cut-off; `None` for a target that the admin protocol
    /// does not have.
    #[must_use]
    pub fn of(cut_off: &CutOff) -> Option<Self> {
        Some(Self {
            target: StopTarget::of(&cut_off.target)?,
            since_ms: cut_off.since_ms,
            until_ms: cut_off.until_ms,
            by: cut_off.by,
            why: cut_off.why.clone(),
        })
    }
}

/// The cut-offs of a store, also those that have ended.
///
/// # Errors
/// [`Failure`] when they cannot be read.
pub fn read(store: &impl Store, keyring: &Keyring) -> Result<CutOffs, Failure> {
    let value = store.load(Kind::Document, &CutOffs::store_key(keyring))?;
    CutOffs::open(keyring, value.as_deref()).map_err(failure)
}

/// The cut-offs in effect, the oldest first.
///
/// # Errors
/// As [`read`].
pub fn in_effect(store: &impl Store, keyring: &Keyring) -> Result<Vec<CutOffInfo>, Failure> {
    let cut_offs = read(store, keyring)?;
    let in_effect = cut_offs.in_effect(clock::now_ms());
    Ok(in_effect.filter_map(CutOffInfo::of).collect())
}

/// The cut-off in effect for which a tenant's send to a number would be refused. One
/// of a gateway counts whatever its name.
///
/// # Errors
/// As [`read`].
pub fn of_send(
    store: &impl Store,
    keyring: &Keyring,
    tenant: (TenantKind, &str),
    number: &PhoneNumber,
) -> Result<Option<CutOffInfo>, Failure> {
    let (cut_offs, now_ms) = (read(store, keyring)?, clock::now_ms());
    let (kind, name) = tenant;
    let of_tenant = cut_offs.of_tenant(kind.group(), name, now_ms);
    let cut_off = of_tenant.or_else(|| cut_offs.of_send(Some(number), now_ms));
    Ok(cut_off.and_then(CutOffInfo::of))
}

/// Orders a cut-off. A tenant must exist.
pub(super) async fn stop(
    store: &AnyStore,
    keyring: &Arc<Keyring>,
    target: StopTarget,
    life_ms: u64,
    by: Option<u32>,
    why: Option<String>,
) -> Result<Outcome, Failure> {
    if let StopTarget::Tenant { kind, name } = &target {
        let admin = TenantAdmin::new(Arc::clone(keyring));
        let read = super::operations::run(store, admin.read(kind.group(), name)).await;
        read.map_err(|refused| super::operations::failure(*kind, refused))?;
    }
    let new = NewCutOff {
        target: target.read()?,
        life_ms,
        by,
        why,
    };
    let ordered = run(store, CutOffs::stopping(&**keyring, new)).await?;
    Ok(Outcome::CutOffs(
        CutOffInfo::of(&ordered).into_iter().collect(),
    ))
}

/// Ends the cut-offs of a target, or all.
pub(super) async fn resume(
    store: &AnyStore,
    keyring: &Keyring,
    target: Option<StopTarget>,
) -> Result<Outcome, Failure> {
    let target = target.map(StopTarget::read).transpose()?;
    let ended = run(store, CutOffs::resuming(keyring, target)).await?;
    Ok(Outcome::CutOffs(
        ended.iter().filter_map(CutOffInfo::of).collect(),
    ))
}

async fn run<T>(store: &AnyStore, change: Change<'_, T>) -> Result<T, Failure> {
    let entropy = || match entropy::fresh() {
        Ok(entropy) => Ok(*entropy),
        Err(_) => Err(Error::EntropyFailed),
    };
    let done = change.run_async(store, &(clock::now_ms, entropy)).await;
    done.map_err(failure)
}

fn failure(error: Error) -> Failure {
    let message = match error {
        Error::CutOffMissing => format!("{error}: see mpass stop list"),
        Error::RecordFormat | Error::RecordForged => format!(
            "the cut-offs in the store are damaged: {error}; mpass resume all replaces them"
        ),
        Error::UnknownRecordKey => {
            "the cut-offs are sealed with a record key that the keyring lacks: set --keyring"
                .to_owned()
        }
        _ => return error.into(),
    };
    Failure {
        number: error.number(),
        message,
    }
}

#[cfg(test)]
mod tests {
    use mpass_core::store::MemoryStore;
    use serde_json::json;

    use super::*;
    use crate::admin::Operation;
    use crate::admin::operations::perform;

    /// A tenant's own cut-off is named before that of the number.
    #[tokio::test]
    async fn the_cut_off_of_a_send_is_found() {
        let store = AnyStore::Memory(MemoryStore::new(100));
        let keyring = Arc::new(Keyring::generate(&[7; 32]));
        let kind = TenantKind::Channel;
        let spec = serde_json::from_value(json!({ "name": "shop" })).unwrap();
        let create = Operation::Create(kind, spec);
        assert!(perform(&store, &keyring, create).await.is_ok());
        let number = PhoneNumber::parse("+966500000000", None).unwrap();
        let found = |name| {
            let found = of_send(&store, &keyring, (kind, name), &number).unwrap();
            found.map(|info| info.target.word())
        };
        assert_eq!(found("shop"), None);
        for (target, of_shop, of_other) in [
            (
                json!({ "target": "prefix", "prefix": "+966" }),
                "prefix",
                Some("prefix"),
            ),
            (
                json!({ "target": "tenant", "kind": "channel", "name": "shop" }),
                "tenant",
                Some("prefix"),
            ),
        ] {
            let stop = Operation::Stop {
                target: serde_json::from_value(target).unwrap(),
                life_ms: 60_000,
                why: None,
                by: None,
            };
            assert!(perform(&store, &keyring, stop).await.is_ok());
            assert_eq!((found("shop"), found("bank")), (Some(of_shop), of_other));
        }
        assert_eq!(in_effect(&store, &keyring).unwrap().len(), 2);
    }
}
