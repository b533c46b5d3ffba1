//! The configuration file: TOML, every value optional; `examples/mpass.toml`
//! shows each one with its default.

use core::net::{Ipv4Addr, SocketAddr};
use core::time::Duration;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use mpass_core::service::{EngineSettings, Network, TokenUse};
use serde::Deserialize;

use crate::config_value;
use crate::gateway::GatewayConfig;
use crate::network::{NetworkConfig, check_realm};
use crate::numbers::NumbersConfig;

/// What the configuration file says.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where the server listens; port 0 takes a free port.
    pub listen: SocketAddr,
    /// Where the store is; without it `$XDG_DATA_HOME/mpass`.
    pub data_dir: Option<PathBuf>,
    /// Which store keeps the records.
    pub store: StoreKind,
    /// Serves plain http on an address that is not loopback: for a server
    /// behind a proxy that speaks TLS.
    pub allow_plain_http: bool,
    /// Where the keyring is.
    pub keyring: KeyringConfig,
    /// The certificate for https; without it the server speaks plain http.
    pub tls: Option<TlsConfig>,
    /// What one client, and all of them, may take.
    pub limits: LimitsConfig,
    /// The log.
    pub log: LogConfig,
    /// Who may read `/metrics`.
    pub metrics: MetricsConfig,
    /// The gateway that takes the messages.
    pub gateway: Option<GatewayConfig>,
    /// Who is behind an address.
    pub network: NetworkConfig,
    /// The tokens of the CAMARA contracts and the login that gives them.
    pub login: LoginConfig,
    /// What the operator says of numbers.
    pub numbers: NumbersConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 9091)),
            data_dir: None,
            store: StoreKind::default(),
            allow_plain_http: false,
            keyring: KeyringConfig::default(),
            tls: None,
            limits: LimitsConfig::default(),
            log: LogConfig::default(),
            metrics: MetricsConfig::default(),
            gateway: None,
            network: NetworkConfig::default(),
            login: LoginConfig::default(),
            numbers: NumbersConfig::default(),
        }
    }
}

/// The tokens of the CAMARA contracts and the login that gives them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LoginConfig {
    /// The base URL that clients and devices reach the server under; without
    /// one there is no login.
    pub issuer: Option<String>,
    /// The realm of the network table that those come from who call on
    /// [`Config::listen`].
    pub realm: String,
    /// Where devices of other realms find the server.
    pub realms: Vec<RealmConfig>,
    /// How often a token of Number Verification serves.
    pub tokens: TokenUseConfig,
}

/// A further place to listen on, for a network of its own. Networks that give
/// the same address to different subscribers are told apart by where their
/// devices arrive.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RealmConfig {
    /// Where the server listens; port 0 takes a free port.
    pub listen: SocketAddr,
    /// The realm of the network table that those come from who call there.
    pub realm: String,
}

/// How often a token of Number Verification serves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenUseConfig {
    /// For one call.
    #[default]
    Once,
    /// For every call within its life: an oracle over numbers for as long.
    WithinLife,
}

impl LoginConfig {
    fn check(&self) -> anyhow::Result<()> {
        check_realm(&self.realm).context("login.realm")?;
        for further in &self.realms {
            check_realm(&further.realm)
                .with_context(|| format!("login.realms {}", further.listen))?;
        }
        Ok(())
    }

    /// What the engine is told of it.
    #[must_use]
    pub fn engine_settings(&self) -> EngineSettings {
        EngineSettings {
            issuer: self.issuer.clone(),
            token_use: match self.tokens {
                TokenUseConfig::Once => TokenUse::Once,
                TokenUseConfig::WithinLife => TokenUse::WithinLife,
            },
        }
    }
}

/// Which store keeps the records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StoreKind {
    /// Durable, in the data directory.
    #[default]
    Embedded,
    /// In memory: every restart forgets channels, challenges and limits.
    Memory,
}

/// Where the keyring is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeyringConfig {
    /// The keyring's file; without it `$XDG_CONFIG_HOME/mpass/keyring`.
    pub file: Option<PathBuf>,
}

/// A certificate for https.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// The certificate chain, leaf first, PEM.
    pub certificates: PathBuf,
    /// The private key, PEM: PKCS #8, PKCS #1 or SEC 1.
    pub key: PathBuf,
}

/// What one client, and all of them, may take.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// Connections at one time; more of them wait to be accepted.
    pub connections: usize,
    /// How long a connection may take to say its TLS hello, and a request to
    /// have its header complete; an idle connection is closed after it.
    #[serde(with = "humantime_serde")]
    pub header_timeout: Duration,
    /// How long a request may take to have its body complete.
    #[serde(with = "humantime_serde")]
    pub body_timeout: Duration,
    /// How long requests in flight may take to end at a shutdown.
    #[serde(with = "humantime_serde")]
    pub shutdown_timeout: Duration,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            connections: 4096,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(10),
            shutdown_timeout: Duration::from_secs(10),
        }
    }
}

/// The log, which goes to the standard error stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// The least important lines that are written.
    pub level: LogLevel,
    /// Their form.
    pub format: LogFormat,
}

/// How important a log line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Failures that need somebody.
    Error,
    /// Failures that pass.
    Warn,
    /// The start, the end and each request.
    #[default]
    Info,
    /// Reads of `/healthz` and `/metrics` and connections that break as well.
    Debug,
}

/// The form of log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Who may read `/metrics`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MetricsConfig {
    /// The networks that may; nobody when there is none.
    #[serde(deserialize_with = "config_value::networks")]
    pub addresses: Vec<Network>,
}

impl Default for MetricsConfig {
    fn default() -> Self {
        let loopback = ["127.0.0.0/8", "::1"];
        Self {
            addresses: loopback
                .iter()
                .filter_map(|text| text.parse().ok())
                .collect(),
        }
    }
}

impl Config {
    /// Reads configuration text.
    ///
    /// # Errors
    /// One that names the line, for text that is not TOML, a value that is
    /// not known, and a value out of its range.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let config: Self = toml::from_str(text)?;
        config.check()?;
        Ok(config)
    }

    /// Reads a configuration file.
    ///
    /// # Errors
    /// Those of reading the file and of [`Self::parse`].
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let name = path.display();
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
        Self::parse(&text).with_context(|| format!("the configuration {name} is not valid"))
    }

    fn check(&self) -> anyhow::Result<()> {
        let limits = &self.limits;
        ensure!(limits.connections > 0, "limits.connections is at least 1");
        for (name, duration, most) in [
            ("limits.header_timeout", limits.header_timeout, 60),
            ("limits.body_timeout", limits.body_timeout, 60),
            ("limits.shutdown_timeout", limits.shutdown_timeout, 300),
        ] {
            if duration < Duration::from_millis(100) || duration > Duration::from_secs(most) {
                bail!("{name} is between 100ms and {most}s");
            }
        }
        if let Some(gateway) = &self.gateway {
            gateway.check()?;
        }
        self.numbers.check()?;
        self.login.check()?;
        self.network.check()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../examples/mpass.toml");

    #[test]
    fn the_example_says_the_defaults() {
        assert_eq!(Config::parse(EXAMPLE).unwrap(), Config::default());
    }

    /// Settings without a default stand in the example behind a `#` with no
    /// space; prose stands behind one with a space.
    #[test]
    fn what_the_example_comments_out_is_valid() {
        let text: String = EXAMPLE
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(setting) if !setting.starts_with(' ') => format!("{setting}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let config = Config::parse(&text).unwrap();
        assert!(config.tls.is_some() && config.data_dir.is_some());
        assert!(config.keyring.file.is_some());
        assert!(config.gateway.is_some());
        assert_eq!(config.network.nas.len(), 2);
        assert!(config.network.listen.is_some() && config.network.table.is_some());
        assert!(config.login.issuer.is_some());
        assert_eq!(config.login.realms.len(), 1);
    }

    #[test]
    fn mistakes_are_named() {
        for (text, word) in [
            ("lisen = 1", "lisen"),
            ("store = \"disk\"", "embedded"),
            ("[limits]\nconnections = 0", "limits.connections"),
            ("[limits]\nheader_timeout = \"2h\"", "limits.header_timeout"),
            ("[metrics]\naddresses = [\"10.0.0.0/40\"]", "10.0.0.0/40"),
            ("[tls]\nkey = \"k\"", "certificates"),
            ("[log]\nlevel = \"loud\"", "loud"),
            ("[numbers]\nown = [\"966\"]", "numbers.own"),
            ("[network]\nentries = 0", "network.entries"),
            ("[login]\nrealm = \"a b\"", "login.realm"),
            (
                "[[login.realms]]\nlisten = \"127.0.0.1:9092\"\nrealm = \"a b\"",
                "login.realms 127.0.0.1:9092",
            ),
            ("[[login.realms]]\nlisten = \"127.0.0.1:9092\"", "realm"),
        ] {
            let error = format!("{:#}", Config::parse(text).unwrap_err());
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
