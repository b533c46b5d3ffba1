//! Model check of credits: two administrators and two callers.

use std::sync::Arc;

use mpass_core::Error;
use mpass_core::challenge::Keyring;
use mpass_core::service::settings::{Field, Group, Value};
use mpass_core::service::{
    Answer, Customer, Engine, Reason, Request, Step, TenantAdmin, TenantOperation, TenantOutcome,
    TenantPatch,
};
use mpass_core::store::{Kind, StoreKey, Swap};
use mpass_tests::sim::NOON;
use mpass_tests::tenants::{OfBefore, of_before};

use super::model::{End, Fault, Model, Process, Run};
use super::{ID, ask_token};

/// The test credits of the customer of before.
const INITIAL: u64 = 7;
const PAID: u64 = 10;

/// A customer whose value does not state that its credits were begun.
struct Scene {
    keyring: Arc<Keyring>,
    engine: Engine,
    admin: TenantAdmin,
    customer: Swap,
    credits: StoreKey,
    token: String,
}

impl Scene {
    fn new() -> Self {
        let keyring = Arc::new(Keyring::generate(&[42; 32]));
        let OfBefore { swap, credential } = of_before(ID);
        let customer = Customer::open(&keyring, &swap.key, &swap.value).unwrap();
        assert!(!customer.has_credits());
        let engine = Engine::new(Keyring::clone(&keyring));
        Self {
            admin: TenantAdmin::new(Arc::clone(&keyring)),
            credits: customer.credits(&keyring).key(),
            token: token(&engine, &swap.value, &credential),
            engine,
            keyring,
            customer: swap,
        }
    }

    fn add(&self, entropy: u8) -> Process {
        let add = self.admin.credits(ID, PAID, &[entropy; 32]).unwrap();
        Process::Administrator(TenantOperation::new(add))
    }

    fn update(&self) -> Process {
        let mut patch = TenantPatch::new(Group::Customer);
        patch.set(Field::Tries, Value::Number(2)).unwrap();
        let update = self.admin.update(ID, patch, &[8; 32]).unwrap();
        Process::Administrator(TenantOperation::new(update))
    }

    /// A send to a number of its own, whose message the gateway takes or
    /// refuses.
    fn send(&self, number: u8, is_taken: bool) -> Process {
        let query =
            format!("customerId={ID}&countryCode=91&mobileNumber=884673539{number}&flowType=SMS");
        let request = Request {
            method: "POST",
            path: "/verification/v2/verification/send",
            query: &query,
            headers: &[("authToken", &self.token)],
            body: &[],
            peer: [127, 0, 0, 1].into(),
        };
        Process::Caller {
            exchange: self.engine.begin(&request, NOON, &[number; 32]),
            is_taken,
        }
    }

    /// Checks what holds for every run: no more was sent and is left than was
    /// there and paid for.
    fn check(&self, run: &Run) {
        let value = run.value(Kind::Document, self.customer.key).unwrap();
        let customer = Customer::open(&self.keyring, &self.customer.key, value).unwrap();
        let record = run.value(Kind::State, self.credits);
        let balance = customer.credits(&self.keyring).balance(record).unwrap();
        let sent = run
            .ends
            .iter()
            .filter(|end| end.reason() == Some(Reason::Sent));
        let sent = u64::try_from(sent.count()).unwrap();
        let mut paid = 0;
        for end in &run.ends {
            match end {
                End::Administered(Ok(TenantOutcome::Credits(_))) => paid += PAID,
                // It may have been added.
                End::Crashed => paid += PAID,
                End::Administered(Err(refused)) => {
                    assert_eq!(refused.error, Error::StoreUnknown, "{:?}", run.faults);
                    paid += PAID;
                }
                _ => {}
            }
        }
        let faults = &run.faults;
        assert!(
            balance + sent <= INITIAL + paid,
            "a credit was made: {faults:?}"
        );
        if faults.is_empty() {
            assert_eq!(balance + sent, INITIAL + paid);
        }
    }
}

/// A token for the customer.
fn token(engine: &Engine, value: &[u8], secret: &str) -> String {
    let mut exchange = ask_token(engine, secret);
    let Step::Load { .. } = exchange.next(Answer::Begin, NOON) else {
        panic!("the customer is loaded first");
    };
    let answer = Answer::Loaded(Some(value.to_vec()));
    let Step::Reply(reply) = exchange.next(answer, NOON) else {
        panic!("a token is issued");
    };
    let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    body["token"].as_str().unwrap().to_string()
}

/// Two administrators add credits and two callers send, without faults.
#[test]
fn two_administrators_and_two_callers() {
    let scene = Scene::new();
    let model = Model {
        values: core::slice::from_ref(&scene.customer),
        shared: &[scene.credits],
        faults: &[],
        most_faults: 0,
    };
    let processes = || {
        vec![
            scene.add(2),
            scene.add(3),
            scene.send(4, true),
            scene.send(5, true),
        ]
    };
    let runs = model.check(processes, |run| scene.check(run));
    assert_eq!(runs, 38_808);
}

/// An administrator adds credits, and two callers send, one of whose messages
/// the gateway refuses. At most one fault.
#[test]
fn an_addition_and_a_refund() {
    let scene = Scene::new();
    let model = Model {
        values: core::slice::from_ref(&scene.customer),
        shared: &[scene.credits],
        faults: Fault::STORED,
        most_faults: 1,
    };
    let processes = || vec![scene.add(2), scene.send(4, true), scene.send(5, false)];
    let runs = model.check(processes, |run| scene.check(run));
    assert_eq!(runs, 59_059);
}

/// Two administrators add credits and a caller sends. At most one fault.
#[test]
fn two_additions() {
    let scene = Scene::new();
    let model = Model {
        values: core::slice::from_ref(&scene.customer),
        shared: &[scene.credits],
        faults: Fault::LOST,
        most_faults: 1,
    };
    let processes = || vec![scene.add(2), scene.add(3), scene.send(4, true)];
    let runs = model.check(processes, |run| scene.check(run));
    assert_eq!(runs, 21_470);
}

/// An administrator adds credits, and a caller sends, whose message the gateway
/// refuses. At most two faults.
#[test]
fn repeated_faults() {
    let scene = Scene::new();
    let model = Model {
        values: core::slice::from_ref(&scene.customer),
        shared: &[scene.credits],
        faults: Fault::LOST,
        most_faults: 2,
    };
    let processes = || vec![scene.add(2), scene.send(4, false)];
    let runs = model.check(processes, |run| scene.check(run));
    assert_eq!(runs, 36_479);
}

/// A customer without the statement gets it while a caller sends. At most one
/// fault.
#[test]
fn credits_are_stated() {
    let scene = Scene::new();
    let model = Model {
        values: core::slice::from_ref(&scene.customer),
        shared: &[scene.customer.key, scene.credits],
        faults: Fault::LOST,
        most_faults: 1,
    };
    let processes = || vec![scene.update(), scene.send(4, true)];
    let runs = model.check(processes, |run| {
        scene.check_stated(run);
    });
    assert_eq!(runs, 4_155);
}

impl Scene {
    fn check_stated(&self, run: &Run) {
        let record = run.value(Kind::State, self.credits);
        let value = run.value(Kind::Document, self.customer.key).unwrap();
        let customer = Customer::open(&self.keyring, &self.customer.key, value).unwrap();
        assert!(!customer.has_credits() || record.is_some());
        if matches!(run.ends[0], End::Administered(Ok(_))) {
            assert!(customer.has_credits());
            assert_eq!(customer.settings().policy.settings().tries, 2);
        }
        let balance = customer.credits(&self.keyring).balance(record).unwrap();
        let sent = u64::from(run.ends[1].reason() == Some(Reason::Sent));
        assert!(balance + sent <= INITIAL, "a credit was made");
        if run.faults.is_empty() {
            assert_eq!(balance + sent, INITIAL);
        }
    }
}
