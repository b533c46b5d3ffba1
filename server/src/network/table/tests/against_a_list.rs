//! Random histories against the simplest model of the table: a list of all
//! events.

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Act {
    Start(u8, u8, u8),
    Interim(u8, u8, u8),
    Stop(u8),
    On,
    Pass(u64),
}

fn act() -> impl Strategy<Value = Act> {
    let (session, who, endpoint) = (0..4_u8, 0..3_u8, 0..3_u8);
    let news = (session.clone(), who, endpoint);
    prop_oneof![
        4 => news.clone().prop_map(|(s, n, p)| Act::Start(s, n, p)),
        4 => news.prop_map(|(s, n, p)| Act::Interim(s, n, p)),
        2 => session.prop_map(Act::Stop),
        1 => Just(Act::On),
        // Whole seconds, so that events at different times differ in their timestamps.
        3 => (1..900_u64).prop_map(|seconds| Act::Pass(seconds * 1000)),
    ]
}

/// Who holds an endpoint. A restart is a Stop of every session. Like a Stop it is
/// forgotten after the lifetime of a session; until then another renews it.
fn expected(told: &[(u64, Act)], now_ms: u64, endpoint: u8) -> Resolved {
    let mut here = Vec::new();
    for session in 0..4 {
        let mut state: Option<(u8, u8, u64)> = None;
        // When, and whether by a restart.
        let mut stopped: Option<(u64, bool)> = None;
        for (told_ms, act) in told {
            let is_over = |since: u64| since + LIFE_MS <= *told_ms;
            if stopped.is_some_and(|(at, _)| is_over(at)) {
                stopped = None;
            }
            if state.is_some_and(|(.., since)| is_over(since)) {
                state = None;
            }
            match act {
                Act::Start(s, n, p) if *s == session => {
                    (state, stopped) = (Some((*n, *p, *told_ms)), None);
                }
                Act::Interim(s, n, p) if *s == session && stopped.is_none() => {
                    state = Some((*n, *p, *told_ms));
                }
                Act::Stop(s) if *s == session => (state, stopped) = (None, Some((*told_ms, false))),
                Act::On if state.is_some() || stopped.is_some_and(|(_, by_restart)| by_restart) => {
                    (state, stopped) = (None, Some((*told_ms, true)));
                }
                _ => {}
            }
        }
        if let Some((n, p, since)) = state
            && p == endpoint
            && now_ms < since + LIFE_MS
        {
            here.push(number(n));
        }
    }
    match here.first() {
        None => Resolved::Unknown,
        Some(first) if here.iter().any(|other| other != first) => Resolved::Shared,
        Some(first) => Resolved::Number(*first),
    }
}

proptest! {
    #[test]
    fn the_table_agrees_with_the_model(acts in prop::collection::vec(act(), 1..60)) {
        let mut sim = Sim::new();
        let mut told = Vec::new();
        let name = |session: u8| id(&session.to_string());
        let endpoint = |endpoint: u8| format!("10.0.0.{endpoint}");
        let who = |n, p| subscriber(n, &[endpoint(p).as_str()]);
        for act in acts {
            // No two events are of the same second.
            sim.pass(1000);
            let what = match act {
                Act::Start(s, n, p) => What::Start(name(s), who(n, p)),
                Act::Interim(s, n, p) => What::Interim(name(s), who(n, p)),
                Act::Stop(s) => What::Stop(name(s)),
                Act::On => What::On,
                Act::Pass(ms) => {
                    sim.pass(ms);
                    continue;
                }
            };
            prop_assert!(sim.tell(what).is_ok());
            told.push((sim.now_ms, act));
            for p in 0..3 {
                let expected = expected(&told, sim.now_ms, p);
                prop_assert_eq!(sim.resolve(&endpoint(p)), expected);
            }
        }
        sim.pass(LIFE_MS);
        prop_assert_eq!(sim.table.tidy(sim.now_ms), 0);
        prop_assert!(sim.table.lock().state.has_no_session());
    }
}
