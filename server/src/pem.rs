//! Certificates in PEM files.

use std::path::Path;

use anyhow::{Context, anyhow, ensure};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

use crate::shown;

/// Reads the certificates of a PEM file, at least one; `what` names the setting
/// in errors.
pub(crate) fn certificates(
    path: &Path,
    what: &str,
) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let name = shown::path(path);
    let pem = std::fs::read(path).with_context(|| format!("cannot read {what} {name}"))?;
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<_, _>>()
        // The parser's own error quotes the file.
        .map_err(|_| anyhow!("{what} {name} is malformed"))?;
    ensure!(
        !certificates.is_empty(),
        "{what} {name} contains no certificate"
    );
    Ok(certificates)
}
