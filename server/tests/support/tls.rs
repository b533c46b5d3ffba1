//! A certificate for localhost, and clients that trust it.
#![allow(dead_code, unreachable_pub)]

use std::path::Path;
use std::sync::Arc;

use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

pub type Certificate = CertificateDer<'static>;

/// A certificate for localhost in a directory, and the configuration of a server
/// with it.
pub fn certificate(dir: &Path) -> (Certificate, String) {
    let signed = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let [chain, key] = ["chain.pem", "key.pem"].map(|name| dir.join(name));
    std::fs::write(&chain, signed.cert.pem()).unwrap();
    std::fs::write(&key, signed.signing_key.serialize_pem()).unwrap();
    let tls = format!(
        "tls = {{ certificates = '{}', key = '{}' }}",
        chain.display(),
        key.display()
    );
    (signed.cert.der().clone(), tls)
}

/// A client that trusts a certificate and speaks these protocols.
pub fn connector(root: Certificate, alpn: &[&str]) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(root).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    TlsConnector::from(Arc::new(config))
}
