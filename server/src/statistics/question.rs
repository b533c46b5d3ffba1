//! What is asked.

use core::fmt;
use core::str::FromStr;

use mpass_core::service::settings::Group;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;

/// What time statistics are about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub enum Window {
    /// The last hour, by minutes.
    #[default]
    #[serde(rename = "hour")]
    Hour,
    /// The last day, by quarters of an hour.
    #[serde(rename = "day")]
    Day,
    /// The last 90 days, by hours.
    #[serde(rename = "90d")]
    NinetyDays,
}

impl Window {
    /// Every window, the shortest first.
    pub const ALL: &'static [Self] = &[Self::Hour, Self::Day, Self::NinetyDays];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::NinetyDays => "90d",
        }
    }

    /// The length of an interval, in milliseconds.
    #[must_use]
    pub const fn step_ms(self) -> u64 {
        match self {
            Self::Hour => MINUTE_MS,
            Self::Day => 15 * MINUTE_MS,
            Self::NinetyDays => HOUR_MS,
        }
    }

    /// The number of intervals, with the present one.
    #[must_use]
    pub const fn steps(self) -> u64 {
        match self {
            Self::Hour => 60,
            Self::Day => 96,
            Self::NinetyDays => 90 * 24,
        }
    }

    /// The interval that a time is in.
    pub(super) const fn slot(self, time_ms: u64) -> u64 {
        time_ms / self.step_ms()
    }

    /// The time until which an interval is kept: until no window has it, and an hour
    /// for clocks that differ.
    pub(super) const fn expires_at_ms(self, slot: u64) -> u64 {
        (slot + 1 + self.steps()) * self.step_ms() + HOUR_MS
    }
}

impl FromStr for Window {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.iter().copied();
        all.find(|window| window.name() == text)
            .ok_or_else(|| "expected hour, day or 90d".to_owned())
    }
}

/// A tenant in statistics, written `channel:shop`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantName {
    /// The kind.
    pub kind: Group,
    /// The name.
    pub name: String,
}

impl TenantName {
    /// The kind of the tenants of a contract.
    pub(super) fn kind_of(contract: &str) -> Group {
        match contract {
            "mpass" => Group::Channel,
            "verify_now" => Group::Customer,
            _ => Group::Client,
        }
    }
}

impl fmt::Display for TenantName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.name(), self.name)
    }
}

impl FromStr for TenantName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = text.split_once(':').and_then(|(kind, name)| {
            let mut kinds = Group::ALL.iter().filter(|one| one.is_tenant());
            Some(Self {
                kind: *kinds.find(|one| one.name() == kind)?,
                name: name.to_owned(),
            })
        });
        let parsed = parsed.filter(|tenant| !tenant.name.is_empty());
        parsed.ok_or_else(|| "expected a tenant such as channel:shop".to_owned())
    }
}

impl Serialize for TenantName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TenantName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A question about statistics.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StatisticsQuestion {
    /// The time that it is about.
    pub window: Window,
    /// Only the requests of this tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub tenant: Option<TenantName>,
    /// Only the requests about numbers with this country code. Not together with
    /// `tenant`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<u16>,
}

impl StatisticsQuestion {
    /// Whether it is about one thing: a tenant and a country are not counted together.
    pub(crate) fn is_answerable(&self) -> bool {
        self.tenant.is_none() || self.country.is_none()
    }
}
