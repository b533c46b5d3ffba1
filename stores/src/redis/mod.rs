//! A store in Redis 7.0 or newer, or Valkey: one server, the primary that Sentinels
//! name, or a cluster.

mod address;
mod backend;
mod cluster;
mod commands;
mod connection;
mod contents;
mod examine;
mod listing;
mod scan;
mod sentinel;
mod server;
mod settings;
mod topology;
mod writer;

use crate::remote::Remote;

pub use crate::remote::SettingsError;
pub use settings::RedisSettings;

/// A store in Redis. `docs/STORES.md` has its layout, what is refused, and what each
/// configuration promises.
pub type RedisStore = Remote<backend::Redis>;

impl RedisStore {
    /// Opens a store. Connects when it is first used, and every second until then.
    ///
    /// # Errors
    /// [`SettingsError`] for settings that cannot be used.
    pub fn open(settings: RedisSettings) -> Result<Self, SettingsError> {
        let admission = settings.admission;
        let backend = backend::Redis::new(settings)?;
        Self::start(backend, admission).map_err(SettingsError::Thread)
    }
}
