//! What a machine announces of itself, for the operators of all.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A machine that serves from the store. It contains no secret and no key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MachineStatus {
    /// What identifies the machine and its data directory.
    pub id: String,
    /// Its host name.
    pub host: String,
    /// The version of the server.
    pub version: String,
    /// When it was started.
    pub started_at_ms: u64,
    /// When it announced this, by the store's clock, or by its own if the store has
    /// none.
    pub announced_at_ms: u64,
    /// Whether it has announced itself in the last 20 seconds.
    #[serde(default)]
    pub live: bool,
    /// The newest layout of stores that it reads.
    pub layout: u16,
    /// The newest format of values that it reads.
    pub write_format: u16,
    /// The version of its table of numbering plans.
    pub number_table: u16,
    /// The id of the record key that it writes with.
    pub active_key: u16,
    /// Its record keys.
    pub keys: Vec<KeyStatus>,
    /// The fingerprint of its configuration.
    pub configuration: String,
    /// How far its clock is ahead of the store's, in milliseconds, negative if it is
    /// behind; `None` if the store has no clock of its own.
    pub ahead_ms: Option<i64>,
    /// The certificates that it serves, the leaf first.
    pub certificates: Vec<CertificateStatus>,
}

impl MachineStatus {
    /// Its host name and its id, as it is named in messages.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} ({})", self.host, self.id)
    }

    /// Whether it has this key, and not another one with its id.
    #[must_use]
    pub fn has(&self, key: &KeyStatus) -> bool {
        self.keys.contains(key)
    }
}

/// A record key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeyStatus {
    /// Its id.
    pub id: u16,
    /// What identifies the key without revealing it.
    pub fingerprint: String,
}

/// A certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CertificateStatus {
    /// The setting that names its file.
    pub setting: String,
    /// When it ends; `None` if that cannot be read.
    pub ends_at_ms: Option<u64>,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A machine with nothing in particular.
    pub(crate) fn machine(host: &str, id: &str) -> MachineStatus {
        MachineStatus {
            id: id.to_owned(),
            host: host.to_owned(),
            version: "1.0.0".to_owned(),
            started_at_ms: 0,
            announced_at_ms: 0,
            live: true,
            layout: 1,
            write_format: 1,
            number_table: 1,
            active_key: 1,
            keys: Vec::new(),
            configuration: String::new(),
            ahead_ms: None,
            certificates: Vec::new(),
        }
    }
}
