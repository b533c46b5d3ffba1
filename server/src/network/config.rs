//! The configuration of the network table.

use core::net::SocketAddr;
use core::time::Duration;
use std::path::PathBuf;

use anyhow::{Context, anyhow, ensure};
use mpass_core::service::Network;
use serde::{Deserialize, Serialize};

use super::table::TableLimits;
use crate::config_value::network;
use crate::secret::SecretSource;

/// The longest interim interval. An entry for an address that has been
/// reassigned lives at most twice as long.
const LONGEST_INTERVAL: Duration = Duration::from_secs(6 * 3600);
/// The shortest interim interval (RFC 2869 section 5.16).
const SHORTEST_INTERVAL: Duration = Duration::from_secs(60);
/// The maximum length of a realm.
const LONGEST_REALM: usize = 64;

/// The sources of the network table. Without any of them the table stays empty.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct NetworkConfig {
    /// The address to receive RADIUS accounting on (UDP); disabled without it.
    pub listen: Option<SocketAddr>,
    /// A file of static addresses and numbers, for tests and demonstrations.
    pub table: Option<PathBuf>,
    /// The maximum number of entries, 1 to 10,000,000. A full table refuses new
    /// sessions and keeps those that it has.
    pub entries: usize,
    /// The maximum difference between an Event-Timestamp and the server's
    /// clock, in both directions: from 1 s up to the shortest interim interval.
    #[serde(with = "humantime_serde")]
    pub freshness: Duration,
    /// The senders of accounting.
    pub nas: Vec<NasConfig>,
}

impl Default for NetworkConfig {
    fn default() -> Self {
        Self {
            listen: None,
            table: None,
            entries: 100_000,
            freshness: Duration::from_secs(300),
            nas: Vec::new(),
        }
    }
}

/// A NAS (the gateway of a network), or several that share a secret.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NasConfig {
    /// The source address of its packets, or a network of several. NASes behind
    /// a proxy are told apart by NAS-Identifier, NAS-IP-Address and
    /// NAS-IPv6-Address.
    #[serde(with = "network")]
    pub address: Network,
    /// The realm of the addresses that it assigns: up to 64 letters, digits,
    /// `-`, `_` and `.`. Networks that assign the same addresses to different
    /// subscribers need different realms.
    #[serde(default)]
    pub realm: String,
    /// The location of the shared secret.
    pub secret: SecretSource,
    /// How often it sends Interim-Updates, 1 m to 6 h. A session expires after
    /// two intervals without an update.
    #[serde(default = "default_interval", with = "humantime_serde")]
    pub interim_interval: Duration,
    /// Whether each packet must have a Message-Authenticator.
    #[serde(default)]
    pub message_authenticator: MessageAuthenticator,
    /// Whether to accept sessions without Event-Timestamp. They expire after
    /// one interval without an update, and a session that has ended never
    /// begins again under its Acct-Session-Id.
    #[serde(default)]
    pub accept_undated: bool,
}

/// Which packets must have a Message-Authenticator (RFC 3579 section 3.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MessageAuthenticator {
    /// All.
    #[default]
    Required,
    /// Those of a source that has sent one before.
    OnceSent,
}

const fn default_interval() -> Duration {
    Duration::from_secs(600)
}

/// Refuses a malformed realm.
pub(crate) fn check_realm(text: &str) -> anyhow::Result<()> {
    ensure!(
        is_realm(text),
        "malformed realm: expected up to {LONGEST_REALM} letters, digits, `-`, `_` and `.`"
    );
    Ok(())
}

/// Whether a text is a valid realm.
pub(super) fn is_realm(text: &str) -> bool {
    let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    text.len() <= LONGEST_REALM && text.bytes().all(is_fit)
}

impl NetworkConfig {
    /// Checks everything that needs no network, file or environment.
    pub(crate) fn checks(&self) -> Vec<anyhow::Result<()>> {
        let first = [self.check_sources(), self.check_entries()];
        let each = (0..self.nas.len()).flat_map(|index| self.check_nas(index));
        let all = first.into_iter().chain(each);
        all.chain([self.check_freshness()]).collect()
    }

    fn check_sources(&self) -> anyhow::Result<()> {
        ensure!(
            self.listen.is_some() != self.nas.is_empty(),
            "network.listen and network.nas require each other"
        );
        Ok(())
    }

    fn check_entries(&self) -> anyhow::Result<()> {
        ensure!(
            (1..=10_000_000).contains(&self.entries),
            "network.entries must be between 1 and 10000000"
        );
        Ok(())
    }

    fn check_nas(&self, index: usize) -> Vec<anyhow::Result<()>> {
        let (others, rest) = self.nas.split_at(index);
        let Some(nas) = rest.first() else {
            return Vec::new();
        };
        let address = nas.address;
        let realm = check_realm(&nas.realm).with_context(|| format!("network.nas {address}"));
        let interval = (SHORTEST_INTERVAL..=LONGEST_INTERVAL).contains(&nas.interim_interval);
        let interval = match interval {
            true => Ok(()),
            false => Err(anyhow!(
                "network.nas {address}: interim_interval must be between 1m and 6h"
            )),
        };
        let other = others.iter().find(|other| address.overlaps(&other.address));
        let apart = other.map_or(Ok(()), |other| {
            let other = other.address;
            Err(anyhow!("network.nas {address} overlaps with {other}"))
        });
        vec![realm, interval, apart]
    }

    fn check_freshness(&self) -> anyhow::Result<()> {
        let intervals = self.nas.iter().map(|nas| nas.interim_interval);
        let most = intervals.min().unwrap_or(LONGEST_INTERVAL);
        // Otherwise a late packet of a session could still be fresh after its
        // end has been forgotten.
        ensure!(
            (Duration::from_secs(1)..=most).contains(&self.freshness),
            "network.freshness must be between 1s and the shortest interim_interval, {}",
            humantime::format_duration(most)
        );
        Ok(())
    }

    /// The limits of the table.
    #[must_use]
    pub fn limits(&self) -> TableLimits {
        TableLimits {
            entries: self.entries,
            freshness: self.freshness,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Result<(), String> {
        let config: NetworkConfig = toml::from_str(text).map_err(|error| error.to_string())?;
        let checked: anyhow::Result<()> = config.checks().into_iter().collect();
        checked.map_err(|error| format!("{error:#}"))
    }

    const LISTEN: &str = "listen = \"127.0.0.1:1813\"\n";

    fn nas(address: &str, more: &str) -> String {
        format!("[[nas]]\naddress = \"{address}\"\nsecret = {{ env = \"S\" }}\n{more}\n")
    }

    #[test]
    fn valid_configurations() {
        for text in [
            String::new(),
            "table = \"numbers.csv\"".to_owned(),
            [LISTEN, &nas("10.0.0.1", "")].concat(),
            [
                LISTEN,
                &nas("10.0.0.0/8", ""),
                &nas("11.0.0.0/8", "realm = \"a\""),
            ]
            .concat(),
        ] {
            assert_eq!(checked(&text), Ok(()), "{text}");
        }
    }

    #[test]
    fn defaults_of_a_nas() {
        let text = [LISTEN, &nas("10.0.0.1", "")].concat();
        let config: NetworkConfig = toml::from_str(&text).unwrap();
        let nas = &config.nas[0];
        assert_eq!(nas.message_authenticator, MessageAuthenticator::Required);
        assert!(!nas.accept_undated);
        let other = "message_authenticator = \"once-sent\"\naccept_undated = true";
        let text = [LISTEN, &self::nas("10.0.0.1", other)].concat();
        let config: NetworkConfig = toml::from_str(&text).unwrap();
        let nas = &config.nas[0];
        assert_eq!(nas.message_authenticator, MessageAuthenticator::OnceSent);
        assert!(nas.accept_undated);
    }

    #[test]
    fn mistakes_are_named() {
        for (text, word) in [
            (LISTEN.to_owned(), "network.nas"),
            (nas("10.0.0.1", ""), "network.listen"),
            (
                format!("{LISTEN}entries = 0\n{}", nas("10.0.0.1", "")),
                "entries",
            ),
            ([LISTEN, &nas("10.0.0.300", "")].concat(), "10.0.0.300"),
            (
                [LISTEN, &nas("10.0.0.1", "realm = \"a b\"")].concat(),
                "realm",
            ),
            (
                [LISTEN, &nas("10.0.0.1", "interim_interval = \"30s\"")].concat(),
                "interim_interval",
            ),
            (
                [LISTEN, &nas("10.0.0.1", "interim_interval = \"7h\"")].concat(),
                "interim_interval",
            ),
            (
                [LISTEN, &nas("10.0.0.1", "interim_interval = \"1m\"")].concat(),
                "freshness",
            ),
            (
                format!("{LISTEN}freshness = \"11m\"\n{}", nas("10.0.0.1", "")),
                "freshness",
            ),
            (
                [LISTEN, &nas("10.0.0.1", ""), &nas("10.0.0.0/8", "")].concat(),
                "overlaps",
            ),
            (
                [LISTEN, &nas("10.0.0.1", "secret_ = 1")].concat(),
                "secret_",
            ),
            (
                [LISTEN, &nas("10.0.0.1", "message_authenticator = \"no\"")].concat(),
                "once-sent",
            ),
        ] {
            let error = checked(&text).unwrap_err();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
