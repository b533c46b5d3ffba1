//! The client side of TLS, by rustls with ring.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use rustls_platform_verifier::BuilderVerifierExt;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::pem::certificates;

/// A TLS configuration for HTTP/1.1 that trusts the authorities in
/// `ca_certificates`, or those of the system without it.
pub(super) fn client(ca_certificates: Option<&Path>) -> anyhow::Result<ClientConfig> {
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
            .context("cannot load the system's certificates")?,
    };
    let mut client = builder.with_no_client_auth();
    client.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(client)
}
