//! The gateways of a store as a server uses them.

use std::sync::Arc;

use mpass_core::store::Stamp;

use super::any::Gateway;
use super::definitions::{DefinitionError, Definitions, Listed};
use super::http::HttpGateway;
use crate::egress::EgressConfig;

/// The gateways of a store as a server uses them, in their order. Those that have not
/// changed keep their connections and their health.
#[derive(Debug, Default)]
pub struct Defined {
    entries: Vec<Entry>,
    egress: EgressConfig,
}

#[derive(Clone, Debug)]
struct Entry {
    name: String,
    /// The state that it was made of; `None` if that could not be read.
    stamp: Option<Stamp>,
    /// The gateway, or why it cannot be used.
    gateway: Result<Arc<Gateway>, String>,
}

impl Defined {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The gateways that can be used.
    pub fn gateways(&self) -> impl Iterator<Item = &Arc<Gateway>> {
        let gateways = self.entries.iter();
        gateways.filter_map(|entry| entry.gateway.as_ref().ok())
    }

    /// The gateways that cannot be used, and why.
    pub fn unusable(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().filter_map(|entry| {
            let reason = entry.gateway.as_ref().err()?;
            Some((entry.name.as_str(), reason.as_str()))
        })
    }

    /// What the store has now; `None` if that is the same.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn followed(
        &self,
        definitions: Definitions<'_>,
        egress: &EgressConfig,
    ) -> Result<Option<Self>, DefinitionError> {
        let (listed, _) = definitions.list().await?;
        let is_same_egress = self.egress == *egress;
        let old = |name: &str| self.entries.iter().find(|entry| entry.name == name);
        let entry = |Listed { name, stored }| {
            let old = old(&name).filter(|_| is_same_egress);
            let stored = match stored {
                Ok(stored) => stored,
                // One that worked goes on.
                Err(error) => {
                    let gateway = old.map_or(Err(error.to_string()), |old| old.gateway.clone());
                    let stamp = old.and_then(|old| old.stamp);
                    return Entry {
                        name,
                        stamp,
                        gateway,
                    };
                }
            };
            match old {
                Some(old) if old.stamp == Some(stored.stamp) => old.clone(),
                _ => Entry {
                    gateway: gateway(stored.definition.gateway(egress)),
                    stamp: Some(stored.stamp),
                    name,
                },
            }
        };
        let entries: Vec<Entry> = listed.into_iter().map(entry).collect();
        let same = |one: &Entry, other: &Entry| {
            one.name == other.name
                && one.stamp == other.stamp
                && one.gateway.as_ref().err() == other.gateway.as_ref().err()
        };
        let is_same = is_same_egress
            && entries.len() == self.entries.len()
            && entries
                .iter()
                .zip(&self.entries)
                .all(|(one, other)| same(one, other));
        Ok((!is_same).then(|| Self {
            entries,
            egress: egress.clone(),
        }))
    }
}

fn gateway(http: anyhow::Result<HttpGateway>) -> Result<Arc<Gateway>, String> {
    match http {
        Ok(http) => Ok(Gateway::Http(Box::new(http)).into()),
        Err(error) => Err(format!("{error:#}")),
    }
}
