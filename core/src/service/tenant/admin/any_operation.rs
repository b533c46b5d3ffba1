//! Any operation as one type, for languages without generics.

use alloc::boxed::Box;
use core::fmt;

use super::outcome::{NewCredential, Provisioned, Resealed, TenantEntry, TenantPage};
use crate::service::settings::Refused;
use crate::store::{Operation, Progress, StoreAnswer};

/// The outcome of a [`TenantOperation`].
#[derive(Debug)]
#[non_exhaustive]
pub enum TenantOutcome {
    /// Of create and rotate.
    Credential(NewCredential),
    /// Of read, update and revoke.
    Tenant(Box<TenantEntry>),
    /// Of list.
    Page(TenantPage),
    /// The balance, of credits.
    Credits(u64),
    /// Of provision.
    Provisioned(Provisioned),
    /// Of reseal.
    Resealed(Resealed),
    /// Of unlock.
    Done,
}

/// Any operation of [`TenantAdmin`](super::TenantAdmin).
pub struct TenantOperation(
    Box<dyn Operation<Outcome = TenantOutcome, Error = Refused> + Send + Sync>,
);

impl TenantOperation {
    /// An operation of whichever outcome.
    #[must_use]
    pub fn new<O>(operation: O) -> Self
    where
        O: Operation<Error = Refused> + Send + Sync + 'static,
        O::Outcome: Into<TenantOutcome>,
    {
        Self(Box::new(Converting(operation)))
    }
}

impl fmt::Debug for TenantOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TenantOperation")
    }
}

impl Operation for TenantOperation {
    type Outcome = TenantOutcome;
    type Error = Refused;

    fn next(
        &mut self,
        answer: StoreAnswer,
        now_ms: u64,
    ) -> Result<Progress<TenantOutcome>, Refused> {
        self.0.next(answer, now_ms)
    }
}

/// Converts the outcome of an operation.
struct Converting<O>(O);

impl<O> Operation for Converting<O>
where
    O: Operation<Error = Refused>,
    O::Outcome: Into<TenantOutcome>,
{
    type Outcome = TenantOutcome;
    type Error = Refused;

    fn next(
        &mut self,
        answer: StoreAnswer,
        now_ms: u64,
    ) -> Result<Progress<TenantOutcome>, Refused> {
        Ok(match self.0.next(answer, now_ms)? {
            Progress::Step(step) => Progress::Step(step),
            Progress::Done(outcome) => Progress::Done(outcome.into()),
        })
    }
}

macro_rules! outcomes {
    ($($Type:ty => $outcome:expr;)+) => { $(
        impl From<$Type> for TenantOutcome {
            fn from(outcome: $Type) -> Self {
                $outcome(outcome)
            }
        }
    )+ };
}

outcomes! {
    NewCredential => TenantOutcome::Credential;
    TenantEntry => |entry| TenantOutcome::Tenant(Box::new(entry));
    TenantPage => TenantOutcome::Page;
    u64 => TenantOutcome::Credits;
    Provisioned => TenantOutcome::Provisioned;
    Resealed => TenantOutcome::Resealed;
    () => |()| TenantOutcome::Done;
}
