//! The network table, which maps IP addresses to phone numbers. It is filled by
//! the gateways of mobile networks through RADIUS accounting (RFC 2866), or
//! from a file for tests.
//!
//! A login looks up the address that its request came from, in the realm of the
//! listener that took the request:
//!
//! ```
//! use mpass_core::number::PhoneNumber;
//! use mpass_server::network::{NetworkConfig, NetworkTable, Resolved};
//!
//! let table = NetworkTable::new(NetworkConfig::default().limits());
//! let number = PhoneNumber::parse("+966500000000", None)?;
//! table.add("", "10.0.0.1".parse()?, number)?;
//!
//! let now_ms = 1_790_000_000_000;
//! let resolved = table.resolve("", "10.0.0.1".parse()?, now_ms);
//! assert_eq!(resolved, Resolved::Number(number));
//! let resolved = table.resolve("", "10.0.0.2".parse()?, now_ms);
//! assert_eq!(resolved, Resolved::Unknown);
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod accountant;
mod accounting;
mod config;
mod listener;
mod packet;
mod recording;
mod static_table;
mod table;

pub(crate) use accountant::{Rules as AccountingRules, SHORT_SECRET};
pub(crate) use config::check_realm;
pub use config::{MessageAuthenticator, NasConfig, NetworkConfig};
pub(crate) use listener::AccountingListener;
pub use mpass_core::network::Endpoint;
pub(crate) use recording::{Keys, Recorder, load};
pub use table::{NetworkTable, Resolved, TableFull, TableLimits};

use crate::numbers::NumbersConfig;

/// Creates the configured table, with the entries of its file.
///
/// # Errors
/// When the file cannot be read, or a line is malformed.
pub(crate) fn open(
    config: &NetworkConfig,
    numbers: &NumbersConfig,
) -> anyhow::Result<NetworkTable> {
    let table = NetworkTable::new(config.limits());
    if let Some(path) = &config.table {
        static_table::load(&table, path, numbers)?;
    }
    Ok(table)
}
