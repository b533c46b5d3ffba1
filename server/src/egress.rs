//! Where a server connects to for gateways that were defined while it runs.
//!
//! Whoever administers gateways must not reach through them what only the server
//! reaches: services on loopback, in private networks, or of the server itself.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::net::UdpSocket;

use mpass_core::service::Network;
use serde::de::Unexpected;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::{Host, Url};

/// Exceptions from what is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct EgressConfig {
    /// Networks and host names that gateways may also be in.
    pub allow: Vec<Allowed>,
}

/// A network, or the name of a host with all of its addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// An address or a network.
    Network(Network),
    /// A host name, in lower case.
    Host(String),
}

impl Serialize for Allowed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Network(network) => serializer.collect_str(network),
            Self::Host(host) => serializer.serialize_str(host),
        }
    }
}

impl<'de> Deserialize<'de> for Allowed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if let Ok(network) = text.parse() {
            return Ok(Self::Network(network));
        }
        let looks_like_a_network = text.contains('/') || text.contains(':');
        match Host::parse(&text) {
            Ok(Host::Domain(host)) if !looks_like_a_network => Ok(Self::Host(host)),
            _ => Err(serde::de::Error::invalid_value(
                Unexpected::Other("text"),
                &"a network such as 10.0.0.0/8 or a host name",
            )),
        }
    }
}

/// What may be connected to for one URL.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    allow: Vec<Network>,
    is_host_allowed: bool,
    /// Whether only what is allowed explicitly is admitted: over plain HTTP, messages
    /// are readable on the way.
    only_allowed: bool,
}

impl EgressConfig {
    /// The guard of the connections to a URL.
    ///
    /// # Errors
    /// An error without the URL, if it names an address that is refused.
    pub(crate) fn guard(&self, url: &Url) -> anyhow::Result<Guard> {
        let host = url.host();
        let is_this = |allowed: &Allowed| match (allowed, &host) {
            (Allowed::Host(allowed), Some(Host::Domain(host))) => {
                allowed.trim_end_matches('.') == host.trim_end_matches('.')
            }
            _ => false,
        };
        let networks = self.allow.iter().filter_map(|allowed| match allowed {
            Allowed::Network(network) => Some(*network),
            Allowed::Host(_) => None,
        });
        let guard = Guard {
            allow: networks.collect(),
            is_host_allowed: self.allow.iter().any(is_this),
            only_allowed: url.scheme() != "https",
        };
        let address = match host {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            _ => None,
        };
        anyhow::ensure!(address.is_none_or(|address| guard.admits(address)), REFUSED);
        Ok(guard)
    }
}

/// Why nothing is connected to.
pub(crate) const REFUSED: &str = "the address is not allowed: see [egress]";

impl Guard {
    /// Whether an address may be connected to.
    pub(crate) fn admits(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let is_allowed =
            self.is_host_allowed || self.allow.iter().any(|network| network.contains(address));
        is_allowed || !self.only_allowed && is_public(address) && !is_own(address)
    }
}

/// Whether an address is one of this machine.
fn is_own(address: IpAddr) -> bool {
    // Only those can be bound.
    UdpSocket::bind((address, 0)).is_ok()
}

/// Whether an address is of the public Internet, by the registries of special-purpose
/// addresses of IANA (RFC 6890). One that contains an IPv4 address is judged by that.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    !is_special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        // NAT64 (RFC 6052) and 6to4 (RFC 3056).
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => v4(high, low),
        // Protocol assignments with Teredo and ORCHID, and documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // Global unicast is 2000::/3.
        [0x2000..=0x3fff, ..] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(allow: &str, url: &str) -> anyhow::Result<Guard> {
        let config: EgressConfig = toml::from_str(&format!("allow = [{allow}]")).unwrap();
        config.guard(&Url::parse(url).unwrap())
    }

    /// Ways to write an address that only the server reaches.
    #[test]
    fn addresses_of_inside_are_refused() {
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.1",
            "0177.0.0.1",
            "0",
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "192.0.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "[::]",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:10.0.0.1]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b:1::1]",
            "[2002:7f00:1::]",
            "[2002:a00:1::1]",
            "[2001::1]",
            "[2001:db8::1]",
            "[fc00::1]",
            "[fd12:3456::1]",
            "[fe80::1]",
            "[fec0::1]",
            "[ff02::1]",
            // Letters that the URL standard maps to digits and dots.
            "１２７.０.０.１",
            "127。0。0。1",
        ] {
            assert!(guard("", &format!("https://{host}/")).is_err(), "{host}");
        }
        for host in [
            "1.1.1.1",
            "172.32.0.1",
            "192.0.1.1",
            "100.128.0.1",
            "[2606:4700::1111]",
            "[64:ff9b::101:101]",
            "[2002:101:101::]",
            "sms.example",
            "localhost",
        ] {
            assert!(guard("", &format!("https://{host}/")).is_ok(), "{host}");
        }
    }

    /// A name is judged by what it resolves to.
    #[test]
    fn a_name_does_not_allow_its_addresses() {
        let [v4, v6] = ["127.0.0.1", "::1"].map(|text| text.parse().unwrap());
        let mapped = "::ffff:10.0.0.1".parse().unwrap();
        let public = "1.1.1.1".parse().unwrap();
        let named = guard("", "https://localhost/").unwrap();
        assert!(!named.admits(v4) && !named.admits(v6) && !named.admits(mapped));
        assert!(named.admits(public));
        let named = guard("\"LOCALHOST\"", "https://localhost./").unwrap();
        assert!(named.admits(v4) && named.admits(v6));
        let other = guard("\"localhost\"", "https://localhost.example/").unwrap();
        assert!(!other.admits(v4));
        let network = guard("\"10.0.0.0/8\", \"::1\"", "https://sms.example/").unwrap();
        assert!(network.admits(mapped) && network.admits(v6) && !network.admits(v4));
    }

    #[test]
    fn plain_http_goes_to_allowed_addresses_only() {
        assert!(guard("", "http://1.1.1.1/").is_err());
        assert!(guard("\"1.1.1.0/24\"", "http://1.1.1.1/").is_ok());
        let named = guard("", "http://sms.example/").unwrap();
        assert!(!named.admits("1.1.1.1".parse().unwrap()));
    }

    #[test]
    fn exceptions_are_networks_or_names() {
        for text in ["\"10.0.0.0/40\"", "\"a b\"", "\"http://a\"", "\"\"", "1"] {
            let config = toml::from_str::<EgressConfig>(&format!("allow = [{text}]"));
            assert!(config.is_err(), "{text}");
        }
        let text = "allow = [\"10.0.0.0/8\", \"sms.example\"]";
        let config: EgressConfig = toml::from_str(text).unwrap();
        let json = serde_json::to_value(&config).unwrap();
        assert_eq!(
            json["allow"],
            serde_json::json!(["10.0.0.0/8", "sms.example"])
        );
    }
}
