//! A store in PostgreSQL 15 or newer.

mod backend;
mod connection;
mod contents;
mod errors;
mod examine;
mod link;
mod settings;
mod statements;
mod swaps;
mod tidy;
mod tls;
mod writer;

use crate::remote::Remote;

pub use crate::remote::SettingsError;
pub use settings::PostgresSettings;

/// A store in PostgreSQL. `docs/STORES.md` has its layout, what is refused, and what
/// each configuration promises.
pub type PostgresStore = Remote<backend::Postgres>;

impl PostgresStore {
    /// Opens a store. Connects when it is first used, and every second until then.
    ///
    /// # Errors
    /// [`SettingsError`] for settings that cannot be used.
    pub fn open(settings: PostgresSettings) -> Result<Self, SettingsError> {
        let admission = settings.admission;
        let backend = backend::Postgres::new(settings)?;
        Self::start(backend, admission).map_err(SettingsError::Thread)
    }
}

/// Creates the tables, or brings them to the layout of this version. The user needs the
/// right to create tables; that of a server does not.
///
/// # Errors
/// [`SettingsError`] as text, or why the database refused it, in one line.
pub async fn migrate(settings: PostgresSettings) -> Result<(), String> {
    let backend = backend::Postgres::new(settings).map_err(|error| error.to_string())?;
    backend.migrate().await
}
