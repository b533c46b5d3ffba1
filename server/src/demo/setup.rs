//! The running demo.

use core::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use mpass_core::number::PhoneNumber;

use super::banner::{self, Paths};
use super::callers::Callers;
use super::names::{BACK, NAME, NUMBER};
use crate::directories;
use crate::gateway::Outbox;
use crate::state::State;

/// A demo that runs.
pub struct Demo {
    pub(super) outbox: Arc<Outbox>,
    pub(super) callers: Callers,
    pub(super) address: SocketAddr,
    /// Where the login sends the page back to.
    pub(super) back: String,
}

/// Where the demo's data is when nobody says: `demo` in the directory of all
/// data.
///
/// # Errors
/// When there is no home directory.
pub fn default_data_dir() -> anyhow::Result<PathBuf> {
    Ok(directories::default_data_dir()?.join(NAME))
}

impl Demo {
    /// Sets up the demo's callers in the store, before anybody is served.
    /// Their credentials are derived from the keyring: they stand in no file,
    /// and are the same at every start. `base` is the URL that the demo is
    /// reached under: the issuer of its login, unless another is configured.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn prepare(
        state: &State,
        outbox: Arc<Outbox>,
        realm: &str,
        address: SocketAddr,
        base: &str,
    ) -> anyhow::Result<Arc<Self>> {
        let back = format!("{base}{BACK}");
        let callers = Callers::prepare(state, &back).await?;
        state.default_issuer(base)?;
        let number = PhoneNumber::parse(NUMBER, None)?;
        for address in [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()] {
            let address: core::net::IpAddr = address;
            state.network.add(realm, address.into(), number)?;
        }
        Ok(Arc::new(Self {
            outbox,
            callers,
            address,
            back,
        }))
    }

    /// What is printed at the start: how to use the demo.
    #[must_use]
    pub fn banner(&self, paths: &Paths<'_>) -> String {
        banner::text(&self.callers, self.address, paths)
    }
}

/// Shows nothing of the credentials and the messages.
impl core::fmt::Debug for Demo {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Demo")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
