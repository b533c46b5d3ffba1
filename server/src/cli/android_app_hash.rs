//! `mpass android-app-hash`.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context, ensure};
use clap::Args;
use mpass_core::service::AppHash;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

use super::outcome::Outcome;
use super::output::print_lines;

/// The longest certificate file that is read, in bytes.
const LONGEST_FILE: u64 = 64 * 1024;

const EXAMPLES: &str = "\
SMS Retriever finds the app that a message is for by the hash, which the option
--android-app-hash of a channel, customer or client adds to its messages. The
certificate is the one that the installed app is signed with; with Play App Signing
it is that of Google Play (Play Console, App signing).

Examples:
  keytool -exportcert -alias KEY -keystore KEYSTORE -file app.der
  mpass android-app-hash com.example.otp app.der
  mpass channel set shop --android-app-hash 965mn/jzPaJ";

/// Compute the hash of an Android app that reads codes by SMS Retriever
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct AndroidAppHashArgs {
    /// Package name (application id), such as com.example.otp
    #[arg(value_name = "PACKAGE")]
    package: String,
    /// File with the signing certificate, in DER or PEM
    #[arg(value_name = "CERTIFICATE")]
    certificate: PathBuf,
}

impl AndroidAppHashArgs {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let name = self.certificate.display();
        let cannot_read = || format!("cannot read {name}");
        let mut bytes = Vec::new();
        File::open(&self.certificate)
            .and_then(|file| file.take(LONGEST_FILE + 1).read_to_end(&mut bytes))
            .with_context(cannot_read)?;
        ensure!(
            bytes.len() as u64 <= LONGEST_FILE,
            "{name} is longer than {LONGEST_FILE} bytes"
        );
        if bytes.trim_ascii_start().starts_with(b"-----BEGIN") {
            let pem = CertificateDer::from_pem_slice(&bytes);
            bytes = pem
                .with_context(|| format!("{name} contains no certificate"))?
                .to_vec();
        }
        let hash = AppHash::of(&self.package, &bytes).with_context(|| {
            format!(
                "{} is not a package name, or {name} not a certificate",
                self.package
            )
        })?;
        print_lines([hash.as_str()])?;
        Ok(Outcome::Done)
    }
}
