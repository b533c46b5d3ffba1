//! Secrets that the configuration names and does not hold.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use serde::Deserialize;
use zeroize::Zeroizing;

/// Where a secret is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub enum SecretSource {
    /// In an environment variable.
    Env(String),
    /// In a file; a line end at its end does not count.
    File(PathBuf),
}

impl SecretSource {
    /// Reads the secret of the setting `what`.
    ///
    /// # Errors
    /// One that names the setting, when there is no such variable or file, it
    /// is not text, or it is empty.
    pub fn read(&self, what: &str) -> anyhow::Result<Zeroizing<String>> {
        let secret = match self {
            Self::Env(variable) => std::env::var(variable)
                .ok()
                .with_context(|| format!("{what}: {variable} is not set")),
            Self::File(path) => std::fs::read_to_string(path)
                .with_context(|| format!("{what}: cannot read {}", path.display())),
        };
        let secret = Zeroizing::new(secret?);
        let secret = Zeroizing::new(secret.trim_end_matches(['\r', '\n']).to_owned());
        ensure!(!secret.is_empty(), "{what} is empty");
        Ok(secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_read_without_their_line_end() {
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
