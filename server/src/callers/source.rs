//! The one source of a listener.

use core::net::{IpAddr, Ipv6Addr};
use std::io;

use http::{HeaderMap, HeaderName};
use mpass_core::service::Network;
use tokio::io::AsyncRead;

use super::config::{CallersConfig, Source};
use super::header;
use super::proxy_protocol::{self, Said};

/// In place of the address of a caller that is not known: no network has it that a
/// channel is bound to, and no session of a network.
const UNKNOWN: IpAddr = IpAddr::V6(Ipv6Addr::UNSPECIFIED);

/// The source of the addresses of a listener's callers.
#[derive(Clone, Debug)]
pub(crate) struct Callers {
    source: Kind,
    proxies: Vec<Network>,
}

#[derive(Clone, Debug)]
enum Kind {
    Connection,
    Header { name: HeaderName, hops: u8 },
    ProxyProtocol,
}

/// What was said at the beginning of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Announced {
    /// Nothing: the source is another one.
    Nothing,
    /// That its requests are of this caller; `None` if the proxy does not know.
    Caller(Option<IpAddr>),
    /// That it is a proxy's own, to look after the server.
    Local,
}

impl Callers {
    /// The source of a listener.
    pub(crate) fn new(config: &CallersConfig) -> Self {
        let name = || config.header.parse().ok();
        let source = match (config.source, name()) {
            (Source::Header, Some(name)) => Kind::Header {
                name,
                hops: config.hops,
            },
            (Source::ProxyProtocol, _) => Kind::ProxyProtocol,
            // The name was checked.
            (Source::Connection | Source::Header, _) => Kind::Connection,
        };
        Self {
            source,
            proxies: config.proxies.clone(),
        }
    }

    fn is_proxy(&self, peer: IpAddr) -> bool {
        self.proxies.iter().any(|proxy| proxy.contains(peer))
    }

    /// Reads what a connection must begin with. Version 1 of the PROXY protocol is not
    /// accepted where callers are identified by their address.
    ///
    /// # Errors
    /// When a connection is not of a proxy, or does not begin with a header of the
    /// PROXY protocol where that is the source.
    pub(crate) async fn announced(
        &self,
        stream: &mut (impl AsyncRead + Unpin),
        peer: IpAddr,
        are_identified: bool,
    ) -> io::Result<Announced> {
        let Kind::ProxyProtocol = self.source else {
            return Ok(Announced::Nothing);
        };
        if !self.is_proxy(peer) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Ok(match proxy_protocol::read(stream, are_identified).await? {
            Said::Caller(caller) => Announced::Caller(Some(caller.to_canonical())),
            Said::Unknown => Announced::Caller(None),
            Said::Local => Announced::Local,
        })
    }

    /// The address of a request's caller, [`UNKNOWN`] if it is not known.
    pub(crate) fn caller(&self, peer: IpAddr, announced: Announced, headers: &HeaderMap) -> IpAddr {
        let caller = match (&self.source, announced) {
            (Kind::Connection, _) => Some(peer),
            (Kind::ProxyProtocol, Announced::Caller(caller)) => caller,
            (Kind::ProxyProtocol, _) => None,
            (Kind::Header { name, hops }, _) if self.is_proxy(peer) => {
                header::caller(headers, name, *hops)
            }
            (Kind::Header { .. }, _) => None,
        };
        caller.unwrap_or(UNKNOWN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXY: &str = "10.0.0.7";

    fn callers(source: Source) -> Callers {
        let config = CallersConfig {
            source,
            proxies: vec![PROXY.parse().unwrap()],
            ..CallersConfig::default()
        };
        Callers::new(&config)
    }

    fn headers() -> HeaderMap {
        let pairs = [
            ("x-forwarded-for", "203.0.113.7"),
            ("forwarded", "for=203.0.113.8"),
            ("x-real-ip", "203.0.113.9"),
        ];
        let pairs = pairs.map(|(name, value)| {
            (
                HeaderName::from_static(name),
                http::HeaderValue::from_static(value),
            )
        });
        pairs.into_iter().collect()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_one_source_counts() {
        let (proxy, other) = (ip(PROXY), ip("10.0.0.8"));
        let announced = Announced::Caller(Some(ip("203.0.113.1")));
        let connection = callers(Source::Connection);
        assert_eq!(connection.caller(proxy, announced, &headers()), proxy);
        let header = callers(Source::Header);
        let nothing = Announced::Nothing;
        assert_eq!(header.caller(proxy, nothing, &headers()), ip("203.0.113.7"));
        assert_eq!(header.caller(other, nothing, &headers()), UNKNOWN);
        assert_eq!(header.caller(proxy, nothing, &HeaderMap::new()), UNKNOWN);
        let protocol = callers(Source::ProxyProtocol);
        assert_eq!(
            protocol.caller(proxy, announced, &headers()),
            ip("203.0.113.1")
        );
        for unknown in [Announced::Caller(None), Announced::Local, nothing] {
            assert_eq!(protocol.caller(proxy, unknown, &headers()), UNKNOWN);
        }
    }

    #[tokio::test]
    async fn only_proxies_announce() {
        let header = b"PROXY TCP4 203.0.113.7 10.0.0.1 8080 80\r\n";
        let protocol = callers(Source::ProxyProtocol);
        let announced =
            async |peer: &str| protocol.announced(&mut &header[..], ip(peer), false).await;
        let caller = Announced::Caller(Some(ip("203.0.113.7")));
        assert_eq!(announced(PROXY).await.unwrap(), caller);
        assert!(announced("10.0.0.8").await.is_err());
        let mut rest = &header[..];
        let identified = protocol.announced(&mut rest, ip(PROXY), true);
        assert!(identified.await.is_err(), "version 1 identifies nobody");
        let connection = callers(Source::Connection);
        let mut rest = &header[..];
        let announced = connection.announced(&mut rest, ip(PROXY), true).await;
        assert_eq!(announced.unwrap(), Announced::Nothing);
        assert_eq!(rest.len(), header.len(), "nothing is read");
    }
}
