//! TLS by rustls with ring.

use std::sync::Arc;

use anyhow::{Context, ensure};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use zeroize::Zeroizing;

use crate::config::TlsConfig;

/// Makes ring the process's provider, unless it has one.
pub(crate) fn install_provider() {
    if CryptoProvider::get_default().is_none() {
        // Somebody else may be first in between; then theirs stands.
        let _ = ring::default_provider().install_default();
    }
}

/// Accepts TLS connections with the certificate that the configuration names,
/// for HTTP/2 and HTTP/1.1.
pub(crate) fn acceptor(config: &TlsConfig) -> anyhow::Result<TlsAcceptor> {
    let name = config.certificates.display();
    let pem = std::fs::read(&config.certificates)
        .with_context(|| format!("cannot read tls.certificates {name}"))?;
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<_, _>>()
        .with_context(|| format!("tls.certificates {name} is not PEM"))?;
    ensure!(
        !chain.is_empty(),
        "tls.certificates {name} holds no certificate"
    );
    let name = config.key.display();
    let pem = std::fs::read(&config.key).with_context(|| format!("cannot read tls.key {name}"))?;
    let pem = Zeroizing::new(pem);
    let key = PrivateKeyDer::from_pem_slice(&pem)
        .with_context(|| format!("tls.key {name} holds no private key"))?;
    let mut server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("tls.certificates and tls.key do not belong together")?;
    server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(server)))
}
