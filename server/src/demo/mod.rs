//! The demo: the whole service on one machine, with a channel for loopback,
//! and an outbox on a page in place of a gateway.
//!
//! It shows every message to whoever may ask, so nobody may but this machine:
//! see `guard.rs`.

mod banner;
mod guard;
mod outbox;
mod routes;

use core::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use axum::Router;
use mpass_core::challenge::Keyring;
use mpass_core::number::CallingCode;
use mpass_core::service::{Channel, ChannelKey, ChannelSettings};
use zeroize::Zeroizing;

pub use banner::Places;
pub use outbox::{Message, Outbox};

use crate::admin::operations;
use crate::config;
use crate::state::State;

/// The name of the demo's channel.
const CHANNEL: &str = "demo";
/// What its key is derived for.
const PURPOSE: &str = "mpass demo";
/// Where it may call from.
const LOOPBACK: [&str; 2] = ["127.0.0.0/8", "::1/128"];
/// The country of numbers in national form.
const COUNTRY: u16 = 966;

/// A demo that runs.
pub struct Demo {
    outbox: Arc<Outbox>,
    key: Zeroizing<String>,
    /// Known once the server listens; until then nobody is served.
    address: OnceLock<SocketAddr>,
}

/// Where the demo's data is when nobody says: `demo` in the directory of all
/// data.
///
/// # Errors
/// When there is no home directory.
pub fn default_data_dir() -> anyhow::Result<PathBuf> {
    Ok(config::default_data_dir()?.join(CHANNEL))
}

impl Demo {
    /// Sets up the demo's channel in the store. Its key is derived from the
    /// keyring: it stands in no file, and is the same at every start.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn prepare(state: &State, outbox: Arc<Outbox>) -> anyhow::Result<Arc<Self>> {
        let engine = state.engine.load_full();
        let keyring = engine.keyring();
        let settings = settings()?;
        operations::provision(&state.store, keyring, &settings, || key(keyring)).await?;
        Ok(Arc::new(Self {
            outbox,
            key: key(keyring).expose(),
            address: OnceLock::new(),
        }))
    }

    /// Says where the server listens, from which on the demo answers.
    pub fn listens_on(&self, address: SocketAddr) {
        // Said once; a server has one address.
        let _ = self.address.set(address);
    }

    /// The demo's pages.
    pub fn routes(self: &Arc<Self>) -> Router {
        routes::routes(Arc::clone(self))
    }

    /// What is printed at the start: how to use the demo.
    #[must_use]
    pub fn banner(&self, places: &Places<'_>) -> String {
        banner::text(&self.key, self.address.get().copied(), places)
    }
}

/// Shows nothing of the key and the messages.
impl core::fmt::Debug for Demo {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Demo")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

fn key(keyring: &Keyring) -> ChannelKey {
    Channel::derive_key(keyring, CHANNEL, PURPOSE)
}

fn settings() -> Result<ChannelSettings, mpass_core::Error> {
    let mut settings = ChannelSettings::new(CHANNEL);
    settings.country = Some(CallingCode::new(COUNTRY)?);
    for network in LOOPBACK {
        settings.addresses.push(network.parse()?);
    }
    Ok(settings)
}
