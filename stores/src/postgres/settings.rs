//! The settings of a store in PostgreSQL.

use core::fmt;
use core::str::FromStr as _;
use core::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

use crate::loopback::is_loopback;
use crate::remote::{Admission, SettingsError, check_timeout};

/// The settings of a [`PostgresStore`](super::PostgresStore).
#[derive(Clone)]
pub struct PostgresSettings {
    /// `postgresql://user@host[:port][,host…]/database?sslmode=verify-full`. With TLS,
    /// certificates and names are always verified.
    pub url: String,
    /// The password of the user; that of the URL without it.
    pub password: Option<String>,
    /// The certificates that a server's is signed with, in PEM; those of the system
    /// without them.
    pub tls_ca: Option<Vec<u8>>,
    /// Allows a connection without TLS to other machines.
    pub insecure: bool,
    /// The longest time of an operation, and of connecting. 100 ms to 7 s.
    pub timeout: Duration,
    /// Whether a synchronous standby must have each swap.
    pub acknowledge: bool,
    /// The number of connections, 1 to 64.
    pub connections: u8,
    /// Who admits a node.
    pub admission: Admission,
}

impl PostgresSettings {
    /// The settings of a URL, with the defaults: 2 s, no standby, 4 connections.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            password: None,
            tls_ca: None,
            insecure: false,
            timeout: Duration::from_secs(2),
            acknowledge: false,
            connections: 4,
            admission: Admission::default(),
        }
    }

    pub(super) fn config(&self) -> Result<Config, SettingsError> {
        // Errors of the URL may contain the password.
        // The client has no mode of that name, and verifies always.
        let url = self.url.replace("sslmode=verify-full", "sslmode=require");
        let mut config = Config::from_str(&url).map_err(|_| SettingsError::Url)?;
        check_timeout(self.timeout)?;
        if !(1..=64).contains(&self.connections) {
            return Err(SettingsError::Connections);
        }
        let is_local = |host: &Host| match host {
            Host::Tcp(name) => is_loopback(name),
            Host::Unix(_) => true,
        };
        let names_are_local = config.get_hosts().iter().all(is_local);
        let addresses_are_local = config.get_hostaddrs().iter().all(|one| one.is_loopback());
        let is_local = names_are_local && addresses_are_local;
        if !is_local && !self.insecure && config.get_ssl_mode() != SslMode::Require {
            return Err(SettingsError::Plain);
        }
        if let Some(password) = &self.password {
            config.password(password);
        }
        config
            .target_session_attrs(TargetSessionAttrs::ReadWrite)
            .connect_timeout(self.timeout)
            .tcp_user_timeout(self.timeout)
            .application_name("mpass");
        Ok(config)
    }
}

impl fmt::Debug for PostgresSettings {
    /// Without the URL and the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresSettings")
            .field("timeout", &self.timeout)
            .field("acknowledge", &self.acknowledge)
            .field("connections", &self.connections)
            .finish_non_exhaustive()
    }
}
