//! Model check of updates, rotations, creations and revocations of one tenant.

use std::collections::BTreeSet;
use std::sync::Arc;

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::service::settings::{Field, Group, Refused, Value, Values};
use mpass_core::service::{
    Customer, Engine, Overlap, Reason, TenantAdmin, TenantKey, TenantOperation, TenantOutcome,
    TenantPatch,
};
use mpass_core::store::{Kind, Operation, Progress, Stamp, StoreAnswer, StoreKey, StoreStep, Swap};
use mpass_tests::sim::NOON;

use super::model::{End, Fault, Model, Process, Run};
use super::{ID, ask_token};

/// A customer, and what uses it.
struct Scene {
    keyring: Arc<Keyring>,
    engine: Engine,
    admin: TenantAdmin,
    store_key: StoreKey,
    values: Vec<Swap>,
    secret: String,
}

impl Scene {
    fn new() -> Self {
        let keyring = Arc::new(Keyring::generate(&[42; 32]));
        let admin = TenantAdmin::new(Arc::clone(&keyring));
        let mut values = Values::new(Group::Customer);
        values.set(Field::Name, Value::Text(ID.into())).unwrap();
        let mut create = admin.create(&values, &[1; 32]).unwrap();
        let mut swaps = Vec::new();
        let mut answer = StoreAnswer::Begin;
        let created = loop {
            answer = match create.next(answer, NOON).unwrap() {
                Progress::Step(StoreStep::Swap(swap)) => {
                    swaps.push(swap);
                    StoreAnswer::Stored
                }
                Progress::Step(_) => StoreAnswer::Loaded(None),
                Progress::Done(created) => break created,
            };
        };
        Self {
            engine: Engine::new(Keyring::clone(&keyring)),
            admin,
            store_key: Customer::store_key(&keyring, ID),
            keyring,
            values: swaps,
            secret: created.credential.to_string(),
        }
    }

    fn rotate(&self, entropy: u8) -> Process {
        let overlap = Overlap::DEFAULT;
        let rotate = self
            .admin
            .rotate(Group::Customer, ID, overlap, &[entropy; 32]);
        administrator(rotate)
    }

    fn revoke(&self, entropy: u8) -> Process {
        let revoke = self.admin.revoke(Group::Customer, ID, &[entropy; 32]);
        administrator(revoke)
    }

    fn create(&self, entropy: u8) -> Process {
        let mut values = Values::new(Group::Customer);
        values.set(Field::Name, Value::Text(ID.into())).unwrap();
        administrator(self.admin.create(&values, &[entropy; 32]))
    }

    fn update(&self, field: Field, value: u64, stamp: Option<Stamp>) -> Process {
        let mut patch = TenantPatch::new(Group::Customer);
        patch.set(field, Value::Number(value)).unwrap();
        let patch = match stamp {
            Some(stamp) => patch.expecting(stamp),
            None => patch,
        };
        let entropy = [u8::try_from(value).unwrap(); 32];
        administrator(self.admin.update(ID, patch, &entropy))
    }

    fn caller(&self) -> Process {
        Process::Caller {
            exchange: ask_token(&self.engine, &self.secret),
            is_taken: true,
        }
    }

    /// The stamp of the first value.
    fn stamp(&self) -> Stamp {
        Stamp(self.values[1].value[3..11].try_into().unwrap())
    }

    fn open(&self, value: &[u8]) -> Customer {
        Customer::open(&self.keyring, &self.store_key, value).unwrap()
    }

    /// The customer at the end of a run.
    fn last(&self, run: &Run) -> Customer {
        self.open(run.value(Kind::Document, self.store_key).unwrap())
    }

    fn key(&self, text: &str) -> TenantKey {
        Customer::parse_key(&self.keyring, ID, text).unwrap()
    }

    /// All states of the customer, in order.
    fn states(&self, run: &Run) -> Vec<Customer> {
        let of_customer = run.history.iter().filter(|(key, _)| *key == self.store_key);
        of_customer.map(|(_, value)| self.open(value)).collect()
    }

    /// Checks every run of the processes, and returns their number.
    fn check(
        &self,
        faults: &'static [Fault],
        most_faults: usize,
        processes: impl Fn() -> Vec<Process>,
        check: impl Fn(&Run),
    ) -> usize {
        let model = Model {
            values: &self.values,
            shared: &[self.store_key],
            faults,
            most_faults,
        };
        model.check(processes, |run| {
            self.check_credentials(run);
            check(run);
        })
    }

    /// Checks what holds for every run:
    /// - every value has a stamp of its own;
    /// - a credential that was returned was stored, and works until two more
    ///   have been stored after it or the customer is revoked;
    /// - no more than two credentials work at a time.
    fn check_credentials(&self, run: &Run) {
        let stamps = run.history.iter().map(|(_, value)| value[3..11].to_vec());
        let distinct: BTreeSet<_> = stamps.collect();
        assert_eq!(distinct.len(), run.history.len(), "a stamp is repeated");
        let states = self.states(run);
        let returned = run.ends.iter().filter_map(|end| match end {
            End::Administered(Ok(TenantOutcome::Credential(new))) => {
                Some(new.credential.to_string())
            }
            _ => None,
        });
        let credentials = core::iter::once(self.secret.clone()).chain(returned);
        let keys: Vec<TenantKey> = credentials.map(|text| self.key(&text)).collect();
        let first_of = |key: &TenantKey| {
            states.iter().position(|state| {
                let version = state.authenticate(&self.keyring, key, NOON);
                version.is_some_and(|version| version.number == state.key_version())
            })
        };
        for key in &keys {
            let first = first_of(key).expect("a credential was returned that was never stored");
            let version = states[first].key_version();
            for state in &states[first..] {
                let ended = state.is_revoked()
                    || state.key_version() > version + 1
                    || state.id() != states[first].id();
                let works = state.has_key(&self.keyring, key, NOON);
                assert!(works || ended, "a credential was lost: {:?}", run.faults);
            }
        }
        for state in &states {
            let working = keys
                .iter()
                .filter(|key| !state.is_revoked() && state.has_key(&self.keyring, key, NOON));
            assert!(working.count() <= 2, "a second predecessor");
        }
    }

    /// Whether an administrator was told that its operation is done.
    fn is_done(end: &End) -> bool {
        matches!(end, End::Administered(Ok(_)))
    }

    /// Checks that the update of the tries by the first process was not lost.
    fn check_tries(run: &Run, last: &Customer) {
        if Self::is_done(&run.ends[0]) {
            let tries = last.settings().policy.settings().tries;
            assert_eq!(tries, 2, "an update was lost: {:?}", run.faults);
        }
    }

    fn error(end: &End) -> Option<Error> {
        match end {
            End::Administered(Err(refused)) => Some(refused.error),
            _ => None,
        }
    }
}

fn administrator<O>(operation: Result<O, Refused>) -> Process
where
    O: Operation<Error = Refused> + Send + Sync + 'static,
    O::Outcome: Into<TenantOutcome>,
{
    Process::Administrator(TenantOperation::new(operation.unwrap()))
}

/// Two administrators rotate; two callers use the first credential. At most one
/// fault.
#[test]
fn rotations() {
    let scene = Scene::new();
    let processes = || {
        vec![
            scene.rotate(2),
            scene.rotate(3),
            scene.caller(),
            scene.caller(),
        ]
    };
    let runs = scene.check(Fault::STORED, 1, processes, |run| {
        let last = scene.last(run);
        assert!(last.key_version() <= 3, "an operation rotated twice");
        let stored = scene.states(run).len();
        let first = scene.key(&scene.secret);
        let works = last.has_key(&scene.keyring, &first, NOON);
        assert_eq!(works, last.key_version() <= 2);
        if last.key_version() <= 2 {
            for end in &run.ends[2..] {
                assert_eq!(end.reason(), Some(Reason::TokenIssued));
            }
        }
        let done = run.ends[..2]
            .iter()
            .filter(|end| Scene::is_done(end))
            .count();
        assert!(stored > done, "{stored}");
        for end in &run.ends[..2] {
            assert_eq!(Scene::error(end), None, "{:?}", run.faults);
        }
    });
    assert_eq!(runs, 14_848);
}

/// Two administrators change different settings while a third rotates. At most
/// one fault.
#[test]
fn updates_and_a_rotation() {
    let scene = Scene::new();
    let processes = || {
        vec![
            scene.update(Field::Tries, 2, None),
            scene.update(Field::Digits, 6, None),
            scene.rotate(3),
        ]
    };
    let runs = scene.check(Fault::STORED, 1, processes, |run| {
        let last = scene.last(run);
        let policy = last.settings().policy.settings();
        Scene::check_tries(run, &last);
        if Scene::is_done(&run.ends[1]) {
            assert_eq!(
                policy.digits.get(),
                6,
                "an update was lost: {:?}",
                run.faults
            );
        }
        assert!(last.key_version() <= 2, "an operation rotated twice");
        assert!(last.has_key(&scene.keyring, &scene.key(&scene.secret), NOON));
    });
    assert_eq!(runs, 72_852);
}

/// One administrator changes a setting while another rotates. At most two
/// faults.
#[test]
fn an_update_and_a_rotation() {
    let scene = Scene::new();
    let processes = || vec![scene.update(Field::Tries, 2, None), scene.rotate(3)];
    let runs = scene.check(Fault::ALL, 2, processes, |run| {
        let last = scene.last(run);
        Scene::check_tries(run, &last);
        assert!(last.key_version() <= 2, "an operation rotated twice");
        let first = scene.key(&scene.secret);
        assert!(last.has_key(&scene.keyring, &first, NOON));
    });
    assert_eq!(runs, 29_382);
}

/// Two administrators change the value with the same expected stamp while a
/// third rotates. At most one fault.
#[test]
fn a_stamp_is_accepted_once() {
    let scene = Scene::new();
    let stamp = Some(scene.stamp());
    let processes = || {
        vec![
            scene.update(Field::Tries, 1, stamp),
            scene.update(Field::Tries, 2, stamp),
            scene.rotate(3),
        ]
    };
    let runs = scene.check(Fault::STORED, 1, processes, |run| {
        let updates = &run.ends[..2];
        let done = updates.iter().filter(|end| Scene::is_done(end)).count();
        let states = scene.states(run);
        let changes = states.windows(2).filter(|pair| {
            let tries = |customer: &Customer| customer.settings().policy.settings().tries;
            tries(&pair[0]) != tries(&pair[1])
        });
        let changes = changes.count();
        assert!(
            done <= changes && changes <= 1,
            "a stamp was accepted twice"
        );
        for (end, tries) in updates.iter().zip([1, 2]) {
            let is_tries = |state: &Customer| state.settings().policy.settings().tries == tries;
            match Scene::error(end) {
                None => {}
                // It did not take effect.
                Some(Error::Changed) => assert!(!states.iter().any(is_tries), "{:?}", run.faults),
                Some(Error::StoreUnknown) => assert!(!run.faults.is_empty()),
                error => panic!("{error:?} {:?}", run.faults),
            }
        }
        if run.faults.is_empty() && done == 0 {
            assert_eq!(states.last().unwrap().key_version(), 2);
        }
    });
    assert_eq!(runs, 17_000);
}

/// One administrator revokes, two others create the name anew. At most one fault.
#[test]
fn revocation_and_creation() {
    let scene = Scene::new();
    let processes = || vec![scene.revoke(2), scene.create(3), scene.create(4)];
    let runs = scene.check(Fault::ALL, 1, processes, |run| {
        let states = scene.states(run);
        let created: BTreeSet<_> = states.iter().map(|state| *state.id()).collect();
        assert!(created.len() <= 2, "a live customer was replaced");
        if Scene::is_done(&run.ends[0]) {
            assert!(states.iter().any(Customer::is_revoked));
        }
        let done = run.ends[1..]
            .iter()
            .filter(|end| Scene::is_done(end))
            .count();
        assert!(done <= 1, "a name was given twice");
        for state in states.iter().filter(|state| state.id() != states[0].id()) {
            // The record was written first.
            assert!(state.has_credits());
            let key = state.credits(&scene.keyring).key();
            assert!(run.value(Kind::State, key).is_some());
        }
        let crashed = [Fault::Crash, Fault::StoredCrash];
        let is_crashed = run.faults.iter().any(|fault| crashed.contains(fault));
        for end in &run.ends[1..] {
            match Scene::error(end) {
                None | Some(Error::NameTaken) => {}
                error => panic!("{error:?} {is_crashed}"),
            }
        }
    });
    assert_eq!(runs, 1_526);
}
