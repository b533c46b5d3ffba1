//! The text of an address.

use core::net::{IpAddr, SocketAddr};

/// An address, with or without a port; of IPv6 with or without brackets.
pub(super) fn address(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let address = match (text.parse::<IpAddr>(), bare) {
        (Ok(address), _) => Some(address),
        (_, Some(bare)) => bare.parse().ok().map(IpAddr::V6),
        _ => text
            .parse::<SocketAddr>()
            .ok()
            .map(|with_port| with_port.ip()),
    };
    address.map(|address| address.to_canonical())
}
