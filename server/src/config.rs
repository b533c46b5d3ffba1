//! The configuration file, in TOML. Every setting is optional;
//! `examples/mpass.toml` shows each one with its default.

mod administration;
mod log;
mod login;
#[cfg(test)]
mod tests;

use core::net::{Ipv4Addr, SocketAddr};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context;
use mpass_core::service::Network;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::callers::CallersConfig;
use crate::egress::EgressConfig;
use crate::gateway::{self, GatewayConfig};
use crate::limits::LimitsConfig;
use crate::network::NetworkConfig;
use crate::numbers::NumbersConfig;
use crate::store_config::StoreKind;
use crate::{config_error, config_value, plain_file};

pub use administration::{MetricsConfig, PortalConfig};
pub use log::{LogConfig, LogFormat, LogLevel};
pub use login::{LoginConfig, RealmConfig, TokenUseConfig};

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
    /// The source of the callers' addresses on [`listen`](Self::listen).
    pub callers: CallersConfig,
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
            callers: CallersConfig::default(),
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
            ("callers", vec![self.check_callers()]),
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

    /// The login is on every listener of the services.
    fn check_callers(&self) -> anyhow::Result<()> {
        match self.login.issuer {
            Some(_) => self.callers.check_identifying("callers"),
            None => self.callers.check("callers"),
        }
    }

    /// The networks of proxies, which connect for many clients, also those that say
    /// whom for.
    pub(crate) fn proxies(&self) -> Vec<Network> {
        let realms = self.login.realms.iter().map(|realm| &realm.callers);
        let portal = self.portal.iter().map(|portal| &portal.callers);
        let callers = core::iter::once(&self.callers).chain(realms).chain(portal);
        let announcing = callers.flat_map(|callers| &callers.proxies);
        self.limits
            .proxies
            .iter()
            .chain(announcing)
            .copied()
            .collect()
    }
}
