//! The one rule under every interleaving: exchanges of one challenge that run
//! at the same time, step by step in any order, some cut off, some answered
//! wrongly by the store. Whatever happens, at most `tries` verdicts are ever
//! told for a challenge, and at most one of them is an accept.

use std::collections::BTreeMap;

use mpass_core::challenge::{Policy, PolicySettings};
use mpass_core::service::{
    Answer, ChannelSettings, ClientSettings, Exchange, Reason, Request, Scope, Step,
};
use mpass_core::store::{Store, Swapped};
use mpass_tests::otp_validation::{self, Operation};
use mpass_tests::sim::{Fault, World, generous_policy};
use proptest::prelude::*;

const TRIES: u8 = 3;

/// One move in a history.
#[derive(Clone, Debug)]
enum Move {
    /// A new attempt begins, with the right code or a wrong one.
    Begin { is_right: bool },
    /// One of the running exchanges takes its next step.
    Step { which: usize, fault: Option<Fault> },
    /// One of them is cut off.
    CutOff { which: usize },
    /// The clock moves.
    Clock { by_ms: i32 },
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let fault = prop_oneof![
        12 => Just(None),
        1 => Just(Some(Fault::Fail)),
        1 => Just(Some(Fault::Conflict)),
        1 => Just(Some(Fault::StoredUnknown)),
        1 => Just(Some(Fault::LostUnknown)),
    ];
    let one = prop_oneof![
        3 => any::<bool>().prop_map(|is_right| Move::Begin { is_right }),
        12 => (any::<usize>(), fault).prop_map(|(which, fault)| Move::Step { which, fault }),
        1 => any::<usize>().prop_map(|which| Move::CutOff { which }),
        1 => (-4000..4000).prop_map(|by_ms| Move::Clock { by_ms }),
    ];
    prop::collection::vec(one, 1..200)
}

struct Running {
    exchange: Exchange,
    answer: Answer,
}

/// Does what a step says, on the world's store.
fn answer(world: &World, step: Step) -> Result<Answer, Reason> {
    Ok(match step {
        Step::Load { kind, key } => world
            .load(kind, &key)
            .map_or(Answer::Failed, Answer::Loaded),
        Step::Swap(swap) => match world.swap(&swap, world.now()) {
            Ok(Swapped::Stored) => Answer::Stored,
            Ok(Swapped::Conflict(current)) => Answer::Conflict(current),
            Err(mpass_core::Error::StoreUnknown) => Answer::Unknown,
            Err(_) => Answer::Failed,
        },
        Step::Assess(_) => Answer::Unsupported,
        Step::Reply(reply) => return Err(reply.reason),
        step => panic!("{step:?}"),
    })
}

fn policy() -> Policy {
    Policy::new(PolicySettings {
        tries: TRIES,
        ..generous_policy().settings().clone()
    })
    .unwrap()
}

/// Begins an attempt of a code at one challenge.
type Attempt = Box<dyn Fn(&World, &str) -> Exchange>;

/// A challenge of the mPass contract.
fn mpass(world: &World) -> Attempt {
    let key = world.channel(ChannelSettings {
        policy: policy(),
        ..ChannelSettings::new("web")
    });
    let common = format!("apikey={key}&dest=%2B966500000000");
    world.get(&format!("/mpass-web/rest/mv/msg?{common}"));
    Box::new(move |world, otp| {
        world.begin(&Request {
            method: "GET",
            path: "/mpass-web/rest/mv/verify",
            query: &format!("{common}&otp={otp}"),
            headers: &[],
            body: &[],
            peer: [127, 0, 0, 1].into(),
        })
    })
}

/// A challenge of OTP Validation.
fn otp_validation(world: &World) -> Attempt {
    let settings = ClientSettings {
        policy: policy(),
        ..ClientSettings::new("app")
    };
    let caller = otp_validation::Caller::new(world, settings);
    let (id, _) = caller.sent(&otp_validation::number(1));
    let bearer = format!("Bearer {}", caller.token(Scope::SendValidate, 0));
    Box::new(move |world, otp| {
        world.begin(&Request {
            method: "POST",
            path: Operation::ValidateCode.path(),
            query: "",
            headers: &[
                ("Authorization", &bearer),
                ("Content-Type", "application/json"),
            ],
            body: otp_validation::validate_body(&id, otp).as_bytes(),
            peer: [127, 0, 0, 1].into(),
        })
    })
}

fn told(history: Vec<Move>, challenge: fn(&World) -> Attempt) -> BTreeMap<&'static str, usize> {
    let world = World::default();
    let attempt = challenge(&world);
    let code = world.last_code();
    let mut running: Vec<Running> = Vec::new();
    let mut told = BTreeMap::new();
    for one in history {
        match one {
            Move::Begin { is_right } => {
                let otp = if is_right { code.as_str() } else { "no" };
                let exchange = attempt(&world, otp);
                running.push(Running {
                    exchange,
                    answer: Answer::Begin,
                });
            }
            Move::Step { which, fault } if !running.is_empty() => {
                let which = which % running.len();
                world.plan_faults([fault]);
                let one = &mut running[which];
                let step = one.exchange.next(
                    core::mem::replace(&mut one.answer, Answer::Begin),
                    world.now(),
                );
                match answer(&world, step) {
                    Ok(answer) => one.answer = answer,
                    Err(reason) => {
                        *told.entry(reason.name()).or_insert(0) += 1;
                        running.swap_remove(which);
                    }
                }
                world.plan_faults([]);
            }
            Move::CutOff { which } if !running.is_empty() => {
                running.swap_remove(which % running.len());
            }
            Move::Clock { by_ms } => {
                world.set_clock(world.now().saturating_add_signed(by_ms.into()));
            }
            Move::Step { .. } | Move::CutOff { .. } => {}
        }
    }
    told
}

/// What was told in a history, however the challenge is asked.
fn check(history: Vec<Move>, challenge: fn(&World) -> Attempt) -> Result<(), TestCaseError> {
    let told = told(history, challenge);
    let count = |reason: Reason| told.get(reason.name()).copied().unwrap_or(0);
    let accepts = count(Reason::Accepted);
    // `exhausted` is told for the last wrong code, which was compared,
    // and for every one after it, which was not.
    let compared = accepts + count(Reason::WrongCode) + count(Reason::Exhausted).min(1);
    prop_assert!(accepts <= 1, "{told:?}");
    prop_assert!(compared <= usize::from(TRIES), "{told:?}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn at_most_tries_verdicts_and_one_accept(history in moves()) {
        check(history, mpass)?;
    }

    #[test]
    fn at_most_tries_verdicts_and_one_accept_by_id(history in moves()) {
        check(history, otp_validation)?;
    }
}
