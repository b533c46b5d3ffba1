//! The settings of a store in Redis.

use core::fmt;
use core::time::Duration;
use std::io;

use redis::{Client, ConnectionAddr, IntoConnectionInfo as _, TlsCertificates};

use crate::loopback::is_loopback;
use crate::remote::Admission;

/// The settings of a [`RedisStore`](super::RedisStore).
#[derive(Clone)]
pub struct RedisSettings {
    /// `redis://[user@]host[:port][/db]`, `rediss://` with TLS, or `redis+unix://`.
    pub url: String,
    /// The password of the user; that of the URL without it.
    pub password: Option<String>,
    /// What all keys begin with, 1 to 64 bytes.
    pub prefix: String,
    /// The certificates that a server's is signed with, in PEM; those of the system
    /// without them.
    pub tls_ca: Option<Vec<u8>>,
    /// Allows a connection without TLS to other machines.
    pub insecure: bool,
    /// The longest time of an operation, and of connecting. 100 ms to 7 s.
    pub timeout: Duration,
    /// The number of replicas that must acknowledge each swap; 0 for none.
    pub acknowledge: u32,
    /// Whether what cannot be examined, because CONFIG is forbidden, is as it should
    /// be: AOF with `appendfsync always`.
    pub vouched: bool,
    /// Who admits a node.
    pub admission: Admission,
}

impl RedisSettings {
    /// The settings of a URL, with the defaults: prefix `mpass:`, 2 s, no replica.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            password: None,
            prefix: "mpass:".to_owned(),
            tls_ca: None,
            insecure: false,
            timeout: Duration::from_secs(2),
            acknowledge: 0,
            vouched: false,
            admission: Admission::default(),
        }
    }

    pub(super) fn client(&self) -> Result<Client, SettingsError> {
        // Errors of the URL may contain the password.
        let info = self.url.as_str().into_connection_info();
        let info = info.map_err(|_| SettingsError::Url)?;
        if let ConnectionAddr::Tcp(host, _) = info.addr()
            && !self.insecure
            && !is_loopback(host)
        {
            return Err(SettingsError::Plain);
        }
        let mut redis = info.redis_settings().clone();
        if let Some(password) = &self.password {
            redis = redis.set_password(password);
        }
        // Without a password the client would not name the user, and be another one.
        if redis.username().is_some() && redis.password().is_none() {
            return Err(SettingsError::Password);
        }
        let info = info.set_redis_settings(redis);
        let is_tls = matches!(info.addr(), ConnectionAddr::TcpTls { .. });
        let client = match &self.tls_ca {
            Some(root_cert) if is_tls => Client::build_with_tls(
                info,
                TlsCertificates {
                    client_tls: None,
                    root_cert: Some(root_cert.clone()),
                },
            ),
            _ => Client::open(info),
        };
        client.map_err(|_| SettingsError::Certificates)
    }

    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let longest = Duration::from_secs(7);
        if !(Duration::from_millis(100)..=longest).contains(&self.timeout) {
            return Err(SettingsError::Timeout);
        }
        match self.prefix.len() {
            1..=64 => Ok(()),
            _ => Err(SettingsError::Prefix),
        }
    }
}

impl fmt::Debug for RedisSettings {
    /// Without the URL and the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisSettings")
            .field("prefix", &self.prefix)
            .field("timeout", &self.timeout)
            .field("acknowledge", &self.acknowledge)
            .finish_non_exhaustive()
    }
}

/// Why a store cannot be opened with its settings. Contains no value.
#[derive(Debug)]
#[non_exhaustive]
pub enum SettingsError {
    /// The URL is malformed.
    Url,
    /// The URL is of another machine, and without TLS.
    Plain,
    /// There is a user and no password.
    Password,
    /// The certificates cannot be read.
    Certificates,
    /// The time-out is out of range.
    Timeout,
    /// The prefix is empty or too long.
    Prefix,
    /// The store's thread cannot be started.
    Thread(io::Error),
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Url => "the URL is malformed",
            Self::Plain => {
                "the URL is of another machine and without TLS: use rediss://, or set insecure"
            }
            Self::Password => "the URL has a user, and there is no password",
            Self::Certificates => "the certificates cannot be read",
            Self::Timeout => "the time-out is not between 100ms and 7s",
            Self::Prefix => "the prefix is not 1 to 64 bytes long",
            Self::Thread(_) => "the store's thread cannot be started",
        })
    }
}

impl core::error::Error for SettingsError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Thread(error) => Some(error),
            _ => None,
        }
    }
}
