//! TLS to PostgreSQL, with certificates and host names verified.

use std::sync::Arc;

use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::remote::SettingsError;

/// A connector that trusts these certificates in PEM, or those of the system.
pub(super) fn connector(ca: Option<&[u8]>) -> Result<MakeRustlsConnect, SettingsError> {
    let mut roots = RootCertStore::empty();
    match ca {
        Some(pem) => {
            for certificate in CertificateDer::pem_slice_iter(pem) {
                let certificate = certificate.map_err(|_| SettingsError::Certificates)?;
                let added = roots.add(certificate);
                added.map_err(|_| SettingsError::Certificates)?;
            }
            if roots.is_empty() {
                return Err(SettingsError::Certificates);
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| SettingsError::Certificates)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
