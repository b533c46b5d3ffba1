//! The client side of TLS, by rustls with ring.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use rustls_platform_verifier::BuilderVerifierExt;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::pem::certificates;

/// The certificates of authorities.
pub(crate) type Authorities = Vec<CertificateDer<'static>>;

/// Reads the authorities of the setting `what`; `None` for those of the system.
pub(crate) fn authorities(path: Option<&Path>, what: &str) -> anyhow::Result<Option<Authorities>> {
    path.map(|path| certificates(path, what)).transpose()
}

/// A TLS configuration for HTTP/1.1 that trusts these authorities of the setting
/// `what`, or those of the system.
pub(crate) fn client(
    authorities: Option<&Authorities>,
    what: &'static str,
) -> anyhow::Result<ClientConfig> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?;
    let builder = match authorities {
        Some(authorities) => {
            let mut roots = RootCertStore::empty();
            for certificate in authorities {
                let added = roots.add(certificate.clone());
                added.context(what)?;
            }
            builder.with_root_certificates(roots)
        }
        None => builder
            .with_platform_verifier()
            .context("cannot load the system's certificates")?,
    };
    let mut client = builder.with_no_client_auth();
    client.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(client)
}
