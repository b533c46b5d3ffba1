//! The central rule under any interleaving: concurrent exchanges of one
//! challenge run step by step in any order; some are cut off, some get wrong
//! answers from the store. A challenge must release at most `tries` verdicts,
//! at most one of which is an accept.

use std::collections::BTreeMap;

use mpass_core::challenge::{Policy, PolicySettings};
use mpass_core::service::{Answer, ChannelSettings, Exchange, Reason, Request, Step};
use mpass_core::store::{Store, Swapped};
use mpass_tests::sim::{Fault, World, generous_policy};
use proptest::prelude::*;

const TRIES: u8 = 3;

/// One step of a history.
#[derive(Clone, Debug)]
pub(crate) enum Move {
    /// A new exchange begins, with the right or the wrong code.
    Begin { is_right: bool },
    /// One of the running exchanges performs its next step.
    Step { which: usize, fault: Option<Fault> },
    /// One of them is cut off.
    CutOff { which: usize },
    /// The clock moves.
    Clock { by_ms: i32 },
}

pub(crate) fn moves() -> impl Strategy<Value = Vec<Move>> {
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

/// Performs a step on the world's store.
pub(crate) fn answer(world: &World, step: Step) -> Result<Answer, Reason> {
    Ok(match step {
        Step::Load { kind, key } => world
            .load(kind, &key)
            .map_or(Answer::Failed, Answer::Loaded),
        Step::Swap(swap) => match world.swap(&swap, world.now()) {
            Ok(Swapped::Stored) => Answer::Stored,
            Ok(Swapped::Conflict(current)) => Answer::Conflict(current),
            Ok(Swapped::Expired) => Answer::Expired,
            Err(mpass_core::Error::StoreUnknown) => Answer::Unknown,
            Err(_) => Answer::Failed,
        },
        Step::Assess(_) => Answer::Unsupported,
        Step::Reply(reply) => return Err(reply.reason),
        step => panic!("{step:?}"),
    })
}

/// Runs a history of exchanges and counts the reasons of their replies.
pub(crate) fn play(
    world: &World,
    history: Vec<Move>,
    begin: impl Fn(bool) -> Exchange,
) -> BTreeMap<&'static str, usize> {
    let mut running: Vec<Running> = Vec::new();
    let mut reasons = BTreeMap::new();
    for one in history {
        match one {
            Move::Begin { is_right } => running.push(Running {
                exchange: begin(is_right),
                answer: Answer::Begin,
            }),
            Move::Step { which, fault } if !running.is_empty() => {
                let which = which % running.len();
                world.plan_faults([fault]);
                let one = &mut running[which];
                let step = one.exchange.next(
                    core::mem::replace(&mut one.answer, Answer::Begin),
                    world.now(),
                );
                match answer(world, step) {
                    Ok(answer) => one.answer = answer,
                    Err(reason) => {
                        *reasons.entry(reason.name()).or_insert(0) += 1;
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
    reasons
}

fn reasons(history: Vec<Move>) -> BTreeMap<&'static str, usize> {
    let world = World::default();
    let key = world.channel(ChannelSettings {
        policy: Policy::new(PolicySettings {
            tries: TRIES,
            ..generous_policy().settings().clone()
        })
        .unwrap(),
        ..ChannelSettings::new("web")
    });
    let common = format!("apikey={key}&dest=%2B966500000000");
    world.get(&format!("/mpass-web/rest/mv/msg?{common}"));
    let code = world.last_code();
    play(&world, history, |is_right| {
        let otp = if is_right {
            code.as_str()
        } else {
            "0123456789"
        };
        let query = format!("{common}&otp={otp}");
        world.begin(&Request {
            method: "GET",
            path: "/mpass-web/rest/mv/verify",
            query: &query,
            headers: &[],
            body: &[],
            peer: [127, 0, 0, 1].into(),
        })
    })
}

/// At most `tries` verdicts for one challenge, at most one of which is an
/// accept.
pub(crate) fn keeps_the_rule(reasons: &BTreeMap<&'static str, usize>, tries: u8) -> bool {
    let count = |reason: Reason| reasons.get(reason.name()).copied().unwrap_or(0);
    let accepts = count(Reason::Accepted);
    // `exhausted` is reported for the last wrong code, which was compared, and
    // for all later ones, which were not.
    let compared = accepts + count(Reason::WrongCode) + count(Reason::Exhausted).min(1);
    accepts <= 1 && compared <= usize::from(tries)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn at_most_tries_verdicts_and_one_accept(history in moves()) {
        let reasons = reasons(history);
        prop_assert!(keeps_the_rule(&reasons, TRIES), "{reasons:?}");
    }
}
