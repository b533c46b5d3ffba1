//! Values of the configuration that serde cannot read by itself.

use mpass_core::service::Network;
use serde::de::Unexpected;
use serde::{Deserialize, Deserializer};

/// Reads a list of addresses and networks.
pub(crate) fn networks<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Network>, D::Error> {
    Vec::<String>::deserialize(deserializer)?
        .iter()
        .map(|text| parse_network(text))
        .collect()
}

/// Reads an address or a network.
pub(crate) fn network<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Network, D::Error> {
    parse_network(&String::deserialize(deserializer)?)
}

fn parse_network<E: serde::de::Error>(text: &str) -> Result<Network, E> {
    text.parse().map_err(|_| {
        E::invalid_value(
            Unexpected::Other("text"),
            &"an address or a network such as 10.0.0.0/8",
        )
    })
}
