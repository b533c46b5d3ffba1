//! The URL of a store, and the clients of the servers that it leads to.

use core::fmt;

use redis::{
    Client, ConnectionAddr, IntoConnectionInfo as _, RedisConnectionInfo, TlsCertificates,
};

use super::settings::RedisSettings;
use crate::loopback::is_loopback;
use crate::remote::SettingsError;

/// The port of a Sentinel.
const SENTINEL_PORT: u16 = 26379;
/// The port of a server.
const PORT: u16 = 6379;

/// Where a server is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Address {
    pub(super) host: String,
    pub(super) port: u16,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

/// What a URL leads to.
pub(super) enum Target {
    /// One server.
    One(ConnectionAddr),
    /// The primary that Sentinels know by a name.
    Sentinels(String, Vec<Address>),
    /// A cluster, by some of its servers.
    Cluster(Vec<Address>),
}

/// How servers are reached: user, password, database and TLS.
#[derive(Clone)]
pub(super) struct Access {
    info: RedisConnectionInfo,
    is_tls: bool,
    ca: Option<Vec<u8>>,
    insecure: bool,
}

impl Access {
    /// A client of a server.
    pub(super) fn client(&self, address: &Address) -> Result<Client, SettingsError> {
        let Address { host, port } = address.clone();
        self.client_at(match self.is_tls {
            true => ConnectionAddr::TcpTls {
                host,
                port,
                insecure: false,
                tls_params: None,
            },
            false => ConnectionAddr::Tcp(host, port),
        })
    }

    pub(super) fn client_at(&self, address: ConnectionAddr) -> Result<Client, SettingsError> {
        let is_open = match &address {
            ConnectionAddr::Tcp(host, _) => !is_loopback(host),
            // Without verification.
            ConnectionAddr::TcpTls { insecure, .. } => *insecure,
            _ => false,
        };
        if is_open && !self.insecure {
            return Err(SettingsError::Plain);
        }
        let is_tls = matches!(address, ConnectionAddr::TcpTls { .. });
        let info = address.into_connection_info();
        let info = info.map_err(|_| SettingsError::Url)?;
        let info = info.set_redis_settings(self.info.clone());
        let client = match &self.ca {
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

    /// The same for Sentinels, which have users of their own.
    pub(super) fn of_sentinels(&self, settings: &RedisSettings) -> Self {
        let mut info = RedisConnectionInfo::default();
        if let Some(user) = &settings.sentinel_user {
            info = info.set_username(user);
        }
        if let Some(password) = &settings.sentinel_password {
            info = info.set_password(password);
        }
        Self {
            info,
            ..self.clone()
        }
    }
}

/// What the URL of the settings leads to, and how.
pub(super) fn read(settings: &RedisSettings) -> Result<(Target, Access), SettingsError> {
    // Errors of the URL may contain the password.
    let malformed = || SettingsError::Url;
    let (scheme, rest) = settings.url.split_once("://").ok_or_else(malformed)?;
    let (plain, kind) = scheme.split_once('-').unwrap_or((scheme, ""));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (user, hosts) = match authority.rsplit_once('@') {
        Some((_, hosts)) => (&authority[..=authority.len() - hosts.len() - 1], hosts),
        None => ("", authority),
    };
    let (name, database) = match kind {
        "sentinel" => path.split_once('/').unwrap_or((path, "")),
        _ => ("", path),
    };
    // One server of it, in the form that the client reads.
    let one = match kind {
        "" => settings.url.clone(),
        _ => format!("{plain}://{user}localhost/{database}"),
    };
    let info = one.as_str().into_connection_info();
    let info = info.map_err(|_| malformed())?;
    let mut login = info.redis_settings().clone();
    if let Some(password) = &settings.password {
        login = login.set_password(password);
    }
    // Without a password the client would not name the user, and be another one.
    let lacks_password = login.username().is_some() && login.password().is_none();
    if lacks_password || settings.sentinel_user.is_some() && settings.sentinel_password.is_none() {
        return Err(SettingsError::Password);
    }
    let access = Access {
        info: login,
        is_tls: matches!(info.addr(), ConnectionAddr::TcpTls { .. }),
        ca: settings.tls_ca.clone(),
        insecure: settings.insecure,
    };
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let target = match (kind, plain) {
        ("", _) => Target::One(info.addr().clone()),
        ("sentinel", "redis" | "rediss") if !name.is_empty() && name.bytes().all(is_of_name) => {
            Target::Sentinels(name.to_owned(), addresses(hosts, SENTINEL_PORT)?)
        }
        // A cluster has one database.
        ("cluster", "redis" | "rediss") if path.is_empty() => {
            Target::Cluster(addresses(hosts, PORT)?)
        }
        _ => return Err(malformed()),
    };
    match &target {
        Target::One(address) => access.client_at(address.clone()).map(drop)?,
        Target::Sentinels(_, hosts) | Target::Cluster(hosts) => {
            hosts
                .iter()
                .try_for_each(|host| access.client(host).map(drop))?;
        }
    }
    Ok((target, access))
}

fn addresses(hosts: &str, port: u16) -> Result<Vec<Address>, SettingsError> {
    let address = |text: &str| address(text, Some(port)).ok_or(SettingsError::Url);
    hosts.split(',').map(address).collect()
}

/// Reads `host:port`, with brackets about the host or without them, as servers write
/// it. `None` without a host, or without a port where no other is given.
pub(super) fn address(text: &str, port: Option<u16>) -> Option<Address> {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, digits)) if !digits.contains(']') => (host, digits.parse().ok()?),
        _ => (text, port?),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_odd = |byte: u8| !byte.is_ascii_graphic() || b"/?#@,".contains(&byte);
    (!host.is_empty() && !host.bytes().any(is_odd)).then(|| Address {
        host: host.to_owned(),
        port,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str) -> Result<(Target, Access), SettingsError> {
        read(&RedisSettings::new(url))
    }

    fn texts(addresses: &[Address]) -> Vec<String> {
        addresses.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn urls_of_sentinels_and_clusters() {
        let (target, access) =
            of("rediss-sentinel://mp%61ss:p%40ss@s1,[2001:db8::1],s3:26380/the.primary-1/2")
                .unwrap();
        let Target::Sentinels(name, hosts) = target else {
            panic!("another kind");
        };
        assert_eq!(name, "the.primary-1");
        assert_eq!(
            texts(&hosts),
            ["s1:26379", "[2001:db8::1]:26379", "s3:26380"]
        );
        assert_eq!(access.info.username(), Some("mpass"));
        assert_eq!(access.info.password(), Some("p@ss"));
        assert_eq!(access.info.db(), 2);
        assert!(access.is_tls);
        let (target, access) = of("redis-cluster://127.0.0.1:7000,localhost").unwrap();
        let Target::Cluster(hosts) = target else {
            panic!("another kind");
        };
        assert_eq!(texts(&hosts), ["127.0.0.1:7000", "localhost:6379"]);
        assert!(!access.is_tls);
    }

    #[test]
    fn urls_that_are_refused() {
        for url in [
            "redis-sentinel://127.0.0.1",
            "redis-sentinel://127.0.0.1/",
            "redis-sentinel://127.0.0.1/a b",
            "redis-sentinel://127.0.0.1/name/x",
            "redis-sentinel:///name",
            "redis-cluster://127.0.0.1/1",
            "redis-cluster://127.0.0.1,,127.0.0.2/",
            "redis-cluster://127.0.0.1:x/",
            "redis-ring://127.0.0.1/",
            "http-cluster://127.0.0.1/",
            "127.0.0.1:6379",
        ] {
            assert!(matches!(of(url), Err(SettingsError::Url)), "{url}");
        }
        for url in [
            "redis://db/",
            "rediss://db/#insecure",
            "redis-sentinel://127.0.0.1,s2/name",
            "redis-cluster://127.0.0.1,c2/",
        ] {
            assert!(matches!(of(url), Err(SettingsError::Plain)), "{url}");
            let settings = RedisSettings {
                insecure: true,
                ..RedisSettings::new(url)
            };
            assert!(read(&settings).is_ok(), "{url}");
        }
    }

    #[test]
    fn addresses_that_servers_write() {
        let of = |text| address(text, None).map(|address| address.to_string());
        assert_eq!(of("10.0.0.1:6379").as_deref(), Some("10.0.0.1:6379"));
        assert_eq!(
            of("2001:db8::1:6379").as_deref(),
            Some("[2001:db8::1]:6379")
        );
        assert_eq!(of(":6379"), None);
        assert_eq!(of("host"), None);
    }
}
