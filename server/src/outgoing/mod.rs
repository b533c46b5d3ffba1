//! Outgoing connections: name resolution behind a guard, and the client side of TLS.

mod resolver;
mod tls;

pub(crate) use resolver::Resolver;
pub(crate) use tls::{Authorities, authorities, client};
