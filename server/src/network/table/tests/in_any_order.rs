//! The order of events, their repetition and their distribution over several
//! tables do not matter.

use mpass_core::network::Address;
use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

#[derive(Clone, Debug)]
pub(super) struct Told {
    from: Reporter,
    time: Time,
    what: What,
}

fn endpoints() -> impl Strategy<Value = Vec<&'static str>> {
    let all = vec!["10.0.0.1", "10.0.0.2", "2001:db8:1:2::/64"];
    prop::sample::subsequence(all, 0..=2)
}

fn what() -> impl Strategy<Value = What> {
    let news = (0..12_u8, 0..3_u8, endpoints());
    let news = news.prop_map(|(session, last, endpoints)| {
        let mut subscriber = subscriber(last, &endpoints);
        subscriber.number = subscriber.number.filter(|_| last != 0);
        (id(&session.to_string()), subscriber)
    });
    let news = news.boxed();
    prop_oneof![
        5 => news.clone().prop_map(|(id, subscriber)| What::Start(id, subscriber)),
        5 => news.clone().prop_map(|(id, subscriber)| What::Interim(id, subscriber)),
        3 => news.prop_map(|(id, _)| What::Stop(id)),
        1 => Just(What::On),
        1 => Just(What::Off),
    ]
}

fn from() -> impl Strategy<Value = Reporter> {
    prop_oneof![
        3 => Just(nas(1)),
        2 => Just(behind("one")),
        2 => Just(behind("other")),
        1 => Just(nas(2)),
    ]
}

/// An event up to `seconds` before the beginning.
fn told(seconds: u32) -> impl Strategy<Value = Told> {
    (from(), 0..=seconds, prop::bool::weighted(0.8), what()).prop_map(
        |(from, ago, is_dated, what)| {
            let at = at(BEGIN_MS) - ago;
            let time = if is_dated {
                Time::Dated(at)
            } else {
                Time::Undated(at)
            };
            Told { from, time, what }
        },
    )
}

/// Events, and the same in another order with repetitions.
pub(super) fn in_two_orders() -> impl Strategy<Value = (Vec<Told>, Vec<Told>)> {
    // Few different seconds, so that many events are of the same one.
    let told = prop::collection::vec(told(9), 1..40);
    let repeated = prop::collection::vec(any::<Index>(), 0..10);
    (told, repeated).prop_flat_map(|(told, repeated)| {
        let mut others = told.clone();
        others.extend(repeated.iter().map(|index| index.get(&told).clone()));
        (Just(told), Just(others).prop_shuffle())
    })
}

/// Returns what each event changes.
pub(super) fn tell_all(sim: &Sim, all: &[Told]) -> Vec<Changes> {
    let told = all.iter().cloned();
    told.map(|Told { from, time, what }| {
        let taken = sim.table.take(&from, time, what, sim.now_ms);
        taken.unwrap().1
    })
    .collect()
}

/// Checks that two tables have the same records, and give the same answers now
/// and later.
fn assert_same(one: &mut Sim, other: &mut Sim) -> Result<(), TestCaseError> {
    {
        let (one, other) = (one.table.lock(), other.table.lock());
        prop_assert_eq!(one.state.sessions(), other.state.sessions());
        prop_assert_eq!(one.state.nases(), other.state.nases());
        prop_assert_eq!(one.state.addresses(), other.state.addresses());
        prop_assert_eq!(one.state.live(), other.state.live());
    }
    for wait_ms in [0, INTERVAL_MS, INTERVAL_MS - 5000, 5000] {
        one.pass(wait_ms);
        other.pass(wait_ms);
        for address in ["10.0.0.1", "10.0.0.2", "2001:db8:1:2::1"] {
            prop_assert_eq!(one.resolve(address), other.resolve(address));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn orders_and_repetitions((told, others) in in_two_orders()) {
        let (mut one, mut other) = (Sim::new(), Sim::new());
        tell_all(&one, &told);
        tell_all(&other, &others);
        assert_same(&mut one, &mut other)?;
    }

    #[test]
    fn tables_that_exchange_their_records((told, others) in in_two_orders(), at in any::<Index>()) {
        let (mut one, mut other) = (Sim::new(), Sim::new());
        tell_all(&one, &told);
        let (first, second) = others.split_at(at.index(others.len() + 1));
        tell_all(&other, first);
        let third = Sim::new();
        tell_all(&third, second);
        {
            let mut other = other.table.lock();
            let third = third.table.lock();
            for (key, nas) in third.state.nases() {
                other.state.merge_nas(&key, &nas, BEGIN_MS);
            }
            for (key, session) in third.state.sessions() {
                other.state.merge_session(key, &session, BEGIN_MS);
            }
        }
        assert_same(&mut one, &mut other)?;
    }

    #[test]
    fn records_of_addresses((_, told) in in_two_orders(), at in any::<Index>()) {
        let tell = |told: &[Told]| {
            let sim = Sim::new();
            tell_all(&sim, told);
            let table = sim.table.lock();
            let mut all = table.state.addresses().values().flatten();
            let first = all.next().map(|(_, address)| address.clone());
            drop(all);
            first.unwrap_or_default()
        };
        let (first, second) = told.split_at(at.index(told.len() + 1));
        let (one, two, all) = (tell(first), tell(second), tell(&told));
        let merged = |address: &Address, other: &Address| {
            let mut merged = address.clone();
            merged.merge(other.clone());
            merged
        };
        prop_assert_eq!(merged(&one, &two), merged(&two, &one));
        prop_assert_eq!(merged(&all, &all), all.clone());
        let left = merged(&merged(&one, &two), &all);
        prop_assert_eq!(left, merged(&one, &merged(&two, &all)));
    }

    #[test]
    fn delays(told in prop::collection::vec((told(300), 0..300_u32), 1..40)) {
        let (mut one, mut other) = (Sim::new(), Sim::new());
        let mut arrivals: Vec<_> = told
            .iter()
            .map(|(told, delay)| (told.time.at() + delay, told.clone()))
            .collect();
        arrivals.sort_by_key(|(arrival, _)| *arrival);
        let last_ms = BEGIN_MS + 300_000;
        for (arrival, told) in arrivals {
            one.now_ms = u64::from(arrival) * 1000;
            tell_all(&one, &[told]);
        }
        let mut in_time: Vec<_> = told.into_iter().map(|(told, _)| told).collect();
        in_time.sort_by_key(|told| told.time.at());
        for told in in_time {
            other.now_ms = u64::from(told.time.at()) * 1000;
            tell_all(&other, &[told]);
        }
        (one.now_ms, other.now_ms) = (last_ms, last_ms);
        assert_same(&mut one, &mut other)?;
    }
}
