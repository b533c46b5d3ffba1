//! The options of a server: its configuration and its command line.

use core::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, bail};

use crate::callers::CallersConfig;
use crate::config::{Config, LONGEST, PortalConfig};
use crate::store::StoreDirectory;
use crate::store_config::StoreKind;
use crate::{config_error, directories, plain_file};

/// Why a server cannot send messages.
pub(crate) const NO_GATEWAY: &str = "no gateway is configured, so messages cannot be sent: \
     configure [[gateway]], define one with mpass gateway create, or use --demo to try the server";

/// An address to listen on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Address<'a> {
    pub(crate) listen: SocketAddr,
    /// The realm of its callers.
    pub(crate) realm: &'a str,
    pub(crate) purpose: Purpose,
    pub(crate) callers: &'a CallersConfig,
}

/// What a listener is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The services, on [`Config::listen`].
    Main,
    /// The services, for the devices of a realm.
    Realm,
    /// Administration.
    Portal,
}

impl Purpose {
    /// The setting with the address.
    const fn setting(self) -> &'static str {
        match self {
            Self::Main => "listen",
            Self::Realm => "login.realms",
            Self::Portal => "portal.listen",
        }
    }
}

/// The options of a server.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// The configuration.
    pub config: Config,
    /// The address to listen on; port 0 picks a free port.
    pub listen: SocketAddr,
    /// The data directory.
    pub data_dir: PathBuf,
    /// Whether it is the demo, which shows messages instead of sending them.
    pub demo: bool,
    /// What they were read from, to read them again; `None` if there is nothing to
    /// reload.
    pub source: Option<Source>,
}

/// The configuration file and the command line of a server.
#[derive(Clone, Debug)]
pub struct Source {
    /// The configuration file; the defaults without it.
    pub config: Option<PathBuf>,
    /// The address on the command line.
    pub listen: Option<SocketAddr>,
    /// The data directory on the command line.
    pub data_dir: Option<PathBuf>,
    /// Whether the command line asks for the demo.
    pub demo: bool,
    /// The data directory if neither names one.
    pub default_data_dir: fn() -> anyhow::Result<PathBuf>,
}

impl Source {
    /// Reads the configuration file.
    ///
    /// # Errors
    /// Those of [`Config::load`]; when the data directory is not set and there is
    /// no home directory.
    pub fn read(&self) -> anyhow::Result<ServeOptions> {
        let config = match &self.config {
            Some(path) => Config::load(path)?,
            None => Config::default(),
        };
        let named = self.data_dir.clone().or_else(|| config.data_dir.clone());
        let data_dir = named.map_or_else(self.default_data_dir, Ok)?;
        let mut options = ServeOptions::new(config, self.listen, Some(data_dir), self.demo)?;
        options.source = Some(self.clone());
        Ok(options)
    }
}

impl ServeOptions {
    /// Combines a configuration with the command line, which takes precedence.
    ///
    /// # Errors
    /// When the data directory is not set and there is no home directory.
    pub fn new(
        mut config: Config,
        listen: Option<SocketAddr>,
        data_dir: Option<PathBuf>,
        demo: bool,
    ) -> anyhow::Result<Self> {
        let data_dir = match data_dir.or_else(|| config.data_dir.clone()) {
            Some(data_dir) => data_dir,
            None => directories::default_data_dir()?,
        };
        let listen = listen.unwrap_or(config.listen);
        if demo {
            config
                .portal
                .get_or_insert_with(|| PortalConfig::beside(listen));
        }
        Ok(Self {
            listen,
            data_dir,
            config,
            demo,
            source: None,
        })
    }

    /// The addresses to listen on.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = Address<'_>> {
        let login = &self.config.login;
        let first = Address {
            listen: self.listen,
            realm: &login.realm,
            purpose: Purpose::Main,
            callers: &self.config.callers,
        };
        let further = login.realms.iter().map(|one| Address {
            listen: one.listen,
            realm: &one.realm,
            purpose: Purpose::Realm,
            callers: &one.callers,
        });
        let portal = self.config.portal.as_ref().map(|portal| Address {
            listen: portal.listen,
            realm: "",
            purpose: Purpose::Portal,
            callers: &portal.callers,
        });
        core::iter::once(first).chain(further).chain(portal)
    }

    /// Refuses insecure or incomplete options.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        let addresses = self.check_addresses().into_iter();
        addresses.chain([self.check_gateway()]).collect()
    }

    /// Refuses insecure addresses.
    pub(crate) fn check_addresses(&self) -> Vec<anyhow::Result<()>> {
        self.addresses()
            .map(|address| {
                let checked = self.check_listen(address.listen);
                checked.context(address.purpose.setting())
            })
            .collect()
    }

    fn check_listen(&self, listen: SocketAddr) -> anyhow::Result<()> {
        let is_loopback = listen.ip().to_canonical().is_loopback();
        if self.demo && !is_loopback {
            bail!("the demo shows every message to every caller, so it listens on loopback only");
        }
        if !is_loopback && self.config.tls.is_none() && !self.config.allow_plain_http {
            bail!(
                "{listen} is not loopback, so channel keys and codes would be sent unencrypted: \
                 configure [tls], or set allow_plain_http = true behind a proxy that \
                 terminates TLS"
            );
        }
        let same = |addr: &SocketAddr| *addr == listen && listen.port() != 0;
        let addrs = self.addresses().map(|address| address.listen);
        if addrs.filter(same).count() > 1 {
            bail!("{listen} is the address of two listeners");
        }
        Ok(())
    }

    /// Refuses a server that cannot send messages. Whether a store that exists has a
    /// gateway is checked once it is open.
    pub(crate) fn check_gateway(&self) -> anyhow::Result<()> {
        let may_be_stored = || {
            let is_embedded = self.config.store == StoreKind::Embedded;
            self.config.store.is_remote()
                || is_embedded && StoreDirectory::contains_store(&self.data_dir).unwrap_or(true)
        };
        if self.config.gateways.is_empty() && !self.demo && !may_be_stored() {
            bail!(NO_GATEWAY);
        }
        Ok(())
    }

    /// Adds the configuration file to an error, and the line of the setting that the
    /// error names.
    pub(crate) fn located(&self, error: anyhow::Error) -> anyhow::Error {
        let source = self.source.as_ref();
        let Some(path) = source.and_then(|source| source.config.as_ref()) else {
            return error;
        };
        // What is not a file is not read a second time.
        let error = match plain_file::read_text(path, LONGEST) {
            Ok(text) => config_error::located(&text, error),
            Err(_) => error,
        };
        error.context(format!("the configuration {}", path.display()))
    }
}
