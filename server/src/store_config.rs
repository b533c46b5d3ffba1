//! The setting `store`: a name, or a table for a store behind a network.

use core::fmt;
use core::time::Duration;
use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use mpass_stores::postgres::PostgresSettings;
use mpass_stores::redis::RedisSettings;
use mpass_stores::remote::TIMEOUTS;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::plain_file;
use crate::secret::SecretSource;
use crate::shown;

/// The longest file with certificates.
const LONGEST: u64 = 1024 * 1024;

/// The kind of store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StoreKind {
    /// Durable, in the data directory.
    #[default]
    Embedded,
    /// In memory: every restart forgets channels, challenges and limits.
    Memory,
    /// In Redis.
    Redis(Box<RedisConfig>),
    /// In PostgreSQL.
    Postgres(Box<PostgresConfig>),
}

/// A store in Redis.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RedisConfig {
    /// `redis://[user@]host[:port][/db]`, `redis-sentinel://[user@]host[:port][,…]/name`
    /// or `redis-cluster://[user@]host[:port][,…]`, and with TLS `rediss` at the front.
    pub url: String,
    /// The location of the password.
    pub password: Option<SecretSource>,
    /// The user of the Sentinels.
    pub sentinel_user: Option<String>,
    /// The location of the password of the Sentinels.
    pub sentinel_password: Option<SecretSource>,
    /// What all keys begin with.
    #[serde(default = "prefix")]
    pub prefix: String,
    /// The certificates that the server's is signed with, in a PEM file; those of the
    /// system without it.
    pub ca: Option<PathBuf>,
    /// Allows a connection without TLS to another machine.
    #[serde(default)]
    pub insecure: bool,
    /// The longest time of an operation. 100ms to 7s.
    #[serde(default = "timeout", with = "humantime_serde")]
    pub timeout: Duration,
    /// The number of replicas that must acknowledge each swap.
    #[serde(default)]
    pub acknowledge: u32,
    /// Whether what cannot be examined is as it should be.
    #[serde(default)]
    pub vouched: bool,
}

/// A store in PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PostgresConfig {
    /// `postgresql://user@host[:port][,host…]/database?sslmode=verify-full`.
    pub url: String,
    /// The location of the password.
    pub password: Option<SecretSource>,
    /// The certificates that the server's is signed with, in a PEM file; those of the
    /// system without it.
    pub ca: Option<PathBuf>,
    /// Allows a connection without TLS to another machine.
    #[serde(default)]
    pub insecure: bool,
    /// The longest time of an operation. 100ms to 7s.
    #[serde(default = "timeout", with = "humantime_serde")]
    pub timeout: Duration,
    /// Whether a synchronous standby must have each swap.
    #[serde(default)]
    pub acknowledge: bool,
    /// The number of connections.
    #[serde(default = "connections")]
    pub connections: u8,
}

fn prefix() -> String {
    RedisSettings::new("").prefix
}

fn timeout() -> Duration {
    RedisSettings::new("").timeout
}

fn connections() -> u8 {
    PostgresSettings::new("").connections
}

fn password(source: Option<&SecretSource>, name: &str) -> anyhow::Result<Option<String>> {
    let read = source.map(|source| source.read(name));
    Ok(read.transpose()?.map(|password| password.to_string()))
}

fn certificates(file: Option<&PathBuf>) -> anyhow::Result<Option<Vec<u8>>> {
    let read = file.map(|path| {
        let read = plain_file::read(path, LONGEST);
        read.with_context(|| format!("store.ca: cannot read {}", shown::path(path)))
    });
    Ok(read.transpose()?.map(|pem| pem.to_vec()))
}

impl RedisConfig {
    /// The settings of the store, with its secrets.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn settings(&self) -> anyhow::Result<RedisSettings> {
        Ok(RedisSettings {
            password: password(self.password.as_ref(), "store.password")?,
            sentinel_user: self.sentinel_user.clone(),
            sentinel_password: password(
                self.sentinel_password.as_ref(),
                "store.sentinel_password",
            )?,
            prefix: self.prefix.clone(),
            tls_ca: certificates(self.ca.as_ref())?,
            insecure: self.insecure,
            timeout: self.timeout,
            acknowledge: self.acknowledge,
            vouched: self.vouched,
            ..RedisSettings::new(&self.url)
        })
    }
}

impl PostgresConfig {
    /// The settings of the store, with its secrets.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn settings(&self) -> anyhow::Result<PostgresSettings> {
        Ok(PostgresSettings {
            password: password(self.password.as_ref(), "store.password")?,
            tls_ca: certificates(self.ca.as_ref())?,
            insecure: self.insecure,
            timeout: self.timeout,
            acknowledge: self.acknowledge,
            connections: self.connections,
            ..PostgresSettings::new(&self.url)
        })
    }
}

impl StoreKind {
    /// Whether it is behind a network.
    #[must_use]
    pub fn is_remote(&self) -> bool {
        matches!(self, Self::Redis(_) | Self::Postgres(_))
    }

    /// Whether a promoted replica or standby has every swap.
    pub(crate) fn covers_promotion(&self) -> bool {
        match self {
            Self::Redis(redis) => redis.acknowledge > 0,
            Self::Postgres(postgres) => postgres.acknowledge,
            Self::Embedded | Self::Memory => false,
        }
    }

    pub(crate) fn check(&self) -> anyhow::Result<()> {
        let timeout = match self {
            Self::Redis(redis) => redis.timeout,
            Self::Postgres(postgres) => postgres.timeout,
            Self::Embedded | Self::Memory => return Ok(()),
        };
        ensure!(
            TIMEOUTS.contains(&timeout),
            "store.timeout is not between 100ms and 7s"
        );
        Ok(())
    }
}

impl<'de> Deserialize<'de> for StoreKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameOrTable)
    }
}

/// A table with the settings of its kind.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Table {
    Embedded,
    Memory,
    Redis(Box<RedisConfig>),
    Postgres(Box<PostgresConfig>),
}

struct NameOrTable;

impl<'de> Visitor<'de> for NameOrTable {
    type Value = StoreKind;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("embedded, memory, or a table with kind")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<StoreKind, E> {
        match name {
            "embedded" => Ok(StoreKind::Embedded),
            "memory" => Ok(StoreKind::Memory),
            "redis" | "postgres" => {
                let table = "a table [store] with kind and url";
                Err(E::invalid_value(Unexpected::Str(name), &table))
            }
            other => Err(E::unknown_variant(other, &["embedded", "memory"])),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<StoreKind, A::Error> {
        let table = Table::deserialize(MapAccessDeserializer::new(map));
        Ok(match table.map_err(A::Error::custom)? {
            Table::Embedded => StoreKind::Embedded,
            Table::Memory => StoreKind::Memory,
            Table::Redis(redis) => StoreKind::Redis(redis),
            Table::Postgres(postgres) => StoreKind::Postgres(postgres),
        })
    }
}
