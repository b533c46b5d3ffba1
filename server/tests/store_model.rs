//! The embedded store against a model, with a clock that goes back and forth.

#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use std::collections::BTreeMap;

use mpass_core::store::{Kind, Listed, Store, StoreKey, Swap, Swapped};
use mpass_server::store::EmbeddedStore;
use proptest::prelude::*;

const HOUR: u64 = 3_600_000;
/// A swap examines 8 states: with fewer keys than that, each one drops everything
/// that it can.
const KEYS: u8 = 6;

fn key(n: u8) -> StoreKey {
    StoreKey([n; 16])
}

/// What the store should contain.
#[derive(Default)]
struct Model {
    values: BTreeMap<(Kind, StoreKey), (Vec<u8>, Option<u64>)>,
    dropped_until_ms: BTreeMap<Kind, u64>,
}

impl Model {
    fn value(&self, kind: Kind, key: StoreKey) -> Option<Vec<u8>> {
        self.values
            .get(&(kind, key))
            .map(|(value, _)| value.clone())
    }

    fn swap(&mut self, swap: &Swap, now_ms: u64) -> Swapped {
        let standing = self.value(swap.kind, swap.key);
        let until_ms = self.dropped_until_ms.get(&swap.kind);
        let swapped = if standing != swap.expected {
            Swapped::Conflict(standing)
        } else if standing.is_none() && swap.expires_at_ms.is_some_and(|at| Some(&at) <= until_ms) {
            Swapped::Expired
        } else {
            let value = (swap.value.clone(), swap.expires_at_ms);
            self.values.insert((swap.kind, swap.key), value);
            Swapped::Stored
        };
        let dropped = &mut self.dropped_until_ms;
        self.values.retain(|(kind, _), (_, expires_at_ms)| {
            let Some(at) = expires_at_ms.filter(|at| at + 24 * HOUR <= now_ms) else {
                return true;
            };
            let until_ms = dropped.entry(*kind).or_default();
            *until_ms = at.max(*until_ms);
            false
        });
        swapped
    }

    fn documents(&self) -> Vec<Listed> {
        let documents = self.values.iter();
        let documents = documents.filter(|((kind, _), _)| *kind == Kind::Document);
        documents
            .map(|((_, key), (value, _))| (*key, value.clone()))
            .collect()
    }
}

#[derive(Clone, Debug)]
struct Step {
    kind: Kind,
    key: u8,
    value: u8,
    expects_what_stands: bool,
    lives_hours: Option<u64>,
    now_hours: u64,
    reopens: bool,
}

fn step() -> impl Strategy<Value = Step> {
    (
        prop_oneof![Just(Kind::State), Just(Kind::Document)],
        0..KEYS,
        any::<u8>(),
        prop::bool::weighted(0.7),
        prop::option::weighted(0.8, 0..40u64),
        100..200u64,
        prop::bool::weighted(0.05),
    )
        .prop_map(
            |(kind, key, value, expects_what_stands, lives_hours, now_hours, reopens)| Step {
                kind,
                key,
                value,
                expects_what_stands,
                lives_hours,
                now_hours,
                reopens,
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_store_does_what_the_model_does(steps in prop::collection::vec(step(), 1..60)) {
        let dir = tempfile::tempdir().unwrap();
        let mut store = EmbeddedStore::open(dir.path()).unwrap();
        let mut model = Model::default();
        for step in steps {
            if step.reopens {
                store.close();
                store = EmbeddedStore::open(dir.path()).unwrap();
            }
            let now_ms = step.now_hours * HOUR;
            let expected = match step.expects_what_stands {
                true => model.value(step.kind, key(step.key)),
                false => None,
            };
            let swap = Swap {
                kind: step.kind,
                key: key(step.key),
                expected,
                value: vec![step.value],
                expires_at_ms: step.lives_hours.map(|hours| now_ms + hours * HOUR),
            };
            prop_assert_eq!(Store::swap(&store, &swap, now_ms), Ok(model.swap(&swap, now_ms)));
            for kind in [Kind::State, Kind::Document] {
                for n in 0..KEYS {
                    let value = Store::load(&store, kind, &key(n));
                    prop_assert_eq!(value, Ok(model.value(kind, key(n))));
                }
            }
            let documents = model.documents();
            prop_assert_eq!(Store::list(&store, None, 100), Ok(documents.clone()));
            let later = documents.into_iter().filter(|(at, _)| *at > swap.key);
            prop_assert_eq!(
                Store::list(&store, Some(&swap.key), 2),
                Ok(later.take(2).collect())
            );
        }
    }
}
