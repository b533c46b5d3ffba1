//! `[callers]` of the configuration.

use anyhow::ensure;
use http::HeaderName;
use mpass_core::service::Network;
use serde::{Deserialize, Serialize};

use crate::config_value;

/// The most proxies that a header may have passed.
const MOST_HOPS: u8 = 8;

/// The source of the addresses of a listener's callers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct CallersConfig {
    /// What has the address.
    pub source: Source,
    /// The header with the address, for [`Source::Header`].
    pub header: String,
    /// How many proxies add an address to the header, the last of which connects.
    pub hops: u8,
    /// The addresses of the proxies that connect. From others, no address is known.
    #[serde(with = "config_value::networks")]
    pub proxies: Vec<Network>,
}

/// What has the address of a caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The connection.
    #[default]
    Connection,
    /// A header that a proxy sets or adds to.
    Header,
    /// The PROXY protocol, version 1 or 2, with which every connection must begin.
    ProxyProtocol,
}

impl Default for CallersConfig {
    fn default() -> Self {
        Self {
            source: Source::default(),
            header: "X-Forwarded-For".to_owned(),
            hops: 1,
            proxies: Vec::new(),
        }
    }
}

impl CallersConfig {
    /// Checks the settings under a name.
    pub(crate) fn check(&self, setting: &str) -> anyhow::Result<()> {
        ensure!(
            self.header.parse::<HeaderName>().is_ok(),
            "{setting}.header is not the name of a header"
        );
        ensure!(
            (1..=MOST_HOPS).contains(&self.hops),
            "{setting}.hops must be between 1 and {MOST_HOPS}"
        );
        match self.source {
            Source::Connection => ensure!(
                self.proxies.is_empty(),
                "{setting}.proxies has no effect: set {setting}.source"
            ),
            Source::Header | Source::ProxyProtocol => ensure!(
                !self.proxies.is_empty(),
                "{setting}.proxies must name the proxies that connect"
            ),
        }
        Ok(())
    }

    /// As [`Self::check`], for a listener whose callers are identified by their
    /// address, which a header must not decide.
    pub(crate) fn check_identifying(&self, setting: &str) -> anyhow::Result<()> {
        self.check(setting)?;
        ensure!(
            self.source != Source::Header,
            "{setting}.source: the login identifies devices by their address, which no \
             header can prove: use proxy-protocol"
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_refused() {
        let proxies = || vec!["10.0.0.7".parse().unwrap()];
        let of = |source, header: &str, hops, proxies| CallersConfig {
            source,
            header: header.to_owned(),
            hops,
            proxies,
        };
        let error = |config: &CallersConfig| config.check("callers").unwrap_err().to_string();
        CallersConfig::default().check("callers").unwrap();
        of(Source::Header, "Forwarded", 2, proxies())
            .check("callers")
            .unwrap();
        for (config, word) in [
            (of(Source::Header, "", 1, proxies()), "callers.header"),
            (of(Source::Header, "a b", 1, proxies()), "callers.header"),
            (of(Source::Header, "a", 0, proxies()), "callers.hops"),
            (of(Source::Header, "a", 9, proxies()), "callers.hops"),
            (of(Source::Header, "a", 1, Vec::new()), "must name"),
            (of(Source::ProxyProtocol, "a", 1, Vec::new()), "must name"),
            (of(Source::Connection, "a", 1, proxies()), "no effect"),
        ] {
            assert!(error(&config).contains(word), "{config:?}");
        }
        let by_header = of(Source::Header, "a", 1, proxies());
        assert!(by_header.check_identifying("callers").is_err());
        let by_protocol = of(Source::ProxyProtocol, "a", 1, proxies());
        by_protocol.check_identifying("callers").unwrap();
    }
}
