//! The settings of a store in Redis.

use core::fmt;
use core::time::Duration;

use crate::remote::{Admission, SettingsError, check_timeout};

/// The settings of a [`RedisStore`](super::RedisStore).
#[derive(Clone)]
pub struct RedisSettings {
    /// `redis://[user@]host[:port][/db]`, `rediss://` with TLS, or `redis+unix://`.
    /// `redis-sentinel://[user@]host[:port][,host[:port]…]/name[/db]` asks Sentinels for
    /// the primary that they know by a name, and `redis-cluster://` and several hosts
    /// is a cluster; with TLS `rediss-sentinel://` and `rediss-cluster://`.
    pub url: String,
    /// The password of the user; that of the URL without it.
    pub password: Option<String>,
    /// The user of the Sentinels, which have no user without it.
    pub sentinel_user: Option<String>,
    /// The password of the Sentinels.
    pub sentinel_password: Option<String>,
    /// What all keys begin with, 1 to 64 bytes.
    pub prefix: String,
    /// The certificates that a server's is signed with, in PEM; those of the system
    /// without them.
    pub tls_ca: Option<Vec<u8>>,
    /// Allows a connection without TLS to other machines.
    pub insecure: bool,
    /// The longest time of an operation, and of connecting. 100 ms to 7 s.
    pub timeout: Duration,
    /// The number of replicas that must acknowledge each swap; 0 for none. In a
    /// cluster, that of each master.
    pub acknowledge: u32,
    /// Whether what cannot be examined, because CONFIG is forbidden, is as it should
    /// be: AOF with `appendfsync always`, and `min-replicas-to-write` where it matters.
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
            sentinel_user: None,
            sentinel_password: None,
            prefix: "mpass:".to_owned(),
            tls_ca: None,
            insecure: false,
            timeout: Duration::from_secs(2),
            acknowledge: 0,
            vouched: false,
            admission: Admission::default(),
        }
    }

    pub(super) fn check(&self) -> Result<(), SettingsError> {
        check_timeout(self.timeout)?;
        match self.prefix.len() {
            1..=64 => Ok(()),
            _ => Err(SettingsError::Prefix),
        }
    }
}

impl fmt::Debug for RedisSettings {
    /// Without the URL and the passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisSettings")
            .field("prefix", &self.prefix)
            .field("timeout", &self.timeout)
            .field("acknowledge", &self.acknowledge)
            .finish_non_exhaustive()
    }
}
