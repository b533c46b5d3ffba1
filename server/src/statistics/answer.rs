//! What is answered.

use core::ops::RangeInclusive;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::counts::Counts;
use super::latency::{Latency, Percentiles};
use super::question::{StatisticsQuestion, Window};
use super::slot::{OTHER_COUNTRIES, OTHERS, Slot};

/// Statistics of all machines together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StatisticsAnswer {
    /// What was asked.
    pub question: StatisticsQuestion,
    /// The length of an interval, in milliseconds.
    pub step_ms: u64,
    /// Every interval, the oldest first; the last one is not over yet.
    pub points: Vec<StatisticsPoint>,
    /// All intervals together.
    pub total: StatisticsPoint,
    /// By tenant, those with the most requests first; `(other)` for those that were
    /// not counted by name. Empty if one tenant or country was asked for.
    pub tenants: Vec<Row>,
    /// By country code, those with the most requests first; `(other)` for those that
    /// were not counted by name. Empty if one tenant or country was asked for.
    pub countries: Vec<Row>,
    /// By gateway, those with the most messages first. Empty if one tenant or country
    /// was asked for.
    pub gateways: Vec<GatewayRow>,
    /// How many machines have written statistics in the last 91 days.
    pub machines: usize,
}

/// An interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StatisticsPoint {
    /// When it began, in milliseconds of Unix time.
    pub start_ms: u64,
    /// What happened in it.
    pub counts: Counts,
    /// Codes that were right, in ten-thousandths of the messages sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversion: Option<u64>,
    /// How long requests took. Not known of one tenant or country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency: Option<Percentiles>,
}

/// A tenant, such as `channel:shop`, or a country, such as `966`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Row {
    /// What it is.
    pub name: String,
    /// What happened.
    pub counts: Counts,
    /// Codes that were right, in ten-thousandths of the messages sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversion: Option<u64>,
}

/// The messages passed to a gateway.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GatewayRow {
    /// Its name.
    pub name: String,
    /// Those that it took.
    pub delivered: u64,
    /// Those that it definitely refused.
    pub refused: u64,
    /// Those with an unknown outcome.
    pub unknown: u64,
    /// How long it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency: Option<Percentiles>,
}

impl StatisticsAnswer {
    pub(super) fn of(
        question: &StatisticsQuestion,
        range: RangeInclusive<u64>,
        slots: &BTreeMap<u64, Slot>,
        machines: usize,
    ) -> Self {
        let window = question.window;
        let first = *range.start();
        let empty = Slot::default();
        let found = |slot: u64| slots.get(&slot).unwrap_or(&empty);
        let is_of_all = question.tenant.is_none() && question.country.is_none();
        let points = range.map(|number| {
            let slot = found(number);
            let latency = is_of_all.then_some(&slot.latency);
            StatisticsPoint::new(window, number, selected(question, slot), latency)
        });
        let points = points.collect();
        let mut sum = Slot::default();
        for slot in slots.values() {
            sum.add(slot);
        }
        let latency = is_of_all.then_some(&sum.latency);
        let total = StatisticsPoint::new(window, first, selected(question, &sum), latency);
        if !is_of_all {
            sum = Slot::default();
        }
        let countries = sum.countries.iter().map(|(code, counts)| {
            let name = match *code {
                OTHER_COUNTRIES => OTHERS.to_owned(),
                code => code.to_string(),
            };
            Row::new(name, *counts)
        });
        let tenants = sum.tenants.iter();
        let tenants = tenants.map(|(name, counts)| Row::new(name.to_string(), *counts));
        Self {
            question: question.clone(),
            step_ms: window.step_ms(),
            points,
            total,
            tenants: largest(tenants.collect()),
            countries: largest(countries.collect()),
            gateways: gateways(&sum),
            machines,
        }
    }
}

/// The counts of what was asked for.
fn selected(question: &StatisticsQuestion, slot: &Slot) -> Counts {
    let counts = match (&question.tenant, question.country) {
        (Some(tenant), _) => slot.tenants.get(tenant.to_string().as_str()),
        (None, Some(code)) => slot.countries.get(&code),
        (None, None) => Some(&slot.total),
    };
    counts.copied().unwrap_or_default()
}

fn largest(mut rows: Vec<Row>) -> Vec<Row> {
    let size = |row: &Row| (row.name != OTHERS, row.counts.requests());
    rows.sort_by(|one, other| size(other).cmp(&size(one)).then(one.name.cmp(&other.name)));
    rows
}

fn gateways(sum: &Slot) -> Vec<GatewayRow> {
    let rows = sum.gateways.iter().map(|(name, attempts)| GatewayRow {
        name: name.to_string(),
        delivered: attempts.delivered,
        refused: attempts.refused,
        unknown: attempts.unknown,
        latency: attempts.latency.percentiles(),
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(|row| core::cmp::Reverse(row.delivered + row.refused + row.unknown));
    rows
}

impl StatisticsPoint {
    fn new(window: Window, slot: u64, counts: Counts, latency: Option<&Latency>) -> Self {
        Self {
            start_ms: slot * window.step_ms(),
            counts,
            conversion: counts.conversion(),
            latency: latency.and_then(Latency::percentiles),
        }
    }
}

impl Row {
    fn new(name: String, counts: Counts) -> Self {
        Self {
            name,
            counts,
            conversion: counts.conversion(),
        }
    }
}
