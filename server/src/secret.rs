//! Secrets that the configuration refers to.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{plain_file, shown};

/// The maximum length of a secret's file.
const LONGEST: u64 = 64 * 1024;

/// The location of a secret.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub enum SecretSource {
    /// In an environment variable.
    Env(String),
    /// In a file; line ends at its end are ignored.
    File(PathBuf),
}

impl SecretSource {
    /// Reads the secret of the setting `what`.
    ///
    /// # Errors
    /// An error that names the setting, when the variable or file does not
    /// exist, is not text or is empty.
    pub fn read(&self, what: &str) -> anyhow::Result<Zeroizing<String>> {
        let secret = match self {
            Self::Env(variable) => std::env::var(variable)
                .map(Zeroizing::new)
                .ok()
                .with_context(|| format!("{what}: {} is not set", shown::variable(variable))),
            Self::File(path) => plain_file::read_text(path, LONGEST)
                .with_context(|| format!("{what}: cannot read {}", shown::path(path))),
        };
        let secret = Zeroizing::new(secret?.trim_end_matches(['\r', '\n']).to_owned());
        ensure!(!secret.is_empty(), "{what} is empty");
        Ok(secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_of_secrets_are_removed() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "hush\r\n").unwrap();
        let secret = SecretSource::File(file.path().to_owned())
            .read("x")
            .unwrap();
        assert_eq!(*secret, "hush");
        std::fs::write(file.path(), "\n").unwrap();
        assert!(
            SecretSource::File(file.path().to_owned())
                .read("x")
                .is_err()
        );
        assert!(
            SecretSource::Env("MPASS_NO_SUCH_VARIABLE".into())
                .read("x")
                .is_err()
        );
    }
}
