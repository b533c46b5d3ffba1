//! Challenges on a store in one call: the vectors that every language runs.

use core::cell::{Cell, RefCell};
use std::collections::VecDeque;

use mpass_core::Error;
use mpass_core::challenge::{Binding, Challenge, Issued, Keyring, Policy, Subject, SubjectKind};
use mpass_core::store::{Kind, Listed, MemoryStore, Store, StoreKey, Swap, Swapped};
use mpass_tests::coverage::RUST;
use mpass_tests::sim::NOON;
use mpass_tests::vectors::{self, InStoreStep};

/// A store with planned answers, and the clock that it moves.
struct Slow {
    memory: MemoryStore,
    now_ms: Cell<u64>,
    takes_ms: Cell<(u64, u64)>,
    loads: RefCell<VecDeque<String>>,
    swaps: RefCell<VecDeque<String>>,
}

impl Slow {
    fn pass(&self, ms: u64) {
        self.now_ms.set(self.now_ms.get() + ms);
    }

    fn plan(&self, step: &InStoreStep) {
        self.pass(step.pass_ms);
        self.takes_ms.set((step.load_ms, step.swap_ms));
        *self.loads.borrow_mut() = step.loads.clone().into();
        *self.swaps.borrow_mut() = step.swaps.clone().into();
    }
}

fn next(answers: &RefCell<VecDeque<String>>) -> String {
    let next = answers.borrow_mut().pop_front();
    next.unwrap_or_else(|| "ok".into())
}

impl Store for Slow {
    fn load(&self, kind: Kind, key: &StoreKey) -> Result<Option<Vec<u8>>, Error> {
        let value = self.memory.load(kind, key)?;
        self.pass(self.takes_ms.get().0);
        match next(&self.loads).as_str() {
            "ok" => Ok(value),
            "failed" => Err(Error::StoreFailed),
            "flipped" => Ok(value.map(|mut value| {
                value[50] ^= 1;
                value
            })),
            other => panic!("a load cannot be {other}"),
        }
    }

    fn swap(&self, swap: &Swap, now_ms: u64) -> Result<Swapped, Error> {
        self.pass(self.takes_ms.get().1);
        let answer = next(&self.swaps);
        match answer.as_str() {
            "conflict" => {
                let current = self.memory.load(swap.kind, &swap.key)?;
                return Ok(Swapped::Conflict(current));
            }
            "failed" => return Err(Error::StoreFailed),
            "full" => return Err(Error::StoreFull),
            "lost-unknown" => return Err(Error::StoreUnknown),
            "expired" => return Ok(Swapped::Expired),
            _ => {}
        }
        let swapped = self.memory.swap(swap, now_ms)?;
        match answer.as_str() {
            "ok" => Ok(swapped),
            "stored-unknown" => Err(Error::StoreUnknown),
            "stored-failed" => Err(Error::StoreFailed),
            other => panic!("a swap cannot be {other}"),
        }
    }

    fn list(&self, after: Option<&StoreKey>, limit: u32) -> Result<Vec<Listed>, Error> {
        self.memory.list(after, limit)
    }
}

/// A different code of the same length.
fn wrong(code: &str) -> String {
    let last = if code.ends_with('0') { '1' } else { '0' };
    format!("{}{last}", &code[..code.len() - 1])
}

/// Performs a step and returns the name of its outcome.
fn perform(
    challenge: &Challenge<'_>,
    store: &Slow,
    act: &str,
    issued: &mut Option<Issued>,
) -> String {
    let environment = (|| store.now_ms.get(), || Ok([7; 32]));
    let code = issued
        .as_ref()
        .map_or("000000", |issued| issued.code.as_str());
    let typed = match act {
        "issue" => {
            return match challenge.issuing().run(store, &environment) {
                Ok(Ok(new)) => {
                    *issued = Some(new);
                    "Issued".into()
                }
                Ok(Err(refusal)) => refusal.reason.name().into(),
                Err(error) => error.name().into(),
            };
        }
        "right" => code.to_owned(),
        "wrong" => wrong(code),
        "malformed" => format!("{code}x"),
        other => panic!("there is no step {other}"),
    };
    let verdict = challenge.attempting(&typed).run(store, &environment);
    verdict.map_or_else(|error| error.name().into(), |verdict| verdict.name().into())
}

#[test]
fn challenges_on_slow_and_failing_stores() {
    let (keyring, policy) = (Keyring::generate(&[1; 32]), Policy::default());
    let subject = Subject::parse(SubjectKind::Number, "+966500000000").unwrap();
    let binding = Binding {
        service: "login",
        tenant: b"acme",
        subject: &subject,
        context: "",
    };
    let challenge = Challenge::new(&keyring, &policy, binding);
    RUST.vectors("in-store.json", &vectors::in_store().vectors, |vector| {
        let store = Slow {
            memory: MemoryStore::new(10),
            now_ms: Cell::new(NOON),
            takes_ms: Cell::default(),
            loads: RefCell::default(),
            swaps: RefCell::default(),
        };
        let mut issued = None;
        for (at, step) in vector.steps.iter().enumerate() {
            store.plan(step);
            let outcome = perform(&challenge, &store, &step.act, &mut issued);
            assert_eq!(outcome, step.expect, "{}, step {at}", vector.name);
            if let Some(life_ms) = step.life_ms {
                let ends_at_ms = issued.as_ref().map(|issued| issued.ends_at_ms);
                assert_eq!(ends_at_ms, Some(NOON + life_ms), "{}", vector.name);
            }
        }
    });
}
