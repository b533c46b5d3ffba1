//! Values of the configuration that serde cannot read and write by itself.

use core::fmt;
use core::marker::PhantomData;

use mpass_core::service::Network;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Unexpected, Visitor};

/// A table, or an array of tables.
pub(crate) fn one_or_more<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    struct OneOrMore<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrMore<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a table or an array of tables")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<T>, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map)).map(|one| vec![one])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Vec<T>, A::Error> {
            Vec::deserialize(SeqAccessDeserializer::new(seq))
        }
    }
    deserializer.deserialize_any(OneOrMore(PhantomData))
}

/// A list of addresses and networks.
pub(crate) mod networks {
    use mpass_core::service::Network;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Network>, D::Error> {
        Vec::<String>::deserialize(deserializer)?
            .iter()
            .map(|text| super::parse_network(text))
            .collect()
    }

    pub(crate) fn serialize<S: Serializer>(
        networks: &[Network],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(networks.iter().map(ToString::to_string))
    }
}

/// An address or a network.
pub(crate) mod network {
    use mpass_core::service::Network;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Network, D::Error> {
        super::parse_network(&String::deserialize(deserializer)?)
    }

    pub(crate) fn serialize<S: Serializer>(
        network: &Network,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(network)
    }
}

fn parse_network<E: serde::de::Error>(text: &str) -> Result<Network, E> {
    text.parse().map_err(|_| {
        E::invalid_value(
            Unexpected::Other("text"),
            &"an address or a network such as 10.0.0.0/8",
        )
    })
}
