//! Operations on all documents of a store, page by page.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec;

use zeroize::Zeroizing;

use super::TenantAdmin;
use super::outcome::{Resealed, TenantPage};
use crate::Error;
use crate::challenge::{Header, Keyring};
use crate::service::settings::{Group, Refused};
use crate::service::tenant::any::{AnyTenant, not_a_tenant};
use crate::service::tenant::reseal::{is_readable, reseal_document};
use crate::store::{
    Decision, Kind, Listed, Operation, Progress, Settle, StoreAnswer, StoreKey, StoreStep,
};

/// The most documents of a page.
const LARGEST_PAGE: u32 = 1024;
/// The documents that are resealed before the next ones are listed.
const RESEAL_PAGE: u32 = 64;

impl TenantAdmin {
    /// Lists the tenants of a group among the next documents of the store, at
    /// most `limit` (1 to 1,024; other values count as the nearest one). `after`
    /// is [`TenantPage::next`] of the page before, `None` for the first page.
    ///
    /// # Errors
    /// [`Error::UnknownSetting`] for a group that is not a tenant's;
    /// [`Error::StoreFailed`], from the operation.
    pub fn list(
        &self,
        group: Group,
        after: Option<StoreKey>,
        limit: u32,
    ) -> Result<impl Operation<Outcome = TenantPage, Error = Refused> + Send + Sync + use<>, Refused>
    {
        if !group.is_tenant() {
            return Err(not_a_tenant());
        }
        Ok(List {
            keyring: Arc::clone(&self.keyring),
            group,
            limit: limit.clamp(1, LARGEST_PAGE),
            after,
            is_over: false,
        })
    }

    /// Seals every document with the newest record key, so that older keys can
    /// be removed from the keyring. Documents that the keyring does not open are
    /// left unchanged and counted. It may be interrupted and repeated.
    ///
    /// # Errors
    /// From the operation: the errors of [`Operation::next`]. The limit of 10 s
    /// holds for each document.
    pub fn reseal(
        &self,
        entropy: &[u8; 32],
    ) -> impl Operation<Outcome = Resealed, Error = Refused> + Send + Sync + use<> {
        Reseal {
            keyring: Arc::clone(&self.keyring),
            entropy: Zeroizing::new(*entropy),
            outcome: Resealed::default(),
            state: ResealState::Start,
        }
    }
}

struct List {
    keyring: Arc<Keyring>,
    group: Group,
    limit: u32,
    after: Option<StoreKey>,
    is_over: bool,
}

impl Operation for List {
    type Outcome = TenantPage;
    type Error = Refused;

    fn next(&mut self, answer: StoreAnswer, _now_ms: u64) -> Result<Progress<TenantPage>, Refused> {
        if self.is_over {
            return Err(Error::StoreFailed.into());
        }
        if answer == StoreAnswer::Begin {
            return Ok(Progress::Step(StoreStep::List {
                after: self.after,
                limit: self.limit,
            }));
        }
        self.is_over = true;
        let documents = answer.listed()?;
        let mut page = TenantPage {
            tenants: vec![],
            unreadable: 0,
            next: last_of(&documents, self.limit),
        };
        for (store_key, value) in documents {
            if store_key == Header::KEY {
                continue;
            }
            match AnyTenant::open(&self.keyring, self.group, &store_key, &value) {
                Ok(tenant) => page.tenants.push(tenant.into_entry(&value)?),
                Err(_) if is_readable(&self.keyring, &store_key, &value) => {}
                Err(_) => page.unreadable += 1,
            }
        }
        Ok(Progress::Done(page))
    }
}

/// The key after which the next page begins, unless this is the last one.
fn last_of(documents: &[Listed], limit: u32) -> Option<StoreKey> {
    let is_full = u64::try_from(documents.len()).is_ok_and(|len| len >= u64::from(limit));
    documents.last().filter(|_| is_full).map(|(key, _)| *key)
}

type ResealOne = Box<dyn Operation<Outcome = bool, Error = Refused> + Send + Sync>;

struct Reseal {
    keyring: Arc<Keyring>,
    entropy: Zeroizing<[u8; 32]>,
    outcome: Resealed,
    state: ResealState,
}

enum ResealState {
    Start,
    Listing,
    /// The document that is resealed, the others of the page, and the key after
    /// which the next page begins.
    Writing(ResealOne, vec::IntoIter<Listed>, Option<StoreKey>),
    Over,
}

impl Reseal {
    fn list(&mut self, after: Option<StoreKey>) -> Progress<Resealed> {
        self.state = ResealState::Listing;
        Progress::Step(StoreStep::List {
            after,
            limit: RESEAL_PAGE,
        })
    }

    /// Continues with the next document of the page, or the next page.
    fn page(
        &mut self,
        mut documents: vec::IntoIter<Listed>,
        next: Option<StoreKey>,
        now_ms: u64,
    ) -> Result<Progress<Resealed>, Refused> {
        while let Some((store_key, value)) = documents.next() {
            if store_key == Header::KEY {
                continue;
            }
            if !is_readable(&self.keyring, &store_key, &value) {
                self.outcome.unreadable += 1;
                continue;
            }
            let mut one = self.reseal_one(store_key);
            if let Progress::Step(step) = one.next(StoreAnswer::Begin, now_ms)? {
                self.state = ResealState::Writing(one, documents, next);
                return Ok(Progress::Step(step));
            }
        }
        match next {
            Some(after) => Ok(self.list(Some(after))),
            None => Ok(Progress::Done(self.outcome)),
        }
    }

    /// Reseals a document, and yields whether it was written.
    fn reseal_one(&self, store_key: StoreKey) -> ResealOne {
        let keyring = Arc::clone(&self.keyring);
        Box::new(Settle::new(
            Kind::Document,
            store_key,
            &self.entropy,
            move |current, moment| {
                let Some(current) = current else {
                    return Ok(Decision::Keep(false));
                };
                let (now_ms, entropy) = (moment.now_ms, moment.entropy);
                let swap = reseal_document(&keyring, &store_key, current, now_ms, entropy)?;
                Ok::<_, Refused>(match swap {
                    Some(swap) => Decision::Write(swap, true),
                    None => Decision::Keep(false),
                })
            },
        ))
    }
}

impl Operation for Reseal {
    type Outcome = Resealed;
    type Error = Refused;

    fn next(&mut self, answer: StoreAnswer, now_ms: u64) -> Result<Progress<Resealed>, Refused> {
        match core::mem::replace(&mut self.state, ResealState::Over) {
            ResealState::Start if answer == StoreAnswer::Begin => Ok(self.list(None)),
            ResealState::Listing => {
                let documents = answer.listed()?;
                let next = last_of(&documents, RESEAL_PAGE);
                self.page(documents.into_iter(), next, now_ms)
            }
            ResealState::Writing(mut one, documents, next) => match one.next(answer, now_ms)? {
                Progress::Step(step) => {
                    self.state = ResealState::Writing(one, documents, next);
                    Ok(Progress::Step(step))
                }
                Progress::Done(is_written) => {
                    self.outcome.resealed += u64::from(is_written);
                    self.page(documents, next, now_ms)
                }
            },
            ResealState::Start | ResealState::Over => Err(Error::StoreFailed.into()),
        }
    }
}
