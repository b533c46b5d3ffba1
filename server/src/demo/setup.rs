//! The demo's setup.

use core::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use mpass_core::number::PhoneNumber;

use super::administrator::Administrator;
use super::banner::{self, Paths};
use super::callers::Callers;
use super::names::{BACK, NAME, NUMBER};
use crate::directories;
use crate::gateway::Outbox;
use crate::state::State;

/// A running demo.
pub struct Demo {
    pub(super) outbox: Arc<Outbox>,
    pub(super) callers: Callers,
    administrator: Administrator,
    pub(super) address: SocketAddr,
    /// The URL of the contracts.
    pub(super) base: String,
    /// The URL of the portal, if it listens.
    pub(super) portal: Option<String>,
    /// The redirect URI of the page's login.
    pub(super) back: String,
}

/// The demo's default data directory: `demo` in the default data directory.
///
/// # Errors
/// When there is no home directory.
pub fn default_data_dir() -> anyhow::Result<PathBuf> {
    Ok(directories::default_data_dir()?.join(NAME))
}

impl Demo {
    /// Sets up the demo's callers and its administrator in the store, before the first request. Their
    /// credentials are derived from the keyring, so they are in no file and the
    /// same at every start. `base` is the URL of the demo, and the issuer of
    /// its login unless another one is configured; `portal` is that of the portal.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn prepare(
        state: &State,
        outbox: Arc<Outbox>,
        realm: &str,
        address: SocketAddr,
        base: &str,
        portal: Option<String>,
    ) -> anyhow::Result<Arc<Self>> {
        let back = format!("{base}{BACK}");
        let callers = Callers::prepare(state, &back).await?;
        let administrator = Administrator::prepare(state).await?;
        state.default_issuer(base)?;
        let number = PhoneNumber::parse(NUMBER, None)?;
        for address in [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()] {
            let address: core::net::IpAddr = address;
            state.network.add(realm, address.into(), number)?;
        }
        Ok(Arc::new(Self {
            outbox,
            callers,
            administrator,
            address,
            base: base.to_owned(),
            portal,
            back,
        }))
    }

    /// What is printed at the start: how to use the demo.
    #[must_use]
    pub fn banner(&self, paths: &Paths<'_>) -> String {
        banner::text(&self.callers, &self.administrator, self.address, paths)
    }
}

/// Shows neither credentials nor messages.
impl core::fmt::Debug for Demo {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Demo")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
