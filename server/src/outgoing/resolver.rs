//! Name resolution that leaves out what must not be connected to.

use core::net::SocketAddr;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::io;
use std::sync::Arc;

use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use tower::Service;

use crate::egress::{Guard, REFUSED};

/// The system's resolver behind a guard. What it yields is connected to, without
/// another resolution.
#[derive(Clone)]
pub(crate) struct Resolver {
    system: GaiResolver,
    guard: Option<Arc<Guard>>,
}

impl Resolver {
    pub(crate) fn new(guard: Option<Arc<Guard>>) -> Self {
        Self {
            system: GaiResolver::new(),
            guard,
        }
    }
}

impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.system.poll_ready(context)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let (resolving, guard) = (self.system.call(name), self.guard.clone());
        Box::pin(async move {
            let resolved = resolving.await?;
            let admits = |address: &SocketAddr| {
                guard
                    .as_ref()
                    .is_none_or(|guard| guard.admits(address.ip()))
            };
            let admitted: Vec<_> = resolved.filter(admits).collect();
            match admitted.is_empty() && guard.is_some() {
                true => Err(io::Error::new(io::ErrorKind::PermissionDenied, REFUSED)),
                false => Ok(admitted.into_iter()),
            }
        })
    }
}
