//! Networks that a tenant may call from.

use core::fmt;
use core::net::IpAddr;
use core::str::FromStr;

use ipnet::IpNet;

use crate::Error;

/// An IPv4 or IPv6 network in CIDR notation. An address without a prefix length
/// is the network of that single address. IPv4-mapped IPv6 addresses are
/// treated as IPv4 addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    /// Whether the network contains an address.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }

    /// Whether the two networks have an address in common.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.0.contains(&other.0) || other.0.contains(&self.0)
    }
}

/// Whether a list of networks contains an address; an empty list contains every
/// address.
pub(super) fn allow(networks: &[Network], address: IpAddr) -> bool {
    networks.is_empty() || networks.iter().any(|network| network.contains(address))
}

/// The bits before the IPv4 address in an IPv4-mapped address (RFC 4291 section
/// 2.5.5.2).
const MAPPED_BITS: u8 = 96;

/// # Errors
/// [`Error::InvalidAddress`] for a text that is neither an address nor a network.
impl FromStr for Network {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let net = match text.parse::<IpNet>() {
            Ok(net) => net,
            Err(_) => IpNet::from(text.parse::<IpAddr>().map_err(|_| Error::InvalidAddress)?),
        };
        let canonical = match (net.addr().to_canonical(), net.addr()) {
            (address @ IpAddr::V4(_), IpAddr::V6(_)) => {
                let prefix = net.prefix_len().checked_sub(MAPPED_BITS);
                IpNet::new(address, prefix.ok_or(Error::InvalidAddress)?)
                    .map_err(|_| Error::InvalidAddress)?
            }
            _ => net,
        };
        Ok(Self(canonical.trunc()))
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn membership() {
        for (network, inside, outside) in [
            ("10.1.0.0/16", "10.1.255.9", "10.2.0.1"),
            ("10.1.2.3", "10.1.2.3", "10.1.2.4"),
            ("127.0.0.0/8", "::ffff:127.0.0.1", "::1"),
            ("::ffff:10.0.0.0/104", "10.9.9.9", "11.0.0.0"),
            ("::ffff:10.0.0.1", "10.0.0.1", "10.0.0.2"),
            ("2001:db8::/32", "2001:db8:9::1", "2001:db9::1"),
            ("::/0", "fe80::1", "10.0.0.1"),
            ("10.1.2.3/8", "10.200.0.1", "9.0.0.1"),
        ] {
            let network: Network = network.parse().unwrap();
            assert!(network.contains(inside.parse().unwrap()), "{network}");
            assert!(!network.contains(outside.parse().unwrap()), "{network}");
        }
    }

    #[test]
    fn overlaps() {
        for (one, other, overlap) in [
            ("10.0.0.0/8", "10.1.0.0/16", true),
            ("10.1.2.3", "::ffff:10.1.2.3", true),
            ("10.1.0.0/16", "10.2.0.0/16", false),
            ("0.0.0.0/0", "::/0", false),
        ] {
            let [one, other] = [one, other].map(|text| text.parse::<Network>().unwrap());
            assert_eq!(one.overlaps(&other), overlap, "{one} {other}");
            assert_eq!(other.overlaps(&one), overlap, "{other} {one}");
        }
    }

    #[test]
    fn malformed_networks() {
        for text in [
            "",
            "10.0.0.0/33",
            "host",
            "::/129",
            "::ffff:0:0/8",
            "10.0.0",
        ] {
            assert_eq!(
                text.parse::<Network>(),
                Err(Error::InvalidAddress),
                "{text}"
            );
        }
    }
}
