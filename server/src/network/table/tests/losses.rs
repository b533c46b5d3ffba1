//! Random histories of networks, of whose packets some are lost, late or
//! repeated.

use proptest::prelude::*;

use super::*;

const SESSIONS: u8 = 4;
const ENDPOINTS: u8 = 3;

#[derive(Clone, Debug)]
enum Act {
    /// A session begins, if the session and the endpoint are free.
    Begin(u8, u8, u8),
    Update(u8),
    /// A session moves to another endpoint, if that is free.
    Move(u8, u8),
    End(u8),
    /// The NAS of the sessions with odd or even ids restarts.
    Restart(bool),
}

fn act() -> impl Strategy<Value = Act> {
    let session = || 0..SESSIONS;
    prop_oneof![
        4 => (session(), 0..3_u8, 0..ENDPOINTS).prop_map(|(s, n, p)| Act::Begin(s, n, p)),
        3 => session().prop_map(Act::Update),
        1 => (session(), 0..ENDPOINTS).prop_map(|(s, p)| Act::Move(s, p)),
        3 => session().prop_map(Act::End),
        1 => any::<bool>().prop_map(Act::Restart),
    ]
}

/// How a packet fares: lost, or after how many seconds it arrives, and again.
#[derive(Clone, Copy, Debug)]
struct Fate {
    is_lost: bool,
    delay: u32,
    again: Option<u32>,
}

fn fate() -> impl Strategy<Value = Fate> {
    let again = prop::option::weighted(0.2, 0..250_u32);
    (prop::bool::weighted(0.3), 0..200_u32, again).prop_map(|(is_lost, delay, again)| Fate {
        is_lost,
        delay,
        again,
    })
}

/// Who held an endpoint, from when until when.
#[derive(Clone, Copy, Debug)]
struct Hold {
    session: u8,
    who: u8,
    endpoint: u8,
    from: u32,
    to: u32,
}

#[derive(Default)]
struct History {
    ended: Vec<Hold>,
    current: Vec<Hold>,
    /// Packets with the times of their arrivals.
    packets: Vec<(u32, Reporter, u32, What)>,
}

fn nas_of(session: u8) -> Reporter {
    behind(if session.is_multiple_of(2) {
        "even"
    } else {
        "odd"
    })
}

fn name(endpoint: u8) -> String {
    format!("10.0.0.{endpoint}")
}

impl History {
    fn of(acts: &[(u32, Act, Fate)]) -> Self {
        let mut history = Self::default();
        let mut now = at(BEGIN_MS);
        for (wait, act, fate) in acts {
            now += wait;
            if let Some((from, what)) = history.act(act, now)
                && !fate.is_lost
            {
                let arrivals = [Some(fate.delay), fate.again];
                for delay in arrivals.into_iter().flatten() {
                    history
                        .packets
                        .push((now + delay, from.clone(), now, what.clone()));
                }
            }
        }
        history.packets.sort_by_key(|(arrival, ..)| *arrival);
        history
    }

    fn act(&mut self, act: &Act, now: u32) -> Option<(Reporter, What)> {
        let is_free = |endpoint| self.current.iter().all(|hold| hold.endpoint != endpoint);
        let position = |session| self.current.iter().position(|hold| hold.session == session);
        let news = |hold: &Hold| {
            let name = name(hold.endpoint);
            (
                id(&hold.session.to_string()),
                subscriber(hold.who, &[name.as_str()]),
            )
        };
        match *act {
            Act::Begin(session, who, endpoint) => {
                if position(session).is_some() || !is_free(endpoint) {
                    return None;
                }
                let (from, to) = (now, u32::MAX);
                let hold = Hold {
                    session,
                    who,
                    endpoint,
                    from,
                    to,
                };
                self.current.push(hold);
                let (id, subscriber) = news(&hold);
                Some((nas_of(session), What::Start(id, subscriber)))
            }
            Act::Update(session) => {
                let (id, subscriber) = news(&self.current[position(session)?]);
                Some((nas_of(session), What::Interim(id, subscriber)))
            }
            Act::Move(session, endpoint) => {
                if !is_free(endpoint) {
                    return None;
                }
                let position = position(session)?;
                let before = self.current[position];
                self.ended.push(Hold { to: now, ..before });
                let (from, to) = (now, u32::MAX);
                let hold = Hold {
                    endpoint,
                    from,
                    to,
                    ..before
                };
                self.current[position] = hold;
                let (id, subscriber) = news(&hold);
                Some((nas_of(session), What::Interim(id, subscriber)))
            }
            Act::End(session) => {
                let hold = self.current.remove(position(session)?);
                self.ended.push(Hold { to: now, ..hold });
                Some((nas_of(session), What::Stop(id(&session.to_string()))))
            }
            Act::Restart(is_odd) => {
                let nas = u8::from(is_odd);
                let ended = self.current.iter().filter(|hold| hold.session % 2 == nas);
                self.ended
                    .extend(ended.map(|hold| Hold { to: now, ..*hold }));
                self.current.retain(|hold| hold.session % 2 != nas);
                Some((nas_of(nas), What::On))
            }
        }
    }

    fn holds(&self) -> impl Iterator<Item = &Hold> {
        self.ended.iter().chain(&self.current)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn nobody_has_an_address_for_longer_than_the_life_of_a_report(
        acts in prop::collection::vec((1..300_u32, act(), fate()), 1..60),
    ) {
        let history = History::of(&acts);
        let mut sim = Sim::new();
        let mut told: Vec<(u32, Reporter, What)> = Vec::new();
        let life = u32::try_from(LIFE_MS / 1000).unwrap();
        for (arrival, from, event_at, what) in history.packets.clone() {
            sim.now_ms = u64::from(arrival) * 1000;
            prop_assert!(sim.tell_as(&from, what.clone(), event_at).is_ok());
            told.push((event_at, from, what));
            for endpoint in 0..ENDPOINTS {
                let Resolved::Number(found) = sim.resolve(&name(endpoint)) else {
                    continue;
                };
                let mut holds = history.holds().filter(|hold| hold.endpoint == endpoint);
                let is_right = |hold: &Hold| {
                    number(hold.who) == found && hold.from <= arrival && arrival < hold.to.saturating_add(life)
                };
                prop_assert!(holds.any(is_right), "{} at {}", found, name(endpoint));
                // Nor is anybody mistaken for the previous holder whose Start
                // is known.
                let mut holds = history.holds();
                let now = holds.find(|hold| {
                    hold.endpoint == endpoint && hold.from <= arrival && arrival < hold.to
                });
                let is_known = now.is_some_and(|hold| {
                    let session = id(&hold.session.to_string());
                    told.iter().any(|(at, from, what)| {
                        *at == hold.from
                            && hold.from + life > arrival
                            && from.nas == nas_of(hold.session).nas
                            && matches!(what, What::Start(id, _) if *id == session)
                    })
                });
                if let Some(hold) = now && is_known {
                    prop_assert_eq!(number(hold.who), found);
                }
            }
        }
    }
}
