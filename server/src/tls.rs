//! TLS by rustls with ring.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, ensure};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use zeroize::Zeroizing;

use crate::config::TlsConfig;

/// Accepts TLS connections with the certificate that the configuration names,
/// for HTTP/2 and HTTP/1.1.
pub(crate) fn acceptor(config: &TlsConfig) -> anyhow::Result<TlsAcceptor> {
    let chain = certificates(&config.certificates, "tls.certificates")?;
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

/// Connects by TLS for HTTP/1.1 to those whom an authority among
/// `ca_certificates` knows, without them one of the system's.
pub(crate) fn client(ca_certificates: Option<&Path>) -> anyhow::Result<ClientConfig> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?;
    let builder = match ca_certificates {
        Some(path) => {
            let mut authorities = RootCertStore::empty();
            for certificate in certificates(path, "gateway.ca_certificates")? {
                let added = authorities.add(certificate);
                added.context("gateway.ca_certificates")?;
            }
            builder.with_root_certificates(authorities)
        }
        None => builder
            .with_platform_verifier()
            .context("the system's certificates")?,
    };
    let mut client = builder.with_no_client_auth();
    client.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(client)
}

/// The certificates of a PEM file, at least one; `what` names it in errors.
fn certificates(path: &Path, what: &str) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let name = path.display();
    let pem = std::fs::read(path).with_context(|| format!("cannot read {what} {name}"))?;
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<_, _>>()
        .with_context(|| format!("{what} {name} is not PEM"))?;
    ensure!(
        !certificates.is_empty(),
        "{what} {name} holds no certificate"
    );
    Ok(certificates)
}
