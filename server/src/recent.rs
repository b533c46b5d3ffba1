//! Why requests ended in the last minutes, by contract and tenant. It is bounded,
//! in memory, and forgotten at a restart.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use mpass_core::service::Reason;

/// How many minutes are kept.
pub(crate) const MINUTES: u64 = 15;
/// The maximum number of tenants of a minute, and of a summary; further ones are
/// counted together.
const MOST_TENANTS: usize = 64;
/// The name of further tenants. No tenant has one with parentheses.
const OTHERS: &str = "(other)";

/// Counts by reason.
type Counts = BTreeMap<&'static str, u64>;

/// Counts the requests of the last minutes.
#[derive(Debug)]
pub(crate) struct Recent {
    begun: Instant,
    /// The newest minute is last.
    minutes: Mutex<VecDeque<Minute>>,
}

#[derive(Debug, Default)]
struct Minute {
    number: u64,
    tenants: usize,
    contracts: BTreeMap<&'static str, Contract>,
}

/// The counts of one contract in one minute.
#[derive(Debug, Default)]
struct Contract {
    /// Of requests without a valid credential.
    nobody: Counts,
    tenants: BTreeMap<Box<str>, Counts>,
    others: Counts,
}

/// The counts of a tenant, or of requests without a valid credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Requests {
    /// The contract, or `none` for a path of no contract.
    pub(crate) contract: &'static str,
    /// The tenant's name; `(other)` for further tenants.
    pub(crate) tenant: Option<String>,
    /// How many requests ended for which reason.
    pub(crate) reasons: Counts,
}

impl Default for Recent {
    fn default() -> Self {
        Self {
            begun: Instant::now(),
            minutes: Mutex::default(),
        }
    }
}

impl Recent {
    /// Counts a request.
    pub(crate) fn count(&self, contract: &'static str, tenant: Option<&str>, reason: Reason) {
        self.count_at(self.minute(), contract, tenant, reason);
    }

    /// The counts of the last minutes, by contract and tenant.
    pub(crate) fn summary(&self) -> Vec<Requests> {
        self.summary_at(self.minute())
    }

    fn minute(&self) -> u64 {
        self.begun.elapsed().as_secs() / 60
    }

    fn count_at(&self, number: u64, contract: &'static str, tenant: Option<&str>, reason: Reason) {
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(oldest) = minutes.front()
            && oldest.number + MINUTES <= number
        {
            minutes.pop_front();
        }
        if minutes.back().is_none_or(|newest| newest.number < number) {
            minutes.push_back(Minute {
                number,
                ..Minute::default()
            });
        }
        if let Some(minute) = minutes.back_mut() {
            minute.count(contract, tenant, reason);
        }
    }

    fn summary_at(&self, number: u64) -> Vec<Requests> {
        let minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all: BTreeMap<(&'static str, Option<&str>), Counts> = BTreeMap::new();
        let kept = minutes.iter().filter(|one| one.number + MINUTES > number);
        for (contract, counts) in kept.flat_map(|minute| &minute.contracts) {
            let named = counts.tenants.iter();
            let named = named.map(|(name, counts)| (Some(&**name), counts));
            let rest = [(None, &counts.nobody), (Some(OTHERS), &counts.others)];
            for (tenant, counts) in named.chain(rest).filter(|(_, counts)| !counts.is_empty()) {
                add(all.entry((contract, tenant)).or_default(), counts);
            }
        }
        cut(all)
    }
}

/// The tenants with the most requests by name, and the others together.
fn cut(mut all: BTreeMap<(&'static str, Option<&str>), Counts>) -> Vec<Requests> {
    let is_named = |tenant: Option<&str>| tenant.is_some_and(|name| name != OTHERS);
    let total = |counts: &Counts| counts.values().sum::<u64>();
    let mut named: Vec<_> = all
        .iter()
        .filter(|((_, tenant), _)| is_named(*tenant))
        .map(|(key, counts)| (total(counts), *key))
        .collect();
    named.sort_unstable_by(|left, right| right.cmp(left));
    for (_, key) in named.into_iter().skip(MOST_TENANTS) {
        if let Some(counts) = all.remove(&key) {
            add(all.entry((key.0, Some(OTHERS))).or_default(), &counts);
        }
    }
    all.into_iter()
        .map(|((contract, tenant), reasons)| Requests {
            contract,
            tenant: tenant.map(str::to_owned),
            reasons,
        })
        .collect()
}

fn add(to: &mut Counts, counts: &Counts) {
    for (reason, count) in counts {
        *to.entry(reason).or_default() += count;
    }
}

impl Minute {
    fn count(&mut self, contract: &'static str, tenant: Option<&str>, reason: Reason) {
        let contract = self.contracts.entry(contract).or_default();
        let counts = match tenant {
            None => &mut contract.nobody,
            Some(name) => {
                if self.tenants < MOST_TENANTS && !contract.tenants.contains_key(name) {
                    self.tenants += 1;
                    contract.tenants.insert(name.into(), Counts::new());
                }
                let known = contract.tenants.get_mut(name);
                known.unwrap_or(&mut contract.others)
            }
        };
        *counts.entry(reason.name()).or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requests(
        contract: &'static str,
        tenant: Option<&str>,
        reasons: &[(&'static str, u64)],
    ) -> Requests {
        Requests {
            contract,
            tenant: tenant.map(str::to_owned),
            reasons: reasons.iter().copied().collect(),
        }
    }

    #[test]
    fn by_tenant_and_reason_for_fifteen_minutes() {
        let recent = Recent::default();
        for (minute, contract, tenant, reason) in [
            (0, "mpass", Some("shop"), Reason::Sent),
            (0, "mpass", None, Reason::UnknownCredential),
            (1, "mpass", Some("shop"), Reason::Sent),
            (14, "mpass", Some("shop"), Reason::WrongCode),
            (14, "camara", Some("shop"), Reason::TokenIssued),
        ] {
            recent.count_at(minute, contract, tenant, reason);
        }
        let camara = requests("camara", Some("shop"), &[("token_issued", 1)]);
        let nobody = requests("mpass", None, &[("unknown_credential", 1)]);
        let shop = |sent| requests("mpass", Some("shop"), &[("sent", sent), ("wrong_code", 1)]);
        let expected = [camara.clone(), nobody, shop(2)];
        assert_eq!(recent.summary_at(14), expected);
        assert_eq!(recent.summary_at(15), [camara, shop(1)]);
        assert_eq!(recent.summary_at(29), []);
        recent.count_at(29, "mpass", None, Reason::NotFound);
        assert_eq!(recent.minutes.lock().unwrap().len(), 1);
    }

    #[test]
    fn however_many_tenants_there_are() {
        let recent = Recent::default();
        for minute in 0..MINUTES {
            for tenant in 0..1000 {
                // Other tenants in each minute.
                let name = format!("{minute}-{tenant}");
                recent.count_at(minute, "mpass", Some(&name), Reason::Sent);
            }
        }
        for _ in 0..10 {
            recent.count_at(14, "mpass", Some("14-3"), Reason::Sent);
        }
        let minutes = recent.minutes.lock().unwrap();
        let most = minutes.iter().map(|minute| {
            let tenants = minute.contracts.values().map(|one| one.tenants.len());
            tenants.sum::<usize>()
        });
        assert_eq!(most.max(), Some(MOST_TENANTS));
        drop(minutes);
        let summary = recent.summary_at(14);
        assert_eq!(summary.len(), MOST_TENANTS + 1);
        let sent = summary.iter().map(|one| one.reasons["sent"]);
        assert_eq!(sent.sum::<u64>(), 15 * 1000 + 10);
        let busiest = requests("mpass", Some("14-3"), &[("sent", 11)]);
        assert!(summary.contains(&busiest));
    }
}
