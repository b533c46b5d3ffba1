//! Who calls.

use core::net::IpAddr;

/// The address of a request's caller; `::` if it is not known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);
