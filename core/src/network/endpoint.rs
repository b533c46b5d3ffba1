//! The key of the network table: what a network assigns to one subscriber.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::str::FromStr;

use minicbor::{Decode, Encode};

use crate::Error;

/// What a network assigns to one subscriber: an IPv4 address, or an IPv6 /64
/// (3GPP TS 23.060 section 9.2.1.1). An IPv4-mapped IPv6 address counts as its
/// IPv4 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Endpoint {
    /// An IPv4 address.
    #[n(0)]
    V4(#[n(0)] Ipv4Addr),
    /// The first 64 bits of an IPv6 address.
    #[n(1)]
    V6(#[cbor(n(0), with = "minicbor::bytes")] [u8; 8]),
}

impl From<Ipv4Addr> for Endpoint {
    fn from(address: Ipv4Addr) -> Self {
        Self::V4(address)
    }
}

impl From<Ipv6Addr> for Endpoint {
    fn from(address: Ipv6Addr) -> Self {
        match address.to_ipv4_mapped() {
            Some(address) => Self::V4(address),
            None => {
                let [network @ .., _, _, _, _, _, _, _, _] = address.octets();
                Self::V6(network)
            }
        }
    }
}

impl From<IpAddr> for Endpoint {
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => address.into(),
        }
    }
}

/// An address, or an IPv6 prefix of exactly 64 bits as `2001:db8:1:2::/64`.
///
/// # Errors
/// [`Error::InvalidAddress`] for anything else.
impl FromStr for Endpoint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let Some(prefix) = text.strip_suffix("/64") else {
            let address: IpAddr = text.parse().map_err(|_| Error::InvalidAddress)?;
            return Ok(address.into());
        };
        let prefix: Ipv6Addr = prefix.parse().map_err(|_| Error::InvalidAddress)?;
        let [.., 0, 0, 0, 0, 0, 0, 0, 0] = prefix.octets() else {
            return Err(Error::InvalidAddress);
        };
        Ok(prefix.into())
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(address) => address.fmt(f),
            Self::V6(network) => {
                let mut octets = [0; 16];
                octets[..8].copy_from_slice(network);
                write!(f, "{}/64", Ipv6Addr::from(octets))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString as _;

    use super::*;

    #[test]
    fn endpoints_of_addresses() {
        for (text, endpoint) in [
            ("10.0.0.1", "10.0.0.1"),
            ("::ffff:10.0.0.1", "10.0.0.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::/64", "2001:db8:1:2::/64"),
        ] {
            assert_eq!(text.parse::<Endpoint>().unwrap().to_string(), endpoint);
        }
        for text in [
            "",
            "10.0.0.1/64",
            "10.0.0.0/24",
            "2001:db8::/56",
            "2001:db8::/65",
            "2001:db8::1/64",
            "host",
        ] {
            assert_eq!(
                text.parse::<Endpoint>(),
                Err(Error::InvalidAddress),
                "{text}"
            );
        }
    }
}
