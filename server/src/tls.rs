//! The server's side of TLS, by rustls with ring.

use core::fmt;
use std::sync::Arc;

use anyhow::anyhow;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{Error, ServerConfig};

use crate::config::TlsConfig;
use crate::pem::{certificates, private_key};
use crate::{certificate, shown};

/// A certificate chain, and what accepts connections with it.
#[derive(Clone)]
pub(crate) struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    chain: Arc<[CertificateDer<'static>]>,
}

impl Tls {
    /// When the certificates end, the leaf first, in milliseconds of Unix time;
    /// `None` if that cannot be read.
    pub(crate) fn ends_at_ms(&self) -> Vec<Option<u64>> {
        self.chain.iter().map(certificate::ends_at_ms).collect()
    }

    /// Whether both have the same certificate chain, and so the same key.
    pub(crate) fn has_chain_of(&self, other: &Self) -> bool {
        self.chain == other.chain
    }
}

/// Shows only how many certificates there are.
impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("certificates", &self.chain.len())
            .finish_non_exhaustive()
    }
}

/// Accepts TLS connections with the configured certificate, for HTTP/2 and
/// HTTP/1.1.
pub(crate) fn open(config: &TlsConfig) -> anyhow::Result<Tls> {
    let chain = certificates(&config.certificates, "tls.certificates")?;
    let key = key(config)?;
    let name = shown::path(&config.key);
    let of = shown::path(&config.certificates);
    let mut server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain.clone(), key)
        .map_err(|error| match error {
            Error::InconsistentKeys(_) => {
                anyhow!("tls.certificates {of} and tls.key {name} do not match")
            }
            // It contains nothing of the files.
            other => anyhow!("tls.certificates {of} and tls.key {name}: {other}"),
        })?;
    server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Tls {
        acceptor: TlsAcceptor::from(Arc::new(server)),
        chain: chain.into(),
    })
}

/// Reads the private key.
pub(crate) fn key(config: &TlsConfig) -> anyhow::Result<PrivateKeyDer<'static>> {
    private_key(&config.key, "tls.key")
}
