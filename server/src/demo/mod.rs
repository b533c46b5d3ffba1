//! The demo: the whole service on one machine, with a caller of each contract
//! for loopback, and an outbox on a page in place of a gateway.
//!
//! It shows every message to whoever may ask, so nobody may but this machine:
//! see `guard.rs`.

mod banner;
mod callers;
mod guard;
mod outbox;
mod routes;

use core::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use mpass_core::number::PhoneNumber;

pub use banner::Paths;
pub use outbox::{Message, Outbox};

use crate::config;
use crate::state::State;
use callers::Callers;

/// The name of the demo's channel, of its client and of its directory.
const NAME: &str = "demo";
/// The number that the ready-made requests are for, and that this machine has
/// for the login: nobody has it.
const NUMBER: &str = "+966500000000";
/// The path that the login sends the page back to.
const BACK: &str = "/back";

/// A demo that runs.
pub struct Demo {
    outbox: Arc<Outbox>,
    callers: Callers,
    address: SocketAddr,
    /// Where the login sends the page back to.
    back: String,
}

/// Where the demo's data is when nobody says: `demo` in the directory of all
/// data.
///
/// # Errors
/// When there is no home directory.
pub fn default_data_dir() -> anyhow::Result<PathBuf> {
    Ok(config::default_data_dir()?.join(NAME))
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

    /// The demo's pages.
    pub fn routes(self: &Arc<Self>) -> Router {
        routes::routes(Arc::clone(self))
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
