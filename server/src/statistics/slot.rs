//! The sums of one interval.

use core::hash::Hash;
use core::time::Duration;
use std::collections::BTreeMap;

use mpass_core::challenge::Keyring;
use mpass_core::documents::{Contents, HostDocument};
use mpass_core::service::Answer;
use serde::{Deserialize, Serialize};

use super::counts::Counts;
use super::latency::Latency;

/// What further tenants and gateways are counted as. None has a name with parentheses.
pub(super) const OTHERS: &str = "(other)";
/// What further countries are counted as: the code that none has.
pub(super) const OTHER_COUNTRIES: u16 = 0;
/// The most tenants, countries and gateways of a document, those with the most
/// requests; the others are counted together.
pub(super) const MOST_TENANTS: usize = 64;
pub(super) const MOST_COUNTRIES: usize = 96;
pub(super) const MOST_GATEWAYS: usize = 16;
/// The most tenants, countries and gateways of an interval in memory.
pub(super) const MOST_IN_MEMORY: usize = 4096;
/// The version of the format.
const VERSION: u8 = 1;

/// The sums of one interval, of one machine or of all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) total: Counts,
    pub(super) latency: Latency,
    /// By kind and name, such as `channel:shop`.
    pub(super) tenants: BTreeMap<Box<str>, Counts>,
    pub(super) countries: BTreeMap<u16, Counts>,
    pub(super) gateways: BTreeMap<Box<str>, Attempts>,
}

/// What became of the messages passed to a gateway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Attempts {
    pub(super) delivered: u64,
    pub(super) refused: u64,
    pub(super) unknown: u64,
    pub(super) latency: Latency,
}

impl Attempts {
    pub(super) fn count(&mut self, answer: &Answer, took: Duration) {
        let count = match answer {
            Answer::Delivered => &mut self.delivered,
            Answer::Refused => &mut self.refused,
            _ => &mut self.unknown,
        };
        *count = count.saturating_add(1);
        self.latency.count(took);
    }

    fn add(&mut self, other: &Self) {
        self.delivered = self.delivered.saturating_add(other.delivered);
        self.refused = self.refused.saturating_add(other.refused);
        self.unknown = self.unknown.saturating_add(other.unknown);
        self.latency.add(&other.latency);
    }

    fn messages(&self) -> u64 {
        let sum = self.delivered.saturating_add(self.refused);
        sum.saturating_add(self.unknown)
    }
}

/// The form in which a slot is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(rename = "v")]
    version: u8,
    #[serde(rename = "t")]
    total: Vec<u64>,
    #[serde(rename = "l")]
    latency: Vec<u64>,
    #[serde(rename = "n")]
    tenants: BTreeMap<Box<str>, Vec<u64>>,
    #[serde(rename = "c")]
    countries: BTreeMap<u16, Vec<u64>>,
    #[serde(rename = "g")]
    gateways: BTreeMap<Box<str>, (u64, u64, u64, Vec<u64>)>,
}

impl Slot {
    pub(super) fn add(&mut self, other: &Self) {
        self.total.add(&other.total);
        self.latency.add(&other.latency);
        for (name, counts) in &other.tenants {
            self.tenants.entry(name.clone()).or_default().add(counts);
        }
        for (code, counts) in &other.countries {
            self.countries.entry(*code).or_default().add(counts);
        }
        for (name, attempts) in &other.gateways {
            self.gateways.entry(name.clone()).or_default().add(attempts);
        }
    }

    /// The slot of a document; `None` for one of another version.
    pub(super) fn read(contents: &Contents) -> Option<Self> {
        let stored: Stored = serde_json::from_slice(contents.bytes()).ok()?;
        if stored.version != VERSION {
            return None;
        }
        let counts = |(key, stored): (Box<str>, Vec<u64>)| (key, Counts::of_stored(&stored));
        let of_country = |(code, stored): (u16, Vec<u64>)| (code, Counts::of_stored(&stored));
        let attempts =
            |(name, (delivered, refused, unknown, latency)): (_, (_, _, _, Vec<u64>))| {
                let latency = Latency::of_stored(&latency);
                let attempts = Attempts {
                    delivered,
                    refused,
                    unknown,
                    latency,
                };
                (name, attempts)
            };
        Some(Self {
            total: Counts::of_stored(&stored.total),
            latency: Latency::of_stored(&stored.latency),
            tenants: stored.tenants.into_iter().map(counts).collect(),
            countries: stored.countries.into_iter().map(of_country).collect(),
            gateways: stored.gateways.into_iter().map(attempts).collect(),
        })
    }

    /// The contents of a document. What has the fewest requests is counted together,
    /// so that they fit.
    pub(super) fn write(mut self) -> serde_json::Result<Contents> {
        let mut most = (MOST_TENANTS, MOST_COUNTRIES, MOST_GATEWAYS);
        loop {
            self.limit(most);
            let bytes = serde_json::to_vec(&self.stored())?;
            let fits = bytes.len() <= HostDocument::<&Keyring>::MOST_BYTES;
            if fits || most == (0, 0, 0) {
                return Ok(Contents::new(bytes));
            }
            most = (most.0 / 2, most.1 / 2, most.2 / 2);
        }
    }

    /// Names tenants and countries of which this process has counted more than stands
    /// under their names: the rest was counted with the others while they were few.
    pub(super) fn promote(&mut self, counted: &Self) {
        promote(&mut self.tenants, &counted.tenants, &OTHERS.into());
        promote(&mut self.countries, &counted.countries, &OTHER_COUNTRIES);
    }

    /// Bounds what is kept in memory.
    pub(super) fn limit_memory(&mut self) {
        self.limit((MOST_IN_MEMORY, MOST_IN_MEMORY, MOST_IN_MEMORY));
    }

    fn limit(&mut self, (tenants, countries, gateways): (usize, usize, usize)) {
        limit(
            &mut self.tenants,
            tenants,
            OTHERS.into(),
            Counts::requests,
            Counts::add,
        );
        limit(
            &mut self.countries,
            countries,
            OTHER_COUNTRIES,
            Counts::requests,
            Counts::add,
        );
        limit(
            &mut self.gateways,
            gateways,
            OTHERS.into(),
            Attempts::messages,
            Attempts::add,
        );
    }

    fn stored(&self) -> Stored {
        let gateways = self.gateways.iter().map(|(name, one)| {
            let latency = one.latency.stored();
            let attempts = (one.delivered, one.refused, one.unknown, latency);
            (name.clone(), attempts)
        });
        Stored {
            version: VERSION,
            total: self.total.stored(),
            latency: self.latency.stored(),
            tenants: self
                .tenants
                .iter()
                .map(|(name, one)| (name.clone(), one.stored()))
                .collect(),
            countries: self
                .countries
                .iter()
                .map(|(code, one)| (*code, one.stored()))
                .collect(),
            gateways: gateways.collect(),
        }
    }
}

fn promote<K: Ord + Clone>(
    named: &mut BTreeMap<K, Counts>,
    counted: &BTreeMap<K, Counts>,
    others: &K,
) {
    let Some(mut rest) = named.get(others).copied() else {
        return;
    };
    for (key, counts) in counted.iter().filter(|(key, _)| *key != others) {
        let present = named.get(key).copied().unwrap_or_default();
        if present.requests() < counts.requests() {
            let mut missing = *counts;
            missing.subtract(&present);
            rest.subtract(&missing);
            named.insert(key.clone(), *counts);
        }
    }
    named.insert(others.clone(), rest);
}

/// Keeps the largest by name, and adds the others to `others`.
fn limit<K: Ord + Hash + Clone, V: Default + Copy>(
    all: &mut BTreeMap<K, V>,
    most: usize,
    others: K,
    size: fn(&V) -> u64,
    add: fn(&mut V, &V),
) {
    let named = all.len() - usize::from(all.contains_key(&others));
    if named <= most {
        return;
    }
    let mut by_size: Vec<(u64, K)> = all
        .iter()
        .filter(|(key, _)| **key != others)
        .map(|(key, value)| (size(value), key.clone()))
        .collect();
    by_size.sort_by_key(|(size, _)| core::cmp::Reverse(*size));
    let mut rest = all.remove(&others).unwrap_or_default();
    for (_, key) in by_size.split_off(most) {
        if let Some(value) = all.remove(&key) {
            add(&mut rest, &value);
        }
    }
    all.insert(others, rest);
}
