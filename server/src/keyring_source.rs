//! Where a server's keyring comes from: the environment, the file that the
//! configuration names, or the default file.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use mpass_core::challenge::Keyring;

use crate::config::{Config, StoreKind};
use crate::directories::default_keyring_file;
use crate::keyring_file::{self, Origin, TEXT_VARIABLE};

/// The name of the demo's keyring, in its data directory.
pub(crate) const DEMO_FILE: &str = "keyring";

/// A keyring with where it came from.
#[derive(Debug)]
pub struct KeyringSource {
    /// The keys.
    pub keyring: Keyring,
    /// Their file; `None` for the environment's.
    pub file: Option<PathBuf>,
    /// Whether the file is new.
    pub origin: Origin,
}

/// Opens the keyring of the server whose data is in `data_dir`, and makes it
/// where there is neither a keyring nor data yet. The first of these counts:
/// `MPASS_KEYRING`, the file that `MPASS_KEYRING_FILE` names, the
/// configuration's, the demo's in its data directory, the default one.
///
/// # Errors
/// Those of [`keyring_file::load_or_create`]; when the file would be in the
/// data directory of a server that is not the demo, so that one backup takes
/// both; when there is data but its keyring is gone.
pub fn open(config: &Config, data_dir: &Path, is_demo: bool) -> anyhow::Result<KeyringSource> {
    if let Some(keyring) = keyring_file::from_env()? {
        return Ok(KeyringSource {
            keyring,
            file: None,
            origin: Origin::Found,
        });
    }
    let named = keyring_file::path_from_env().or_else(|| config.keyring.file.clone());
    let file = match named {
        Some(file) => file,
        None if is_demo => data_dir.join(DEMO_FILE),
        None => default_keyring_file()?,
    };
    if !is_demo && is_inside(&file, data_dir)? {
        bail!(
            "the keyring {} is inside the data directory, where one backup takes both: keep it elsewhere",
            file.display()
        );
    }
    if !file.try_exists()? && config.store == StoreKind::Embedded && has_data(data_dir)? {
        bail!(
            "there is data in {} but no keyring at {}: a new one could not read it; restore the \
             keyring, name it in keyring.file or {TEXT_VARIABLE}, or remove the data",
            data_dir.display(),
            file.display()
        );
    }
    let (keyring, origin) = keyring_file::load_or_create(&file)?;
    Ok(KeyringSource {
        keyring,
        file: Some(file),
        origin,
    })
}

/// Whether there is a file: the demo's directory in that of all data, or a
/// socket that is left behind, is not data.
fn has_data(data_dir: &Path) -> anyhow::Result<bool> {
    if !data_dir.try_exists()? {
        return Ok(false);
    }
    let context = || format!("cannot read {}", data_dir.display());
    for entry in std::fs::read_dir(data_dir).with_context(context)? {
        if entry
            .with_context(context)?
            .file_type()
            .with_context(context)?
            .is_file()
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a file is, or would be, somewhere in a directory.
fn is_inside(file: &Path, directory: &Path) -> anyhow::Result<bool> {
    Ok(resolved(file)?.starts_with(resolved(directory)?))
}

/// The path without symbolic links, as far as it exists.
fn resolved(path: &Path) -> anyhow::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    for existing in path.ancestors() {
        if let Ok(real) = existing.canonicalize() {
            return Ok(real.join(path.strip_prefix(existing)?));
        }
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(file: &Path) -> Config {
        let mut config = Config::default();
        config.keyring.file = Some(file.to_owned());
        config
    }

    #[test]
    fn outside_the_data_directory_unless_for_the_demo() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        std::fs::create_dir(&data).unwrap();
        std::os::unix::fs::symlink(&data, dir.path().join("link")).unwrap();
        for inside in [
            "data/keyring",
            "data/a/keyring",
            "link/keyring",
            "data/../data/k",
        ] {
            let error = open(&config(&dir.path().join(inside)), &data, false).unwrap_err();
            assert!(
                error.to_string().contains("inside the data directory"),
                "{error}"
            );
        }
        let opened = open(&config(&dir.path().join("keyring")), &data, false).unwrap();
        assert_eq!(opened.origin, Origin::Created);
        let opened = open(&Config::default(), &data, true).unwrap();
        assert_eq!(opened.file, Some(data.join("keyring")));
    }

    #[test]
    fn no_new_keyring_for_old_data() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        std::fs::create_dir(&data).unwrap();
        std::fs::write(data.join("store"), "x").unwrap();
        let config = config(&dir.path().join("keyring"));
        let error = open(&config, &data, false).unwrap_err().to_string();
        assert!(error.contains("restore"), "{error}");
        assert!(!dir.path().join("keyring").exists());
        let memory = Config {
            store: StoreKind::Memory,
            ..config
        };
        assert!(open(&memory, &data, false).is_ok());
    }
}
