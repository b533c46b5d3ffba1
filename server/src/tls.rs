//! The server's side of TLS, by rustls with ring.

use std::sync::Arc;

use anyhow::{Context, anyhow};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use zeroize::Zeroizing;

use crate::config::TlsConfig;
use crate::pem::certificates;
use crate::shown;

/// Accepts TLS connections with the configured certificate, for HTTP/2 and
/// HTTP/1.1.
pub(crate) fn acceptor(config: &TlsConfig) -> anyhow::Result<TlsAcceptor> {
    let chain = certificates(&config.certificates, "tls.certificates")?;
    let name = shown::path(&config.key);
    let pem = std::fs::read(&config.key).with_context(|| format!("cannot read tls.key {name}"))?;
    let pem = Zeroizing::new(pem);
    let key = PrivateKeyDer::from_pem_slice(&pem)
        // The parser's own error quotes the file.
        .map_err(|_| anyhow!("tls.key {name} contains no private key"))?;
    let mut server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("tls.certificates and tls.key do not match")?;
    server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(server)))
}
