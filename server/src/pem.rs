//! Certificates and private keys in PEM files.

use std::io;
use std::path::Path;

use anyhow::{Context, anyhow, ensure};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use zeroize::Zeroizing;

use crate::{plain_file, shown};

/// The maximum length of a file: a list of all public authorities has some 250 KiB.
const LONGEST: u64 = 4 * 1024 * 1024;
/// What an encrypted key begins with: in PKCS #8, and in the older form of OpenSSL
/// (RFC 1421 section 4.6.1.1).
const ENCRYPTED: [&str; 2] = [
    "-----BEGIN ENCRYPTED PRIVATE KEY-----",
    "Proc-Type: 4,ENCRYPTED",
];

/// Reads the certificates of a PEM file, at least one; `what` names the setting
/// in errors.
pub(crate) fn certificates(
    path: &Path,
    what: &str,
) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let name = shown::path(path);
    let pem = read(path).with_context(|| format!("cannot read {what} {name}"))?;
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<_, _>>()
        // The parser's own error quotes the file.
        .map_err(|_| anyhow!("{what} {name} is malformed"))?;
    ensure!(
        !certificates.is_empty(),
        "{what} {name} contains no certificate in PEM"
    );
    Ok(certificates)
}

/// Reads the private key of a PEM file; `what` names the setting in errors.
pub(crate) fn private_key(path: &Path, what: &str) -> anyhow::Result<PrivateKeyDer<'static>> {
    let name = shown::path(path);
    let pem = read(path).with_context(|| format!("cannot read {what} {name}"))?;
    // The parser's own error quotes the file.
    PrivateKeyDer::from_pem_slice(&pem).map_err(|_| match is_encrypted(&pem) {
        true => anyhow!(
            "{what} {name} is encrypted with a password, which the server does not have: \
             write it without one (openssl pkey)"
        ),
        false => anyhow!("{what} {name} contains no private key in PEM"),
    })
}

fn read(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    plain_file::read(path, LONGEST)
}

fn is_encrypted(pem: &[u8]) -> bool {
    let text = Zeroizing::new(String::from_utf8_lossy(pem).into_owned());
    ENCRYPTED.iter().any(|mark| text.contains(mark))
}
