//! The record of a customer's credits, which is written before the customer's
//! value states that it exists.

use alloc::sync::Arc;

use super::chain::{Optional, then};
use super::target::Target;
use crate::challenge::{Credits, Keyring};
use crate::service::settings::{Group, Refused};
use crate::service::tenant::{AnyTenant, service_id};
use crate::store::{Decision, Kind, Moment, Operation, Settle};

/// The credits of the customer with an id.
pub(super) struct CreditsOf {
    pub(super) id: [u8; 16],
    pub(super) initial: u64,
}

impl CreditsOf {
    /// The credits of a stored customer whose value does not state that their
    /// record exists.
    pub(super) fn unstated(stored: Option<&AnyTenant>) -> Option<Self> {
        match stored? {
            AnyTenant::Customer(customer) if !customer.has_credits => Some(Self {
                id: customer.id,
                initial: customer.settings.test_credits,
            }),
            _ => None,
        }
    }
}

/// Ensures that the record of credits exists, if the tenant has credits and
/// `plan` returns them; the outcome is the id of its customer. For other groups
/// than customers, it does nothing.
pub(super) fn ensure_credits<P>(
    target: &Target,
    entropy: &[u8; 32],
    plan: P,
) -> impl Operation<Outcome = Option<[u8; 16]>, Error = Refused> + Send + Sync + use<P>
where
    P: Fn(Option<&AnyTenant>, Moment<'_>) -> Result<Option<CreditsOf>, Refused>
        + Send
        + Sync
        + 'static,
{
    let (opener, writer) = (target.clone(), Arc::clone(&target.keyring));
    let entropy = zeroize::Zeroizing::new(*entropy);
    let read = target.settle(&entropy, move |current, moment| {
        let stored = opener.open(current)?;
        Ok(Decision::Keep(plan(stored.as_ref(), moment)?))
    });
    let read = (target.group == Group::Customer).then_some(read);
    then(Optional(read), move |credits| {
        let credits = credits.flatten();
        Ok(Optional(
            credits.map(|credits| ensure_record(writer, credits, &entropy)),
        ))
    })
}

/// Ensures the record of credits of a stored customer whose value does not state
/// that it exists.
pub(super) fn ensure_stated(
    target: &Target,
    entropy: &[u8; 32],
) -> impl Operation<Outcome = Option<[u8; 16]>, Error = Refused> + Send + Sync + use<> {
    ensure_credits(target, entropy, |stored, _| {
        let live = stored.filter(|stored| !stored.is_revoked());
        Ok(CreditsOf::unstated(live))
    })
}

fn ensure_record(
    keyring: Arc<Keyring>,
    of: CreditsOf,
    entropy: &[u8; 32],
) -> impl Operation<Outcome = [u8; 16], Error = Refused> + Send + Sync + use<> {
    let CreditsOf { id, initial } = of;
    let key = Credits::new(&keyring, service_id::VERIFY_NOW, &id, initial).key();
    Settle::new(Kind::State, key, entropy, move |current, moment| {
        let credits = Credits::new(&keyring, service_id::VERIFY_NOW, &id, initial);
        if current.is_some() {
            // It must be readable, too.
            credits.balance(current)?;
            return Ok(Decision::Keep(id));
        }
        let pending = credits.begin(moment.now_ms, moment.entropy)?;
        Ok(Decision::Write(pending.into_swap().0, id))
    })
}
