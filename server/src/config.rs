//! The configuration file, in TOML. Every setting is optional;
//! `examples/mpass.toml` shows each one with its default.

use core::net::{Ipv4Addr, SocketAddr};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use mpass_core::service::{EngineSettings, Network, TokenUse};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::egress::EgressConfig;
use crate::gateway::{self, GatewayConfig};
use crate::identity_provider::IdentityProviderConfig;
use crate::limits::LimitsConfig;
use crate::network::{NetworkConfig, check_realm};
use crate::numbers::NumbersConfig;
use crate::store_config::StoreKind;
use crate::{config_error, config_value, plain_file};

/// The maximum length of a configuration file.
pub(crate) const LONGEST: u64 = 4 * 1024 * 1024;

/// The contents of the configuration file.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The address to listen on; port 0 picks a free port.
    pub listen: SocketAddr,
    /// The directory of the store; `$XDG_DATA_HOME/mpass` without it.
    pub data_dir: Option<PathBuf>,
    /// The kind of store, and where it is.
    pub store: StoreKind,
    /// Allows plain HTTP on addresses other than loopback, for a server behind
    /// a proxy that terminates TLS.
    pub allow_plain_http: bool,
    /// The location of the keyring.
    pub keyring: KeyringConfig,
    /// The certificate for HTTPS; plain HTTP without it.
    pub tls: Option<TlsConfig>,
    /// Limits on connections and requests.
    pub limits: LimitsConfig,
    /// The log.
    pub log: LogConfig,
    /// Access to `/metrics`.
    pub metrics: MetricsConfig,
    /// The listener for administration; none without it, except in the demo.
    pub portal: Option<PortalConfig>,
    /// The gateways that deliver messages, in the order in which they are tried.
    #[serde(rename = "gateway", deserialize_with = "config_value::one_or_more")]
    pub gateways: Vec<GatewayConfig>,
    /// Where gateways that are defined while the server runs may be.
    pub egress: EgressConfig,
    /// The sources of the network table.
    pub network: NetworkConfig,
    /// The tokens of the CAMARA contracts and the login that issues them.
    pub login: LoginConfig,
    /// The operator's rules for numbers.
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
            portal: None,
            gateways: Vec::new(),
            egress: EgressConfig::default(),
            network: NetworkConfig::default(),
            login: LoginConfig::default(),
            numbers: NumbersConfig::default(),
        }
    }
}

/// The tokens of the CAMARA contracts and the login that issues them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct LoginConfig {
    /// The base URL of the server for clients and devices; the login is
    /// disabled without it.
    pub issuer: Option<String>,
    /// The realm of the network table for callers on [`Config::listen`].
    pub realm: String,
    /// Further listeners for devices of other realms.
    pub realms: Vec<RealmConfig>,
    /// How often a token of Number Verification can be used.
    pub tokens: TokenUseConfig,
    /// PEM files with the RSA keys for ID tokens with RS256. The first one signs;
    /// the public keys of all are published.
    pub signing_keys: Vec<PathBuf>,
}

/// A further listener, for the devices of another network. Networks that assign
/// the same address to different subscribers are distinguished by the listener
/// that their devices connect to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RealmConfig {
    /// The address to listen on; port 0 picks a free port.
    pub listen: SocketAddr,
    /// The realm of the network table for callers on it.
    pub realm: String,
}

/// How often a token of Number Verification can be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenUseConfig {
    /// For one call.
    #[default]
    Once,
    /// For every call within its lifetime, in which it is an oracle for
    /// numbers.
    WithinLife,
}

impl LoginConfig {
    fn checks(&self) -> Vec<anyhow::Result<()>> {
        let first = check_realm(&self.realm).context("login.realm");
        let further = self.realms.iter().map(|further| {
            check_realm(&further.realm).with_context(|| format!("login.realms {}", further.listen))
        });
        core::iter::once(first).chain(further).collect()
    }

    /// The engine's settings.
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

/// The location of the keyring.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeyringConfig {
    /// The keyring file; `$XDG_CONFIG_HOME/mpass/keyring` without it.
    pub file: Option<PathBuf>,
}

/// A certificate for https.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// The certificate chain, leaf first, PEM.
    pub certificates: PathBuf,
    /// The private key, PEM: PKCS #8, PKCS #1 or SEC 1.
    pub key: PathBuf,
}

/// The log, which goes to the standard error stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// The minimum level of the lines written.
    pub level: LogLevel,
    /// The format of the lines.
    pub format: LogFormat,
}

/// How important a log line is, the most important first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Failures that need attention.
    Error,
    /// Temporary failures.
    Warn,
    /// Start, shutdown and each request.
    #[default]
    Info,
    /// Also requests for `/healthz` and `/metrics`, and broken connections.
    Debug,
}

/// The format of log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

/// Access to `/metrics`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct MetricsConfig {
    /// The networks that may read `/metrics`; empty for none.
    #[serde(with = "config_value::networks")]
    pub addresses: Vec<Network>,
    /// The host names under which they may, without a port. Addresses and
    /// `localhost` always are.
    pub hosts: Vec<String>,
}

impl Default for MetricsConfig {
    fn default() -> Self {
        let loopback = ["127.0.0.0/8", "::1"];
        Self {
            addresses: loopback
                .iter()
                .filter_map(|text| text.parse().ok())
                .collect(),
            hosts: Vec::new(),
        }
    }
}

impl MetricsConfig {
    fn check(&self) -> anyhow::Result<()> {
        check_hosts("metrics.hosts", &self.hosts)
    }
}

/// The listener for administration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct PortalConfig {
    /// The address to listen on; port 0 picks a free port.
    pub listen: SocketAddr,
    /// The host names under which it answers, without a port. It always does under
    /// addresses and `localhost`.
    pub hosts: Vec<String>,
    /// The identity provider with which administrators may sign in.
    pub oidc: Option<IdentityProviderConfig>,
}

impl Default for PortalConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 9092)),
            hosts: Vec::new(),
            oidc: None,
        }
    }
}

impl PortalConfig {
    /// That of the demo: the port after the demo's own.
    pub(crate) fn beside(listen: SocketAddr) -> Self {
        let port = match listen.port() {
            0 => 0,
            port => port.checked_add(1).unwrap_or(0),
        };
        Self {
            listen: SocketAddr::new(listen.ip(), port),
            ..Self::default()
        }
    }

    fn checks(&self) -> Vec<anyhow::Result<()>> {
        let hosts = check_hosts("portal.hosts", &self.hosts);
        let provider = self.oidc.iter().flat_map(IdentityProviderConfig::checks);
        core::iter::once(hosts).chain(provider).collect()
    }
}

fn check_hosts(setting: &str, hosts: &[String]) -> anyhow::Result<()> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let mut hosts = hosts.iter();
    ensure!(
        hosts.all(|host| !host.is_empty() && host.bytes().all(is_allowed)),
        "{setting} has a name that is not one of a host without a port"
    );
    Ok(())
}

impl Config {
    /// Parses a configuration.
    ///
    /// # Errors
    /// An error that names the line and the setting but contains no value, for
    /// malformed TOML, unknown settings and values out of range.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let config: Self = config_error::parse(text)?;
        match config.check() {
            Ok(()) => Ok(config),
            Err(error) => Err(config_error::located(text, error)),
        }
    }

    /// Reads a configuration file.
    ///
    /// # Errors
    /// When the file cannot be read; those of [`Self::parse`].
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let name = path.display();
        let text = Self::read(path).with_context(|| format!("cannot read {name}"))?;
        Self::parse(&text).with_context(|| format!("the configuration {name} is invalid"))
    }

    /// The text of a configuration file, which may be a pipe.
    ///
    /// # Errors
    /// When it cannot be read, is not UTF-8 or longer than 4 MiB.
    pub(crate) fn read(path: &Path) -> io::Result<Zeroizing<String>> {
        plain_file::read_stream(path, LONGEST)
    }

    /// Every setting, defaults included, in one order: the same settings yield the
    /// same bytes. Contains no secret that a setting refers to, but texts such as
    /// a gateway's header may be secret: show only
    /// [`configuration_fingerprint`](mpass_core::challenge::Keyring::configuration_fingerprint).
    ///
    /// # Errors
    /// For a path that is not UTF-8, which no configuration file contains.
    pub(crate) fn canonical(&self) -> anyhow::Result<Vec<u8>> {
        serde_json::to_vec(self).context("a setting cannot be written")
    }

    fn check(&self) -> anyhow::Result<()> {
        let checks = self.checks().into_iter();
        checks.flat_map(|(_, results)| results).collect()
    }

    /// The checks of what needs no network, file or environment, by top-level key.
    pub(crate) fn checks(&self) -> Vec<(&'static str, Vec<anyhow::Result<()>>)> {
        vec![
            ("limits", self.limits.checks()),
            ("gateway", gateway::checks(&self.gateways)),
            ("metrics", vec![self.metrics.check()]),
            (
                "portal",
                self.portal.iter().flat_map(PortalConfig::checks).collect(),
            ),
            ("numbers", self.numbers.checks()),
            ("store", vec![self.store.check()]),
            ("login", self.login.checks()),
            ("network", self.network.checks()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../examples/mpass.toml");

    #[test]
    fn the_example_has_the_defaults() {
        assert_eq!(Config::parse(EXAMPLE).unwrap(), Config::default());
    }

    /// In the example, settings without a default follow a `#` without a space;
    /// comments follow one with a space.
    #[test]
    fn commented_settings_of_the_example_are_valid() {
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
        assert_eq!(config.gateways.len(), 1);
        assert_eq!(config.limits.connections_per_peer, Some(1024));
        assert_eq!(config.limits.connections_per_proxy, Some(3072));
        assert_eq!(config.network.nas.len(), 2);
        assert!(config.network.listen.is_some() && config.network.table.is_some());
        assert!(config.login.issuer.is_some());
        let portal = config.portal.unwrap();
        assert_eq!(portal.listen, PortalConfig::default().listen);
        assert!(portal.oidc.is_some());
        assert_eq!(config.login.realms.len(), 1);
        assert_eq!(config.login.signing_keys.len(), 2);
    }

    #[test]
    fn gateways_in_order_and_one_alone() {
        let one = |name: &str| {
            format!("name = \"{name}\"\nurl = \"https://a.example/?{{{{to}}}}{{{{text}}}}\"\n")
        };
        let [a, b] = ["a", "b"].map(one);
        let parse = |text: &str| Config::parse(text).map_err(|error| format!("{error:#}"));
        let names = |text: &str| -> Vec<String> {
            let gateways = parse(text).unwrap().gateways;
            gateways.into_iter().map(|one| one.name).collect()
        };
        assert_eq!(names(&format!("[gateway]\n{a}")), ["a"]);
        let kind = "kind = \"http\"\n";
        let both = format!("[[gateway]]\n{kind}{b}[gateway.headers]\nX = \"1\"\n[[gateway]]\n{a}");
        assert_eq!(names(&both), ["b", "a"]);
        assert_eq!(parse(&both).unwrap().gateways[0].headers.len(), 1);
        for (text, words) in [
            (format!("[[gateway]]\n{a}[[gateway]]\n{a}"), "the same name"),
            (
                format!("[[gateway]]\n{a}[[gateway]]\n{b}timeout = \"9s\""),
                "gateway b",
            ),
            (format!("[[gateway]]\nkind = \"smtp\"\n{a}"), "gateway.kind"),
            (
                format!("[[gateway]]\n{a}SECRET = 1"),
                "line 4: gateway.SECRET",
            ),
            (
                "gateway = \"SECRET\"".to_owned(),
                "line 1: gateway: expected",
            ),
        ] {
            let error = parse(&text).unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (text, word) in [
            ("lisen = 1", "lisen"),
            ("store = \"disk\"", "embedded"),
            ("[limits]\nconnections = 0", "limits.connections"),
            ("[limits]\nheader_timeout = \"2h\"", "limits.header_timeout"),
            ("[limits]\nwrite_timeout = \"1ms\"", "limits.write_timeout"),
            (
                "[limits]\nconnections_per_peer = 0",
                "limits.connections_per_peer",
            ),
            ("[limits]\nproxies = [\"proxy\"]", "limits.proxies"),
            (
                "[metrics]\naddresses = [\"10.0.0.0/40\"]",
                "metrics.addresses",
            ),
            ("[tls]\nkey = \"k\"", "certificates"),
            ("[log]\nlevel = \"loud\"", "log.level"),
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
